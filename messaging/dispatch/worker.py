"""Dispatchers of a Celery worker process: one for each class whose queue it consumes, started after the fork."""

import os
import resource
from typing import Any

import structlog
from celery import current_app
from celery.signals import worker_process_init, worker_process_shutdown
from django.conf import settings
from django.db import connections

from messaging.collecting import spare_long_lived
from messaging.dispatch.dispatcher import Dispatcher
from messaging.lanes import lane_by_id
from messaging.states import MessageClass

log = structlog.get_logger(__name__)
# Calls of a campaign stand before those of others at a provider, and in its pace: fewer of them do so at a time.
PROMOTIONAL_SHARE = 4
# Of a single place an account may hold none, and nothing would ever leave.
LEAST_PLACES = 2
NICE = {MessageClass.TRANSACTIONAL: 3, MessageClass.PROMOTIONAL: 8}
_dispatchers: dict[int, Dispatcher] = {}


@worker_process_init.connect(weak=False)
def start_dispatchers(**_: Any) -> None:
    """Start the dispatchers in the worker's child."""
    connections.close_all()
    consumed = set(current_app.amqp.queues.consume_from)
    served = [message_class for message_class in MessageClass if message_class.queue in consumed]
    _stand_back(served)
    _allow_connections()
    spare_long_lived()
    for message_class in MessageClass:
        if message_class in served:
            dispatcher = Dispatcher(message_class, places(message_class))
            dispatcher.start()
            _dispatchers[message_class] = dispatcher
    log.info("worker.started", classes=[MessageClass(number).queue for number in _dispatchers])


def _stand_back(served: list[MessageClass]) -> None:
    """Leave the processor to higher classes: a worker is as patient as the highest class it serves."""
    patience = NICE.get(min(served, default=MessageClass.OTP), 0)
    if patience and hasattr(os, "nice"):
        os.nice(patience)


def places(message_class: MessageClass) -> int:
    """Return how many calls of a class this process may have under way."""
    most: int = settings.DISPATCH_PLACES
    return max(most // PROMOTIONAL_SHARE if message_class is MessageClass.PROMOTIONAL else most, LEAST_PLACES)


def _allow_connections() -> None:
    """Take as many files as this process may have: each call under way is one."""
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))


@worker_process_shutdown.connect(weak=False)
def stop_dispatchers(**_: Any) -> None:
    """Finish and settle the calls under way before the child exits."""
    for dispatcher in _dispatchers.values():
        dispatcher.stop(settings.SHUTDOWN_GRACE.total_seconds())
    _dispatchers.clear()


def hand_over(lane_id: int) -> None:
    """Have the dispatcher of the lane's class look at it; nothing where this process has none (the tick repairs it)."""
    lane = lane_by_id(lane_id)
    dispatcher = _dispatchers.get(lane.message_class) if lane else None
    if lane is not None and dispatcher is not None:
        dispatcher.wake(lane_id, lane.tenant_id)
