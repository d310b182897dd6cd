"""Texts with {{parameters}} filled in."""

import re
from collections.abc import Mapping

_PARAMETER = re.compile(r"\{\{\s*([^{}\s]{1,64})\s*\}\}")


class NoSuchParameter(LookupError):
    """The text names a parameter for which there is no value."""

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.name = name


def parameters_of(text: str) -> list[str]:
    """Return the parameters that a text names, each once, in their order."""
    return list(dict.fromkeys(_PARAMETER.findall(text)))


def render(text: str, values: Mapping[str, str]) -> str:
    """Return the text with its parameters replaced by their values; a value is never read as a text with parameters.

    Raises NoSuchParameter.
    """

    def value(match: re.Match[str]) -> str:
        if match[1] not in values:
            raise NoSuchParameter(match[1])
        return values[match[1]]

    return _PARAMETER.sub(value, text)
