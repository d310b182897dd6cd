"""Opt-outs from CSV files: what is good is taken, what is bad is named by row and column."""

import io

import pytest
from django.core.management import CommandError, call_command

from messaging.models import RecipientMark
from messaging.recipients.files import EXPORTED, BadRow, Unreadable, export_marks, import_suppressions
from messaging.recipients.marks import BATCH, Reach, phone_of, suppress
from messaging.states import MessageClass
from tenants.models import Tenant
from tests.factories import TenantFactory

PHONE = "84987654321"


@pytest.fixture
def tenant(db) -> Tenant:
    return TenantFactory.create(slug="bakery")


def numbers() -> list[str]:
    return sorted(phone_of(mark) for mark in RecipientMark.objects.all())


def test_a_list_of_numbers_needs_no_head(tenant):
    assert import_suppressions(tenant, ["0987654321\r\n", "0987000001\r\n"]).taken == 2
    assert numbers() == ["84987000001", PHONE]


def test_every_column_is_kept(tenant):
    head = "\ufeffto;class;channelKind;until;note\n"
    import_suppressions(tenant, [head, "0987654321;promotional;zns;2999-12-31;asked by phone\n"])
    mark = RecipientMark.objects.get()
    assert (mark.message_class, mark.channel_kind, mark.note) == (MessageClass.PROMOTIONAL, "zns", "asked by phone")
    assert mark.expires_at is not None
    assert mark.expires_at.isoformat() == "2999-12-31T17:00:00+00:00"


@pytest.mark.parametrize(
    ("row", "column", "reason"),
    [
        ("12,,,,", "to", "is not a phone number"),
        ("0987654321,urgent,,,", "class", "must be empty or one of otp, transactional, promotional"),
        ("0987654321,,,2020-01-01,", "until", "lies in the past"),
        ("0987654321,,,2999-01-01T00:00:00,", "until", "has no time zone"),
        ("0987654321,,,soon,", "until", "is no day such as 2026-12-31 and no RFC 3339 time"),
        (f"0987654321,,,,{'x' * 201}", "note", "must be at most 200 printable characters"),
    ],
)
def test_a_bad_row_is_named_and_the_others_are_taken(tenant, row, column, reason):
    lines = ["to,class,channelKind,until,note\n", "0987000001,,,,\n", f"{row}\n", "\n", "0987000002,,,,\n"]
    imported = import_suppressions(tenant, lines)
    assert (imported.taken, imported.left_out) == (2, 1)
    assert imported.bad == [BadRow(3, column, reason)]
    assert numbers() == ["84987000001", "84987000002"]


def test_more_rows_than_a_batch_are_all_taken(tenant):
    lines = [f"098{n:07}\n" for n in range(BATCH * 2 + 1)]
    assert import_suppressions(tenant, lines).taken == BATCH * 2 + 1
    assert RecipientMark.objects.count() == BATCH * 2 + 1


@pytest.mark.parametrize("lines", [["phone,name\n"], ["to,colour\n"], ['to\n"open', "\0\n"]])
def test_what_is_no_such_file_is_refused(tenant, lines):
    with pytest.raises(Unreadable):
        import_suppressions(tenant, lines)


def test_an_export_holds_numbers_in_clear_and_no_formula(tenant):
    suppress(tenant.pk, [PHONE], Reach(message_class=MessageClass.OTP), note="=1+1")
    head, row = export_marks(RecipientMark.objects.all())
    shown = dict(zip(EXPORTED, row, strict=True))
    assert head == list(EXPORTED)
    assert (shown["to"], shown["class"], shown["note"], shown["until"]) == (PHONE, "otp", "'=1+1", "")


def test_the_command_tells_bad_rows_and_counts(tenant, tmp_path):
    path = tmp_path / "list.csv"
    path.write_text("to\n0987654321\nnobody\n", encoding="utf-8")
    out, err = io.StringIO(), io.StringIO()
    call_command("import_suppressions", tenant="bakery", file=str(path), stdout=out, stderr=err)
    assert out.getvalue() == "1 rows taken, 1 left out\n"
    assert err.getvalue() == "row 3, to: is not a phone number\n"


def test_the_command_refuses_a_file_of_other_bytes(tenant, tmp_path):
    path = tmp_path / "list.csv"
    path.write_bytes(b"to\n\xff\xfe\n")
    with pytest.raises(CommandError, match="the file is not in UTF-8"):
        call_command("import_suppressions", tenant="bakery", file=str(path))
