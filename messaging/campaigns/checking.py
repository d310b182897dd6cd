"""Rows of a file as checked messages, by the same rules as the API's; what is wrong is told by row and column."""

import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

import msgspec

from messaging.campaigns.files import Chunk
from messaging.intake.errors import Findings
from messaging.intake.request import ClassName, MessageIn, Options, Platform, SmsFailover
from messaging.intake.times import Times
from messaging.intake.validate import Checked, Validator
from messaging.models import Campaign
from messaging.sql import cursor
from messaging.states import MessageClass
from tenants import data_keys

RECIPIENT = "to"
# A spreadsheet drops the leading zero of what looks like a number.
_WITHOUT_ZERO = re.compile(r"[35789]\d{8}", re.ASCII)
_PATH = re.compile(r"messages\[\d+\]\.(?:templateData\.)?")


class Problem(NamedTuple):
    """Why one row becomes no message; `column` is that of the file, empty where none is to blame."""

    row: int
    column: str
    code: str
    message: str


class NotSendable(ValueError):
    """The campaign as a whole cannot be sent: its route, template or class; the text says why.

    `field` is where the API's requests have what is to blame, `code` what is wrong with it.
    """

    def __init__(self, message: str, field: str = "", code: str = "not_sendable") -> None:
        super().__init__(message)
        self.field, self.code = field, code


class RowFindings(Findings):
    """Keeps all that is wrong with the rows of a piece. Raises NotSendable for what is no row's fault."""

    def __init__(self, mapping: Mapping[str, str]) -> None:
        super().__init__()
        self._columns = {parameter: column for column, parameter in mapping.items()}
        self.row = 0
        self.problems: list[Problem] = []

    def add(self, field: str, code: str, message: str) -> None:
        """Note what is wrong with the row at hand."""
        parameter = field.rpartition(".")[2]
        # A value that one row lacks or has too long is that row's fault, wherever the text of the SMS came from.
        if not field.startswith(("messages", "options.smsFailover.text")) or field.endswith("].templateId"):
            raise NotSendable(message, _PATH.sub("", field), code)
        self.count += 1
        column = self._columns.get(parameter, "")
        self.problems.append(Problem(self.row, column, code, _PATH.sub("", message)))


def sms_options(campaign: Campaign) -> dict[str, Any]:
    """Return the options of a request that are about the SMS of the campaign's messages."""
    wanted = campaign.sms_failover
    failover = msgspec.convert(wanted, SmsFailover) if wanted else None
    return {"sms_failover": failover, "remove_diacritics": campaign.remove_diacritics or None}


class Good(NamedTuple):
    """Rows that become messages: parallel sequences."""

    rows: list[int]
    messages: list[MessageIn]
    checked: list[Checked]


class RowChecker:
    """Checks rows of one campaign."""

    def __init__(self, campaign: Campaign) -> None:
        """Raises NotSendable where the route has no channel."""
        self._campaign = campaign
        self._findings = RowFindings(campaign.mapping)
        wanted = MessageClass(campaign.message_class) if campaign.message_class else None
        self.options = Options(
            route=campaign.route.name,
            message_class=ClassName(wanted.queue) if wanted is not None else None,
            platform=Platform(entity_id=campaign.entity_id or None, application_id=campaign.application_id or None),
            **sms_options(campaign),
        )
        self.validator = Validator(campaign.tenant_id, self.options, self._findings)
        heads = campaign.file.columns
        self._places = {
            parameter: heads.index(column) for column, parameter in campaign.mapping.items() if column in heads
        }
        self._width = len(heads)

    @property
    def problems(self) -> list[Problem]:
        """Return what was found so far."""
        return self._findings.problems

    def times(self, planned_at: datetime, now: datetime) -> Times:
        """Return when the messages of a run planned at that time start, and how long they are worth sending."""
        return Times(planned_at if planned_at > now else None, self._campaign.validity)

    def check(self, chunk: Chunk) -> Good:
        """Return the good rows; empty rows are passed over."""
        good = Good([], [], [])
        for row, cells in enumerate(chunk.rows, chunk.first_row):
            if not any(cells):
                continue
            found = self.check_row(row, cells)
            if found is not None:
                good.rows.append(row)
                good.messages.append(found[0])
                good.checked.append(found[1])
        return good

    def check_row(self, row: int, cells: Sequence[str]) -> tuple[MessageIn, Checked] | None:
        """Return one row as a message and as it is stored, None where something is wrong with it."""
        self._findings.row = row
        if any(cells[self._width :]):
            self._findings.add("messages", "too_many_cells", f"The row has more than {self._width} cells.")
            return None
        message = self.message(cells)
        checked = self.validator.check(row, message)
        return (message, checked) if checked is not None else None

    def message(self, cells: Sequence[str]) -> MessageIn:
        """Return the message that a row stands for; an empty cell is an absent value."""
        values = {name: cells[place].strip() for name, place in self._places.items() if place < len(cells)}
        to = values.pop(RECIPIENT, "")
        if _WITHOUT_ZERO.fullmatch(to):
            to = "0" + to
        data = {name: value for name, value in values.items() if value}
        return MessageIn(to=to, template_id=self._campaign.template.code, template_data=data)

    def without_repeats(self, good: Good, bulk_id: UUID, first_id: UUID, last_id: UUID) -> tuple[Good, list[Problem]]:
        """Return the rows whose number no earlier row of the run has, and the others; looks at the run's messages."""
        if self._campaign.duplicates == Campaign.Duplicates.SEND_ALL or not good.rows:
            return good, []
        hash_of = data_keys.recipients(self._campaign.tenant_id).hash
        hashes = [hash_of(checked.phone) for checked in good.checked]
        seen = _known(self._campaign.tenant_id, bulk_id, first_id, last_id, hashes)
        kept, repeats = Good([], [], []), []
        column = next((c for c, parameter in self._campaign.mapping.items() if parameter == RECIPIENT), "")
        for row, message, checked, hashed in zip(*good, hashes, strict=True):
            if hashed in seen:
                repeats.append(Problem(row, column, "duplicate", "An earlier row has the same number."))
                continue
            seen.add(hashed)
            kept.rows.append(row)
            kept.messages.append(message)
            kept.checked.append(checked)
        return kept, repeats


_KNOWN = """
SELECT recipient_hash FROM message
WHERE tenant_id = %(tenant)s AND recipient_hash = ANY(%(hashes)b::bytea[]) AND bulk_id = %(bulk)s
  AND id BETWEEN %(first)s AND %(last)s
"""


def _known(tenant_id: int, bulk_id: UUID, first_id: UUID, last_id: UUID, hashes: list[bytes]) -> set[bytes]:
    with cursor() as sql:
        values = {"tenant": tenant_id, "hashes": hashes, "bulk": bulk_id, "first": first_id, "last": last_id}
        return {bytes(row[0]) for row in sql.execute(_KNOWN, values).fetchall()}
