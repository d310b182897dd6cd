import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from messaging.models import Message
from messaging.states import State
from tests.messaging.admin.conftest import sent

LIST = "/admin/messaging/message/"


def shown(client, query: str = "") -> str:
    answer = client.get(LIST + query)
    assert answer.status_code == 200
    page: str = answer.content.decode()
    return page


def test_the_list_masks_phone_numbers(viewer, tenant):
    sent(tenant)

    page = shown(viewer)

    assert "84987***321" in page
    assert "84987654321" not in page


def test_the_list_is_never_counted(viewer, tenant):
    sent(tenant)

    with CaptureQueriesContext(
        connection,
    ) as queries:
        shown(viewer)
        shown(viewer, "?_facets=True")

    assert not [query["sql"] for query in queries if "COUNT(" in query["sql"] and '"message"' in query["sql"]]


def test_another_tenants_messages_are_not_listed(viewer, tenant, other_tenant):
    sent(other_tenant, to="0911222333")

    assert "84911***333" not in shown(viewer)


@pytest.mark.parametrize("text", ["0987654321", "+84987654321", "84987654321", "my-own-1", "INV 7"])
def test_a_message_is_found_by_number_own_id_and_reference(viewer, tenant, text):
    wanted = sent(tenant, messageId="my-own-1", reference="INV 7")
    other = sent(tenant, to="0911222333")

    page = shown(viewer, f"?q={text.replace('+', '%2B')}")

    assert str(wanted.pk) in page
    assert str(other.pk) not in page


@pytest.mark.parametrize("form", ["{0.hex}", "{0}"])
def test_a_message_is_found_by_its_id(viewer, tenant, form):
    wanted, other = sent(tenant), sent(tenant)

    page = shown(viewer, f"?q={form.format(wanted.pk)}")

    assert str(wanted.pk) in page
    assert str(other.pk) not in page


def test_a_search_finds_nothing_of_another_tenant(viewer, tenant, other_tenant):
    theirs = sent(other_tenant, messageId="theirs", reference="INV 7")

    for text in ("0987654321", "theirs", "INV 7", theirs.pk.hex):
        assert str(theirs.pk) not in shown(viewer, f"?q={text}")


def test_the_platforms_operator_finds_a_number_in_every_tenant(platform, tenant, other_tenant):
    mine, theirs = sent(tenant), sent(other_tenant)

    page = shown(platform, "?q=0987654321")

    assert str(mine.pk) in page
    assert str(theirs.pk) in page


def test_messages_are_filtered_by_state(viewer, tenant):
    waiting, ended = sent(tenant), sent(tenant)
    Message.objects.filter(pk=ended.pk).update(state=State.REJECTED, reason="RECIPIENT")

    page = shown(viewer, "?state=rejected")

    assert str(ended.pk) in page
    assert str(waiting.pk) not in page


def test_messages_are_filtered_by_bulk(viewer, tenant):
    wanted, other = sent(tenant), sent(tenant)

    page = shown(viewer, f"?bulk={wanted.bulk_id}")

    assert f"{wanted.pk}/change" in page
    assert f"{other.pk}/change" not in page


def test_a_filter_for_the_last_hour_shows_what_was_just_accepted(viewer, tenant):
    assert str(sent(tenant).pk) in shown(viewer, "?accepted=1h")


def test_a_page_far_behind_is_not_served(viewer, tenant):
    assert viewer.get(f"{LIST}?p=101").status_code == 302


@pytest.mark.parametrize("path", ["add/", "{pk}/delete/"])
def test_messages_are_neither_added_nor_deleted(platform, tenant, path):
    message = sent(tenant)

    assert platform.get(LIST + path.format(pk=message.pk)).status_code == 403
    assert Message.objects.filter(pk=message.pk).exists()
