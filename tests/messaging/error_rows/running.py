"""Runs error codes through the engine: what a provider's bytes make of a message, of its channel and of the person."""

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from msgspec.structs import replace

from messaging.dispatch.consequences import Followed, follow
from messaging.dispatch.loading import Loaded
from messaging.dispatch.look import look_at
from messaging.dispatch.settle import Result, settle
from messaging.dispatch.tick import drain_receipts
from messaging.health import counting
from messaging.ids import leg_id
from messaging.models import Due, Lane, Message, RecipientMark, TimelineEvent
from messaging.receipts.store import store
from messaging.states import MessageClass, State
from messaging.template_writing import resume_template
from providers.contract import ErrorClass, Event, EventKind, Outcome, Verdict
from providers.registry import PROVIDERS
from tenants.clock import now
from tenants.models import Alert, Channel, Route, RouteStep
from tenants.runtime import channel_runtime, resume_channel
from tests.factories import ChannelFactory, TemplateMappingFactory
from tests.messaging.carriers import forget
from tests.messaging.error_rows.table import Row
from tests.messaging.world import World

LONG = {"amount": 48, "timeUnit": "HOURS"}
VIETNAM = ZoneInfo("Asia/Ho_Chi_Minh")
Answered = Callable[[str, str], Outcome]
Reported = Callable[[str, str], Sequence[Event]]


class House:
    """A tenant whose route `default` has a second channel behind the first, and whose route `alone` has none."""

    def __init__(self, world: World) -> None:
        self.world, self.channel = world, world.channel
        self.second = ChannelFactory.create(tenant=world.tenant, name="second", account=world.channel.account)
        self.template = world.tenant.templates.get(code="order")
        mapped = self.template.mappings.get(channel=world.channel)
        TemplateMappingFactory.create(
            template=self.template, channel=self.second, provider_template_id=mapped.provider_template_id
        )
        RouteStep.objects.create(route=Route.objects.get(name="default"), position=2, channel=self.second)
        RouteStep.objects.create(route=Route.objects.create(tenant=world.tenant, name="alone"), channel=self.channel)
        forget()

    def take(self, count: int, route: str) -> list[Loaded]:
        """Return so many messages, claimed for their first call."""
        numbers = [f"849{n:08d}" for n in range(count)]
        ids = self.world.send(*numbers, template="order", route=route, validityPeriod=LONG)
        found: dict[UUID, Loaded] = {}
        for lane in Lane.objects.filter(channel=self.channel).values_list("id", flat=True):
            while len(found) < count:
                loaded = look_at(lane, 500).loaded
                if not loaded:
                    break
                found |= {one.claimed.message_id: one for one in loaded}
        return [found[message_id] for message_id in ids]

    def answered(self, outcomes: Iterable[Outcome], route: str, *, tries: int = 0, hasty: bool = False) -> list[str]:
        """Return what settling each outcome does to a message, tried again so often already; a hasty one has no time
        left for another call."""
        given = list(outcomes)
        taken = self.take(len(given), route)
        results = []
        for one, outcome in zip(taken, given, strict=True):
            claimed = replace(one.claimed, tries=tries)
            claimed = replace(claimed, expires_at=now()) if hasty else claimed
            named = replace(outcome, leg_id=leg_id(claimed.message_id, 1))
            results.append(Result(claimed, self.channel.pk, named, one.rules))
        assert settle(results) == len(given)
        return [self.became(one.claimed.message_id) for one in taken]

    def became(self, message_id: UUID) -> str:
        """Return `next` for a message that goes on, its state if it ended or waits, else what it was held for."""
        due = Due.objects.filter(message_id=message_id).first()
        state = State(Message.objects.get(id=message_id).state)
        line = TimelineEvent.objects.filter(message_id=message_id).order_by("n").last()
        if due is None or state is not State.QUEUED or line is None:
            return state.word
        return "next" if due.leg == 2 else line.type + _until(due.due_at, line.at, line.type == "held")

    def meant(self, outcome: Outcome, tries: int | None = None) -> str:
        """Return what an outcome does beyond its message: what it stops, and for how many days it is remembered."""
        message_id = Message.objects.order_by("id").values_list("id", flat=True)[0]
        runtime = channel_runtime(self.channel.pk)
        follow([Followed(message_id, outcome, runtime, self.template.pk, tries=tries)])
        return self.consequences()

    def consequences(self) -> str:
        """Return what has come of the last row, and undo it."""
        alerts = set(Alert.objects.filter(ended_at=None).values_list("kind", flat=True))
        words = []
        if Channel.objects.get(pk=self.channel.pk).state == Channel.State.STOPPED:
            assert alerts == {Alert.Kind.CHANNEL_STOPPED}
            words.append("channel")
            resume_channel(self.channel.pk)
        if resume_template(self.template):
            assert alerts == {Alert.Kind.TEMPLATE_STOPPED}
            words.append("template")
        words += [
            f"{(mark.expires_at - mark.created_at).days}d" for mark in RecipientMark.objects.all() if mark.expires_at
        ]
        counting.forget(self.channel.pk)
        Alert.objects.all().delete()
        RecipientMark.objects.all().delete()
        return "+".join(words) or "-"


