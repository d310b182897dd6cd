"""Receipts of templates by user id: a Zalo app has one address for all its events, so one reader reads them."""

from providers.zalo.events import read_events

__all__ = ["read_events"]
