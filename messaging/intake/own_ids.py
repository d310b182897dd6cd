"""Own ids of client applications: unique in the tenant for as long as its messages are kept."""

from collections.abc import Sequence
from typing import NoReturn

from psycopg.errors import UniqueViolation

from messaging.intake.errors import Findings
from messaging.models import ClientMessage

_TABLE = "client_message"


def explain(tenant_id: int, own_ids: Sequence[str | None], error: UniqueViolation) -> NoReturn:
    """Raise Refused naming those of `own_ids` that the tenant used before; any other violation is raised as it is."""
    if error.diag.table_name != _TABLE:
        raise error
    given = [own_id for own_id in own_ids if own_id is not None]
    used = set(
        ClientMessage.objects.filter(tenant_id=tenant_id, client_id__in=given).values_list("client_id", flat=True)
    )
    findings = Findings()
    for n, own_id in enumerate(own_ids):
        if own_id in used:
            findings.add(f"messages[{n}].messageId", "duplicate", f"messageId {own_id} was used before.")
    findings.raise_if_any()
    raise error
