"""The breaker: what stops a channel, and what a probe makes of it."""

from datetime import timedelta

import structlog
from django.conf import settings
from django.db import transaction
from django.db.models import F

from messaging.dispatch.waking import wake_lanes
from messaging.health import counting
from messaging.health.counting import Tally
from tenants import alerts, clock
from tenants.models import Alert, Channel
from tenants.runtime import forget, resume_channel, stop_channel

STORM = "BREAKER"
log = structlog.get_logger(__name__)


@transaction.atomic
def stop(channel_id: int, code: str, reason: str) -> bool:
    """Stop a channel until a probe finds it working or a person resumes it, and alert its people; return whether it was
    this call that did."""
    if not stop_channel(channel_id, code, reason, probe_after=settings.PROBE_PAUSE):
        return False
    channel = Channel.objects.get(pk=channel_id)
    alerts.raise_alert(
        channel.tenant_id,
        Alert.Kind.CHANNEL_STOPPED,
        alerts.channel_key(channel_id),
        about=channel.name,
        body=reason,
        detail={"code": code},
    )
    # Whatever waits there, for its pace or its hours, may go on over the next step now.
    wake_lanes(None, channel_id=channel_id)
    log.error("channel.stopped", channel=channel_id, code=code, reason=reason)
    return True


def count(channel_id: int, tally: Tally, last_failure: str) -> None:
    """Count judged calls; stop the channel where too many of the recent ones failed."""
    counting.count(channel_id, tally)
    if not tally.bad:
        return
    recent = counting.recent(channel_id, int(settings.BREAKER_WINDOW.total_seconds()))
    if recent.total >= settings.BREAKER_LEAST and recent.bad > recent.total * settings.BREAKER_SHARE:
        seconds = round(settings.BREAKER_WINDOW.total_seconds())
        reason = (
            f"{recent.bad} of {recent.total} calls of the last {seconds} s failed, the last one: {last_failure}. "
            "Nothing needs to be done: messages go on over the next step of their routes or wait, and single ones try "
            "the channel until it works."
        )
        stop(channel_id, STORM, reason)


def probed(channel_id: int, works: bool) -> None:
    """Reopen a stopped channel whose probe shows that it works; else wait twice as long for the next one."""
    if works:
        counting.forget(channel_id)
        if resume_channel(channel_id):
            wake_lanes(None, channel_id=channel_id)
            log.info("channel.reopened", channel=channel_id)
        return
    stopped = Channel.objects.filter(pk=channel_id, state=Channel.State.STOPPED).exclude(probe_at=None)
    failed = stopped.values_list("probes", flat=True).first()
    if failed is not None:
        pause = probe_pause(failed + 1)
        stopped.filter(probes=failed).update(probes=F("probes") + 1, probe_at=clock.Now() + pause)
        forget(channel_id)


def probe_pause(failed: int) -> timedelta:
    """Return how long a channel rests after this many failed probes in a row."""
    pause: timedelta = settings.PROBE_PAUSE * 2 ** min(failed, 10)
    return min(pause, settings.PROBE_PAUSE_MOST)
