import pytest


@pytest.fixture(autouse=True)
def a_small_storm_is_enough(settings) -> None:
    """Let twenty calls decide, so that a test need not make fifty."""
    settings.BREAKER_LEAST = 20
