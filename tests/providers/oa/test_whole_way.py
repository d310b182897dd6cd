"""The adapter and the sandbox, written apart from each other from one reference, understand each other on real HTTP."""

import base64
from datetime import UTC, datetime, timedelta

import pytest

from providers.contract import ContentKind, EventKind, Verdict
from tests.providers.oa.talking import Talk

ASK = {"title": "Hỏi giá", "type": "oa.query.show", "payload": "#gia"}
DAY = 24


def text(talk: Talk, user: str = "", timeout: float = 5.0, **more: str) -> tuple[Verdict, str]:
    outcome = talk.send(user, timeout, kind=ContentKind.TEXT, text="Xin chào", **more)
    return outcome.verdict, outcome.error.code if outcome.error else ""


def test_a_text_is_accepted_echoed_and_received(talk: Talk) -> None:
    outcome = talk.send(kind=ContentKind.TEXT, text="Xin chào")
    assert (outcome.verdict, outcome.quota) == (Verdict.ACCEPTED, None)
    assert outcome.sent_at is not None
    assert abs(outcome.sent_at - datetime.now(UTC)) < timedelta(seconds=30)
    (echo,) = talk.events("oa_send_text")
    (receipt,) = talk.events("user_received_message")
    assert [(one.kind, one.provider_message_id, one.account_id, one.person) for one in (echo, receipt)] == [
        (EventKind.ECHO, outcome.provider_message_id, talk.oa_id, talk.user()),
        (EventKind.DELIVERED, outcome.provider_message_id, talk.oa_id, talk.user()),
    ]
    assert (echo.data["text"], echo.data["by_person"]) == ("Xin chào", False)


def test_it_is_seen_where_people_read(talk: Talk) -> None:
    talk.sandbox.settings(seenAfterMs=20, receiptDelayMs=0)
    outcome = talk.send(kind=ContentKind.TEXT, text="Xin chào")
    (seen,) = talk.events("user_seen_message")
    assert (seen.kind, seen.provider_message_id) == (EventKind.SEEN, outcome.provider_message_id)


@pytest.mark.parametrize(
    ("kind", "extra"),
    [
        (ContentKind.TEXT, {"buttons": [ASK, {"title": "Mở", "type": "oa.open.url", "payload": {"url": "https://a"}}]}),
        (ContentKind.IMAGE, {"url": "https://shop.example/a.png"}),
        (ContentKind.GIF, {"url": "https://shop.example/a.gif", "width": 10, "height": 10}),
        (ContentKind.STICKER, {"attachment_id": "bfe458bf64fa8da4d4eb"}),
        (
            ContentKind.REQUEST_USER_INFO,
            {"title": "Sao Mai", "subtitle": "Địa chỉ của bạn", "image_url": "https://shop.example/a.png"},
        ),
    ],
)
def test_every_content_is_accepted(talk: Talk, kind: ContentKind, extra: dict[str, object]) -> None:
    assert talk.send(kind=kind, text="Chào bạn", extra=extra).verdict is Verdict.ACCEPTED


@pytest.mark.parametrize(
    ("upload", "name", "kind"),
    [
        ("upload_image", "a.png", ContentKind.IMAGE),
        ("upload_gif", "a.gif", ContentKind.GIF),
        ("upload_file", "a.pdf", ContentKind.FILE),
    ],
)
def test_what_was_uploaded_can_be_sent(talk: Talk, upload: str, name: str, kind: ContentKind) -> None:
    content = base64.b64encode(bytes(range(256)) * 4096).decode()
    named = talk.ask(upload, name=name, content=content).data
    extra = {**named, "width": 1, "height": 1}
    assert talk.send(kind=kind, extra=extra).verdict is Verdict.ACCEPTED
    error = talk.send(
        kind=kind, extra={key: "unknown" if key in named else value for key, value in extra.items()}
    ).error
    assert error is not None
    assert error.code == "-201"


@pytest.mark.parametrize(
    ("outcome", "code", "status"),
    [
        ("not_on_zalo", "-201-user", 200),
        ("blocked", "-244", 200),
        ("quota_exceeded", "-211", 200),
        ("server_error", "-200", 500),
    ],
)
def test_a_magic_person_is_refused(talk: Talk, outcome: str, code: str, status: int) -> None:
    refused = talk.send(talk.magic(outcome), kind=ContentKind.TEXT, text="x")
    assert refused.error is not None
    assert (refused.verdict, refused.error.code, refused.http_status) == (Verdict.REFUSED, code, status)


def test_a_passing_failure_is_over_at_the_second_try(talk: Talk) -> None:
    user = talk.magic("transient_then_delivered")
    assert [text(talk, user) for _ in range(2)] == [(Verdict.REFUSED, "-200"), (Verdict.ACCEPTED, "")]


def test_an_answer_that_never_comes_is_unknown_though_the_receipt_does(talk: Talk) -> None:
    assert text(talk, talk.magic("timeout_after_accept"), timeout=0.5) == (Verdict.UNKNOWN, "")
    assert len(talk.events("user_received_message")) == 1


