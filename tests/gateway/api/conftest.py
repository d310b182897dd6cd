from typing import Any

import pytest
from django.test import Client

from messaging.intake import resolve
from tenants import api_keys, data_keys
from tests import factories


class Api:
    """A client application with one key."""

    def __init__(self, token: str) -> None:
        self._client = Client(headers={"authorization": f"Bearer {token}"})

    def get(self, path: str, **headers: str) -> Any:
        return self._client.get(path, headers=headers)

    def post(self, path: str, body: Any = None, content_type: str = "application/json", **headers: str) -> Any:
        names = {name.replace("_", "-"): value for name, value in headers.items()}
        return self._client.post(path, body, content_type=content_type, headers=names)

    def put(self, path: str, body: Any = None) -> Any:
        return self._client.put(path, body, content_type="application/json")

    def delete(self, path: str) -> Any:
        return self._client.delete(path)


@pytest.fixture(autouse=True)
def nothing_kept():
    """Start each test without what an earlier one left in this process."""
    resolve.forget()
    api_keys.forget()
    data_keys.forget()


@pytest.fixture
def tenant(db):
    return factories.sending_tenant("bakery")


@pytest.fixture
def other_tenant(db):
    return factories.sending_tenant("pharmacy")


@pytest.fixture
def api(tenant):
    return Api(factories.api_key(tenant).token)


@pytest.fixture
def other_api(other_tenant):
    return Api(factories.api_key(other_tenant).token)


@pytest.fixture
def one():
    """Return the body of a call with one message; `changes` go into the message."""

    def body(**changes: Any) -> dict[str, Any]:
        return {"messages": [{"to": "0987654321", "templateId": "bill", "templateData": {"customer": "An"}} | changes]}

    return body
