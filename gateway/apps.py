from django.apps import AppConfig
from django.conf import settings

from gateway.logging import configure


class GatewayConfig(AppConfig):
    name = "gateway"

    def ready(self) -> None:
        """Set the logs up in every process that loads Django: web, workers and commands alike."""
        configure(settings.LOG_FORMAT, settings.LOG_LEVEL)
