"""Infobip as the sandbox imitates it, written from the reference apart from the adapters (infobip.md)."""
