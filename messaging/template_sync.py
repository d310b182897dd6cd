"""Brings what a provider knows of a channel's templates into ours."""

from typing import NamedTuple

from django.db import transaction

from messaging.intake import resolve
from messaging.questions import CannotAsk, ask, ask_all
from messaging.template_writing import mark_gone, write
from providers.contract import Answer, Question
from tenants.models import Channel

PAGE = 100
MOST_PAGES = 100


class SyncReport(NamedTuple):
    """What a sync of one channel found; `failed` are the provider's ids whose details could not be read.

    `error` is empty unless the list itself could not be read; then nothing was changed.
    """

    channel: str
    found: int = 0
    created: int = 0
    updated: int = 0
    gone: int = 0
    failed: tuple[str, ...] = ()
    error: str = ""


class _NotListed(Exception):
    """The provider did not give its list; the text tells why."""


def sync_channel(channel_id: int) -> SyncReport:
    """Ask the provider for all templates of a channel and write them down; not to be called within a transaction.

    New templates take the provider's id as their code and their class from the tag; what people set here stays.
    Raises Channel.DoesNotExist.
    """
    channel = Channel.objects.get(id=channel_id)
    try:
        listed = _list(channel_id)
        questions = [Question(kind="template", params={"template_id": id}) for id in listed]
        answers = ask_all(channel_id, questions)
    except (CannotAsk, _NotListed) as error:
        return SyncReport(channel.name, error=str(error))
    details = [answer.data for answer in answers if answer.ok]
    failed = tuple(id for id, answer in zip(listed, answers, strict=True) if not answer.ok)
    with transaction.atomic():
        created = write(channel, details)
        gone = mark_gone(channel, listed)
    resolve.forget(channel.tenant_id)
    return SyncReport(channel.name, len(listed), created, len(details) - created, gone, failed)


def _list(channel_id: int) -> list[str]:
    ids: list[str] = []
    for page in range(MOST_PAGES):
        params = {"offset": str(page * PAGE), "limit": str(PAGE)}
        answer = ask(channel_id, Question(kind="templates", params=params))
        if not answer.ok:
            raise _NotListed(_why(answer))
        ids += answer.data["ids"]
        if len(ids) >= answer.data["total"] or not answer.data["ids"]:
            break
    return list(dict.fromkeys(ids))


def _why(answer: Answer) -> str:
    if answer.error is None:
        return answer.reason
    return f"{answer.error.code}: {answer.reason or answer.error.meaning}"
