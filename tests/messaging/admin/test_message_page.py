from datetime import UTC, datetime

from messaging.models import Due, Message, TimelineEvent
from messaging.states import State
from tenants.models import Channel
from tests.messaging.admin.conftest import browser, sent


def address(message, what: str = "change") -> str:
    return f"/admin/messaging/message/{message.pk}/{what}/"


def events(message) -> list[tuple[str, str]]:
    return list(TimelineEvent.objects.filter(message_id=message.pk).order_by("n").values_list("type", "reason"))


def test_the_page_tells_the_way_of_the_message_without_its_content(viewer, tenant):
    page = viewer.get(address(sent(tenant, reference="INV 7"))).content.decode()

    assert "The gateway accepted the message." in page
    assert "84987***321" in page
    assert "INV 7" in page
    assert "84987654321" not in page
    assert "Nguyễn Văn An" not in page


def test_a_message_of_another_tenant_does_not_exist(viewer, tenant, other_tenant):
    message = sent(other_tenant)

    answer = viewer.get(address(message))

    assert (answer.status_code, answer.headers["Location"]) == (302, "/admin/messaging/message/")
    assert viewer.post(address(message, "cancel")).status_code == 404
    assert viewer.post(address(message, "reveal")).status_code == 404


def test_revealing_shows_number_and_content_and_leaves_a_line(revealer, tenant):
    message = sent(tenant)

    answer = revealer.post(address(message, "reveal"))

    page = answer.content.decode()
    assert "84987654321" in page
    assert "Nguyễn Văn An" in page
    assert "no-store" in answer.headers["Cache-Control"]
    assert events(message) == [("revealed", "revealer")]


def test_revealing_needs_the_right_to(operator, tenant):
    message = sent(tenant)

    assert operator.post(address(message, "reveal")).status_code == 403
    assert events(message) == []


def test_the_right_to_reveal_holds_in_its_own_tenant_only(tenant, other_tenant):
    message = sent(other_tenant)
    person = browser("both", tenant, "viewer", may_reveal=True)

    assert person.post(address(message, "reveal")).status_code == 404


def test_looking_does_not_reveal_by_get(revealer, tenant):
    message = sent(tenant)

    assert revealer.get(address(message, "reveal")).status_code == 405
    assert events(message) == []


def test_an_operator_cancels_a_message_that_waits(operator, tenant):
    message = sent(tenant)

    answer = operator.post(address(message, "cancel"), follow=True)

    assert "The message is cancelled." in answer.content.decode()
    assert Message.objects.get(pk=message.pk).state == State.CANCELLED
    assert events(message) == [("cancelled", "operator")]


def test_a_message_that_ended_is_not_cancelled(operator, tenant):
    message = sent(tenant)
    operator.post(address(message, "cancel"))

    answer = operator.post(address(message, "cancel"), follow=True)

    assert "has ended already" in answer.content.decode()
    assert events(message) == [("cancelled", "operator")]


def test_a_viewer_cancels_nothing(viewer, tenant):
    message = sent(tenant)

    assert viewer.post(address(message, "cancel")).status_code == 403
    assert Message.objects.get(pk=message.pk).state == State.QUEUED


def test_buttons_are_there_for_those_who_may_press_them(operator, viewer, revealer, tenant):
    message = sent(tenant)

    found = {
        name: [
            what
            for what in ("cancel", "reveal")
            if f"{message.pk}/{what}/" in client.get(address(message)).content.decode()
        ]
        for name, client in (("operator", operator), ("viewer", viewer), ("revealer", revealer))
    }

    assert found == {"operator": ["cancel"], "viewer": [], "revealer": ["reveal"]}


def test_an_erased_message_still_has_its_page(revealer, tenant):
    message = sent(tenant)
    Message.objects.filter(pk=message.pk).update(content=None, recipient=None)

    page = revealer.get(address(message)).content.decode()

    assert "The content was erased." in page
    assert "erased" in page


def test_a_message_that_waits_tells_why(viewer, tenant):
    message = sent(tenant)
    Channel.objects.update(state=Channel.State.STOPPED, stop_reason="Wrong secret")

    assert "The channel is stopped. Wrong secret" in viewer.get(address(message)).content.decode()


def test_a_message_for_later_tells_when_it_goes(viewer, tenant):
    message = sent(tenant)
    Due.objects.update(due_at=datetime(2099, 1, 1, 17, tzinfo=UTC))

    assert "It goes on at 2099-01-02 00:00:00." in viewer.get(address(message)).content.decode()
