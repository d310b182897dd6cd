"""What Infobip reports of SMS: the same reports as of Zalo, with the sender in them (infobip.md section 4)."""

from providers.infobip.events import read_events

__all__ = ["read_events"]
