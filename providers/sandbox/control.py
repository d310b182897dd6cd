"""The control pages under `/_/`: look at what happened, and say what shall happen."""

from collections.abc import Awaitable, Callable, Mapping
from typing import Any, Literal

import msgspec
from aiohttp import web

from providers.sandbox.control_input import BadInput, convert, is_http, json_object, named, phone, record_filter
from providers.sandbox.exchange import Answer, HookCall, Host, json_answer
from providers.sandbox.faults import Fault
from providers.sandbox.inbox_page import page, phones
from providers.sandbox.state import Sandbox

Handler = Callable[[web.BaseRequest], Awaitable[web.StreamResponse]]


class TemplateChange(msgspec.Struct, frozen=True, kw_only=True, rename="camel", forbid_unknown_fields=True):
    """What `POST /_/templates` brings beside the host; an empty word changes nothing."""

    oa_id: str
    template_id: str
    status: Literal["", "ENABLE", "PENDING_REVIEW", "REJECT", "DISABLE", "DELETE"] = ""
    quality: Literal["", "HIGH", "MEDIUM", "LOW", "UNDEFINED"] = ""
    reason: str = ""


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
            ("POST", "/templates"): self._change_template,
            ("POST", "/people"): self._person,
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
        which = record_filter(raw)
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
        return _json({"count": await self._sandbox.record.count(record_filter(raw))})

    async def _forget(self, raw: web.BaseRequest) -> web.StreamResponse:
        await self._sandbox.record.clear()
        return web.Response(status=204)

    async def _faults(self, raw: web.BaseRequest) -> web.StreamResponse:
        return _json(self._sandbox.faults.all)

    async def _add_fault(self, raw: web.BaseRequest) -> web.StreamResponse:
        fault = convert(await json_object(raw), Fault)
        if fault.host not in self._hosts:
            raise BadInput("host", f"must be one of {', '.join(self._hosts)}")
        return _json(self._sandbox.faults.add(fault), 201)

    async def _remove_faults(self, raw: web.BaseRequest) -> web.StreamResponse:
        self._sandbox.faults.remove(raw.query.get("id", ""))
        return web.Response(status=204)

    async def _settings(self, raw: web.BaseRequest) -> web.StreamResponse:
        return _json(self._sandbox.settings)

    async def _change_settings(self, raw: web.BaseRequest) -> web.StreamResponse:
        fields = await json_object(raw)
        try:
            changed = self._sandbox.keeper.change(fields)
        except msgspec.ValidationError as error:
            raise named(error) from error
        await self._sandbox.store.flush()
        return _json(changed)

    async def _webhook(self, raw: web.BaseRequest) -> web.StreamResponse:
        return _json(self._sandbox.webhooks.state())

    async def _set_webhook(self, raw: web.BaseRequest) -> web.StreamResponse:
        given = await json_object(raw)
        url, app_id = given.get("url"), given.get("appId", "")
        if not isinstance(app_id, str):
            raise BadInput("appId", "must be a string")
        if not isinstance(url, str) or (url and not is_http(url)):
            raise BadInput("url", "must be an absolute http(s) URL, or empty to remove it")
        self._sandbox.webhooks.set_url(app_id, url)
        await self._sandbox.store.flush()
        return _json(self._sandbox.webhooks.state())

    async def _event(self, raw: web.BaseRequest) -> web.StreamResponse:
        """Report any event of an account to its webhook, signed as the host signs."""
        given = await json_object(raw)
        host = self._host(given)
        event = given.get("event")
        if not isinstance(event, dict):
            raise BadInput("event", "must be an object")
        call = host.event(str(given.get("oaId", "")), event)
        if call is None:
            raise BadInput("oaId", "must be an official account that this host reports of")
        return _json({"planned": self._plan([call])}, 202)

    async def _change_template(self, raw: web.BaseRequest) -> web.StreamResponse:
        """Set status, quality or reason of a template, and report it as the host does."""
        given = await json_object(raw)
        change = convert({key: value for key, value in given.items() if key != "host"}, TemplateChange)
        fields = {name: value for name in ("status", "quality", "reason") if (value := getattr(change, name))}
        calls = self._host(given).change_template(change.oa_id, change.template_id, fields)
        if calls is None:
            raise BadInput("templateId", "must be a template of that official account")
        await self._sandbox.store.flush()
        return _json({"planned": self._plan(calls)}, 202)

    async def _person(self, raw: web.BaseRequest) -> web.StreamResponse:
        """Change what an account knows of a person, let them write or follow, and report it as the host does."""
        given = await json_object(raw)
        change = {key: value for key, value in given.items() if key not in ("host", "oaId", "userId")}
        try:
            found = self._host(given).person(str(given.get("oaId", "")), str(given.get("userId", "")), change)
        except msgspec.ValidationError as error:
            raise named(error) from error
        if found is None:
            raise BadInput("userId", "must be a person's id at that official account")
        person, calls = found
        await self._sandbox.store.flush()
        return _json({"person": person, "planned": self._plan(calls)}, 202)

    def _host(self, given: Mapping[str, Any]) -> Host:
        host = self._hosts.get(str(given.get("host", "")))
        if host is None:
            raise BadInput("host", f"must be one of {', '.join(self._hosts)}")
        return host

    def _plan(self, calls: list[HookCall]) -> int:
        """Plan the calls for now and return how many of them have a webhook to go to."""
        webhooks = self._sandbox.webhooks
        for call in calls:
            webhooks.plan(call.hook, call.headers, call.body, self._sandbox.now())
        return sum(1 for call in calls if webhooks.url_of(call.hook))

    async def _inbox(self, raw: web.BaseRequest) -> web.StreamResponse:
        return _html(page(await self._newest(raw), raw.query.get("to", ""), self._sandbox.now()))

    async def _inbox_messages(self, raw: web.BaseRequest) -> web.StreamResponse:
        return _html(phones(await self._newest(raw), self._sandbox.now()))

    async def _newest(self, raw: web.BaseRequest) -> list[Any]:
        return list(await self._sandbox.inbox.newest(phone(raw.query.get("to", ""))))


def _json(value: object, status: int = 200) -> web.Response:
    answer: Answer = json_answer(value, status)
    return web.Response(status=status, body=answer.body, content_type=answer.content_type)


def _html(text: str) -> web.Response:
    policy = "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; connect-src 'self'"
    return web.Response(text=text, content_type="text/html", headers={"Content-Security-Policy": policy})
