"""Questions to providers from people and programs that wait for the answer: templates, quotas, connection tests."""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor

from messaging.dispatch.sending import context
from providers.contract import Answer, ErrorClass, Provider, Question
from providers.registry import provider
from providers.transport import exchange
from tenants import custody, runtime
from tenants.runtime import ChannelRuntime, channel_runtime

AT_ONCE = 8


class CannotAsk(Exception):
    """The channel is not in a state to ask its provider; the text tells why."""


def ask(channel_id: int, question: Question, *, test: bool = False) -> Answer:
    """Return what the provider of a channel answers; one refresh and one more try where the token is refused.

    Not to be called within a transaction. Raises CannotAsk.
    """
    return ask_all(channel_id, [question], test=test)[0]


def ask_all(channel_id: int, questions: Sequence[Question], *, test: bool = False) -> list[Answer]:
    """Return the answers in the order of the questions, asked a few at once. Raises CannotAsk."""
    if not questions:
        return []
    channel = _ready(channel_id, test)
    wire = provider(channel.kind)
    answers = [_put(wire, channel, questions[0])]
    if channel.official_account_id is not None and _token_refused(answers[0]):
        channel = _renewed(channel, test)
        answers = [_put(wire, channel, questions[0])]
    with ThreadPoolExecutor(AT_ONCE, thread_name_prefix="question") as threads:
        return answers + list(threads.map(lambda question: _put(wire, channel, question), questions[1:]))


def _ready(channel_id: int, test: bool) -> ChannelRuntime:
    try:
        channel = channel_runtime(channel_id, test)
    except LookupError as error:
        raise CannotAsk(str(error)) from error
    if channel.renewable and channel.official_account_id is not None:
        return _with_token(channel, test, custody.access_token)
    if not channel.ready:
        raise CannotAsk(channel.not_ready_reason)
    return channel


def _renewed(channel: ChannelRuntime, test: bool) -> ChannelRuntime:
    stale = channel.credentials.get("access_token", "")
    return _with_token(channel, test, lambda account_id: custody.refresh(account_id, stale))


def _with_token(channel: ChannelRuntime, test: bool, renew: Callable[[int], str]) -> ChannelRuntime:
    if channel.official_account_id is None:
        raise CannotAsk(channel.not_ready_reason)
    try:
        renew(channel.official_account_id)
    except (custody.ReconnectNeeded, custody.RefreshFailed, custody.RefreshInProgress) as error:
        raise CannotAsk(str(error)) from error
    runtime.forget(channel.channel_id)
    return channel_runtime(channel.channel_id, test)


def _put(wire: Provider, channel: ChannelRuntime, question: Question) -> Answer:
    return wire.answer(question, exchange(wire.ask(question, channel.credentials, context(channel))))


def _token_refused(answer: Answer) -> bool:
    return answer.error is not None and answer.error.error_class is ErrorClass.TOKEN
