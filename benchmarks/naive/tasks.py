"""Send one message."""

import os
from functools import lru_cache

import requests
from celery import shared_task
from django.utils import timezone

from benchmarks.naive.models import Message
from benchmarks.plain_rows import FAILED, SENT

TIMEOUT_SECONDS = 10


@lru_cache(maxsize=1)
def session() -> requests.Session:
    """Return this process's session: connections stay open between tasks."""
    kept = requests.Session()
    kept.trust_env = False
    kept.headers["access_token"] = os.environ["ACCESS_TOKEN"]
    return kept


@shared_task(name="naive.send")
def send(message_id: int) -> None:
    """Load the message, post it, save what became of it."""
    message = Message.objects.get(pk=message_id)
    body = {
        "phone": message.phone,
        "template_id": message.template,
        "template_data": message.template_data,
        "tracking_id": f"naive-{message.pk}",
    }
    reply = session().post(os.environ["SEND_URL"], json=body, timeout=TIMEOUT_SECONDS)
    answer = reply.json()
    message.attempts += 1
    message.settled_at = timezone.now()
    if reply.ok and answer.get("error") == 0:
        message.state, message.provider_message_id = SENT, answer["data"]["msg_id"]
    else:
        message.state, message.error = FAILED, str(answer.get("message"))
    message.save(update_fields=["state", "attempts", "provider_message_id", "error", "settled_at"])
