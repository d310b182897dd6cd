"""`manage.py schedule_upkeep`: what beat rings for; to be run at every deployment, safe to repeat."""

from datetime import timedelta
from typing import Any, Final, NamedTuple

from django.core.management.base import BaseCommand
from django_celery_beat.models import IntervalSchedule, PeriodicTask


class Upkeep(NamedTuple):
    """A task that runs each `every`; a run that no worker has begun after `expires` is dropped."""

    task: str
    every: timedelta
    expires: timedelta


UPKEEP: Final = (
    Upkeep("messaging.refresh_tokens", timedelta(minutes=1), timedelta(seconds=50)),
    Upkeep("messaging.look_after_campaigns", timedelta(seconds=15), timedelta(seconds=14)),
    Upkeep("messaging.mail_alerts", timedelta(minutes=1), timedelta(seconds=50)),
    Upkeep("messaging.reconcile", timedelta(minutes=5), timedelta(minutes=4)),
    Upkeep("messaging.let_go", timedelta(hours=6), timedelta(hours=5)),
    Upkeep("messaging.make_partitions", timedelta(days=1), timedelta(hours=12)),
    Upkeep("messaging.forget_idempotency_keys", timedelta(hours=1), timedelta(minutes=50)),
    Upkeep("messaging.sync_contacts", timedelta(days=1), timedelta(hours=12)),
    Upkeep("messaging.sync_templates", timedelta(hours=1), timedelta(minutes=50)),
)


class Command(BaseCommand):
    help = "Store the schedules of the upkeep for celery beat; safe to repeat, and leaves a schedule turned off alone."

    def handle(self, *args: Any, **options: Any) -> None:
        """Stores each schedule under its task's name."""
        for upkeep in UPKEEP:
            schedule(upkeep)
            if options["verbosity"]:
                self.stdout.write(f"{upkeep.task} every {upkeep.every}")


def schedule(upkeep: Upkeep) -> None:
    """Store one schedule; whether it is turned on stays as an operator left it."""
    interval, _ = IntervalSchedule.objects.get_or_create(
        every=int(upkeep.every.total_seconds()), period=IntervalSchedule.SECONDS
    )
    wanted = {"task": upkeep.task, "interval": interval, "expire_seconds": int(upkeep.expires.total_seconds())}
    row, made = PeriodicTask.objects.get_or_create(name=upkeep.task, defaults=wanted)
    if not made and any(getattr(row, name) != value for name, value in wanted.items()):
        for name, value in wanted.items():
            setattr(row, name, value)
        row.save()
