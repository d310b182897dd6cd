"""Bytes to a typed request: fast where all is well, thorough where something is wrong."""

import json
import types
from collections.abc import Iterator
from enum import Enum, EnumType
from typing import Annotated, Any, Literal, TypeVar, Union, cast, get_args, get_origin

import msgspec

from messaging.intake.errors import FieldError, Findings, NotJson, Refused
from messaging.intake.request import MOST_MESSAGES, MessageIn, Options, SendRequest

_decoder = msgspec.json.Decoder(SendRequest)
_LONGEST_INTEGER = 30
P = TypeVar("P", bound=msgspec.Struct)


class OutOfRange:
    """Stands for a number that no field can hold."""


def decode(body: bytes, findings: Findings) -> SendRequest:
    """Return the request in `body`; what is wrong with its shape goes to `findings` and is None in the request.

    Raises NotJson for broken JSON, and Refused where nothing of it can be looked at further.
    """
    try:
        return _decoder.decode(body)
    except msgspec.ValidationError as error:
        try:
            return _explain(_loads(body), str(error), findings)
        except UnicodeEncodeError as half:
            raise NotJson("A \\u escape is no character.") from half
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        _loads(body)
        # Python's reader is more lenient in one thing: half of a surrogate pair.
        raise NotJson(f"A \\u escape is no character, or: {error}") from error


def decode_part(body: bytes, kind: type[P], findings: Findings) -> P:
    """Return the struct of `kind` in `body`; what is wrong with its shape goes to `findings` and is its default.

    Raises NotJson for broken JSON, and Refused where the body is no object.
    """
    try:
        return msgspec.json.decode(body, type=kind)
    except msgspec.ValidationError as error:
        tree = _loads(body)
        if not isinstance(tree, dict):
            raise Refused([FieldError("", "wrong_type", "The body must be a JSON object.")]) from error
        findings.doubt = str(error)
        try:
            return cast(P, _part(tree, kind, "", findings))
        except UnicodeEncodeError as half:
            raise NotJson("A \\u escape is no character.") from half
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        _loads(body)
        raise NotJson(f"A \\u escape is no character, or: {error}") from error


def _loads(body: bytes) -> Any:
    try:
        return json.loads(
            body.decode(), parse_int=_integer, parse_float=_decimal, parse_constant=lambda _: OutOfRange()
        )
    except UnicodeDecodeError as error:
        raise NotJson(f"The body is not UTF-8 at byte {error.start}.") from error
    except json.JSONDecodeError as error:
        position = len(error.doc[: error.pos].encode(errors="surrogatepass"))
        raise NotJson(f"{error.msg} at byte {position} (line {error.lineno}, column {error.colno}).") from error
    except RecursionError as error:
        raise NotJson("The body is nested too deeply.") from error


def _integer(digits: str) -> int | OutOfRange:
    return int(digits) if len(digits) <= _LONGEST_INTEGER else OutOfRange()


def _decimal(digits: str) -> float | OutOfRange:
    number = float(digits)
    return OutOfRange() if number in (float("inf"), float("-inf")) else number


def _explain(tree: Any, hint: str, findings: Findings) -> SendRequest:
    """Look at every field by itself."""
    if not isinstance(tree, dict):
        raise Refused([FieldError("", "wrong_type", "The body must be a JSON object.")])
    findings.extend(_unknown(tree, SendRequest, ""))
    items = tree.get("messages")
    if not isinstance(items, list) or not 1 <= len(items) <= MOST_MESSAGES:
        code = "required" if items is None else "wrong_type" if not isinstance(items, list) else "out_of_range"
        findings.add("messages", code, f"messages must be an array of 1 to {MOST_MESSAGES} messages.")
        items = []
    messages = [_part(item, MessageIn, f"messages[{n}]", findings) for n, item in enumerate(items)]
    options = _part(tree["options"], Options, "options", findings) if tree.get("options") is not None else None
    findings.doubt = hint
    return SendRequest(messages=messages, options=options)


