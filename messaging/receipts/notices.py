"""What a provider reports about templates and quotas instead of messages; applied at once, safe to repeat."""

from collections.abc import Sequence

from django.db.models import QuerySet

from messaging.models import Template
from providers.contract import Event, EventKind
from tenants.clock import Now
from tenants.models import OfficialAccount


def apply_notices(events: Sequence[Event]) -> None:
    """Bring templates and official accounts in step with what the provider says of them."""
    for event in events:
        if event.kind is EventKind.TEMPLATE_STATUS and event.data.get("status"):
            _templates(event).update(status=event.data["status"])
        elif event.kind is EventKind.TEMPLATE_QUALITY and event.data.get("quality"):
            _templates(event).update(quality=event.data["quality"])
        elif event.kind is EventKind.QUOTA_CHANGED and event.data.get("daily") is not None:
            OfficialAccount.objects.filter(oa_id=event.account_id).update(
                daily_quota=event.data["daily"], remaining_quota=None, quota_at=Now()
            )


def _templates(event: Event) -> QuerySet[Template]:
    return Template.objects.filter(
        mappings__provider_template_id=event.data["template_id"],
        mappings__channel__account__official_account__oa_id=event.account_id,
    )
