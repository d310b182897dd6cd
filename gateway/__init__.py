"""The edge and the assembly of the gateway."""

from gateway.celery import app as celery_app

__all__ = ["celery_app"]
