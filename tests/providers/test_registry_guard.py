"""Holds every registered provider to having all that a provider must have; `test_registry_cases.py` tries its cases."""

import ast
import re
from pathlib import Path

import pytest

import providers
from providers.contract import ErrorRow, EventKind
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
def test_a_provider_says_what_people_and_addresses_call_it(kind: str) -> None:
    known = provider(kind)
    assert re.fullmatch("[a-z][a-z0-9_]{0,15}", kind)
    assert re.fullmatch("[a-z][a-z0-9_]{0,15}", known.account.name)
    assert known.label
    assert known.account.label


def test_kinds_that_share_an_account_declare_the_same_one() -> None:
    accounts = {provider(kind).account.name: provider(kind).account for kind in KINDS}
    assert [kind for kind in KINDS if provider(kind).account is not accounts[provider(kind).account.name]] == []


@pytest.mark.parametrize("kind", KINDS)
def test_the_readme_tells_every_setting_and_question(kind: str) -> None:
    known = provider(kind)
    own = (ROOM / kind / "README.md").read_text()
    # Kinds over one account may share its settings out among them.
    siblings = [one for one in KINDS if provider(one).account is known.account]
    told = "".join((ROOM / one / "README.md").read_text() for one in siblings)
    assert [one.name for one in known.account.settings if f"`{one.name}`" not in told] == []
    assert [question for question in sorted(known.capabilities.questions) if f"`{question}`" not in own] == []


@pytest.mark.parametrize("path", sorted(ROOM.rglob("*.py")), ids=lambda path: str(path.relative_to(ROOM)))
def test_the_room_imports_nothing_from_above(path: Path) -> None:
    assert imported(path).isdisjoint(FORBIDDEN)


def test_every_folder_with_an_adapter_is_registered() -> None:
    assert sorted(path.parent.name for path in ROOM.glob("*/adapter.py")) == KINDS
