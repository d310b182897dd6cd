"""Holds every registered provider to having all that a provider must have."""

import ast
from importlib import import_module
from pathlib import Path

import pytest

import providers
from providers.contract import BadSignature, Context, ErrorRow, EventKind, Hook, NoAnswer, NotSent, Verdict
from providers.registry import PROVIDERS, provider

ROOM = Path(providers.__file__).parent
KINDS = sorted(PROVIDERS)
FORBIDDEN = {"django", "rest_framework", "celery", "psycopg", "redis", "gateway", "messaging", "tenants"}


def imported(path: Path) -> set[str]:
    """Return the top-level names of all modules that a file imports, also within functions."""
    names = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            names |= {alias.name.partition(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            names.add(node.module.partition(".")[0])
    return names


def test_an_unknown_kind_is_a_key_error_that_names_the_kinds() -> None:
    with pytest.raises(KeyError, match=r"pigeon.*zns"):
        provider("pigeon")


@pytest.mark.parametrize("kind", KINDS)
def test_a_provider_is_registered_under_its_own_kind(kind: str) -> None:
    assert provider(kind).kind == kind


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("name", ["adapter.py", "errors.py", "events.py", "sandbox.py", "README.md"])
def test_a_providers_folder_holds(kind: str, name: str) -> None:
    path = ROOM / kind / name
    if name == "events.py" and not provider(kind).capabilities.receipts:
        return
    assert path.read_text().strip()


@pytest.mark.parametrize("kind", KINDS)
def test_a_provider_has_an_error_table_keyed_by_code(kind: str) -> None:
    table = provider(kind).errors
    assert table
    for code, row in table.items():
        assert isinstance(row, ErrorRow)
        assert (row.code, bool(row.meaning), bool(row.advice)) == (code, True, True)


@pytest.mark.parametrize("kind", KINDS)
def test_a_provider_says_what_it_can_do(kind: str) -> None:
    can = provider(kind).capabilities
    assert can.recipients
    assert can.batch_size >= 1
    assert can.receipts <= set(EventKind)


@pytest.mark.parametrize("kind", KINDS)
def test_a_providers_case_tables_cover_every_verdict(kind: str) -> None:
    cases = import_module(f"tests.providers.{kind}.cases")
    assert cases.PACKED
    assert {outcome.verdict for _, outcome in cases.ANSWERED.values()} == set(Verdict)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(
    "response", [NotSent(reason="refused"), NoAnswer(reason="late")], ids=["not sent", "no answer"]
)
def test_every_leg_of_a_call_has_an_outcome_whatever_happened(kind: str, response: NotSent | NoAnswer) -> None:
    cases = import_module(f"tests.providers.{kind}.cases")
    verdict = Verdict.NOT_SENT if isinstance(response, NotSent) else Verdict.UNKNOWN
    assert [(outcome.leg_id, outcome.verdict) for outcome in provider(kind).unpack(cases.CALL, response)] == [
        (leg, verdict) for leg in cases.CALL.legs
    ]


@pytest.mark.parametrize("kind", KINDS)
def test_a_providers_events_need_a_signature(kind: str) -> None:
    if not provider(kind).capabilities.receipts:
        return
    cases = import_module(f"tests.providers.{kind}.cases")
    context: Context = cases.CONTEXT
    with pytest.raises(BadSignature):
        provider(kind).read_events(Hook(method="POST", path="/", headers={}, body=b"{}"), {}, context)


@pytest.mark.parametrize("path", sorted(ROOM.rglob("*.py")), ids=lambda path: str(path.relative_to(ROOM)))
def test_the_room_imports_nothing_from_above(path: Path) -> None:
    assert imported(path).isdisjoint(FORBIDDEN)


def test_every_folder_with_an_adapter_is_registered() -> None:
    assert sorted(path.parent.name for path in ROOM.glob("*/adapter.py")) == KINDS
