"""Raises and ends alerts; both are safe to repeat."""

from typing import Any

import msgspec
import structlog
from celery import current_app
from django.db import connection, transaction
from kombu.exceptions import OperationalError

from tenants import clock
from tenants.alerts.mailing import MAIL_TASK
from tenants.models import Alert

log = structlog.get_logger(__name__)

_RAISE = """
INSERT INTO tenants_alert (tenant_id, kind, key, level, about, detail, body, created_at)
VALUES (%s, %s, %s, %s, %s, %s::jsonb, %s, gateway_now())
ON CONFLICT (key) WHERE ended_at IS NULL DO NOTHING
RETURNING id
"""


def raise_alert(
    tenant_id: int | None,
    kind: Alert.Kind,
    key: str,
    *,
    about: str,
    level: Alert.Level = Alert.Level.ERROR,
    body: str = "",
    detail: dict[str, Any] | None = None,
) -> bool:
    """Raise an alert in the caller's transaction unless it is open already; return whether it is new.

    `tenant_id` is None for what concerns the platform. Once committed its mail is asked for.
    """
    values = (tenant_id, kind, key, level, about[:200], msgspec.json.encode(detail or {}).decode(), body)
    with connection.cursor() as cursor:
        cursor.execute(_RAISE, values)
        is_new = cursor.fetchone() is not None
    if is_new:
        log.warning("alert.raised", kind=str(kind), key=key, tenant=tenant_id)
        transaction.on_commit(_ask_for_mail)
    return is_new


def end_alert(key: str) -> bool:
    """End the open alert of this key; return whether there was one."""
    return Alert.objects.filter(key=key, ended_at=None).update(ended_at=clock.Now()) > 0


def end_alerts(prefix: str) -> int:
    """End every open alert whose key begins so; return how many there were."""
    return Alert.objects.filter(key__startswith=prefix, ended_at=None).update(ended_at=clock.Now())


def _ask_for_mail() -> None:
    """Have the mail sent soon; a lost broker costs a minute, for the schedule looks too."""
    try:
        current_app.send_task(MAIL_TASK, queue="upkeep", retry=False, expires=60)
    except (OperationalError, OSError) as error:
        log.warning("alert.mail_later", error=type(error).__name__)
