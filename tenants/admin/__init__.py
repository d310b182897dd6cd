"""The tenants' pages in the admin. Importing this package registers them."""

from tenants.admin import accounts, alerts, api_keys, official_accounts, people, routing

__all__ = ["accounts", "alerts", "api_keys", "official_accounts", "people", "routing"]
