"""What outcomes mean beyond their messages: a provider's remaining quota, a channel or template that must stop."""

from collections.abc import Sequence
from uuid import UUID

import msgspec
import structlog

from messaging.ids import class_of
from messaging.models import Template
from messaging.recipients.marks import Reach, Refusal, remember
from providers.contract import ErrorClass, Outcome, Quota, Retry, Scope
from tenants.clock import Now
from tenants.models import OfficialAccount
from tenants.runtime import ChannelRuntime, stop_channel

log = structlog.get_logger(__name__)


class Followed(msgspec.Struct, frozen=True):
    """A message's outcome, the channel it came over, and its template (0 where no call was made)."""

    message_id: UUID
    outcome: Outcome
    runtime: ChannelRuntime
    template_id: int


def follow(outcomes: Sequence[Followed]) -> None:
    """Remember unreachable persons, mirror the quotas that providers told, and stop what a configuration error stops.

    Safe to repeat.
    """
    remember([_refusal(followed) for followed in outcomes if _teaches(followed)])
    quotas: dict[int, Quota] = {}
    for followed in outcomes:
        outcome, runtime = followed.outcome, followed.runtime
        if outcome.quota is not None and runtime.official_account_id is not None:
            quotas[runtime.official_account_id] = outcome.quota
        error = outcome.error
        if error is None or error.error_class is not ErrorClass.CONFIGURATION or error.retry is Retry.BACKOFF:
            continue
        if error.scope is Scope.CHANNEL and stop_channel(runtime.channel_id, error.code, _reason(outcome)):
            log.error("channel.stopped", channel=runtime.channel_id, code=error.code, meaning=error.meaning)
        if (
            error.scope is Scope.TEMPLATE
            and followed.template_id
            and stop_template(followed.template_id, error.code, _reason(outcome))
        ):
            log.error("template.stopped", template=followed.template_id, code=error.code, meaning=error.meaning)
    for account_id, quota in quotas.items():
        OfficialAccount.objects.filter(pk=account_id).update(
            daily_quota=quota.daily, remaining_quota=quota.remaining, quota_at=Now()
        )


def stop_template(template_id: int, code: str, reason: str) -> bool:
    """Stop a template that is not stopped yet; return whether it was this call that did."""
    return Template.objects.filter(id=template_id, stop_code="").update(stop_code=code, stop_reason=reason) > 0


def _reason(outcome: Outcome) -> str:
    error = outcome.error
    return f"{error.meaning}. {error.advice}".strip() if error else ""


def _teaches(followed: Followed) -> bool:
    error = followed.outcome.error
    return error is not None and error.remember_days > 0


def _refusal(followed: Followed) -> Refusal:
    error, runtime = followed.outcome.error, followed.runtime
    if error is None:
        raise ValueError("an outcome without an error teaches nothing")
    reach = Reach(
        message_class=class_of(followed.message_id) if error.remember_class_only else None,
        channel_kind=runtime.kind if error.remember_kind else "",
        account_id=None if error.remember_kind else runtime.account_id,
    )
    return Refusal(followed.message_id, error.code, error.meaning, error.remember_days, reach)
