"""The paths of REST v1."""

from django.urls import path, re_path

from gateway.api import messages, problems

urlpatterns = [
    path("messages", messages.Messages.as_view(), name="messages"),
    path("messages/<str:message_id>", messages.Message.as_view(), name="message"),
    re_path(r"^", problems.not_found),
]
