"""The admin's first page: what needs a person, and the traffic of today."""

from gateway.dashboard.page import context

__all__ = ["context"]
