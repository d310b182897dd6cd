"""The Celery application; its tasks carry no messages, only «look at lane L» and upkeep."""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "gateway.settings")

app = Celery("gateway")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
# Otherwise Celery opens and closes a database connection for every task.
app.conf["CELERY_DB_REUSE_MAX"] = 10_000