def test_a_receipt_may_come_twice(talk: Talk) -> None:
    outcome = talk.send(talk.magic("duplicate_receipt"), kind=ContentKind.TEXT, text="x")
    first, second = talk.events("user_received_message", 2)
    assert first == second
    assert first.provider_message_id == outcome.provider_message_id


def test_a_receipt_may_come_before_the_answer(talk: Talk) -> None:
    outcome = talk.send(talk.magic("receipt_before_answer"), kind=ContentKind.TEXT, text="x")
    heard = [event for one in talk.webhook.heard for event in talk.read(one) if event.kind is EventKind.DELIVERED]
    assert [event.provider_message_id for event in heard] == [outcome.provider_message_id]


def test_a_receipt_may_never_come(talk: Talk) -> None:
    talk.sandbox.settings(receiptDelayMs=0)
    never = talk.send(talk.magic("never_delivered"), kind=ContentKind.TEXT, text="x")
    after = talk.send(kind=ContentKind.TEXT, text="y")
    ids = [event.provider_message_id for event in talk.events("user_received_message")]
    assert (never.verdict, ids) == (Verdict.ACCEPTED, [after.provider_message_id])


def test_receipts_may_come_out_of_order(talk: Talk) -> None:
    talk.sandbox.settings(lateReceiptMs=600, receiptDelayMs=0)
    late = talk.send(talk.magic("late_receipt"), kind=ContentKind.TEXT, text="x")
    soon = talk.send(kind=ContentKind.TEXT, text="y")
    ids = [event.provider_message_id for event in talk.events("user_received_message", 2)]
    assert ids == [soon.provider_message_id, late.provider_message_id]


@pytest.mark.parametrize("fault", ["reset", "html502", "empty"])
def test_a_fault_has_an_unknown_outcome(talk: Talk, fault: str) -> None:
    talk.sandbox.call("POST", "/_/faults", {"host": "openapi.zalo.me", "fault": fault, "to": talk.user(), "times": 1})
    assert [text(talk)[0] for _ in range(2)] == [Verdict.UNKNOWN, Verdict.ACCEPTED]


@pytest.mark.parametrize(("code", "error_class"), [(-218, "quota"), (-248, "message"), (-320, "configuration")])
def test_a_set_refusal_has_its_class(talk: Talk, code: int, error_class: str) -> None:
    fault = {"host": "openapi.zalo.me", "fault": "error", "code": code, "message": "Set", "times": 1}
    talk.sandbox.call("POST", "/_/faults", fault)
    error = talk.send(kind=ContentKind.TEXT, text="x").error
    assert error is not None
    assert (error.code, error.error_class) == (str(code), error_class)


def test_a_wrong_token_asks_for_a_refresh(talk: Talk) -> None:
    error = talk.send(kind=ContentKind.TEXT, text="x", token="wrong").error
    assert error is not None
    assert (error.code, error.error_class) == ("-216", "token")


@pytest.mark.parametrize(
    ("hours", "follows", "code", "paid"),
    [
        (0, True, "", "reply"),
        (47, False, "", "reply"),
        (49, True, "", "sub_quota"),
        (7 * DAY - 1, True, "", "sub_quota"),
        (7 * DAY + 1, True, "-230", ""),
        (7 * DAY + 1, False, "-213", ""),
    ],
)
def test_the_windows_of_a_conversation(talk: Talk, hours: int, follows: bool, code: str, paid: str) -> None:
    user = talk.user("84912000001")
    talk.act(user, silentHours=hours, follows=follows)
    assert text(talk, user) == (Verdict.REFUSED if code else Verdict.ACCEPTED, code)
    (call,) = talk.sandbox.record(host="openapi.zalo.me", path="/v3.0/oa/message/cs")
    assert (f'"quota_type":"{paid}"' in call["reply"]["body"]) is bool(paid)


def test_the_purse_runs_out(talk: Talk) -> None:
    user = talk.user("84912000002")
    talk.act(user, silentHours=50)
    talk.sandbox.settings(oaQuota=0)
    assert text(talk, user) == (Verdict.REFUSED, "-211")


def test_whoever_writes_opens_the_window_again(talk: Talk) -> None:
    user = talk.user("84912000003")
    talk.act(user, silentHours=400)
    assert text(talk, user) == (Verdict.REFUSED, "-230")
    talk.act(user, says="Còn hàng không?")
    (said,) = talk.events("user_send_text")
    assert (said.kind, said.account_id, said.person) == (EventKind.INBOUND, talk.oa_id, user)
    assert said.data["text"] == "Còn hàng không?"
    assert text(talk, user) == (Verdict.ACCEPTED, "")


def test_who_refuses_the_account_is_refused(talk: Talk) -> None:
    user = talk.user("84912000004")
    talk.act(user, restricts=True)
    assert text(talk, user) == (Verdict.REFUSED, "-244")


