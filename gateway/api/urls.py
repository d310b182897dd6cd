"""The paths of REST v1."""

from django.urls import path, re_path
from drf_spectacular.views import SpectacularJSONAPIView

from gateway.api import (
    accounts,
    bulks,
    campaign_rows,
    campaigns,
    messages,
    preview,
    problems,
    recipients,
    suppressions,
    templates,
    usage,
)

urlpatterns = [
    path("messages", messages.Messages.as_view(), name="messages"),
    path("messages/preview", preview.Preview.as_view(), name="message-preview"),
    path("messages/<str:message_id>", messages.Message.as_view(), name="message"),
    path("messages/<str:message_id>/cancel", messages.Cancellation.as_view(), name="message-cancel"),
    path("suppressions", suppressions.Suppressions.as_view(), name="suppressions"),
    path("suppressions/<str:mark_id>", suppressions.Suppression.as_view(), name="suppression"),
    path("recipients/<str:phone>", recipients.Recipient.as_view(), name="recipient"),
    path("recipients/<str:phone>/memory", recipients.Memory.as_view(), name="recipient-memory"),
    path("recipients/<str:phone>/erase", recipients.Erasure.as_view(), name="recipient-erase"),
    path("bulks", bulks.Bulks.as_view(), name="bulks"),
    path("bulks/<str:bulk_id>", bulks.Bulk.as_view(), name="bulk"),
    path("bulks/<str:bulk_id>/status", bulks.BulkState.as_view(), name="bulk-status"),
    path("recipient-files", campaigns.RecipientFiles.as_view(), name="recipient-files"),
    path("campaigns", campaigns.Campaigns.as_view(), name="campaigns"),
    path("campaigns/<str:campaign_id>", campaigns.Campaign.as_view(), name="campaign"),
    path("campaigns/<str:campaign_id>/status", campaigns.CampaignState.as_view(), name="campaign-status"),
    path("campaigns/<str:campaign_id>/preview", campaign_rows.CampaignPreview.as_view(), name="campaign-preview"),
    path("campaigns/<str:campaign_id>/test", campaign_rows.CampaignTest.as_view(), name="campaign-test"),
    path("campaigns/<str:campaign_id>/results", campaign_rows.CampaignResults.as_view(), name="campaign-results"),
    path("campaigns/<str:campaign_id>/problems", campaign_rows.CampaignProblems.as_view(), name="campaign-problems"),
    path("templates", templates.Templates.as_view(), name="templates"),
    path("templates/sync", templates.TemplateSync.as_view(), name="template-sync"),
    path("templates/<str:code>", templates.Template.as_view(), name="template"),
    path(
        "official-accounts/<str:oa_id>/quota",
        accounts.OfficialAccountQuota.as_view(),
        name="official-account-quota",
    ),
    path("usage", usage.Usage.as_view(), name="usage"),
    path("alerts", usage.Alerts.as_view(), name="alerts"),
    path("me", accounts.Whoami.as_view(), name="me"),
    path("schema", SpectacularJSONAPIView.as_view(authentication_classes=[], permission_classes=[]), name="schema"),
    re_path(r"^", problems.not_found),
]
