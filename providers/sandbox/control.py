"""The control pages under `/_/`: look at what happened, and say what shall happen."""

import re
from collections.abc import Awaitable, Callable, Mapping
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit

import msgspec
from aiohttp import web

from providers.sandbox.exchange import Answer, Host, json_answer
from providers.sandbox.faults import Fault
from providers.sandbox.inbox_page import page, phones
from providers.sandbox.record import Filter
from providers.sandbox.state import Sandbox

Handler = Callable[[web.BaseRequest], Awaitable[web.StreamResponse]]


class BadInput(Exception):
    """What a control call brought cannot be used; names the field."""

    def __init__(self, field: str, message: str) -> None:
        super().__init__(f"{field}: {message}")
        self.field, self.message = field, message


class Control:
    """Answers control calls; every refused one is a 400 that names the field."""

    def __init__(self, sandbox: Sandbox, hosts: Mapping[str, Host]) -> None:
        self._sandbox = sandbox
        self._hosts = hosts
        self._routes: dict[tuple[str, str], Handler] = {
            ("GET", "/healthz"): self._healthz,
            ("GET", "/accounts"): self._accounts,
            ("GET", "/requests"): self._requests,
            ("DELETE", "/requests"): self._forget,
            ("GET", "/requests/count"): self._count,
            ("GET", "/faults"): self._faults,
            ("POST", "/faults"): self._add_fault,
            ("DELETE", "/faults"): self._remove_faults,
            ("GET", "/settings"): self._settings,
            ("POST", "/settings"): self._change_settings,
            ("GET", "/webhook"): self._webhook,
            ("PUT", "/webhook"): self._set_webhook,
            ("POST", "/events"): self._event,
            ("GET", "/inbox"): self._inbox,
            ("GET", "/inbox/messages"): self._inbox_messages,
        }

    async def serve(self, raw: web.BaseRequest, path: str) -> web.StreamResponse:
        """Return the page at `path` (without `/_`)."""
        handler = self._routes.get((raw.method, path))
        if handler is None:
            known = sorted(f"{method} /_{where}" for method, where in self._routes)
            return _json({"error": "no such control page", "pages": known}, 404)
        try:
            return await handler(raw)
        except BadInput as bad:
            return _json({"error": str(bad), "errors": [{"field": bad.field, "message": bad.message}]}, 400)

    async def _healthz(self, raw: web.BaseRequest) -> web.StreamResponse:
        return _json({"ok": True})

    async def _accounts(self, raw: web.BaseRequest) -> web.StreamResponse:
        return _json({name: shown for name, host in self._hosts.items() if (shown := host.accounts())})

    async def _requests(self, raw: web.BaseRequest) -> web.StreamResponse:
        which = _filter(raw)
        stream = web.StreamResponse(headers={"Content-Type": "application/json"})
        await stream.prepare(raw)
        before = b"["
        async for entries in self._sandbox.record.pages(which):
            await stream.write(before + b",".join(entries))
            before = b","
        await stream.write(b"[]" if before == b"[" else b"]")
        await stream.write_eof()
        return stream

    async def _count(self, raw: web.BaseRequest) -> web.StreamResponse:
        return _json({"count": await self._sandbox.record.count(_filter(raw))})

    async def _forget(self, raw: web.BaseRequest) -> web.StreamResponse:
        await self._sandbox.record.clear()
        return web.Response(status=204)

    async def _faults(self, raw: web.BaseRequest) -> web.StreamResponse:
        return _json(self._sandbox.faults.all)

    async def _add_fault(self, raw: web.BaseRequest) -> web.StreamResponse:
        fault = _convert(await _object(raw), Fault)
        if fault.host not in self._hosts:
            raise BadInput("host", f"must be one of {', '.join(self._hosts)}")
        return _json(self._sandbox.faults.add(fault), 201)

    async def _remove_faults(self, raw: web.BaseRequest) -> web.StreamResponse:
        self._sandbox.faults.remove(raw.query.get("id", ""))
        return web.Response(status=204)

    async def _settings(self, raw: web.BaseRequest) -> web.StreamResponse:
        return _json(self._sandbox.settings)

    async def _change_settings(self, raw: web.BaseRequest) -> web.StreamResponse:
        fields = await _object(raw)
        try:
            changed = self._sandbox.keeper.change(fields)
        except msgspec.ValidationError as error:
            raise _named(error) from error
        await self._sandbox.store.flush()
        return _json(changed)

    async def _webhook(self, raw: web.BaseRequest) -> web.StreamResponse:
        return _json(self._sandbox.webhooks.state())

    async def _set_webhook(self, raw: web.BaseRequest) -> web.StreamResponse:
        given = await _object(raw)
        url, app_id = given.get("url"), given.get("appId", "")
        if not isinstance(app_id, str):
            raise BadInput("appId", "must be a string")
        if not isinstance(url, str) or (url and not _is_http(url)):
            raise BadInput("url", "must be an absolute http(s) URL, or empty to remove it")
        self._sandbox.webhooks.set_url(app_id, url)
        await self._sandbox.store.flush()
        return _json(self._sandbox.webhooks.state())

    async def _event(self, raw: web.BaseRequest) -> web.StreamResponse:
        """Report any event of an account to its webhook, signed as the host signs."""
        given = await _object(raw)
        host = self._hosts.get(str(given.get("host", "")))
        if host is None:
            raise BadInput("host", f"must be one of {', '.join(self._hosts)}")
        event = given.get("event")
        if not isinstance(event, dict):
            raise BadInput("event", "must be an object")
        call = host.event(str(given.get("oaId", "")), event)
        if call is None:
            raise BadInput("oaId", "must be an official account that this host reports of")
        self._sandbox.webhooks.plan(call.hook, call.headers, call.body, self._sandbox.now())
        return _json({"planned": bool(self._sandbox.webhooks.url_of(call.hook))}, 202)

    async def _inbox(self, raw: web.BaseRequest) -> web.StreamResponse:
        return _html(page(await self._newest(raw), raw.query.get("to", ""), self._sandbox.now()))

    async def _inbox_messages(self, raw: web.BaseRequest) -> web.StreamResponse:
        return _html(phones(await self._newest(raw), self._sandbox.now()))

    async def _newest(self, raw: web.BaseRequest) -> list[Any]:
        return list(await self._sandbox.inbox.newest(_phone(raw.query.get("to", ""))))


