"""What arrives at the webhook of a Zalo app: all its accounts report there, phone sends and chat alike."""

from collections.abc import Mapping

from providers.contract import Context, Event, EventKind, Hook
from providers.zalo import chat_events, phone_events
from providers.zalo.told import opened


def read_events(hook: Hook, secrets: Mapping[str, str], context: Context) -> list[Event]:
    """Verify the signature over the raw body, then return what it reports; one event may be about several messages.

    `secrets` holds `app_id` and `oa_secret_key`, optionally `oa_ids`. Raises BadSignature. Events that concern nobody
    here are IGNORED, unknown ones UNRECOGNISED.
    """
    told = opened(hook, secrets, context)
    if told.name == "user_received_message":
        return [(phone_events if phone_events.is_phone_receipt(told) else chat_events).receipt(told)]
    if read := phone_events.PHONE_EVENTS.get(told.name):
        return [read(told)]
    if read_all := chat_events.CHAT_EVENTS.get(told.name):
        return read_all(told)
    return [told.event(EventKind.UNRECOGNISED)]
