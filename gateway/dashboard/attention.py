"""What needs a person, most pressing first."""

import re
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, Final, NamedTuple

from django.db.models import Model, Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from messaging.admin.sentences import reason
from messaging.models import Lane, Template
from messaging.partitions import PARTITIONED, monday
from messaging.sql import cursor
from tenants import clock
from tenants.custody import refresh_token_ends_soon
from tenants.custody.upkeep import WARNING
from tenants.models import Alert, Channel, OfficialAccount

MOST_LISTED: Final = 10
WEEKS_WANTED: Final = 2
_PARTITION: Final = re.compile(r"_(\d{8})$")
_NEWEST: Final = """
SELECT parent.relname::text, max(child.relname::text) FROM pg_inherits
JOIN pg_class parent ON parent.oid = inhparent JOIN pg_class child ON child.oid = inhrelid
WHERE parent.relname = ANY(%s) GROUP BY 1
"""


class Matter(NamedTuple):
    """One thing that needs a person; `link` leads to where it is put right, empty where that is not here."""

    icon: str
    colour: str
    title: str
    text: str
    link: str


def attention(tenant_ids: Sequence[int] | None) -> list[Matter]:
    """Return what needs a person in these tenants; None for the whole platform."""
    matters = [*_accounts(tenant_ids), *_channels(tenant_ids), *_templates(tenant_ids)]
    matters += [*_quotas(tenant_ids), *_lanes(tenant_ids)]
    return [*_partitions(), *matters] if tenant_ids is None else matters


def _of(rows: QuerySet[Any], tenant_ids: Sequence[int] | None, path: str = "tenant") -> QuerySet[Any]:
    return (rows if tenant_ids is None else rows.filter(**{f"{path}__in": tenant_ids}))[:MOST_LISTED]


def _change(row: Model) -> str:
    return reverse(f"admin:{row._meta.app_label}_{row._meta.model_name}_change", args=[row.pk])


def _accounts(tenant_ids: Sequence[int] | None) -> Iterator[Matter]:
    now, Status = clock.now(), OfficialAccount.Status
    ending = Q(refresh_expires_at__lte=now + WARNING) | Q(status=Status.ENDS)
    rows = OfficialAccount.objects.select_related("account__tenant").filter(Q(status=Status.RECONNECT) | ending)
    for row in _of(rows.order_by("status", "pk"), tenant_ids, "account__tenant"):
        if row.status == Status.RECONNECT:
            yield Matter(
                "link_off", "danger", _("%(name)s must be connected again") % {"name": row}, row.why(), _change(row)
            )
        elif row.status == Status.ENDS or refresh_token_ends_soon(row, now):
            title = _("%(name)s will have to be connected again") % {"name": row}
            yield Matter("link_off", "warning", title, row.why(), _change(row))


def _channels(tenant_ids: Sequence[int] | None) -> Iterator[Matter]:
    rows = Channel.objects.select_related("tenant").filter(state=Channel.State.STOPPED).order_by("stopped_at")
    for row in _of(rows, tenant_ids):
        title = _("Channel %(name)s of %(tenant)s is stopped") % {"name": row, "tenant": row.tenant}
        yield Matter("pause_circle", "danger", title, row.stop_reason, _change(row))


def _templates(tenant_ids: Sequence[int] | None) -> Iterator[Matter]:
    rows = Template.objects.select_related("tenant").exclude(stop_code="").order_by("pk")
    for row in _of(rows, tenant_ids):
        title = _("Template %(name)s of %(tenant)s is stopped") % {"name": row, "tenant": row.tenant}
        yield Matter("article", "danger", title, row.stop_reason, _change(row))


def _quotas(tenant_ids: Sequence[int] | None) -> Iterator[Matter]:
    kinds = (Alert.Kind.QUOTA, Alert.Kind.PROVIDER_QUOTA)
    for row in _of(Alert.objects.filter(kind__in=kinds, ended_at=None).order_by("-created_at"), tenant_ids):
        colour = "danger" if row.level == Alert.Level.ERROR else "warning"
        yield Matter("speed", colour, row.title, row.body, _change(row))


def _lanes(tenant_ids: Sequence[int] | None) -> Iterator[Matter]:
    rows = Lane.objects.select_related("tenant", "channel").exclude(hold_reason="")
    # A lane that went on keeps its last reason; one that is held looks again every few seconds.
    rows = rows.filter(next_at__gt=clock.now() - timedelta(seconds=30), channel__state=Channel.State.ACTIVE)
    for row in _of(rows.order_by("pk"), tenant_ids):
        title = _("Messages of %(tenant)s wait on %(name)s") % {"name": row, "tenant": row.tenant}
        yield Matter("hourglass_top", "warning", title, reason(row.hold_reason), _change(row))


def _partitions() -> Iterator[Matter]:
    with cursor() as sql:
        newest = dict(sql.execute(_NEWEST, (list(PARTITIONED),)).fetchall())
    this_week = monday(clock.now())
    for table in PARTITIONED:
        match = _PARTITION.search(newest.get(table, ""))
        start = datetime.strptime(match[1], "%Y%m%d").replace(tzinfo=UTC) if match else this_week
        weeks = (start - this_week).days // 7
        if weeks < WEEKS_WANTED:
            title = _("Table %(table)s has partitions for %(weeks)d more weeks only") % {"table": table, "weeks": weeks}
            text = _("The schedule messaging.make_partitions does not run: look at beat and the upkeep worker.")
            yield Matter("database", "danger", title, text, "")
