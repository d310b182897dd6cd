"""The inbox page: what each phone would show."""

from html import escape

from providers.sandbox.inbox import Received


def page(messages: list[Received], to: str, now: float) -> str:
    return phones(messages, now)


def phones(messages: list[Received], now: float) -> str:
    return "".join(f"<p>{escape(message.recipient)} {escape(message.content.text)}</p>" for message in messages)
