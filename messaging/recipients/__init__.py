"""Persons: whom not to send to any more, and how to forget one."""
