"""People that the sandbox was told of survive its restart, as do uploads and what was tried once."""

import base64

from providers.contract import ContentKind, Verdict
from providers.oa.adapter import OA
from tests.providers.oa.talking import talking
from tests.providers.sandbox.running import RunningSandbox


def test_people_and_uploads_survive_a_restart(own_sandbox: RunningSandbox) -> None:
    with talking(OA, own_sandbox) as talk:
        talk.act(silentHours=500)
        talk.act(talk.user("84912000020"), name="Bình", follows=False)
        token = talk.ask("upload_file", name="a.pdf", content=base64.b64encode(b"%PDF").decode()).data["token"]
    own_sandbox.stop()
    own_sandbox.start()
    with talking(OA, own_sandbox) as talk:
        error = talk.send(kind=ContentKind.TEXT, text="x").error
        assert error is not None
        assert error.code == "-230"
        gone = talk.ask("person", user_id=talk.user("84912000020")).error
        assert gone is not None
        assert gone.code == "-213"
        sent = talk.send(talk.user("84912000021"), kind=ContentKind.FILE, extra={"token": token})
        assert sent.verdict is Verdict.ACCEPTED


def test_an_ordinary_text_is_refused_at_the_limit_of_the_host_too(own_sandbox: RunningSandbox) -> None:
    with talking(OA, own_sandbox) as talk:
        for length, code in ((2_000, 0), (2_001, -210)):
            body = {"recipient": {"user_id": talk.user()}, "message": {"text": "ệ" * length}}
            reply = own_sandbox.call("POST", "/openapi.zalo.me/v3.0/oa/message/cs", body, talk.credentials())
            assert reply.json()["error"] == code
