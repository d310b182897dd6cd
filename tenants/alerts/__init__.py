"""Alerts: what people of a tenant must know, raised once while it lasts, shown in the admin and sent by e-mail."""

from tenants.alerts.keys import channel_key, provider_quota_key, quota_key, template_key
from tenants.alerts.mailing import MAIL_TASK, mail_alerts
from tenants.alerts.raising import end_alert, end_alerts, raise_alert

__all__ = [
    "MAIL_TASK",
    "channel_key",
    "end_alert",
    "end_alerts",
    "mail_alerts",
    "provider_quota_key",
    "quota_key",
    "raise_alert",
    "template_key",
]
