from celery import current_app
from django.core.management import call_command
from django_celery_beat.models import PeriodicTask

from messaging import tasks
from messaging.management.commands.schedule_upkeep import UPKEEP


def test_scheduling_twice_leaves_one_schedule_a_task(db):
    call_command("schedule_upkeep", verbosity=0)
    call_command("schedule_upkeep", verbosity=0)

    rows = PeriodicTask.objects.filter(task__startswith="messaging.").values_list("task", "interval__every")
    assert sorted(rows) == [
        ("messaging.forget_idempotency_keys", 3600),
        ("messaging.let_go", 21600),
        ("messaging.look_after_campaigns", 15),
        ("messaging.mail_alerts", 60),
        ("messaging.make_partitions", 86400),
        ("messaging.reconcile", 300),
        ("messaging.refresh_tokens", 60),
        ("messaging.sync_contacts", 86400),
        ("messaging.sync_templates", 3600),
    ]


def test_a_schedule_that_was_turned_off_stays_off(db):
    call_command("schedule_upkeep", verbosity=0)
    PeriodicTask.objects.filter(name="messaging.sync_templates").update(enabled=False, expire_seconds=1)

    call_command("schedule_upkeep", verbosity=0)

    row = PeriodicTask.objects.get(name="messaging.sync_templates")
    assert (row.enabled, row.expire_seconds) == (False, 3000)


def test_every_schedule_names_a_task_and_expires_before_its_next_run():
    assert tasks.sync_templates.name == "messaging.sync_templates"
    for upkeep in UPKEEP:
        assert upkeep.task in current_app.tasks
        assert upkeep.expires < upkeep.every
