import io
from collections import Counter

import pytest

from gateway.demo.customers import CUSTOMERS, customers, read_customers, write_customers
from gateway.demo.ends import ENDS, ORDINARY, outcomes
from gateway.demo.progress import Progress
from gateway.demo.report import hold, summary, table
from gateway.demo.sending import Sent, bill_request, bulk_request, otp_request
from messaging.phones import normalise
from providers.sandbox.zalo.seeded_templates import BILL, ordinary
from providers.sandbox.zalo.seeds import MAGIC
from providers.sandbox.zalo.templates import checked
from tests.providers.sandbox.conftest import sandbox, shared_sandbox

__all__ = ["sandbox", "shared_sandbox"]


def message(to: str, state: str, final: bool = True) -> Sent:
    return Sent(id=to, bulk="b", part="bulk", to=to, state=state, final=final)


def test_the_file_of_customers_is_what_its_seed_gives(tmp_path):
    write_customers(tmp_path / "customers.csv")

    assert (tmp_path / "customers.csv").read_bytes() == CUSTOMERS.read_bytes()


def test_a_thousand_customers_have_valid_numbers_and_every_magic_one_comes_once():
    phones = Counter(row["phone"] for row in read_customers())

    assert phones.total() == len(phones) == 1000
    assert all(normalise(phone) == phone for phone in phones)
    assert {phone for phone in phones if phone.startswith("849000000")} == set(MAGIC)


def test_names_keep_their_diacritics():
    assert read_customers() == customers()
    assert any("ễ" in row["customer"] for row in read_customers())


def test_every_request_fits_the_templates_of_the_sandbox():
    templates = {template.name: template for template in ordinary(1)}

    for request, template in (
        (bill_request(), BILL),
        (otp_request("1"), templates["otp"]),
        (bulk_request("1"), templates["order"]),
    ):
        for sent in request:
            assert checked(template, sent["templateData"]) == sent["templateData"]


def test_the_bill_is_that_of_the_documentation():
    (bill,) = bill_request()

    assert (bill["to"], bill["templateId"], bill["reference"]) == ("84987654321", "7895417a7d3f9461cd2e", "tracking_id")
    assert len(bill["templateData"]) == 9
    assert bill["templateData"]["customer"] == "Nguyễn Thị Hoàng Anh"


def test_every_outcome_of_the_sandbox_has_a_prescribed_end(sandbox):
    listed = outcomes(sandbox.call("GET", "/_/accounts").json())

    assert set(listed.values()) == set(ENDS) - {ORDINARY}


def test_the_result_is_good_only_if_every_message_reached_its_end():
    good = hold([message("1", "delivered"), message("2", "rejected")], {"2": "blocked"})
    wrong = hold([message("1", "delivered"), message("2", "delivered")], {"2": "blocked"})

    assert summary([], good, 1.5) == {
        "ok": True,
        "accepted": 2,
        "byState": {"delivered": 1, "rejected": 1},
        "byKind": {},
        "failovers": {},
        "wrong": [],
        "seconds": 1.5,
    }
    assert summary([], wrong, 1.5)["ok"] is False
    assert summary([], wrong, 1.5)["wrong"] == ["blocked: rejected expected; 1 delivered"]


@pytest.mark.parametrize("sent", [[], [message("1", "delivered", final=False)]])
def test_a_result_without_ends_is_not_good(sent):
    assert summary([], hold(sent, {}), 1.0)["ok"] is False


def test_the_table_names_what_went_wrong():
    shown = table(hold([message("1", "delivered"), message("2", "sent", final=False)], {"2": "never_delivered"}))

    assert shown.splitlines()[1].split() == ["never_delivered", "1", "expired", "1", "sent,", "not", "ended", "WRONG"]
    assert shown.splitlines()[2].split()[-1] == "ok"


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_a_terminal_gets_a_bar_that_grows_in_place():
    screen = Terminal()
    progress = Progress(screen)

    progress([message("1", "sent", final=False), message("2", "delivered")])
    progress([message("1", "delivered"), message("2", "delivered")])
    progress.end()

    first, last = screen.getvalue().split("\r\x1b[2K")[1:]
    assert first == f"[{'#' * 15}{'.' * 15}] 1/2  1 delivered, 1 sent"
    assert last == f"[{'#' * 30}] 2/2  2 delivered\n"


def test_a_file_gets_lines():
    screen = io.StringIO()
    progress = Progress(screen)

    progress([message("1", "delivered")])
    progress.end()

    assert screen.getvalue() == f"[{'#' * 30}] 1/1  1 delivered\n"
