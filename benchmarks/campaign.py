"""Messages of the demo tenant, stored by the intake and held until the benchmark lets them go."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db import transaction

from benchmarks import holding
from benchmarks.field import Field
from benchmarks.sandbox import Control
from benchmarks.waiting import until
from messaging.dispatch import bell
from messaging.intake.accept import accept
from messaging.models import Bulk, Template
from messaging.sql import cursor
from tenants.models import Tenant

A_CALL = 10_000
WAIT_SECONDS = 240.0

_LANES = """
SELECT id, message_class FROM lane WHERE id IN (SELECT lane_id FROM due WHERE message_id BETWEEN %s AND %s)
"""


@dataclass(frozen=True)
class Campaign:
    """Messages that were stored together: their lanes as (id, class), and the bounds of their ids."""

    size: int
    lanes: tuple[tuple[int, int], ...]
    first: UUID
    last: UUID

    def release(self, *, ring: bool = True) -> None:
        """Let the lanes go now and ring for them; without `ring` the next tick finds them."""
        holding.let_go(lane for lane, _ in self.lanes)
        for lane, message_class in self.lanes if ring else ():
            bell.publish(lane, message_class)

    def hold(self) -> None:
        """Let what has not left wait."""
        holding.hold(lane for lane, _ in self.lanes)

    def left(self) -> bool:
        """Return whether none is due or under way any more."""
        with cursor() as sql:
            query = "SELECT NOT EXISTS (SELECT FROM due WHERE lane_id = ANY(%s) AND phase = %s)"
            for phase in (0, 1):
                row = sql.execute(query, ([lane for lane, _ in self.lanes], phase)).fetchone()
                if row is None or not row[0]:
                    return False
        return True

    def settled(self) -> list[tuple[float, int]]:
        """Return (epoch seconds, count) for each settling of first attempts, oldest first."""
        query = (
            "SELECT extract(epoch FROM sent_at)::float8, count(*) FROM leg "
            "WHERE message_id BETWEEN %s AND %s AND sent_at IS NOT NULL GROUP BY 1 ORDER BY 1"
        )
        with cursor() as sql:
            return list(sql.execute(query, (self.first, UUID(int=self.last.int | 0x3F))).fetchall())

    def finish(self, seconds: float = WAIT_SECONDS) -> None:
        """Wait until all have left. Raises TimeoutError after so many seconds."""
        until(self.left, seconds, f"sending {self.size} messages")


def calm_templates() -> None:
    """Let no deadline end what waits for its receipt while something else is measured."""
    Template.objects.update(timeout=7200)


def hold_shared_lane(field: Field, template: str = "order") -> None:
    """Let what is sent singly wait from now on, so that nothing but accepting is measured."""
    store(field, 1, template)


def store(field: Field, size: int, template: str = "order") -> Campaign:
    """Store `size` messages of one of the demo tenant's templates, held."""
    code = field.info["templates"][template]
    calm_templates()
    parameters = Control(field.info["sandbox"]).grant(code).parameters
    return store_for(Tenant.objects.get(slug=field.info["tenant"]).pk, code, parameters, size)


def store_for(tenant_id: int, code: str, parameters: Sequence[str], size: int) -> Campaign:
    """Store `size` messages of any tenant's template, held."""
    data = dict.fromkeys(parameters, "1")
    lanes: dict[int, int] = {}
    bulks: list[Bulk] = []
    for start in range(0, size, A_CALL):
        numbers = range(start, min(size, start + A_CALL))
        messages = [{"to": f"8498{n:07d}", "templateId": code, "templateData": data} for n in numbers]
        body = json.dumps({"messages": messages}).encode()
        with transaction.atomic(), cursor() as sql:
            bulk = Bulk.objects.get(id=accept(tenant_id, body, test=False).bulk_id)
            found = dict(sql.execute(_LANES, (bulk.first_id, bulk.last_id)).fetchall())
            holding.hold(found)
        lanes |= found
        bulks.append(bulk)
    return Campaign(size, tuple(lanes.items()), bulks[0].first_id, bulks[-1].last_id)
