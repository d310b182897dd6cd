"""What people are made to do by `POST /_/people`: follow, write, see, give their details."""

from collections.abc import Mapping
from typing import Annotated, Any

import msgspec

from providers.sandbox.exchange import HookCall
from providers.sandbox.inbox import Shown
from providers.sandbox.state import Sandbox
from providers.sandbox.zalo import chat_events
from providers.sandbox.zalo.people import HOUR, People, Person
from providers.sandbox.zalo.receipts import reported
from providers.sandbox.zalo.seeds import OFFICIAL_ACCOUNTS

Text = Annotated[str, msgspec.Meta(min_length=1, max_length=5_000)]


class Change(msgspec.Struct, frozen=True, kw_only=True, rename="camel", forbid_unknown_fields=True):
    """What may be changed of a person, and done by them; what is absent stays as it is.

    `silent_hours` is how long ago they last interacted. `says` is a text that they write, `sends` another message
    ({"type", "payload"}), `sees` message ids, `submits` the details that they give when asked; `withdraws`
    says that they want their data gone.
    """

    name: Text | None = None
    follows: bool | None = None
    restricts: bool | None = None
    silent_hours: Annotated[float, msgspec.Meta(ge=0, le=1e6)] | None = None
    says: Text | None = None
    sends: dict[str, Any] | None = None
    sees: tuple[str, ...] = ()
    submits: dict[str, str] | None = None
    withdraws: bool = False


class Acting:
    """Carries out changes for all official accounts."""

    def __init__(self, sandbox: Sandbox, people: People) -> None:
        self._sandbox = sandbox
        self._people = people

    def act(self, account_id: str, user_id: str, fields: Mapping[str, Any]) -> tuple[Any, list[HookCall]] | None:
        """Return the person as they are now and the calls that report it, None if there is no such person.

        Raises msgspec.ValidationError for a change that is not known.
        """
        change = msgspec.convert(fields, Change)
        account = OFFICIAL_ACCOUNTS.get(account_id)
        person = self._people.find(account, user_id) if account else None
        if person is None:
            return None
        events: list[dict[str, Any]] = []
        person = self._facts(person, change, events)
        if change.says is not None:
            events.append(self._write(person, "text", {"text": change.says}))
        if change.sends is not None:
            sort = str(change.sends.get("type", "file"))
            events.append(self._write(person, sort, {"attachments": [change.sends]}))
        if change.sees:
            events.append(chat_events.seen(person, list(change.sees)))
        if change.submits is not None:
            person = self._people.change(person, info=change.submits)
            events.append(chat_events.submitted(person, change.submits))
        if change.withdraws:
            events.append(chat_events.withdrawn(person))
        now = self._sandbox.now()
        calls = (reported(account_id, event, chat_events.SERVER, now) for event in events)
        return person, [call for call in calls if call]

    def _facts(self, person: Person, change: Change, events: list[dict[str, Any]]) -> Person:
        now = self._sandbox.now()
        fields: dict[str, Any] = {}
        if change.name is not None:
            fields["name"] = change.name
        if change.restricts is not None:
            fields["restricts"] = change.restricts
        if change.says is not None or change.sends is not None or (change.follows and not person.follows):
            fields["interacted_at"] = now
        if change.silent_hours is not None:
            fields["interacted_at"] = now - change.silent_hours * HOUR
        moved = change.follows is not None and change.follows != person.follows
        if moved:
            fields["follows"] = change.follows
        person = self._people.change(person, **fields)
        if moved:
            events.append(chat_events.followed(person))
        return person

    def _write(self, person: Person, sort: str, message: Mapping[str, Any]) -> dict[str, Any]:
        rows = () if sort == "text" else ((sort.capitalize(), str(message["attachments"][0].get("payload", ""))),)
        text = str(message.get("text", ""))
        shown = Shown(sender=person.name, title="", text=text, rows=rows, sort=sort, inbound=True)
        now = self._sandbox.now()
        message_id = self._sandbox.inbox.add(person.account, person.user_id, shown, now, now)
        return chat_events.said(person, sort, message, message_id)
