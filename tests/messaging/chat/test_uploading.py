"""A file is given to the official account once, and messages name it by what the provider calls it."""

from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from tests.messaging.chat.talking import Chat
from tests.providers.sandbox.running import OA


def uploaded(chat: Chat, file: Path, **options: str) -> str:
    said = StringIO()
    call_command("upload_attachment", str(file), tenant=chat.tenant.slug, stdout=said, **options)
    return said.getvalue()


def calls(chat: Chat, sort: str) -> int:
    count: int = chat.world.sandbox.call("GET", f"/_/requests/count?host={OA}&path=/v2.0/oa/upload/{sort}").json()[
        "count"
    ]
    return count


@pytest.mark.parametrize(
    ("name", "content", "sort", "field"),
    [
        ("bill.pdf", b"%PDF-1.7 bill", "file", "token"),
        ("logo.png", b"\x89PNG\r\n\x1a\n logo", "image", "attachmentId"),
        ("wave.gif", b"GIF89a wave", "gif", "attachmentId"),
    ],
)
def test_a_file_is_told_as_a_message_names_it(
    chat: Chat, tmp_path: Path, name: str, content: bytes, sort: str, field: str
):
    (tmp_path / name).write_bytes(content)
    said = uploaded(chat, tmp_path / name)
    assert said.startswith(f'"{field}": "')
    assert len(said.split('"')[3]) > 8
    assert calls(chat, sort) == 1


@pytest.mark.parametrize(("name", "size"), [("run.exe", 10), ("large.png", (1 << 20) + 1), ("empty.pdf", 0)])
def test_what_the_provider_would_refuse_is_refused_before_a_call(chat: Chat, tmp_path: Path, name: str, size: int):
    (tmp_path / name).write_bytes(b"x" * size)
    with pytest.raises(CommandError, match=r"must end in one of|empty or over"):
        uploaded(chat, tmp_path / name)
    assert [calls(chat, sort) for sort in ("file", "image", "gif")] == [0, 0, 0]


def test_a_channel_of_another_tenant_is_not_there(chat: Chat, tmp_path: Path):
    (tmp_path / "bill.pdf").write_bytes(b"%PDF")
    with pytest.raises(CommandError, match="no such channel"):
        call_command("upload_attachment", str(tmp_path / "bill.pdf"), tenant="somebody-else")
    assert calls(chat, "file") == 0
