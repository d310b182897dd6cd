"""ZNS templates, and what Zalo says of values that do not fit them."""

from collections.abc import Mapping
from typing import Any

import msgspec

from providers.sandbox.inbox import Shown

TIMEOUT_MS = 20_000


class Parameter(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """One row of `listParams` (zalo-zns-oa.md 5.1); lengths count characters."""

    name: str
    max_length: int
    sample: str
    require: bool = True
    type: str = "STRING"
    min_length: int = 0
    accept_null: bool = False


class Template(msgspec.Struct, frozen=True, kw_only=True):
    """A template; `text` holds parameters in braces, `rows` are labels with the parameter shown beside them."""

    id: str
    name: str
    parameters: tuple[Parameter, ...]
    text: str
    rows: tuple[tuple[str, str], ...] = ()
    button: str = ""
    tag: str = "TRANSACTION"
    status: str = "ENABLE"
    reason: str = ""
    timeout_ms: int = TIMEOUT_MS
    price: str = "200"
    quality: str = "HIGH"
    journey: bool = False


class Unfit(Exception):
    """A value that the template does not take: a code of zalo-zns-oa.md 8.1 and the wire text."""

    def __init__(self, code: int, text: str) -> None:
        super().__init__(text)
        self.code, self.text = code, text


def checked(template: Template, data: Mapping[str, Any]) -> dict[str, str]:
    """Return the values of the template's parameters as text. Raises Unfit for the first that does not fit.

    Unknown names are passed over. Numbers are taken as their text: public code sends them so (4.1).
    """
    values: dict[str, str] = {}
    for parameter in template.parameters:
        value = data.get(parameter.name)
        if value is None:
            if parameter.require:
                raise Unfit(-1122, f"{parameter.name} is missing")
            continue
        if isinstance(value, bool) or not isinstance(value, str | int | float):
            raise Unfit(-1124, f"{parameter.name} has invalid format")
        text = value if isinstance(value, str) else str(value)
        if len(text) > parameter.max_length:
            raise Unfit(-1121, f"{parameter.name} data breaks max length")
        if len(text) < parameter.min_length:
            raise Unfit(-1121, f"{parameter.name} data breaks min length")
        values[parameter.name] = text
    return values


def shown(template: Template, values: Mapping[str, str], sender: str) -> Shown:
    """Return the message as a phone shows it."""
    return Shown(
        sender=sender,
        title=template.name,
        text=template.text.format_map(values),
        rows=tuple((label, values[name]) for label, name in template.rows),
        button=template.button,
    )


def any_template(template_id: str, data: Mapping[str, Any]) -> Template:
    """Return a template that takes exactly these values, as the shared test account does with unknown ids."""
    names = tuple(Parameter(name=name, max_length=10_000, sample="") for name in data)
    rows = tuple((name, name) for name in data)
    return Template(id=template_id, name=template_id, parameters=names, text="", rows=rows)
