"""Receipts and people of an Official Account's chat: a Zalo app has one address for all, so one reader reads them."""

from providers.zalo.events import read_events

__all__ = ["read_events"]
