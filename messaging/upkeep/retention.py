"""What is kept for how long, and then let go in small steps."""

from datetime import UTC, datetime, timedelta

import msgspec
import structlog
from django.conf import settings
from django.db import connection
from psycopg.errors import LockNotAvailable

from messaging.chat.erasing import let_go_of_chats
from messaging.chat.marks import erase_left_over
from messaging.models import Campaign, CampaignRun, NotificationCount, RecipientChunk, RecipientFile
from messaging.partitions import WEEK
from messaging.sql import atomic_cursor, cursor
from tenants.clock import now

RECEIPTS_KEPT = timedelta(weeks=13)
HOLDS_KEPT = timedelta(days=30)
FILES_KEPT = timedelta(days=30)
COUNTS_KEPT = timedelta(days=7)
BATCH = 5_000
log = structlog.get_logger(__name__)


class LetGo(msgspec.Struct, frozen=True):
    """What one pass let go: weeks of receipts, lines about holds, pieces of files, lines of conversations, days'
    counts of notifications."""

    receipt_weeks: int
    holds: int
    files: int
    chat_lines: int
    counts: int


def let_go() -> LetGo:
    """Drop what is older than it is kept."""
    at = now()
    erase_left_over()
    counts, _ = NotificationCount.objects.filter(day__lt=(at - COUNTS_KEPT).date()).delete()
    gone = LetGo(
        _drop_receipts(at - RECEIPTS_KEPT),
        _forget_holds(at - HOLDS_KEPT),
        _erase_files(at - FILES_KEPT),
        let_go_of_chats(at - settings.CHATS_KEPT),
        counts,
    )
    log.info("retention.done", **msgspec.structs.asdict(gone))
    return gone


_WEEKS = "SELECT relname FROM pg_class WHERE relname ~ '^receipt_[0-9]{8}$' AND relkind = 'r' ORDER BY relname"


def _drop_receipts(before: datetime) -> int:
    """Drop whole weeks; one that is being read is left to the next pass."""
    with cursor() as sql:
        names = [row[0] for row in sql.execute(_WEEKS).fetchall()]
    count = 0
    for name in names:
        start = datetime.strptime(name.removeprefix("receipt_"), "%Y%m%d").replace(tzinfo=UTC)
        if start + WEEK > before:
            break
        try:
            with atomic_cursor() as sql:
                sql.execute("SET LOCAL lock_timeout = '2s'")
                sql.execute(f"DROP TABLE IF EXISTS {connection.ops.quote_name(name)}")
        except LockNotAvailable:
            break
        count += 1
    return count


_HOLDS = """
DELETE FROM lane_hold WHERE id IN (SELECT id FROM lane_hold WHERE at < %(before)s ORDER BY id LIMIT %(limit)s)
"""


def _forget_holds(before: datetime) -> int:
    count = 0
    while True:
        with cursor() as sql:
            gone = sql.execute(_HOLDS, {"before": before, "limit": BATCH}).rowcount
        count += gone
        if gone < BATCH:
            return count


def _erase_files(before: datetime) -> int:
    """Erase the rows of files that no campaign needs any more; their names and counts stay."""
    needed = Campaign.objects.exclude(state=Campaign.State.CANCELED).exclude(crontab="", every=None)
    drafts = Campaign.objects.filter(state=Campaign.State.DRAFT, created_at__gte=before)
    recent = CampaignRun.objects.filter(created_at__gte=before)
    loading = CampaignRun.objects.filter(state=CampaignRun.State.LOADING)
    old = (
        RecipientFile.objects.filter(created_at__lt=before)
        .exclude(campaigns__in=needed)
        .exclude(campaigns__in=drafts)
        .exclude(campaigns__runs__in=recent)
        .exclude(campaigns__runs__in=loading)
    )
    count, _ = RecipientChunk.objects.filter(file__in=old).delete()
    return count
