"""What never fits this wire, whatever the hour: contents, user ids and lengths (zalo-mini-app.md section 2)."""

import re
import unicodedata
from collections.abc import Mapping
from typing import Final

from providers.contract import ContentKind, ErrorRow, Outbound
from providers.mini_app.codes import gates

USER_ID: Final = re.compile(r"[0-9]{10,20}", re.ASCII)

# template -> field -> most characters, 0 where there is a limit that the reference could not tell.
FIELDS: Final[Mapping[str, Mapping[str, int]]] = {
    "00126fd75392bacce383": {
        "title": 32,
        "contentTitle": 0,
        "contentDescription": 0,
        "buttonText": 0,
        "buttonUrl": 0,
    },
}


def check(message: Outbound) -> ErrorRow | None:
    """Return why `message` must not be sent by its content or its user id, None if nothing says so."""
    if message.kind is not ContentKind.TEMPLATE:
        return gates.NOT_A_TEMPLATE
    if message.mode == "development":
        return gates.NO_DEVELOPMENT_MODE
    if not USER_ID.fullmatch(message.mini_app_user_id):
        return gates.BAD_USER_ID
    too_long = any(_too_long(message, name, most) for name, most in FIELDS.get(message.template, {}).items())
    return gates.FIELD_TOO_LONG if too_long else None


def composed(values: Mapping[str, str]) -> dict[str, str]:
    """Return the values with composed accents: characters are counted so, and a decomposed one would count twice."""
    return {name: unicodedata.normalize("NFC", value) for name, value in values.items()}


def _too_long(message: Outbound, name: str, most: int) -> bool:
    return bool(most) and len(unicodedata.normalize("NFC", message.values.get(name, ""))) > most
