from django.db import models
from django.utils.translation import gettext_lazy as _


class Reason(models.TextChoices):
    """Why the tokens of an official account are as they are, in words for the person who has to act."""

    NO_REFRESH_TOKEN = (
        "no_refresh_token",
        _("Connected without a refresh token: it works until the access token ends and must then be connected again."),
    )
    ENDED = "ended", _("The access token no longer works and there is no refresh token. Connect it again.")
    REFUSED = (
        "refresh_refused",
        _("Zalo refused the refresh token: it was used elsewhere, withdrawn or is too old. Connect it again."),
    )
    LOST = (
        "refresh_lost",
        _("The answer to a renewal was lost on the way and its refresh token is used up. Connect it again."),
    )
    CONFIGURATION = (
        "configuration",
        _("Zalo refused the app id or the app secret. Correct them in the Zalo app, then connect it again."),
    )
    FAILING = "refresh_failing", _("The tokens could not be renewed for now; it is tried again.")
