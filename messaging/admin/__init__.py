"""The engine's pages in the admin. Importing this package registers them."""

from messaging.admin import bulks, lanes, messages, receipts, recipients, templates

__all__ = ["bulks", "lanes", "messages", "receipts", "recipients", "templates"]
