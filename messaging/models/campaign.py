"""Campaigns, the files of their recipients and their runs. What names a person is sealed with the tenant's data key."""

from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from messaging.models.message import Bulk
from messaging.models.template import Template
from messaging.states import MessageClass
from tenants.models import RateUnit, Route, Tenant


class RecipientFile(models.Model):
    """A table of recipients as it was given: `columns` are its heads, `rows` how many rows below them hold something.

    Its rows are kept in `chunks` sealed pieces (RecipientChunk); numbers of rows are those of a spreadsheet, where the
    heads are row 1.
    """

    tenant = models.ForeignKey(Tenant, models.CASCADE, related_name="recipient_files", verbose_name=_("tenant"))
    name = models.CharField(_("file"), max_length=200)
    columns: Any = models.JSONField(_("columns"), default=list)
    rows = models.PositiveIntegerField(_("rows"), default=0)
    chunks = models.PositiveIntegerField(default=0)
    data_key_id = models.BigIntegerField()
    created_at = models.DateTimeField(_("uploaded"))

    class Meta:
        db_table = "recipient_file"
        verbose_name = _("file of recipients")
        verbose_name_plural = _("files of recipients")
        ordering = ["-id"]

    def __str__(self) -> str:
        return self.name


class RecipientChunk(models.Model):
    """Consecutive rows of a file from `first_row` on: a msgpack list of lists of cells, packed and sealed."""

    file = models.ForeignKey(RecipientFile, models.CASCADE, related_name="pieces")
    n = models.PositiveIntegerField()
    first_row = models.PositiveIntegerField()
    body = models.BinaryField()

    class Meta:
        db_table = "recipient_chunk"
        constraints = [models.UniqueConstraint(fields=["file", "n"], name="one_chunk_of_a_number")]


class Campaign(models.Model):
    """One template to everybody in a file, once or again and again.

    `mapping` is {column: parameter}, the recipient's parameter being `to`. `crontab` (five fields, in the tenant's
    zone) or `every` (seconds) make it recurring. `finish_within` is the time from a run's planned start in which it is
    to be done: the speed follows from it. `window` is a deliveryTimeWindow as it came.
    """

    class State(models.TextChoices):
        DRAFT = "DRAFT", _("draft")
        ACTIVE = "ACTIVE", _("active")
        PAUSED = "PAUSED", _("paused")
        CANCELED = "CANCELED", _("cancelled")

    class Duplicates(models.TextChoices):
        KEEP_FIRST = "keepFirst", _("Send to the first row of a number only")
        SEND_ALL = "sendAll", _("Send to every row")

    tenant = models.ForeignKey(Tenant, models.CASCADE, related_name="campaigns", verbose_name=_("tenant"))
    name = models.CharField(_("name"), max_length=200)
    template = models.ForeignKey(Template, models.PROTECT, related_name="campaigns", verbose_name=_("template"))
    route = models.ForeignKey(Route, models.PROTECT, related_name="campaigns", verbose_name=_("route"))
    file = models.ForeignKey(RecipientFile, models.PROTECT, related_name="campaigns", verbose_name=_("recipients"))
    mapping: Any = models.JSONField(_("columns and parameters"), default=dict)
    duplicates = models.CharField(
        _("numbers that come twice"), max_length=9, choices=Duplicates, default=Duplicates.KEEP_FIRST
    )
    message_class = models.PositiveSmallIntegerField(_("class"), choices=MessageClass, null=True, blank=True)
    test = models.BooleanField(_("to the sandbox"), default=False)
    state = models.CharField(_("state"), max_length=8, choices=State, default=State.DRAFT, editable=False)
    send_at = models.DateTimeField(_("send at"), null=True, blank=True)
    crontab = models.CharField(_("crontab"), max_length=100, blank=True)
    every = models.PositiveIntegerField(_("every so many seconds"), null=True, blank=True)
    finish_within = models.DurationField(_("finish within"), null=True, blank=True)
    window: Any = models.JSONField(_("delivery time window"), null=True, blank=True)
    speed_amount = models.PositiveIntegerField(_("messages"), null=True, blank=True)
    speed_unit = models.CharField(_("in each"), max_length=6, choices=RateUnit, default=RateUnit.MINUTE)
    validity = models.DurationField(_("worth sending for"), null=True, blank=True)
    halt_after_failures = models.PositiveIntegerField(_("halt after failures"), null=True, blank=True)
    halt_above_percent = models.PositiveSmallIntegerField(_("and above percent"), null=True, blank=True)
    sms_failover: Any = models.JSONField(_("SMS that follows"), null=True, blank=True)
    remove_diacritics = models.BooleanField(_("without diacritics"), db_default=False, default=False)
    entity_id = models.CharField(_("entity"), max_length=255, blank=True)
    application_id = models.CharField(_("application"), max_length=255, blank=True)
    created_at = models.DateTimeField(_("made"))
    created_by = models.CharField(_("made by"), max_length=200, blank=True)
    started_at = models.DateTimeField(_("started"), null=True, editable=False)

    class Meta:
        db_table = "campaign"
        verbose_name = _("campaign")
        verbose_name_plural = _("campaigns")
        ordering = ["-id"]

    def __str__(self) -> str:
        return self.name

    @property
    def recurring(self) -> bool:
        """Return whether it runs by a schedule."""
        return bool(self.crontab or self.every)


