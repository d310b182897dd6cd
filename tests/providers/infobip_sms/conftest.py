"""The running sandbox of Infobip, for SMS."""

from tests.providers.infobip.conftest import own, webhook

__all__ = ["own", "webhook"]