def run_answers(house: House, rows: Sequence[Row], answer: Answered) -> list[Row]:
    """Return what answers with these codes really do, in the shape of the table."""
    leg = "a" * 32
    outcomes = [answer(row.code, leg) for row in rows]
    onward, hasty, last = (
        house.answered(outcomes, "default"),
        house.answered(outcomes, "default", hasty=True),
        house.answered(outcomes, "alone"),
    )
    found = []
    for n, (row, outcome) in enumerate(zip(rows, outcomes, strict=True)):
        tries = outcome.error.tries if outcome.error else 0
        means = house.meant(outcome, 0)
        if "retry" in last[n]:
            again = house.meant(outcome, tries)
            means = means if again == means else f"{means}>{again}"
        found.append(Row(row.code, _letter(outcome), onward[n], hasty[n], last[n], means))
    return [_spent(house, row, outcome) for row, outcome in zip(found, outcomes, strict=True)]


def _spent(house: House, row: Row, outcome: Outcome) -> Row:
    """Add to retries how many there are, and what follows the last of them."""
    if outcome.error is None or "retry" not in row.onward + row.last:
        return row
    tries = outcome.error.tries

    def after(effect: str, route: str) -> str:
        if not effect.startswith("retry"):
            return effect
        before, over = (house.answered([outcome], route, tries=at)[0] for at in (tries - 1, tries))
        assert before.startswith("retry")
        return f"{effect.replace('retry', f'retry{tries}')}>{over}"

    return replace(row, onward=after(row.onward, "default"), last=after(row.last, "alone"))


def run_reports(house: House, rows: Sequence[Row], kind: str, report: Reported) -> list[Row]:
    """Return what reports with these codes really do to accepted messages, in the shape of the table."""
    accepted = Outcome(leg_id="", verdict=Verdict.ACCEPTED, provider_message_id="p")
    ids: dict[str, list[UUID]] = {}
    for route in ("default", "alone"):
        taken = house.take(len(rows), route)
        settle([Result(one.claimed, house.channel.pk, accepted, one.rules) for one in taken])
        ids[route] = [one.claimed.message_id for one in taken]
    found = []
    for n, row in enumerate(rows):
        for route in ids:
            events = report(row.code, leg_id(ids[route][n], 1))
            store(house.world.tenant.pk, kind, b"{}", events)
        assert drain_receipts(MessageClass.TRANSACTIONAL)
        onward, last = (house.became(ids[route][n]) for route in ids)
        found.append(Row(row.code, _letter_of(events[0], kind), onward, onward, last, house.consequences()))
    return found


def _letter_of(event: Event, kind: str) -> str:
    """Return the class of what a report blames; of a code that no table knows the one for passing faults."""
    if event.kind is not EventKind.FAILED:
        return event.kind.value
    known = PROVIDERS[kind].errors.get(event.data["error_code"])
    return letter(known.error_class if known else ErrorClass.TRANSIENT)


_LETTERS = {
    ErrorClass.RECIPIENT: "R",
    ErrorClass.MESSAGE: "P",
    ErrorClass.CONFIGURATION: "C",
    ErrorClass.QUOTA: "Q",
    ErrorClass.TRANSIENT: "T",
    ErrorClass.TOKEN: "A",
    ErrorClass.NONE: "N",
}


def letter(error_class: ErrorClass) -> str:
    """Return the letter of a class in the references; of P and M the first."""
    return _LETTERS[error_class]


def _letter(outcome: Outcome) -> str:
    return letter(outcome.error.error_class) if outcome.error else outcome.verdict.value


def _until(due_at: datetime, since: datetime, held: bool) -> str:
    """Return what a message waits for: whole seconds, or a moment of Viet Nam's clock with its spread; no word for the
    short waits between retries."""
    wait = (due_at - since).total_seconds()
    if wait.is_integer():
        return f":{round(wait)}s"
    if not held:
        return ""
    local = since.astimezone(VIETNAM)
    minute = local.replace(second=0, microsecond=0)
    midnight = minute.replace(hour=0, minute=0)
    month = (midnight.replace(day=1) + timedelta(days=32)).replace(day=1)
    spread = timedelta(minutes=5)
    moments = {
        ":minute": (minute + timedelta(minutes=1), timedelta(seconds=2)),
        ":month": (month, spread),
        ":day": (midnight + timedelta(days=1), spread),
        ":morning": (midnight + timedelta(hours=6 if local.hour < 6 else 30), spread),
    }
    return next((name for name, (at, within) in moments.items() if timedelta(0) <= due_at - at <= within), "")
