"""The plans of statements as they really ran, told by PostgreSQL's auto_explain: what they read, by which index."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
from django.db import connection

_NAME = "auto_explain"
_WATCHED = f"""
LOAD '{_NAME}';
SET {_NAME}.log_level = 'notice'; SET {_NAME}.log_format = 'json'; SET {_NAME}.log_analyze = on;
SET {_NAME}.log_buffers = on; SET {_NAME}.log_timing = off; SET {_NAME}.log_min_duration = 0;
"""
_LAST = "SELECT 'no more'"
_UNWATCHED = f"SET {_NAME}.log_min_duration = -1"


class Plans:
    """The plans of some statements, as PostgreSQL's JSON tells them."""

    def __init__(self) -> None:
        self.found: list[dict[str, Any]] = []

    @property
    def buffers(self) -> int:
        """Return how many pages all of them touched; the root alone leaves out CTEs that nobody reads."""
        return sum(max(0, _touched(node) - sum(map(_touched, node.get("Plans", [])))) for node in self.nodes())

    @property
    def indexes(self) -> set[str]:
        """Return the indexes that were read."""
        return {node["Index Name"] for node in self.nodes() if "Index Name" in node}

    @property
    def read_whole(self) -> set[str]:
        """Return the tables that were read from end to end; one without rows costs nothing."""
        return {
            node["Relation Name"]
            for node in self.nodes()
            if node["Node Type"] == "Seq Scan" and (node["Shared Hit Blocks"] or node["Shared Read Blocks"])
        }

    def nodes(self) -> Iterator[dict[str, Any]]:
        """Yield every node of every plan."""
        waiting = [one["Plan"] for one in self.found]
        while waiting:
            node = waiting.pop()
            waiting += node.get("Plans", [])
            yield node

    def hear(self, notice: psycopg.errors.Diagnostic) -> None:
        """Take what the server tells if it is a plan."""
        said = notice.message_primary or ""
        if "plan:\n" in said:
            plan = json.loads(said.partition("plan:\n")[2])
            if plan["Query Text"] != _LAST:
                self.found.append(plan)


def _touched(node: dict[str, Any]) -> int:
    """Return the pages of a node with all below it; a CTE counts where it stands, not where it is read."""
    return 0 if node["Node Type"] == "CTE Scan" else node["Shared Hit Blocks"] + node["Shared Read Blocks"]


@contextmanager
def watched() -> Iterator[Plans]:
    """Note the plan of every statement of this process's connection within the block."""
    plans, raw = Plans(), connection.connection
    with psycopg.Cursor(raw) as sql:
        sql.execute(_WATCHED)
        raw.add_notice_handler(plans.hear)
        try:
            yield plans
        finally:
            # A plan is told when its portal closes, which is when the next statement comes.
            sql.execute(_LAST)
            sql.execute(_UNWATCHED)
            raw.remove_notice_handler(plans.hear)
