"""Figures for Prometheus, read from the database and Redis when asked: no process keeps a count of its own."""

import re
from collections.abc import Iterator
from datetime import timedelta

import psycopg
import redis
import structlog
from django.conf import settings
from django.db import DatabaseError, InterfaceError, connection
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe
from prometheus_client import CollectorRegistry
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.exposition import CONTENT_TYPE_LATEST, generate_latest
from prometheus_client.registry import Collector

from gateway.health import redis_client
from messaging.partitions import PARTITIONED, monday
from messaging.sql import atomic_cursor
from messaging.states import MessageClass, Phase
from tenants import clock

# Beyond this many rows nothing is counted: a figure must not cost more than the work it tells of.
MOST_COUNTED = 100_000
log = structlog.get_logger(__name__)
_WEEK = timedelta(days=7)
_PARTITION = re.compile(r"_(\d{8})$")

_DUE = """
SELECT message_class, phase, count(*), extract(epoch FROM gateway_now() - min(due_at) FILTER (WHERE phase = 0))
FROM (SELECT message_class, phase, due_at FROM due LIMIT %s) AS looked_at GROUP BY 1, 2
"""
_NEWEST = """
SELECT parent.relname::text, max(child.relname::text) FROM pg_inherits
JOIN pg_class parent ON parent.oid = inhparent JOIN pg_class child ON child.oid = inhrelid
WHERE parent.relname = ANY(%s) GROUP BY 1
"""


class Figures(Collector):
    """Reads everything anew at each collection; what cannot be read is left out."""

    def collect(self) -> Iterator[Metric]:
        """Yield the gauges."""
        up = GaugeMetricFamily("gateway_up", "Whether a part answers.", labels=["part"])
        for part, read in (("database", self._database), ("redis", self._redis)):
            try:
                metrics = list(read())
                up.add_metric([part], 1)
            except (DatabaseError, InterfaceError, psycopg.Error) as error:
                log.warning("metrics.database", error=type(error).__name__)
                connection.close()
                metrics = []
                up.add_metric([part], 0)
            except (redis.RedisError, OSError) as error:
                log.warning("metrics.redis", error=type(error).__name__)
                metrics = []
                up.add_metric([part], 0)
            yield from metrics
        yield up

    def _database(self) -> Iterator[Metric]:
        due = GaugeMetricFamily(
            "gateway_due_messages",
            f"Messages that wait or are in flight (at most {MOST_COUNTED} are counted).",
            labels=["message_class", "phase"],
        )
        age = GaugeMetricFamily(
            "gateway_oldest_due_seconds", "How long the longest waiting message is due.", labels=["message_class"]
        )
        ahead = GaugeMetricFamily("gateway_partitions_ahead_weeks", "Weeks with partitions made.", labels=["table"])
        with atomic_cursor() as sql:
            sql.execute("SET LOCAL statement_timeout = '5s'")
            for message_class, phase, count, oldest in sql.execute(_DUE, (MOST_COUNTED,)).fetchall():
                name = MessageClass(message_class).queue
                due.add_metric([name, Phase(phase).name.lower()], count)
                if oldest is not None:
                    age.add_metric([name], max(0.0, float(oldest)))
            newest = dict(sql.execute(_NEWEST, (list(PARTITIONED),)).fetchall())
        this_week = monday(clock.now())
        for table, partition in newest.items():
            match = _PARTITION.search(partition)
            if match:
                start = this_week.strptime(match[1] + "+0000", "%Y%m%d%z")
                ahead.add_metric([table], (start - this_week) / _WEEK)
        yield from (due, age, ahead)

    def _redis(self) -> Iterator[Metric]:
        queues = GaugeMetricFamily("gateway_queue_length", "Tasks in a Celery queue.", labels=["queue"])
        for name in settings.QUEUES:
            queues.add_metric([name], redis_client().llen(name))
        yield queues


registry = CollectorRegistry(auto_describe=False)
registry.register(Figures())


@require_safe
def metrics(request: HttpRequest) -> HttpResponse:
    """Answer the figures as Prometheus' text."""
    return HttpResponse(generate_latest(registry), content_type=CONTENT_TYPE_LATEST)
