"""Celery tasks: none carries a message; they say where to look. Each is safe to run twice."""

from datetime import timedelta
from uuid import UUID

import structlog
from celery import shared_task
from django.db import connection as database

from messaging.bulks.cancelling import cancel_waiting
from messaging.campaigns.loading import load
from messaging.campaigns.upkeep import begin_planned_run, look_after_campaigns
from messaging.chat import followers
from messaging.dispatch import worker
from messaging.mini_apps.withdrawing import carry_out_withdrawals
from messaging.partitions import make_partitions
from messaging.quotas.rereading import reread_provider_quotas
from messaging.quotas.warnings import end_what_is_over
from messaging.receipts import gathering
from messaging.receipts.finding import forget_names
from messaging.receipts.missing import ask_for_missing
from messaging.sql import cursor
from messaging.template_sync import sync_channel
from messaging.template_writing import SYNCED
from messaging.upkeep.reconciling import reopen_unmatched
from messaging.upkeep.retention import let_go
from tenants import alerts
from tenants.clock import now
from tenants.custody import refresh_due
from tenants.models import Channel

log = structlog.get_logger(__name__)
IDEMPOTENCY_KEPT = timedelta(hours=48)
NAMES_KEPT = timedelta(days=90)
SYNC_EXPIRES = timedelta(minutes=50)
# Fifty followers each: a go stays far below the time limit of tasks.
PAGES_A_GO = 10


@shared_task(name="messaging.look_at_lane", ignore_result=True)
def look_at_lane(lane_id: int) -> None:
    """Hand a lane to the dispatcher of this process."""
    worker.hand_over(lane_id)


@shared_task(name="messaging.apply_receipts", ignore_result=True)
def apply_receipts(message_class: int) -> None:
    """Have stored receipts of a class applied, beside this process's tasks."""
    gathering.look(message_class)


@shared_task(name="messaging.cancel_bulk", ignore_result=True)
def cancel_bulk(bulk_id: str) -> None:
    """Take back what of a cancelled bulk still waits."""
    log.info("bulk.cancelled", bulk=bulk_id, count=cancel_waiting(UUID(bulk_id)))


@shared_task(name="messaging.refresh_tokens", ignore_result=True)
def refresh_tokens() -> None:
    """Renew access tokens ahead of their end."""
    log.info("tokens.refreshed", report=str(refresh_due()))


@shared_task(name="messaging.mail_alerts", ignore_result=True)
def mail_alerts() -> None:
    """Mail alerts that nobody was written to about; end those of quotas whose period is over or whose provider allows
    more again."""
    end_what_is_over()
    alerts.mail_alerts()
    reread_provider_quotas()


@shared_task(name="messaging.make_partitions", ignore_result=True)
def make_partitions_ahead() -> None:
    """Make the partitions of the next weeks."""
    with database.cursor() as sql:
        make_partitions(sql, now())


@shared_task(name="messaging.forget_idempotency_keys", ignore_result=True)
def forget_idempotency_keys() -> None:
    """Drop idempotency keys after 48 hours."""
    with cursor() as sql:
        sql.execute("DELETE FROM idempotency_key WHERE created_at < gateway_now() - %s", (IDEMPOTENCY_KEPT,))


@shared_task(name="messaging.sync_templates", ignore_result=True)
def sync_templates() -> None:
    """Ask for a sync of the templates of every channel that sends, each by a task of its own."""
    channels = Channel.objects.filter(state=Channel.State.ACTIVE, tenant__is_active=True, kind__in=SYNCED)
    for channel_id in channels.values_list("id", flat=True):
        sync_channel_templates.apply_async((channel_id,), expires=SYNC_EXPIRES.total_seconds())


@shared_task(name="messaging.sync_channel_templates", ignore_result=True)
def sync_channel_templates(channel_id: int) -> None:
    """Bring the templates of one channel up to date; what Zalo approves again is sent again."""
    try:
        report = sync_channel(channel_id)
    except Channel.DoesNotExist:
        return
    log.info("templates.synced", channel_id=channel_id, **report._asdict())


@shared_task(name="messaging.sync_contacts", ignore_result=True)
def sync_contacts() -> None:
    """Ask for a sync of the followers of every official account that chats, each by a task of its own."""
    channels = Channel.objects.filter(state=Channel.State.ACTIVE, tenant__is_active=True, kind=followers.KIND)
    for channel_id in channels.order_by("account_id", "pk").distinct("account_id").values_list("pk", flat=True):
        sync_followers.apply_async((channel_id,), expires=SYNC_EXPIRES.total_seconds())


@shared_task(name="messaging.sync_followers", ignore_result=True)
def sync_followers(channel_id: int) -> None:
    """Read on in the followers of a channel's official account; ask for another go where there are more."""
    try:
        report = followers.sync_followers(channel_id, PAGES_A_GO)
    except Channel.DoesNotExist:
        return
    if report.error:
        log.warning("followers.not_synced", channel_id=channel_id, reason=report.error)
    elif not report.done:
        sync_followers.apply_async((channel_id,), expires=SYNC_EXPIRES.total_seconds())


@shared_task(name="messaging.load_campaign_run", ignore_result=True)
def load_campaign_run(run_id: int) -> None:
    """Go on loading a run; ask for another go where there is more."""
    load(run_id)


@shared_task(name="messaging.start_campaign_run", ignore_result=True)
def start_campaign_run(campaign_id: int) -> None:
    """Begin the run of a recurring campaign that is due; beat rings for it."""
    begin_planned_run(campaign_id)


@shared_task(name="messaging.look_after_campaigns", ignore_result=True)
def look_after_all_campaigns() -> None:
    """Go on with runs whose loader was lost."""
    look_after_campaigns()


@shared_task(name="messaging.carry_out_withdrawals", ignore_result=True)
def carry_out() -> None:
    """Stop what is queued for users of Mini Apps who withdrew, and erase them."""
    log.info("withdrawals.carried_out", count=carry_out_withdrawals())


@shared_task(name="messaging.reconcile", ignore_result=True)
def reconcile() -> None:
    """Look again at what fitted nothing at first, and ask for reports that did not come."""
    log.info("receipts.reopened", count=reopen_unmatched())
    log.info("receipts.found", count=ask_for_missing())
    carry_out()


@shared_task(name="messaging.let_go", ignore_result=True)
def let_go_of_the_old() -> None:
    """Drop what is kept no longer."""
    let_go()
    forget_names(NAMES_KEPT)
