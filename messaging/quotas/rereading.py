"""Asks again providers whose quota was used up: it may have been raised since."""

from django.conf import settings

from messaging.dispatch.claiming.gates import PROVIDER_QUOTA
from messaging.dispatch.waking import wake_lanes
from messaging.queries.quotas import read_quota
from tenants import alerts
from tenants.models import Alert, Channel


def reread_provider_quotas() -> int:
    """Ask the providers whose quota is used up whether it was raised; return how many accounts send again.

    Not to be called within a transaction.
    """
    rows = Alert.objects.filter(kind=Alert.Kind.PROVIDER_QUOTA, ended_at=None)
    going = 0
    for account_id in [int(key.rpartition(":")[2]) for key in rows.values_list("key", flat=True)]:
        left = read_quota(account_id)
        if left is not None and left > settings.PROVIDER_QUOTA_RESERVE:
            alerts.end_alert(alerts.provider_quota_key(account_id))
            for channel_id in Channel.objects.filter(account=account_id).values_list("pk", flat=True):
                wake_lanes([PROVIDER_QUOTA], channel_id=channel_id)
            going += 1
    return going