def _part(value: Any, kind: Any, path: str, findings: Findings) -> Any:
    """Return a struct of `kind` with what is good in `value`, None for what is not."""
    is_object = isinstance(value, dict)
    if not is_object:
        findings.add(path, "wrong_type", f"{path} must be an object.")
        value = {}
    else:
        findings.extend(_unknown(value, kind, f"{path}." if path else ""))
    parts = {}
    for field in msgspec.structs.fields(kind):
        given = value.get(field.encode_name)
        where = f"{path}.{field.encode_name}" if path else field.encode_name
        if given is None:
            if field.required and is_object:
                findings.add(where, "required", f"{where} is required.")
            parts[field.name] = None if field.default is msgspec.NODEFAULT else field.default
        elif field.name == "template_data":
            parts[field.name] = _values(given, where, findings)
        else:
            parts[field.name] = _value(given, _settable(field.type), where, findings)
    return kind(**parts)


def _value(given: Any, kind: Any, where: str, findings: Findings) -> Any:
    inner = next((arm for arm in _arms(kind) if isinstance(arm, type) and issubclass(arm, msgspec.Struct)), None)
    if inner is not None and (isinstance(given, dict) or len(list(_arms(kind))) == 1):
        return _part(given, inner, where, findings)
    try:
        return msgspec.convert(given, kind)
    except msgspec.ValidationError as error:
        findings.add(where, *_worded(str(error).split(" - at ")[0], kind, where))
        return None


def _values(given: Any, where: str, findings: Findings) -> Any:
    """Return template values as they are, for they are looked at together with the template; UNSET where there are
    none to look at."""
    if isinstance(given, dict):
        return given
    findings.add(where, "wrong_type", f"{where} must be an object.")
    return msgspec.UNSET


def _settable(kind: Any) -> Any:
    """Return the type without the mark for an absent field, which no value can have."""
    if msgspec.UnsetType not in get_args(kind):
        return kind
    return Union[tuple(arm for arm in get_args(kind) if arm is not msgspec.UnsetType)]  # noqa: UP007 made here


def _arms(kind: Any) -> Iterator[Any]:
    """Yield the alternatives of a type, without None."""
    if get_origin(kind) in (Union, types.UnionType):
        yield from (arm for arm in get_args(kind) if arm is not types.NoneType)
    else:
        yield kind


def _worded(said: str, kind: Any, where: str) -> tuple[str, str]:
    """Return code and message for what msgspec said."""
    choices = [choice for arm in _arms(kind) for choice in _choices(arm)]
    if choices and not said.startswith("Expected"):
        return "invalid", f"{where} must be one of {', '.join(choices)}."
    if "matching regex" in said:
        return "invalid", f"{where} holds characters that are not allowed."
    if "of length <=" in said:
        return "too_long", f"{where} has more than {said.rsplit(' ', 1)[-1]} characters."
    if "of length >=" in said:
        return "too_short", f"{where} must not be empty."
    if "timezone" in said or "RFC3339" in said or "datetime" in said:
        return "invalid", f"{where} must be an RFC 3339 time with a zone, such as 2026-12-01T09:00:00+07:00."
    if "<=" in said or ">=" in said:
        return "out_of_range", f"{where}: {said.replace('`', '')}."
    return "wrong_type", f"{where}: {said.replace('`', '').replace(' | null', '')}."


def _choices(arm: Any) -> list[str]:
    if get_origin(arm) is Annotated:
        return _choices(get_args(arm)[0])
    if get_origin(arm) is list:
        return _choices(get_args(arm)[0])
    if get_origin(arm) is Literal:
        return [str(choice) for choice in get_args(arm)]
    return [str(member.value) for member in cast(type[Enum], arm)] if isinstance(arm, EnumType) else []


def _unknown(tree: dict[str, Any], kind: Any, path: str) -> Iterator[FieldError]:
    known = {field.encode_name for field in msgspec.structs.fields(kind)}
    for name in tree.keys() - known:
        where = path + shown(name)
        yield FieldError(where, "unknown", f"{where} is not a field of this request.")


def shown(name: str) -> str:
    """Return a client's own name for something as it may be repeated in an answer."""
    return name[:64].encode(errors="replace").decode()
