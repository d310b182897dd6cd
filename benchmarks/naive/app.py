"""The Celery application of the comparison: acks late, keeps its connections."""

import os

import django
from celery import Celery

django.setup()

app = Celery("naive", broker=os.environ["NAIVE_BROKER_URL"], include=["benchmarks.naive.tasks"])
app.conf.update(
    CELERY_DB_REUSE_MAX=10_000,  # else Celery closes the database connection before and after every task
    task_acks_late=True,
    task_reject_on_worker_lost=True,
    task_ignore_result=True,
    worker_send_task_events=False,
    worker_hijack_root_logger=False,
    broker_connection_retry_on_startup=True,
)