def test_people_follow_and_leave(talk: Talk) -> None:
    user = talk.user("84977000101")
    before = talk.ask("followers").data["total"]
    talk.act(user, follows=False)
    (gone,) = talk.events("unfollow")
    assert (gone.kind, gone.account_id, gone.person) == (EventKind.UNFOLLOWED, talk.oa_id, user)
    assert talk.ask("followers").data["total"] == before - 1
    refused = talk.ask("person", user_id=user)
    assert refused.error is not None
    assert refused.error.code == "-213"
    talk.act(user, follows=True)
    (back,) = talk.events("follow")
    assert back.kind is EventKind.FOLLOWED
    assert talk.ask("followers").data["total"] == before


def test_details_given_are_told_and_kept(talk: Talk) -> None:
    user = talk.user("84912000005")
    talk.act(user, name="Bình", submits={"name": "Trần Bình", "phone": "84912000005", "address": "12 Lê Lợi"})
    (told,) = talk.events("user_submit_info")
    assert told.data == {"name": "Trần Bình", "phone": "84912000005", "address": "12 Lê Lợi"}
    person = talk.ask("person", user_id=user).data
    assert (person["name"], person["follows"]) == ("Bình", True)
    assert person["shared"] == {"name": "Trần Bình", "phone": "84912000005", "address": "12 Lê Lợi"}


def test_all_followers_are_listed_page_by_page(talk: Talk) -> None:
    ids: list[str] = []
    offset = 0
    while offset is not None:
        page = talk.ask("followers", offset=str(offset), count="7").data
        ids += page["ids"]
        offset = page["next_offset"]
    assert len(ids) == len(set(ids)) == page["total"]
    account = next(one for one in talk.listed()["officialAccounts"] if one["oaId"] == talk.oa_id)
    assert ids == account["followers"]


def test_a_conversation_is_told_in_both_directions(talk: Talk) -> None:
    user = talk.user("84912000006")
    talk.act(user, says="Giá bao nhiêu?")
    sent = talk.send(user, kind=ContentKind.IMAGE, text="Đây ạ", extra={"url": "https://shop.example/a.png"})
    told = talk.ask("conversation", user_id=user).data
    assert [(one["inbound"], one["type"], one["text"], one["person"]) for one in told] == [
        (False, "image", "Đây ạ", user),
        (True, "text", "Giá bao nhiêu?", user),
    ]
    assert (told[0]["message_id"], told[0]["url"]) == (sent.provider_message_id, "https://shop.example/a.png")
    newest = talk.ask("recent_chats").data[0]
    assert (newest["message_id"], newest["person"]) == (sent.provider_message_id, user)


def test_the_inbox_shows_both_sides(talk: Talk) -> None:
    user = talk.user("84912000007")
    talk.act(user, says="Giá <b> bao nhiêu?")
    talk.send(user, kind=ContentKind.TEXT, text="Một trăm nghìn", extra={"buttons": [ASK]})
    shown = talk.sandbox.call("GET", f"/_/inbox/messages?to={user}").body.decode()
    assert shown.index("Một trăm nghìn") < shown.index("Giá &lt;b&gt; bao nhiêu?")
    assert ("Hỏi giá" in shown, "Written by the person" in shown, f"From <b>{user}</b>" in shown) == (True, True, True)


def test_the_other_questions_are_answered(talk: Talk) -> None:
    assert talk.ask("connection", oa_id=talk.oa_id).data["oa_id"] == talk.oa_id
    (purse,) = talk.ask("quota").data["purses"]
    assert (purse["product"], purse["kind"], purse["total"]) == ("cs", "sub_quota", 100_000_000)
    talk.act(talk.user("84912000008"), silentHours=10)
    interacted = talk.ask("person_quota", user_id=talk.user("84912000008")).data["last_interaction"]
    assert abs(datetime.now(UTC) - timedelta(hours=10) - interacted) < timedelta(seconds=30)


def test_an_id_of_another_account_is_nobody(talk: Talk) -> None:
    assert text(talk, "675" + "00012" + "84912345678") == (Verdict.REFUSED, "-201-user")


def test_a_call_that_zalo_shut_down_says_so(talk: Talk) -> None:
    reply = talk.sandbox.call("POST", "/openapi.zalo.me/v2.0/oa/message", {}, {**talk.credentials()})
    assert reply.json()["error"] == -240


def test_an_unknown_person_or_change_is_named(talk: Talk) -> None:
    given = {"host": "openapi.zalo.me", "oaId": talk.oa_id}
    unknown = talk.sandbox.call("POST", "/_/people", {**given, "userId": "1", "says": "x"})
    assert (unknown.status, unknown.json()["errors"][0]["field"]) == (400, "userId")
    wrong = talk.sandbox.call("POST", "/_/people", {**given, "userId": talk.user(), "sings": "x"})
    assert (wrong.status, wrong.json()["errors"][0]["field"]) == (400, "sings")
