"""Campaigns in the admin: made in two steps, looked at, steered, followed by a live bar."""

from messaging.admin.campaigns.listing import CampaignAdmin

__all__ = ["CampaignAdmin"]
