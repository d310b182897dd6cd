import io

import pytest
from django.core.management import CommandError, call_command

from messaging.models import Message
from messaging.states import State
from tests.factories import TenantFactory
from tests.messaging.world import World

PHONE = "0987654321"


def run(*words: str) -> str:
    out = io.StringIO()
    call_command("erase_person", "--tenant", "bakery", "--phone", PHONE, *words, stdout=out)
    return out.getvalue()


def test_a_dry_run_says_what_would_happen_and_a_run_does_it_once(world: World):
    world.send(template="order")
    assert run("--dry-run") == "would stop 1 and erase 1 messages\n"
    assert Message.objects.get().state == State.QUEUED
    assert run() == "stopped 1 and erased 1 messages\n"
    assert run() == "stopped 0 and erased 0 messages\n"


def test_the_log_names_the_person_by_a_hash_only(world: World, capsys):
    world.send(template="order")
    hashed = bytes(Message.objects.get().recipient_hash or b"").hex()
    run()
    line = next(line for line in capsys.readouterr().err.splitlines() if "person.erased" in line)
    assert hashed[:8] in line
    assert PHONE[1:] not in line


@pytest.mark.parametrize(
    ("tenant", "phone", "says"),
    [("nobody", PHONE, "there is no tenant nobody"), ("bakery", "12", "--phone is not a phone number")],
)
def test_an_unknown_tenant_or_number_is_refused_in_one_line(db, tenant, phone, says):
    TenantFactory.create(slug="bakery")
    with pytest.raises(CommandError, match=f"^{says}$"):
        call_command("erase_person", tenant=tenant, phone=phone)
