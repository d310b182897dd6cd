"""The inbox page: what each phone would show, as one HTML page without outside resources."""

from collections.abc import Sequence
from datetime import datetime, timedelta, timezone
from html import escape
from pathlib import Path

from providers.sandbox.inbox import Received, Shown

VIETNAM = timezone(timedelta(hours=7), "Asia/Ho_Chi_Minh")
_BEFORE, _REST = Path(__file__).with_name("inbox.html").read_text(encoding="utf-8").split("@to@")
_BETWEEN, _AFTER = _REST.split("@messages@")


def page(messages: Sequence[Received], to: str, now: float) -> str:
    """Return the whole page; `to` is the number filtered by as it was typed, `now` is epoch seconds."""
    return _BEFORE + escape(to) + _BETWEEN + phones(messages, now) + _AFTER


def phones(messages: Sequence[Received], now: float) -> str:
    """Return the messages alone, as the page's script fetches them."""
    if not messages:
        return '<p class="none">No messages yet. They appear here as soon as one is accepted.</p>'
    return "".join(_card(message, now) for message in messages)


def _card(message: Received, now: float) -> str:
    content = message.content
    at = datetime.fromtimestamp(message.sent_at, VIETNAM)
    word, name = _state(message, now)
    return (
        f'<article{_side(content)}><div class="to"><span>{"From" if content.inbound else "To"} '
        f"<b>{escape(_number(message.recipient))}</b></span></div>"
        f'<div class="body">{_sender(content)}{_text(content)}</div>'
        f'<footer><time datetime="{at.isoformat()}">{at:%H:%M:%S · %d/%m/%Y}</time>'
        f'<span class="state {name}">{word}</span></footer></article>'
    )


def _side(content: Shown) -> str:
    return ' class="inbound"' if content.inbound else ""


def _sender(content: Shown) -> str:
    return (
        f'<div class="sender"><i aria-hidden="true">{escape(content.sender[:1])}</i>'
        f"<span><b>{escape(content.sender)}</b><small>{escape(content.title)}</small></span></div>"
    )


def _text(content: Shown) -> str:
    rows = "".join(f"<dt>{escape(label)}</dt><dd>{escape(value)}</dd>" for label, value in content.rows)
    return (
        (f"<p>{escape(content.text)}</p>" if content.text else "")
        + (f"<dl>{rows}</dl>" if rows else "")
        + (f'<div class="action">{escape(content.button)}</div>' if content.button else "")
    )


def _state(message: Received, now: float) -> tuple[str, str]:
    if message.content.inbound:
        return "Written by the person", "delivered"
    if message.delivered_at is None:
        return "Never delivered", "never"
    return ("Delivered", "delivered") if message.delivered_at <= now else ("Accepted", "accepted")


def _number(recipient: str) -> str:
    """Return a number in groups as people read it; a hash is cut short."""
    if len(recipient) == 64:
        return f"{recipient[:12]}… (hash)"
    if recipient.startswith("84") and len(recipient) == 11:
        return f"0{recipient[2:5]} {recipient[5:8]} {recipient[8:]}"
    return recipient
