import json
import logging

import pytest
import structlog
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from gateway.logging import REDACTED, configure, redact


@pytest.mark.parametrize(
    "text", ["0987654321", "84987654321", "+84987654321", "%2B84987654321", "to 0387654321.", "+4915112345678"]
)
def test_a_phone_number_in_a_text_is_masked(text):
    (shown,) = redact(None, "", {"event": text}).values()
    assert "***" in shown
    assert "7654" not in shown
    assert "12345" not in shown


@pytest.mark.parametrize("text", ["0198f7c2a4567abc8def0987654321ab", "took 12345 ms", "2026-11-21T09:00:00Z"])
def test_ids_and_times_stay(text):
    assert redact(None, "", {"event": text}) == {"event": text}


@pytest.mark.parametrize("key", ["token", "access_token", "Authorization", "templateData", "to", "phone"])
def test_a_secret_key_hides_its_value_at_any_depth(key):
    assert redact(None, "", {"outer": [{key: "x1"}]}) == {"outer": [{key: REDACTED}]}


@given(st.from_regex(r"(84|0)[35789][0-9]{8}", fullmatch=True), st.text(alphabet=" ,;:/?=&\"'", max_size=3))
def test_a_number_is_never_shown_whole(number, around):
    (shown,) = redact(None, "", {"event": f"{around}{number}{around}"}).values()
    assert number not in shown


def test_an_integer_that_is_a_number_of_a_person_is_hidden():
    assert redact(None, "", {"n": 84987654321, "ms": 12}) == {"n": REDACTED, "ms": 12}


@pytest.fixture
def json_logs():
    configure("json")
    yield
    configure("console")


def test_lines_are_json_with_a_time_and_a_level(json_logs, capsys):
    structlog.get_logger("x").info("hello", ms=3)
    line = json.loads(capsys.readouterr().err)
    assert (line["event"], line["level"], line["ms"]) == ("hello", "info", 3)
    assert line["at"].endswith("Z")


def test_the_standard_librarys_lines_are_cleaned_too(json_logs, capsys):
    logging.getLogger("somebody.else").warning("called %s", "0987654321")
    assert "0987654321" not in capsys.readouterr().err


def test_a_traceback_shows_no_local_variables(json_logs, capsys):
    customer = "An " + "Nguyen"
    try:
        raise ValueError(len(customer))
    except ValueError:
        structlog.get_logger("x").exception("failed")
    shown = capsys.readouterr().err
    assert "ValueError" in shown
    assert "An Nguyen" not in shown


def test_a_sane_request_id_comes_back():
    assert Client().get("/livez", headers={"x-request-id": "abc-1"})["X-Request-Id"] == "abc-1"


def test_a_strange_request_id_is_replaced():
    given_id = Client().get("/livez", headers={"x-request-id": "a b\tc"})["X-Request-Id"]
    assert len(given_id) == 32
