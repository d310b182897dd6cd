"""Hours that providers and law set, as the providers declare them: each row names its source."""

from zoneinfo import ZoneInfo

from messaging.policies.windows import Window
from messaging.states import MessageClass
from providers.registry import provider

VIETNAM = ZoneInfo("Asia/Ho_Chi_Minh")


def provider_windows(kind: str, message_class: int) -> list[Window]:
    """Return the windows that bind messages of a class over a kind of channel."""
    name = MessageClass(message_class).queue
    return [
        Window(hours.opens, hours.closes, zone=VIETNAM, reason=hours.reason)
        for hours in provider(kind).capabilities.hours
        if not hours.classes or name in hours.classes
    ]
