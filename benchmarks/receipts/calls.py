"""Delivery receipts of messages that were sent, signed as the provider signs them."""

import time
from uuid import UUID

from benchmarks.campaign import Campaign
from benchmarks.load import Load
from messaging.ids import leg_id
from messaging.models import Leg
from providers.sandbox.zalo.receipts import delivered
from providers.sandbox.zalo.seeds import OFFICIAL_ACCOUNTS
from tenants.models import OfficialAccount
from tenants.runtime import hook_url

CONNECTIONS = 16


def one_each(campaign: Campaign, channel_account: int) -> Load:
    """Return the load that reports each message of a campaign as delivered, once."""
    row = OfficialAccount.objects.select_related("app").get(account_id=channel_account)
    if row.app is None:
        raise LookupError("the official account has no app")
    account, now = OFFICIAL_ACCOUNTS[row.oa_id], time.time()
    legs = Leg.objects.filter(message_id__range=(campaign.first, UUID(int=campaign.last.int | 0x3F)))
    calls = [
        delivered(account, "84987654321", provider_id, leg_id(message_id, 1), now)
        for message_id, provider_id in legs.values_list("message_id", "provider_message_id")
    ]
    return Load(
        url=hook_url(row.app.hook_token),
        headers=[headers for headers, _ in calls],
        bodies=[body for _, body in calls],
        connections=CONNECTIONS,
        seconds=120.0,
        repeat=False,
    )
