import re
from pathlib import Path

from gateway.environment import ROOT

READ = re.compile(r"""(?:env\.\w+|environ\.get|environ|secret)[(\[]\s*["']([A-Z][A-Z_]+)["']""")
ROOMS = ("gateway", "messaging", "tenants", "providers")
# Set by tests and by Django's own entry points, not by people.
NOT_FOR_PEOPLE = {"DJANGO_SETTINGS_MODULE"}


def test_every_variable_that_is_read_is_in_the_table():
    sources = [path for room in ROOMS for path in Path(ROOT, room).rglob("*.py")]
    read = {name for path in sources for name in READ.findall(path.read_text())}
    shown = set(re.findall(r"`([A-Z][A-Z_]+)`", (ROOT / "docs" / "settings.md").read_text()))
    assert "DATABASE_URL" in read
    assert read - shown - NOT_FOR_PEOPLE == set()
