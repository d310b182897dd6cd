"""Which column of a file holds which parameter of a template."""

from collections.abc import Mapping

from messaging.campaigns.checking import RECIPIENT
from messaging.intake.errors import Findings
from messaging.models import Template


def complete(
    given: Mapping[str, str], columns: list[str], template: Template | None, findings: Findings
) -> dict[str, str]:
    """Return {column: parameter}, with the columns that bear a parameter's own name; what is wrong goes to findings."""
    mapping = dict(given)
    known = {parameter["name"]: parameter for parameter in template.parameters} if template else {}
    for parameter in [RECIPIENT, *known]:
        if parameter not in mapping.values() and parameter in columns and parameter not in mapping:
            mapping[parameter] = parameter
    for column, parameter in mapping.items():
        where = f"mapping.{column[:64]}"
        if column not in columns:
            findings.add(where, "not_found", f"The file has no column {column[:64]}.")
        if parameter != RECIPIENT and known and parameter not in known:
            findings.add(where, "unknown", f"{parameter[:64]} is not a parameter of the template.")
    _check_each_once(list(mapping.values()), known, findings)
    return mapping


def _check_each_once(taken: list[str], known: Mapping[str, Mapping[str, object]], findings: Findings) -> None:
    for parameter in sorted({one for one in taken if taken.count(one) > 1}):
        findings.add("mapping", "duplicate", f"Two columns are mapped to {parameter[:64]}.")
    needed = [RECIPIENT, *(name for name, parameter in known.items() if parameter.get("required", True))]
    for parameter in needed:
        if parameter not in taken:
            findings.add("mapping", "required", f"No column is mapped to {parameter}.")
