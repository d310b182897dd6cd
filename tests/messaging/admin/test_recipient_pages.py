"""Persons not to send to in the admin: masked, found by number, added, lifted, imported, exported, erased."""

import re
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from messaging.models import Message, RecipientMark
from messaging.recipients.marks import phone_of, suppress
from messaging.states import MessageClass, State
from tenants.models import Tenant
from tests.messaging.admin.conftest import browser, sent

PHONE, MASKED = "84987654321", "84987***321"
LIST = "/admin/messaging/recipientmark/"


@pytest.fixture
def owner(tenant: Tenant) -> Client:
    return browser("owner", tenant, "owner")


def shown(client: Client, path: str = LIST) -> str:
    answer = client.get(path)
    assert answer.status_code == 200
    return answer.content.decode()


def added(client: Client, tenant: Tenant, **changes: Any) -> Any:
    form = {"tenant": tenant.pk, "phone": "0987654321", "message_class": "", "channel_kind": "", "note": ""}
    return client.post(f"{LIST}add/", form | {"expires_at_0": "", "expires_at_1": ""} | changes)


def test_numbers_are_masked_and_found_whole(viewer, tenant):
    suppress(tenant.pk, [PHONE, "84987000001"])
    page = shown(viewer, f"{LIST}?q=0987654321")
    assert MASKED in page
    assert "84987***001" not in page
    assert PHONE not in page.replace("q=0987654321", "")


def test_another_tenants_persons_are_not_shown(viewer, other_tenant):
    suppress(other_tenant.pk, [PHONE])
    assert MASKED not in shown(viewer)
    mark = RecipientMark.objects.get()
    assert viewer.get(f"{LIST}{mark.pk}/change/").status_code == 302


def test_an_operator_adds_an_opt_out(operator, tenant):
    assert added(operator, tenant, message_class="3", note="by phone").status_code == 302
    mark = RecipientMark.objects.get()
    assert (phone_of(mark), mark.message_class, mark.note) == (PHONE, MessageClass.PROMOTIONAL, "by phone")
    assert "promotional" in shown(operator)


def test_a_viewer_adds_none_and_nobody_adds_to_another_tenant(viewer, operator, tenant, other_tenant):
    assert added(viewer, tenant).status_code == 403
    assert added(operator, other_tenant).status_code == 200
    assert not RecipientMark.objects.exists()


def test_what_is_no_number_or_lies_in_the_past_is_refused(operator, tenant):
    page = added(operator, tenant, phone="12", expires_at_0="2020-01-01", expires_at_1="00:00").content.decode()
    assert "This is not a phone number." in page
    assert "This lies in the past." in page


def test_a_mark_is_prolonged_and_lifted(operator, tenant):
    suppress(tenant.pk, [PHONE])
    page = f"{LIST}{RecipientMark.objects.get().pk}/"
    changes = {"expires_at_0": "2999-01-01", "expires_at_1": "00:00", "note": "till then"}
    assert operator.post(f"{page}change/", changes).status_code == 302
    mark = RecipientMark.objects.get()
    assert mark.expires_at is not None
    assert (mark.expires_at.year, mark.note) == (2998, "till then")
    assert operator.post(f"{page}delete/", {"post": "yes"}).status_code == 302
    assert not RecipientMark.objects.exists()


def test_a_file_is_imported_with_a_report_of_its_bad_rows(operator, tenant):
    file = SimpleUploadedFile("list.csv", b"to,note\n0987654321,x\nnobody,y\n")
    page = operator.post(f"{LIST}import/", {"tenant": tenant.pk, "file": file}).content.decode()
    assert "1 rows were taken, 1 left out." in page
    assert re.search(r"<td>3</td>\s*<td>to</td>\s*<td>is not a phone number</td>", page)
    assert phone_of(RecipientMark.objects.get()) == PHONE


def test_a_file_that_is_none_is_refused(operator, tenant):
    file = SimpleUploadedFile("list.csv", b"colour\nred\n")
    page = operator.post(f"{LIST}import/", {"tenant": tenant.pk, "file": file}).content.decode()
    assert "the first row must name the columns" in page


def test_an_operator_imports_into_no_other_tenant(operator, other_tenant):
    file = SimpleUploadedFile("list.csv", b"0987654321\n")
    operator.post(f"{LIST}import/", {"tenant": other_tenant.pk, "file": file})
    assert not RecipientMark.objects.exists()


def test_who_may_reveal_exports_their_tenants_numbers_and_nobody_else_any(revealer, operator, tenant, other_tenant):
    suppress(tenant.pk, [PHONE])
    suppress(other_tenant.pk, ["84987000001"])
    rows = revealer.get(f"{LIST}export/").getvalue().decode("utf-8-sig").splitlines()
    assert [row.split(",")[0] for row in rows] == ["to", PHONE]
    assert operator.get(f"{LIST}export/").status_code in (302, 403)


def test_an_owner_erases_a_person_after_saying_so(owner, tenant):
    message = sent(tenant)
    form = {"tenant": tenant.pk, "phone": "0987654321"}
    owner.post(f"{LIST}erase/", form)
    assert Message.objects.get(pk=message.pk).recipient is not None
    assert owner.post(f"{LIST}erase/", form | {"sure": "on"}).status_code == 302
    row = Message.objects.get(pk=message.pk)
    assert (row.recipient, row.state) == (None, State.CANCELLED)


def test_an_operator_erases_nobody(operator, tenant):
    message = sent(tenant)
    operator.post(f"{LIST}erase/", {"tenant": tenant.pk, "phone": "0987654321", "sure": "on"})
    assert Message.objects.get(pk=message.pk).recipient is not None


def test_every_form_can_be_opened(owner, tenant):
    suppress(tenant.pk, [PHONE])
    assert 'name="phone"' in shown(owner, f"{LIST}add/")
    assert MASKED in shown(owner, f"{LIST}{RecipientMark.objects.get().pk}/change/")
    assert 'name="file"' in shown(owner, f"{LIST}import/")
    assert 'name="sure"' in shown(owner, f"{LIST}erase/")
