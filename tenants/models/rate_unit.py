from django.db import models
from django.utils.translation import gettext_lazy as _


class RateUnit(models.TextChoices):
    """Units of a rate of calls."""

    SECOND = "SECOND", _("second")
    MINUTE = "MINUTE", _("minute")
    HOUR = "HOUR", _("hour")
    DAY = "DAY", _("day")
