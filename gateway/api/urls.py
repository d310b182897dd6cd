"""The paths of REST v1."""

from django.urls import path, re_path
from drf_spectacular.views import SpectacularJSONAPIView

from gateway.api import accounts, messages, problems, templates

urlpatterns = [
    path("messages", messages.Messages.as_view(), name="messages"),
    path("messages/<str:message_id>", messages.Message.as_view(), name="message"),
    path("messages/<str:message_id>/cancel", messages.Cancellation.as_view(), name="message-cancel"),
    path("templates", templates.Templates.as_view(), name="templates"),
    path("templates/sync", templates.TemplateSync.as_view(), name="template-sync"),
    path("templates/<str:code>", templates.Template.as_view(), name="template"),
    path(
        "official-accounts/<str:oa_id>/quota",
        accounts.OfficialAccountQuota.as_view(),
        name="official-account-quota",
    ),
    path("me", accounts.Whoami.as_view(), name="me"),
    path("schema", SpectacularJSONAPIView.as_view(authentication_classes=[], permission_classes=[]), name="schema"),
    re_path(r"^", problems.not_found),
]
