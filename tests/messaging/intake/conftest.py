from typing import Any

import pytest

from messaging.intake import resolve
from messaging.intake.accept import accept
from messaging.intake.errors import Refused
from tenants import data_keys
from tests import factories


@pytest.fixture(autouse=True)
def nothing_kept():
    """Start each test without what an earlier one left in this process."""
    resolve.forget()
    data_keys.forget()


@pytest.fixture
def tenant(db):
    return factories.sending_tenant("bakery")


@pytest.fixture
def other_sender(db):
    return factories.sending_tenant("florist")


@pytest.fixture
def refusal(tenant):
    """Return (field, code) of all that is wrong with a body."""

    def find(body: bytes) -> list[tuple[str, str]]:
        with pytest.raises(Refused) as refused:
            accept(tenant.id, body, test=False)
        return [(error.field, error.code) for error in refused.value.errors]

    return find


def message(**changes: Any) -> dict[str, Any]:
    """Return a good message of the template `bill`, changed."""
    return {"to": "0987654321", "templateId": "bill", "templateData": {"customer": "An"}} | changes
