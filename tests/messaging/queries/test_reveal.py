import msgspec
import pytest
from structlog.testing import capture_logs

from messaging.intake import resolve
from messaging.intake.accept import accept
from messaging.models import Message, TimelineEvent
from messaging.queries.messages import find_message
from messaging.queries.reveal import note_reveal
from messaging.queries.timeline import timeline_of
from tests import factories
from tests.messaging.intake.conftest import message


@pytest.fixture
def seen(db):
    """A message that somebody is about to look at."""
    resolve.forget()
    tenant = factories.sending_tenant("bakery")
    accept(tenant.id, msgspec.json.encode({"messages": [message()]}), test=False)
    return find_message(tenant.id, Message.objects.get().id.hex)


def test_every_look_is_a_line_of_the_timeline(seen):
    note_reveal(seen, "API key 1")
    note_reveal(seen, "member 2")
    assert [(line.type, line.reason) for line in timeline_of(seen)] == [
        ("accepted", ""),
        ("revealed", "API key 1"),
        ("revealed", "member 2"),
    ]
    assert list(TimelineEvent.objects.order_by("n").values_list("n", flat=True)) == [1, 2]
    assert Message.objects.get().events == 2


def test_every_look_is_in_the_audit_log_without_the_number(seen):
    with capture_logs() as lines:
        note_reveal(seen, "API key 1")
    (line,) = [line for line in lines if line["event"] == "message.revealed"]
    assert (line["by"], line["message"]) == ("API key 1", seen.id.hex)
    assert "987654321" not in str(line)
