"""One row a message."""

from typing import Any

from django.db import models


class Message(models.Model):
    """A message of the comparison; `benchmarks.plain_rows` makes its table."""

    phone = models.TextField()
    template = models.TextField()
    template_data: Any = models.JSONField()
    state = models.PositiveSmallIntegerField(default=0)
    attempts = models.PositiveSmallIntegerField(default=0)
    provider_message_id = models.TextField(default="")
    error = models.TextField(default="")
    created_at = models.DateTimeField()
    settled_at = models.DateTimeField(null=True)

    objects: "models.Manager[Message]" = models.Manager()

    class Meta:
        app_label = "naive"
        db_table = "naive"
        managed = False