def _json(value: object, status: int = 200) -> web.Response:
    answer: Answer = json_answer(value, status)
    return web.Response(status=status, body=answer.body, content_type=answer.content_type)


def _html(text: str) -> web.Response:
    policy = "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; connect-src 'self'"
    return web.Response(text=text, content_type="text/html", headers={"Content-Security-Policy": policy})


async def _object(raw: web.BaseRequest) -> dict[str, Any]:
    try:
        value = msgspec.json.decode(await raw.read())
    except msgspec.DecodeError as error:
        raise BadInput("body", str(error)) from error
    if not isinstance(value, dict):
        raise BadInput("body", "must be a JSON object")
    return value


def _convert(value: dict[str, Any], kind: type[Fault]) -> Fault:
    try:
        return msgspec.convert(value, kind)
    except msgspec.ValidationError as error:
        raise _named(error) from error


def _named(error: msgspec.ValidationError) -> BadInput:
    text = str(error)
    found = re.search(r"at `\$\.([^`.\[]+)", text) or re.search(r"field `([^`]+)`", text)
    return BadInput(found[1] if found else "body", text)


def _filter(raw: web.BaseRequest) -> Filter:
    query = raw.query
    limit = query.get("limit", "0")
    if not limit.isdecimal():
        raise BadInput("limit", "must be a whole number")
    since = _instant(query["since"]) if query.get("since") else ""
    return Filter(host=query.get("host", ""), path=query.get("path", ""), since=since, limit=int(limit))


def _instant(text: str) -> str:
    """Return RFC 3339 as the record writes it; a plus that was not percent-encoded arrives as a blank."""
    try:
        at = datetime.fromisoformat(text.replace(" ", "+"))
    except ValueError as error:
        raise BadInput("since", "must be RFC 3339") from error
    if at.tzinfo is None:
        raise BadInput("since", "must have a zone")
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def _phone(text: str) -> str:
    """Return a number as it is typed in the form that messages are kept under."""
    digits = "".join(text.split()).removeprefix("+")
    return "84" + digits[1:] if digits.startswith("0") else digits


def _is_http(url: str) -> bool:
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    return parts.scheme in ("http", "https") and bool(parts.hostname)
