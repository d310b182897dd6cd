"""Who sends: tenants, members, API keys, accounts, channels, routes and the custody of their tokens."""
