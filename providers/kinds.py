"""What a provider declares besides its wire: its account with settings and hook, its hours. Texts are English; whoever
shows them translates them."""

from datetime import time

import msgspec


def to_translate(text: str) -> str:
    """Return `text` as it is. What it is given has to be in the catalogue of translations; call it `_`."""
    return text


class Setting(msgspec.Struct, frozen=True):
    """One setting of an account: `name` as the provider's README calls it. A secret is never shown again.

    `choices` are (value, label); the value "" stands for a setting that is not there. Where `previous` is given, the
    value that a new one replaces goes on under that name, to prove reports.
    """

    name: str
    label: str
    help: str = ""
    secret: bool = False
    required: bool = False
    choices: tuple[tuple[str, str], ...] = ()
    previous: str = ""


class HookManners(msgspec.Struct, frozen=True, kw_only=True):
    """How reports come in: by which `methods`, and with which `answer` (the body of a 200) the provider is content."""

    methods: tuple[str, ...] = ("POST",)
    answer: bytes = b""


class AccountKind(msgspec.Struct, frozen=True, kw_only=True):
    """Credentials at a provider as `settings`, which several kinds of channels may share; `name` has at most 16
    characters.

    `proofs` are the settings that `read_events` is given, besides `hook_token`, to verify a report. Of `settings` the
    one named `sms_sender` is given to kinds of SMS as `sender`.
    """

    name: str
    label: str
    settings: tuple[Setting, ...] = ()
    proofs: tuple[str, ...] = ()
    hook: HookManners = HookManners()


class OpenHours(msgspec.Struct, frozen=True, kw_only=True):
    """Messages of some classes (their lower-case names; all where none is named) go only from `opens` to `closes`, in
    Viet Nam's time.

    `reason` is what the timeline says meanwhile, `source` where the rule stands.
    """

    opens: time
    closes: time
    reason: str
    source: str
    classes: frozenset[str] = frozenset()
