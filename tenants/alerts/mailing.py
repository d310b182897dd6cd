"""Mails alerts to the people of their tenants: one mail an alert, however often and by however many it is tried."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Final

import structlog
from django.conf import settings
from django.core.mail import EmailMessage
from django.db import transaction
from django.utils.translation import gettext as _

from tenants import clock
from tenants.models import Alert, Member

MAIL_TASK: Final = "messaging.mail_alerts"
BATCH: Final = 50
# What could not be mailed for so long is seen in the admin only.
TOO_LATE: Final = timedelta(days=1)
log = structlog.get_logger(__name__)


def mail_alerts() -> int:
    """Mail the alerts that have not been mailed; return how many were.

    A row is locked while its mail goes out, so of two runs one passes it over. A mail server that refuses is tried
    again by the next run.
    """
    sent = 0
    for alert_id in _waiting():
        with transaction.atomic():
            rows = Alert.objects.select_for_update(skip_locked=True, of=("self",)).select_related("tenant")
            alert = rows.filter(pk=alert_id, mailed_at=None).first()
            if alert is None:
                continue
            recipients = _recipients(alert)
            if recipients and not _send(alert, recipients):
                continue
            Alert.objects.filter(pk=alert_id).update(mailed_at=clock.Now())
            sent += bool(recipients)
    return sent


def _waiting() -> list[int]:
    rows = Alert.objects.filter(mailed_at=None, created_at__gt=clock.now() - TOO_LATE).order_by("created_at")
    return list(rows.values_list("pk", flat=True)[:BATCH])


def _recipients(alert: Alert) -> list[str]:
    """Return the addresses of the tenant's owners and operators; the platform's own alerts are seen in the admin."""
    roles = (Member.Role.OWNER, Member.Role.OPERATOR)
    members = Member.objects.filter(tenant=alert.tenant_id, role__in=roles, user__is_active=True)
    return sorted({address for address in members.values_list("user__email", flat=True) if address})


def _send(alert: Alert, recipients: Sequence[str]) -> bool:
    tenant = alert.tenant.name if alert.tenant else ""
    text = "\n\n".join(part for part in (alert.title, alert.body, _link()) if part)
    # To each alone: a member's address is no business of the others.
    mail = EmailMessage(subject=f"[{tenant}] {alert.title}", body=text, to=[], bcc=list(recipients))
    try:
        mail.send()
    except OSError as error:
        log.warning("alert.not_mailed", alert=alert.pk, error=type(error).__name__)
        return False
    return True


def _link() -> str:
    return _("See %(url)s") % {"url": f"{settings.PUBLIC_URL}/admin/tenants/alert/"}
