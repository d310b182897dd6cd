import re

from providers.sandbox.inbox import Received, Shown
from providers.sandbox.inbox_page import page, phones
from tests.providers.sandbox.running import RunningSandbox

NASTY = '<script>alert("1")</script>'


def received(**changes: object) -> Received:
    content = Shown(sender="Sao Mai", title="otp", text="Mã 123456", rows=(("Mã", "1"),), button="Xem")
    values: dict[str, object] = {
        "message_id": "m",
        "recipient": "84987654321",
        "sent_at": 1_790_000_000.0,
        "delivered_at": 1_790_000_001.0,
        "content": content,
    }
    return Received(**{**values, **changes})  # type: ignore[arg-type]


def test_a_message_is_accepted_until_it_arrives() -> None:
    assert ">Accepted<" in phones([received()], 1_790_000_000.5)
    assert ">Delivered<" in phones([received()], 1_790_000_001.0)
    assert ">Never delivered<" in phones([received(delivered_at=None)], 1_790_000_009.0)


def test_the_time_is_that_of_viet_nam() -> None:
    shown = phones([received(sent_at=1_790_013_600.0)], 0)
    assert 'datetime="2026-09-22T01:00:00+07:00">01:00:00 · 22/09/2026<' in shown


def test_everything_that_came_from_outside_is_escaped() -> None:
    content = Shown(sender=NASTY, title=NASTY, text=NASTY, rows=((NASTY, NASTY),), button=NASTY)
    shown = page([received(content=content, recipient=NASTY)], NASTY, 0)
    assert len(re.findall("<script", shown)) == 1
    assert "alert(" in shown


def test_the_page_uses_nothing_from_outside() -> None:
    assert not re.search(r'(?:src|href|url)\s*[=(]\s*["\']?(?:https?:)?//', page([received()], "", 0))


def test_the_page_shows_newest_first_with_the_values_in_place(sandbox: RunningSandbox) -> None:
    for otp in ("111111", "222222"):
        sandbox.send("0977000111", data={"otp": otp})
    shown = sandbox.call("GET", "/_/inbox?to=0977000111").body.decode()
    assert re.findall(r"Mã xác thực của bạn là (\d+)", shown) == ["222222", "111111"]
    assert "0977 000 111" in shown
    assert "Điện Nước Sao Mai" in shown


def test_the_page_can_be_narrowed_to_one_number(sandbox: RunningSandbox) -> None:
    sandbox.send("84977000222", data={"otp": "333333"})
    for typed in ("84977000222", "%2B84%20977000222", "0977000222"):
        shown = sandbox.call("GET", f"/_/inbox/messages?to={typed}").body.decode()
        assert re.findall(r"bạn là (\d+)", shown) == ["333333"]
    assert "No messages yet" in sandbox.call("GET", "/_/inbox/messages?to=0977000999").body.decode()


def test_a_refused_message_reaches_no_phone(sandbox: RunningSandbox) -> None:
    sandbox.send("84900000007")
    assert "No messages yet" in sandbox.call("GET", "/_/inbox/messages?to=84900000007").body.decode()
