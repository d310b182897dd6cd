"""The collector leaves alone what was there when a process began."""

import subprocess
import sys

SHOWN = "import gc; from messaging.collecting import spare_long_lived; kept = [[] for _ in range(1000)]; "


def test_what_lives_already_is_not_looked_through_again() -> None:
    code = SHOWN + "spare_long_lived(); print(gc.get_freeze_count() > 1000, len(gc.get_objects()) < 1000)"
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=30, check=True)
    assert ran.stdout.split() == ["True", "True"]
