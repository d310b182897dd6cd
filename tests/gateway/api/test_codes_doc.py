"""Every code that a field can be refused with is told in the documentation."""

import re

from gateway.environment import ROOT

GIVEN = re.compile(
    r"""(?:\.add|FieldError|Problem|_tell)\(\s*(?:[^()"]|"[^"]*"|\([^()]*\))*?,\s*"([a-z]+(?:_[a-z]+)*)","""
    r"""|(?:return |code = )"([a-z]+_[a-z_]+)"(?:,| if)"""
)


def test_every_code_of_a_field_is_in_the_documentation():
    sources = [path for room in ("messaging", "gateway/api") for path in (ROOT / room).rglob("*.py")]
    given = {a or b for path in sources for a, b in GIVEN.findall(path.read_text())}
    told = set(re.findall(r"`([a-z_]+)`", (ROOT / "docs" / "api.md").read_text()))
    assert {"required", "no_usable_id", "not_on_channel", "class_too_low"} <= given
    assert given - told == set()
