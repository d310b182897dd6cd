"""The followers of an official account, read page by page into contacts: it goes on where it was left, and may be run
twice, also at once.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

import msgspec
import structlog
from django.db.models import F, Q

from messaging.chat import marks
from messaging.chat.contacts import Known, Person, hold, write
from messaging.chat.listed import detailed, listed
from messaging.chat.profiles import profile_of
from messaging.models import Contact, FollowerSync
from messaging.questions import CannotAsk, ask, ask_all
from messaging.sql import atomic_cursor
from providers.contract import Answer, Question
from tenants.clock import now
from tenants.models import Channel

KIND = "oa"
PAGE = 50
# Zalo lists no further (zalo-zns-oa.md 7.3).
LAST_OFFSET = 9_951
LEASE = timedelta(minutes=5)
BEGUN_ANEW_AFTER = timedelta(days=1)
DETAILS_HOLD = timedelta(days=7)
GONE_AT_ONCE = 500
log = structlog.get_logger(__name__)


class Report(msgspec.Struct, frozen=True):
    """How far a sync is: followers `found` since it began, `done` at the list's end, `error` where it stopped."""

    found: int = 0
    done: bool = False
    error: str = ""


_SEEN = """
UPDATE contact SET listed_at = %(at)s, detailed_at = CASE WHEN id = ANY(%(detailed)s) THEN %(at)s ELSE detailed_at END
WHERE id = ANY(%(ids)s::bigint[])
"""


def sync_followers(channel_id: int, pages: int) -> Report:
    """Read up to `pages` more pages of the followers of a channel's official account.

    Not to be called within a transaction: no lock is held while the provider is asked. Raises Channel.DoesNotExist.
    """
    channel = Channel.objects.select_related("account").get(pk=channel_id, kind=KIND)
    sync = _lease(channel.account_id)
    if sync is None:
        return Report(error="another process is reading the followers")
    try:
        return _read(channel, sync, pages)
    finally:
        FollowerSync.objects.filter(pk=sync.pk).update(leased_until=None)


def _lease(account_id: int) -> FollowerSync | None:
    """Return the account's sync where nobody else is at it, begun anew where the last one is over."""
    at = now()
    FollowerSync.objects.get_or_create(account_id=account_id)
    free = FollowerSync.objects.filter(Q(leased_until=None) | Q(leased_until__lte=at), account_id=account_id)
    if not free.update(leased_until=at + LEASE, error=""):
        return None
    sync = FollowerSync.objects.get(account_id=account_id)
    if sync.started_at is None or sync.finished_at is not None or sync.started_at < at - BEGUN_ANEW_AFTER:
        sync.next_offset = sync.found = 0
        sync.started_at, sync.finished_at = at, None
        sync.save()
    return sync


def _read(channel: Channel, sync: FollowerSync, pages: int) -> Report:
    for _ in range(pages):
        at = now()
        question = Question(kind="followers", params={"offset": str(sync.next_offset), "count": str(PAGE)})
        try:
            page = ask(channel.pk, question)
            details = _details(channel, page.data["ids"]) if page.ok else {}
        except CannotAsk as error:
            return _stopped(sync, str(error))
        if not page.ok:
            return _stopped(sync, _why(page))
        _write(channel, page.data["ids"], details, at)
        following: int | None = page.data["next_offset"]
        sync.found += len(page.data["ids"])
        sync.next_offset = following or 0
        sync.leased_until = now() + LEASE
        if following is None or following > LAST_OFFSET:
            return _finished(channel, sync, whole=following is None)
        sync.save()
    return Report(sync.found)


def _stopped(sync: FollowerSync, error: str) -> Report:
    FollowerSync.objects.filter(pk=sync.pk).update(error=error)
    return Report(sync.found, error=error)


def _why(answer: Answer) -> str:
    row = answer.error
    return f"{row.code}: {answer.reason or row.meaning}" if row else answer.reason


def _finished(channel: Channel, sync: FollowerSync, *, whole: bool) -> Report:
    if whole and sync.started_at is not None:
        _mark_gone(channel, sync.started_at)
    sync.finished_at = now()
    sync.save()
    log.info("followers.synced", account=channel.account_id, found=sync.found)
    return Report(sync.found, done=True)


def _persons(channel: Channel, user_ids: Sequence[str]) -> list[Person]:
    return [Person(channel.account.tenant_id, channel.account_id, user_id) for user_id in user_ids]


def _details(channel: Channel, user_ids: Sequence[str]) -> dict[str, Mapping[str, Any]]:
    """Return what the provider tells of those whose details are not known or old; nothing of who was erased."""
    by_hash = {person.hash: person.user_id for person in _persons(channel, user_ids)}
    rows = Contact.objects.filter(person_hash__in=by_hash, account=channel.account_id)
    settled = rows.filter(Q(detailed_at__gt=now() - DETAILS_HOLD) | Q(erased_at__isnull=False, profile=b""))
    known = {by_hash[bytes(found)] for found in settled.values_list("person_hash", flat=True)}
    wanted = [user_id for user_id in user_ids if user_id not in known]
    answers = ask_all(channel.pk, [Question(kind="person", params={"user_id": user_id}) for user_id in wanted])
    return {user_id: answer.data for user_id, answer in zip(wanted, answers, strict=True) if answer.ok}


def _write(channel: Channel, user_ids: Sequence[str], details: Mapping[str, Mapping[str, Any]], at: datetime) -> None:
    with atomic_cursor() as sql:
        before = hold(sql, _persons(channel, user_ids), at) if user_ids else []
        rows = [_told(row, details.get(row.person.user_id), at) for row in before]
        write(sql, rows)
        asked = [row.id for row in rows if row.person.user_id in details]
        sql.execute(_SEEN, {"at": at, "ids": [row.id for row in rows], "detailed": asked})
        marks.keep([row for old, row in zip(before, rows, strict=True) if marks.turned(old.facts, row.facts)])


def _told(row: Known, details: Mapping[str, Any] | None, at: datetime) -> Known:
    # Who was erased comes back by an act of their own only.
    if row.facts.erased_at is not None and row.facts.profile is None:
        return row
    facts = listed(row.facts, row.person.user_id, at)
    facts = detailed(facts, details, at) if details else facts
    if row.facts.profile is None:
        # Of somebody new nothing was heard today: those who talk stay on top.
        facts = msgspec.structs.replace(facts, touched_at=facts.last_interaction_at or at)
    return msgspec.structs.replace(row, facts=facts)


def _mark_gone(channel: Channel, since: datetime) -> None:
    """Mark those as gone who followed before the list was read and were not in it."""
    follows = Q(followed_at__lt=since) & (Q(unfollowed_at=None) | Q(unfollowed_at__lt=F("followed_at")))
    unseen = Q(listed_at=None) | Q(listed_at__lt=since)
    rows = Contact.objects.filter(follows, unseen, account=channel.account_id).order_by("pk")
    while found := list(rows[:GONE_AT_ONCE]):
        user_ids = [profile.user_id for row in found if (profile := profile_of(row)) is not None]
        with atomic_cursor() as sql:
            at = now()
            held = hold(sql, _persons(channel, user_ids), at)
            gone = [
                msgspec.structs.replace(row, facts=msgspec.structs.replace(row.facts, unfollowed_at=at)) for row in held
            ]
            write(sql, gone)
            marks.keep(gone)
        if not user_ids:
            return
