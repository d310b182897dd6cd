"""The gateway's settings with one other URL table."""

from gateway.settings import *  # noqa: F403

ROOT_URLCONF = "benchmarks.bare_view.views"
