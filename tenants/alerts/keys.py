"""Keys of alerts: what is alerted once while it lasts."""

from datetime import date


def channel_key(channel_id: int) -> str:
    """Return the key of a channel's stop."""
    return f"channel:{channel_id}"


def template_key(template_id: int) -> str:
    """Return the key of a template's stop."""
    return f"template:{template_id}"


def quota_key(quota_id: int, starts_on: date, percent: int) -> str:
    """Return the key of one warning about a quota in the period that starts on a local day."""
    return f"quota:{quota_id}:{starts_on.isoformat()}:{percent}"


def provider_quota_key(account_id: int) -> str:
    """Return the key of the provider's quota of an official account."""
    return f"provider-quota:{account_id}"
