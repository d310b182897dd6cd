"""The engine's pages in the admin. Importing this package registers them."""

from messaging.admin import bulks, campaigns, lanes, messages, quotas, receipts, recipients, templates

__all__ = ["bulks", "campaigns", "lanes", "messages", "quotas", "receipts", "recipients", "templates"]
