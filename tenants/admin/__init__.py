"""The tenants' pages in the admin. Importing this package registers them."""

from tenants.admin import accounts, alerts, api_keys, filters, official_accounts, people, provider_accounts, routing

__all__ = ["accounts", "alerts", "api_keys", "filters", "official_accounts", "people", "provider_accounts", "routing"]
