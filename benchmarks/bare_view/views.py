"""The view."""

import json
from uuid import uuid4

from django.db import connection
from django.http import HttpRequest, JsonResponse
from django.urls import path
from django.views.decorators.csrf import csrf_exempt

TABLE = """
CREATE TABLE IF NOT EXISTS bare_accepted (
    id uuid PRIMARY KEY, phone text NOT NULL, template text NOT NULL, template_data jsonb NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now()
)
"""
_INSERT = "INSERT INTO bare_accepted (id, phone, template, template_data) VALUES (%s, %s, %s, %s)"


@csrf_exempt
def accept(request: HttpRequest) -> JsonResponse:
    """Store the first message of the request."""
    message = json.loads(request.body)["messages"][0]
    number = uuid4()
    with connection.cursor() as cursor:
        cursor.execute(_INSERT, (number, message["to"], message["templateId"], json.dumps(message["templateData"])))
    return JsonResponse({"messageId": number.hex}, status=202)


def ready(request: HttpRequest) -> JsonResponse:
    """Say that the server is up."""
    return JsonResponse({})


urlpatterns = [path("messages", accept), path("ready", ready)]
