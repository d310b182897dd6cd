"""What outcomes mean beyond their messages: persons to remember, a channel or template that must stop."""

from collections import Counter
from collections.abc import Sequence
from uuid import UUID

import msgspec
import structlog
from django.db import transaction

from messaging.chat.own_sends import CHAT_KIND, OwnSend, note_own_sends
from messaging.health import breaker
from messaging.health.counting import Tally
from messaging.health.judging import Judgement, judge
from messaging.ids import class_of
from messaging.models import Template, TemplateMapping
from messaging.recipients.marks import Reach, Refusal, remember
from providers.contract import ErrorClass, ErrorRow, Outcome, Retry, Scope, Verdict
from tenants import alerts
from tenants.credential_fields import SMS_KINDS
from tenants.models import Alert
from tenants.runtime import ChannelRuntime

# A content that breaks the platform's rules stops its template as a faulty setting does.
_STOPPING = {ErrorClass.CONFIGURATION, ErrorClass.MESSAGE}
log = structlog.get_logger(__name__)


class Followed(msgspec.Struct, frozen=True):
    """A message's outcome, the channel it came over, its template (0 where there is none), and whether it was to show
    that a stopped channel works again. `tries` are the retries behind it, None where none can follow; `called` says
    that a call was made."""

    message_id: UUID
    outcome: Outcome
    runtime: ChannelRuntime
    template_id: int
    probe: bool = False
    tries: int | None = None
    called: bool = True


def follow(outcomes: Sequence[Followed]) -> None:
    """Remember unreachable persons, stop what a configuration error stops, and judge the health of channels.

    Messages of test keys go over the sandbox's account and say nothing about the channel. What is counted twice after a
    failure here only weighs twice.
    """
    remember([_refusal(followed) for followed in outcomes if _teaches(followed)])
    note_own_sends([_own_send(followed) for followed in outcomes if _is_chat(followed)])
    tallies: dict[int, Counter[Judgement]] = {}
    failures: dict[int, str] = {}
    for followed in outcomes:
        if followed.runtime.test:
            continue
        channel = followed.runtime.channel_id
        _stop(followed)
        judgement = judge(followed.outcome, followed.called)
        tallies.setdefault(channel, Counter())[judgement] += 1
        if judgement is Judgement.BAD:
            failures[channel] = _what_failed(followed.outcome)
        if followed.probe:
            breaker.probed(channel, judgement is Judgement.GOOD)
    for channel, judged in tallies.items():
        tally = Tally(judged[Judgement.GOOD], judged[Judgement.BAD])
        if tally.total:
            breaker.count(channel, tally, failures.get(channel, ""))


def _stop(followed: Followed) -> None:
    outcome = followed.outcome
    error = outcome.error
    if error is None or error.error_class not in _STOPPING or _may_pass(error, followed.tries):
        return
    if error.error_class is ErrorClass.CONFIGURATION and error.scope is Scope.CHANNEL:
        breaker.stop(followed.runtime.channel_id, error.code, _reason(outcome))
    if error.scope is Scope.TEMPLATE and followed.template_id:
        stop_template(followed.template_id, followed.runtime.channel_id, error.code, _reason(outcome))


def _may_pass(error: ErrorRow, tries: int | None) -> bool:
    """Return whether the code asks to be tried again first, and can be."""
    return error.retry is Retry.BACKOFF and tries is not None and tries < error.tries


@transaction.atomic
def stop_template(template_id: int, channel_id: int, code: str, reason: str) -> bool:
    """Stop a template on a channel, and wholly where no other channel with templates is left; alert its people.

    Return whether it was this call that did.
    """
    template = Template.objects.select_for_update().get(id=template_id)
    mappings = TemplateMapping.objects.filter(template=template)
    stop = {"stop_code": code, "stop_reason": reason}
    if template.stop_code or not mappings.filter(channel_id=channel_id, stop_code="").update(**stop):
        return False
    if not mappings.filter(stop_code="").exclude(channel__kind__in=SMS_KINDS).exists():
        Template.objects.filter(id=template_id).update(**stop)
    alerts.raise_alert(
        template.tenant_id,
        Alert.Kind.TEMPLATE_STOPPED,
        alerts.template_key(template_id),
        about=template.name,
        body=reason,
        detail={"code": code},
    )
    log.error("template.stopped", template=template_id, code=code, reason=reason)
    return True


def _reason(outcome: Outcome) -> str:
    error = outcome.error
    return f"{error.meaning}. {error.advice}".strip() if error else ""


def _what_failed(outcome: Outcome) -> str:
    if outcome.error is not None:
        return f"{outcome.error.code} {outcome.error.meaning}".strip()
    unsent = "not sent" if outcome.verdict is Verdict.NOT_SENT else "no answer"
    return f"{unsent} ({outcome.text})" if outcome.text else unsent


def _is_chat(followed: Followed) -> bool:
    outcome, runtime = followed.outcome, followed.runtime
    named = bool(outcome.provider_message_id) and outcome.verdict is Verdict.ACCEPTED
    return runtime.kind == CHAT_KIND and named and not runtime.test


def _own_send(followed: Followed) -> OwnSend:
    outcome = followed.outcome
    return OwnSend(followed.message_id, followed.runtime.account_id, outcome.provider_message_id, outcome.sent_at)


def _teaches(followed: Followed) -> bool:
    error = followed.outcome.error
    return error is not None and error.remember_days > 0


def _refusal(followed: Followed) -> Refusal:
    error, runtime = followed.outcome.error, followed.runtime
    if error is None:
        raise ValueError("an outcome without an error teaches nothing")
    # An aggregator's account carries SMS too, which reaches whom Zalo does not.
    of_kind = error.remember_kind or runtime.official_account_id is None
    reach = Reach(
        message_class=class_of(followed.message_id) if error.remember_class_only else None,
        channel_kind=runtime.kind if of_kind else "",
        account_id=None if error.remember_kind else runtime.account_id,
    )
    return Refusal(followed.message_id, error.code, error.meaning, error.remember_days, reach)
