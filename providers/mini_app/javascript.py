"""JSON as JavaScript's JSON.parse and String read and write it: the webhook's signature is over such texts."""

import json
from collections.abc import Iterable
from math import isfinite
from typing import Any, Final

_quoted: Final = json.JSONEncoder(ensure_ascii=False).encode


class NotJson(ValueError):
    """The bytes are no JSON object that means one thing; the text names what is wrong and quotes nothing."""


def parse_object(body: bytes) -> dict[str, Any]:
    """Return the JSON object that `body` is. Raises NotJson, also for a name that comes twice or a number like NaN."""
    try:
        value = json.loads(body.decode(), object_pairs_hook=_once_each, parse_constant=_no_constant)
    except (ValueError, RecursionError) as error:
        raise error if isinstance(error, NotJson) else NotJson("the body is no JSON") from None
    if not isinstance(value, dict):
        raise NotJson("the body is no JSON object")
    return value


def code_units(text: str) -> bytes:
    """Return what orders texts as JavaScript's sort does: by UTF-16 code units."""
    return text.encode("utf-16-be", "surrogatepass")


def as_string(value: object) -> str:
    """Return String(value) for a scalar, JSON.stringify(value) for an object or an array."""
    return value if isinstance(value, str) else _compact(value)


def _compact(value: object) -> str:
    match value:
        case None:
            return "null"
        case bool():
            return "true" if value else "false"
        case int():
            return str(value)
        case float():
            return _number(value)
        case str():
            return _quoted(value)
        case list():
            return f"[{','.join(map(_compact, value))}]"
        case dict():
            return "{" + ",".join(f"{_quoted(name)}:{_compact(each)}" for name, each in value.items()) + "}"
    raise NotJson("the body holds what is no JSON value")


def _number(value: float) -> str:
    """Return the shortest text of a number as JavaScript writes it: plain from 1e-6 up to below 1e21."""
    if value == 0:
        return "0"
    sign, digits, exponent = _shortest(value)
    point = len(digits) + exponent
    if 0 < point <= 21:
        plain = digits.ljust(point, "0")
        text = plain[:point] + (f".{plain[point:]}" if len(plain) > point else "")
    elif -6 < point <= 0:
        text = f"0.{'0' * -point}{digits}"
    else:
        text = f"{digits[0]}{'.' + digits[1:] if len(digits) > 1 else ''}e{point - 1:+d}"
    return sign + text


def _shortest(value: float) -> tuple[str, str, int]:
    """Return sign, digits without noughts at either end, and the exponent of the last digit."""
    mantissa, _, power = repr(abs(value)).partition("e")
    whole, _, fraction = mantissa.partition(".")
    digits = (whole + fraction).rstrip("0")
    exponent = int(power or 0) - len(fraction) + len(whole + fraction) - len(digits)
    return ("-" if value < 0 else ""), digits.lstrip("0"), exponent


def _once_each(pairs: Iterable[tuple[str, Any]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name, value in pairs:
        if name in found:
            raise NotJson("a name comes twice in the body")
        if isinstance(value, float) and not isfinite(value):
            raise NotJson("the body holds a number that is none")
        found[name] = value
    return found


def _no_constant(_: str) -> None:
    raise NotJson("the body holds a number that is none")
