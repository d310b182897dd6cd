"""The engine's pages in the admin. Importing this package registers them."""

from messaging.admin import (
    bulks,
    campaigns,
    contacts,
    lanes,
    messages,
    mini_app_events,
    quotas,
    receipts,
    recipients,
    templates,
)

__all__ = [
    "bulks",
    "campaigns",
    "contacts",
    "lanes",
    "messages",
    "mini_app_events",
    "quotas",
    "receipts",
    "recipients",
    "templates",
]
