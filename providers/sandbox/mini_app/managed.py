"""The Mini Apps that the partner manages, with their versions and payment channels. They survive a restart."""

from typing import Any

import msgspec

from providers.sandbox.mini_app.access import Refusal
from providers.sandbox.mini_app.owners import FIRST
from providers.sandbox.state import Sandbox


class Version(msgspec.Struct, kw_only=True, rename="camel"):
    """One upload. A review ends at `reviewed_at` (epoch seconds) with `verdict`, a version's state."""

    version_id: int
    name: str
    description: str
    last_updated: int
    size: int
    entrypoint: str
    status: str = "TESTING"
    reviewed_at: float = 0.0
    verdict: str = ""

    def row(self) -> dict[str, Any]:
        """Return the version as a list shows it."""
        shown: dict[str, Any] = msgspec.to_builtins(self)
        return {name: value for name, value in shown.items() if name not in ("reviewedAt", "verdict")}


class MiniApp(msgspec.Struct, kw_only=True, rename="camel"):
    """One Mini App; `fields` are those of its creation as they were sent."""

    app_id: str
    zalo_app_id: str
    fields: dict[str, Any]
    versions: list[Version] = []
    payment_setting: dict[str, Any] = {}
    payment_channels: list[dict[str, Any]] = []
    short_links: list[dict[str, str]] = []

    def row(self) -> dict[str, Any]:
        """Return the Mini App as a list shows it."""
        named = {"appId": self.app_id, "zaloAppId": self.zalo_app_id, "appStatus": "ENABLE"}
        return {**named, **{name: self.fields.get(name, "") for name in ("appName", "appCategory", "appLogoUrl")}}

    def version(self, version_id: object, now: float) -> Version:
        """Return one version as it is at `now`. Raises Refusal."""
        for version in self.versions:
            if version.version_id == version_id:
                if version.verdict and version.reviewed_at <= now:
                    version.status, version.verdict = version.verdict, ""
                return version
        raise Refusal(-106, "Resource not found")


class Managed:
    """The partner's Mini Apps by id."""

    def __init__(self, sandbox: Sandbox) -> None:
        self._store = sandbox.store
        rows = sandbox.store.load("SELECT value FROM state WHERE name = 'mini app managed'")
        self.apps = msgspec.json.decode(rows[0][0], type=dict[str, MiniApp]) if rows else _seeded()

    def find(self, app_id: str) -> MiniApp:
        """Return a Mini App. Raises Refusal."""
        found = self.apps.get(app_id)
        if found is None:
            raise Refusal(-106, "Resource not found")
        return found

    def add(self, fields: dict[str, Any]) -> MiniApp:
        """Keep a new Mini App, with a Zalo App of its own where none is named, and return it."""
        number = len(self.apps) + 1
        app = MiniApp(
            app_id=f"1300000000000{number:06d}",
            zalo_app_id=str(fields.get("zaloAppId") or f"7200000000000{number:06d}"),
            fields=fields,
        )
        self.apps[app.app_id] = app
        self.save()
        return app

    def save(self) -> None:
        """Keep what was changed."""
        self._store.keep("mini app managed", self.apps)


def _seeded() -> dict[str, MiniApp]:
    fields = {"appName": FIRST.name, "appCategory": "ECOMMERCE", "appLogoUrl": "https://example.com/logo.png"}
    return {app: MiniApp(app_id=app, zalo_app_id=FIRST.zalo_app_id, fields=dict(fields)) for app in FIRST.mini_apps[:1]}
