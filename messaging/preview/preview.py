"""The way of every message of a request, as if it were sent now."""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from itertools import groupby

import msgspec

from messaging.intake.accept import LookedThrough, look_through
from messaging.intake.errors import FieldError, Findings, Refused
from messaging.intake.request import SendRequest
from messaging.intake.validate import Checked, Validator
from messaging.preview.steps import Fate, Lookout, Person, StepView
from messaging.routing import Step, steps, steps_with_sms, usable
from messaging.sql import cursor
from tenants import clock, data_keys

MOST_MESSAGES = 100


class Way(msgspec.Struct, frozen=True, kw_only=True):
    """What would become of one message: `fate` (sends, waits, rejected or expires) at the step over `channel`.

    `at` (aware) is when it is expected to leave or go on; `class_from` tells whether request or template set the
    class. `cost` is in VND, None where nothing is sent or no price is known.
    """

    to: str
    template: str
    message_class: int
    class_from: str
    route: str
    fate: str
    reason: str
    channel: str
    at: datetime | None
    expires_at: datetime
    cost: Decimal | None
    steps: list[StepView]


def preview(tenant_id: int, request: SendRequest, *, test: bool, findings: Findings | None = None) -> list[Way]:
    """Return the way of each message, 100 at most; nothing is stored, reserved or locked.

    Raises Refused as intake does, for its reasons.
    """
    if len(request.messages) > MOST_MESSAGES:
        text = f"A preview takes at most {MOST_MESSAGES} messages."
        raise Refused([FieldError("messages", "out_of_range", text)])
    looked = look_through(tenant_id, request, findings or Findings())
    hash_of = data_keys.recipients(tenant_id).hash
    now = clock.now()
    before: Counter[tuple[str, int]] = Counter()
    ways = []
    with cursor() as sql:
        lookout = Lookout(sql, looked.planned.send_at, looked.steering, looked.steering.own_lanes, test)
        for checked in looked.messages:
            way = _way(looked, checked, hash_of(checked.phone), lookout, before, now)
            before[way.channel, way.message_class] += way.fate == Fate.SENDS
            ways.append(way)
    return ways


def _way(
    looked: LookedThrough,
    checked: Checked,
    hashed: bytes,
    lookout: Lookout,
    before: Counter[tuple[str, int]],
    now: datetime,
) -> Way:
    validator = looked.validator
    message_class = validator.class_of(checked.template)
    person = Person(
        checked.template.id, message_class, hashed, _ids(checked), checked.values,
        checked.sms.length if checked.sms else None, before=0,
    )  # fmt: skip
    views = _walk(_steps(validator, checked), person, lookout, before)
    taken = next((view for view in views if view.fate not in (Fate.GOES_ON, Fate.STANDBY)), None)
    expires = (looked.planned.send_at or now) + looked.planned.validity_of(message_class)
    late = taken is not None and taken.at is not None and taken.at >= expires
    return Way(
        to=checked.phone,
        template=checked.template.code,
        message_class=message_class,
        class_from="request" if looked.options.message_class else "template",
        route=looked.options.route or "default",
        fate="expires" if late else taken.fate.value if taken else Fate.REJECTED.value,
        reason=taken.reason if taken else "NO_STEP",
        channel=taken.channel if taken else "",
        at=taken.at if taken else None,
        expires_at=expires,
        cost=taken.price if taken and not late and taken.fate in (Fate.SENDS, Fate.WAITS) else None,
        steps=views,
    )


def _steps(validator: Validator, checked: Checked) -> Sequence[Step]:
    if validator.route is None:
        return ()
    route_id = validator.route.id
    return steps_with_sms(validator.tenant_id, route_id) if checked.sms else steps(route_id)


def _ids(checked: Checked) -> frozenset[str]:
    """Return the names of the ids by which the person may be reached."""
    if checked.person is None:
        return frozenset({"phone"})
    return frozenset(name for name, value in msgspec.structs.asdict(checked.person).items() if value)


def _walk(known: Sequence[Step], person: Person, lookout: Lookout, before: Counter[tuple[str, int]]) -> list[StepView]:
    """Return every step in its order: those passed over, the one taken, and those that stand by for failures."""
    views: list[StepView] = []
    taken = False
    for position, group in groupby(known, key=lambda step: step.position):
        later = [step for step in known if step.position > position]
        is_last = not any(usable(step, person.template_id, person.sms is not None) for step in later)
        # Of equal channels one is drawn by weight; a stopped one only where all are.
        for step in sorted(group, key=lambda step: (step.stopped, -step.weight)):
            count = before[step.channel_name, person.message_class]
            view = lookout.look(step, msgspec.structs.replace(person, before=count), is_last=is_last)
            if taken and view.fate is not Fate.GOES_ON:
                view = msgspec.structs.replace(view, fate=Fate.STANDBY, at=None)
            taken = taken or view.fate is not Fate.GOES_ON
            views.append(view)
    return views
