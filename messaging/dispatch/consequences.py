"""What outcomes mean beyond their messages: a provider's remaining quota, a channel or template that must stop."""

from collections.abc import Sequence

import msgspec
import structlog

from messaging.models import Template
from providers.contract import ErrorClass, Outcome, Quota, Retry, Scope
from tenants.clock import Now
from tenants.models import OfficialAccount
from tenants.runtime import ChannelRuntime, stop_channel

log = structlog.get_logger(__name__)


class Followed(msgspec.Struct, frozen=True):
    """An outcome, the channel it came over, and the template it was for (0 where no call was made)."""

    outcome: Outcome
    runtime: ChannelRuntime
    template_id: int


def follow(outcomes: Sequence[Followed]) -> None:
    """Mirror the quotas that providers told and stop what a configuration error stops; safe to repeat."""
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
