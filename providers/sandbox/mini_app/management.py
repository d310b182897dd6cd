"""What a partner does with Mini Apps: list, create, deploy, review, publish (zalo-mini-app.md section 7)."""

import io
import zipfile
from collections.abc import Awaitable, Callable
from typing import Any

from providers.sandbox.exchange import Answer, Request
from providers.sandbox.mini_app.access import Refusal, reported, success
from providers.sandbox.mini_app.managed import Managed, MiniApp, Version
from providers.sandbox.mini_app.multipart import parts
from providers.sandbox.mini_app.owners import BY_ZALO_APP, PARTNER
from providers.sandbox.state import Sandbox
from providers.sandbox.zalo.envelope import json_object

MOST_LISTED = 20
LARGEST_FILE = 3 << 20
Route = Callable[[Request, str], Awaitable[Answer]]


def paged(request: Request, rows: list[dict[str, Any]], name: str, most: int = 100) -> Answer:
    """Return the page that `offset` and `limit` ask for. Raises Refusal."""
    params = request.params()
    offset, limit = params.get("offset", "0"), params.get("limit", str(min(most, 20)))
    if not (offset.isdecimal() and limit.isdecimal() and 0 < int(limit) <= most):
        raise Refusal(-101, "Invalid parameters: offset, limit")
    first = int(offset)
    return success({"total": len(rows), name: rows[first : first + int(limit)]})


def body_of(request: Request) -> dict[str, Any]:
    """Return the JSON object sent. Raises Refusal."""
    body = json_object(request.body)
    if body is None:
        raise Refusal(-101, "Invalid parameters: body")
    return dict(body)


class Management:
    """Answers for both partner families; a review ends after twice the receipt delay."""

    def __init__(self, sandbox: Sandbox, managed: Managed) -> None:
        self._sandbox = sandbox
        self._managed = managed

    def routes(self) -> dict[tuple[str, str], Route]:
        """Return the handlers by method and what follows the Mini App's id, `*` where there is no id."""
        return {
            ("GET", "*"): self._list,
            ("POST", "*"): self._create,
            ("GET", "versions"): self._versions,
            ("POST", "upload"): self._upload,
            ("POST", "request-publish"): self._request_publish,
            ("POST", "publish"): self._publish,
            ("POST", "request-permission"): self._request_permission,
        }

    async def _list(self, request: Request, _: str) -> Answer:
        wanted = request.params().get("zaloAppId", "")
        rows = [app.row() for app in self._managed.apps.values() if wanted in ("", app.zalo_app_id)]
        return paged(request, rows, "apps", MOST_LISTED)

    async def _create(self, request: Request, _: str) -> Answer:
        fields = body_of(request)
        if any(not fields.get(name) for name in ("appName", "appDescription", "appCategory", "appLogoUrl")):
            raise Refusal(-100, "Required parameters wasn't present")
        name = str(fields["appName"])
        if not 3 <= len(name) <= 50 or not 20 <= len(str(fields["appDescription"])) <= 500:
            raise Refusal(-101, "Invalid parameters: appName, appDescription")
        if any(str(app.fields.get("appName", "")).lower() == name.lower() for app in self._managed.apps.values()):
            raise Refusal(-101, "App name is already taken")
        app = self._managed.add(fields)
        return success({"appId": app.app_id, "appName": name})

    async def _versions(self, request: Request, app_id: str) -> Answer:
        app, now = self._managed.find(app_id), self._sandbox.now()
        return paged(request, [app.version(each.version_id, now).row() for each in app.versions], "versions")

    async def _upload(self, request: Request, app_id: str) -> Answer:
        app, params = self._managed.find(app_id), request.params()
        part = parts(request).get("file")
        if part is None or not params.get("name") or not params.get("description"):
            raise Refusal(-100, "Required parameters wasn't present")
        if part.content_type != "application/zip" or not zipfile.is_zipfile(io.BytesIO(part.body)):
            raise Refusal(-101, "Invalid parameters: file")
        if any(entry.file_size > LARGEST_FILE for entry in zipfile.ZipFile(io.BytesIO(part.body)).infolist()):
            raise Refusal(-117, "The file upload has exceeded the limit for file size")
        number = len(app.versions) + 1
        version = Version(
            version_id=number,
            name=params["name"],
            description=params["description"],
            last_updated=int(self._sandbox.now() * 1000),
            size=len(part.body),
            entrypoint=f"https://zalo.me/s/{app_id}/?env=TESTING&version={number}",
        )
        app.versions.append(version)
        self._managed.save()
        return success({"versionId": number, "entrypoint": version.entrypoint})

    async def _request_publish(self, request: Request, app_id: str) -> Answer:
        fields, app = body_of(request), self._managed.find(app_id)
        if not fields.get("description"):
            raise Refusal(-100, "Required parameters wasn't present")
        version = app.version(fields.get("versionId"), self._sandbox.now())
        if version.status != "TESTING":
            raise Refusal(-101, f"The version is {version.status.lower().replace('_', ' ')}")
        rejected = "reject" in str(fields["description"]).lower()
        version.status = "WAITING_APPROVAL"
        version.verdict = "REJECTED" if rejected else "READY_TO_PRODUCTION"
        version.reviewed_at = self._sandbox.now() + 2 * self._sandbox.settings.receipt_delay_ms / 1000
        self._managed.save()
        self._report(app, version, rejected)
        return success()

    def _report(self, app: MiniApp, version: Version, rejected: bool) -> None:
        event: dict[str, Any] = {
            "event": "versions.review.done",
            "appId": app.app_id,
            "versionId": version.version_id,
            "status": -1 if rejected else 0,
            "timestamp": int(version.reviewed_at * 1000),
        }
        if rejected:
            event["description"] = "Thiếu mô tả"
        keys = {PARTNER.partner_id: PARTNER.api_key}
        if app.zalo_app_id in BY_ZALO_APP:
            keys[app.zalo_app_id] = BY_ZALO_APP[app.zalo_app_id].api_key
        for hook, key in keys.items():
            call = reported(hook, event, key)
            self._sandbox.webhooks.plan(call.hook, call.headers, call.body, version.reviewed_at)

    async def _publish(self, request: Request, app_id: str) -> Answer:
        app = self._managed.find(app_id)
        version = app.version(body_of(request).get("versionId"), self._sandbox.now())
        if version.status != "READY_TO_PRODUCTION":
            raise Refusal(-101, f"The version is {version.status.lower().replace('_', ' ')}")
        for other in app.versions:
            if other.status == "PRODUCTION":
                other.status = "DEVELOPMENT"
        version.status = "PRODUCTION"
        self._managed.save()
        return success()

    async def _request_permission(self, request: Request, app_id: str) -> Answer:
        self._managed.find(app_id)
        fields = body_of(request)
        wanted = fields.get("permissions")
        if fields.get("miniappId") != app_id or not isinstance(wanted, list):
            raise Refusal(-100, "Required parameters wasn't present")
        ids = [each.get("permissionId") for each in wanted if isinstance(each, dict)]
        # An unknown permission is passed over with a success (section 7).
        return success({"successPermissions": [each for each in ids if str(each).startswith("scope.")]})
