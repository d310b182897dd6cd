"""Zalo's hosts (zalo-zns-oa.md section 2)."""

from typing import Final

OAUTH_HOST: Final = "oauth.zaloapp.com"
OA_HOST: Final = "openapi.zalo.me"
BUSINESS_HOST: Final = "business.openapi.zalo.me"
