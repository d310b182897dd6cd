"""The host of the Mini App Open APIs; all three families of credentials use it (zalo-mini-app.md section 1)."""

from typing import Final

API_HOST: Final = "openapi.mini.zalo.me"