class CampaignRun(models.Model):
    """One sending of a campaign: one bulk. There is one run of a campaign for each planned time.

    While LOADING, `chunks_loaded` pieces of the file have become messages; the bulk is paused until all have.
    """

    class State(models.TextChoices):
        LOADING = "LOADING", _("loading")
        LOADED = "LOADED", _("loaded")
        CANCELED = "CANCELED", _("cancelled")
        FAILED = "FAILED", _("failed")

    campaign = models.ForeignKey(Campaign, models.CASCADE, related_name="runs", verbose_name=_("campaign"))
    tenant = models.ForeignKey(Tenant, models.CASCADE, verbose_name=_("tenant"))
    planned_at = models.DateTimeField(_("planned"))
    bulk = models.OneToOneField(Bulk, models.CASCADE, related_name="run", verbose_name=_("bulk"))
    state = models.CharField(_("state"), max_length=8, choices=State, default=State.LOADING)
    reason = models.TextField(_("reason"), blank=True)
    chunks_loaded = models.PositiveIntegerField(default=0)
    rows_loaded = models.PositiveIntegerField(_("rows that became messages"), default=0)
    rows_bad = models.PositiveIntegerField(_("bad rows"), default=0)
    rows_twice = models.PositiveIntegerField(_("rows left out as duplicates"), default=0)
    created_at = models.DateTimeField(_("begun"))
    loaded_at = models.DateTimeField(_("loaded"), null=True)

    class Meta:
        db_table = "campaign_run"
        verbose_name = _("run")
        verbose_name_plural = _("runs")
        ordering = ["-planned_at"]
        constraints = [models.UniqueConstraint(fields=["campaign", "planned_at"], name="one_run_a_planned_time")]

    def __str__(self) -> str:
        return f"{self.campaign_id} {self.planned_at:%Y-%m-%d %H:%M}"


class CampaignRow(models.Model):
    """Which message a row of the file became: a row of a run becomes one message at most."""

    pk = models.CompositePrimaryKey("run_id", "row")
    run_id = models.BigIntegerField()
    row = models.PositiveIntegerField()
    message_id = models.UUIDField()

    class Meta:
        db_table = "campaign_row"


class RowProblem(models.Model):
    """Why a row of the file became no message; holds no value of the row."""

    run = models.ForeignKey(CampaignRun, models.CASCADE, related_name="problems", verbose_name=_("run"))
    row = models.PositiveIntegerField(_("row"))
    column = models.CharField(_("column"), max_length=100, blank=True)
    code = models.CharField(_("code"), max_length=32)
    message = models.TextField(_("what is wrong"))

    class Meta:
        db_table = "campaign_row_problem"
        verbose_name = _("bad row")
        verbose_name_plural = _("bad rows")
        indexes = [models.Index(fields=["run", "row"], name="row_problem_by_row")]
