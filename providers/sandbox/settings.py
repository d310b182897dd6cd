"""Switches of the sandbox, kept over a restart."""

from typing import Annotated, Any

import msgspec

from providers.sandbox.store import Store

Milliseconds = Annotated[int, msgspec.Meta(ge=0, le=3_600_000)]
Count = Annotated[int, msgspec.Meta(ge=0, le=10_000_000_000)]


class Settings(msgspec.Struct, frozen=True, kw_only=True, rename="camel", forbid_unknown_fields=True):
    """What can be set with `POST /_/settings`.

    `receipt_delay_ms` is from acceptance to the ordinary receipt, `late_receipt_ms` to the late one;
    quotas are messages a day and official account, `oa_quota` those to user ids that are not free;
    `echo_sends` reports what was sent to user ids by oa_send_* events, `seen_after_ms` that people saw it so long after
    its receipt (0: never);
    `old_token_dies` and `empty_for_consumed` choose between the two behaviours reported of a refresh
    (zalo-zns-oa.md 3.2, 3.3); `prove` lists app ids whose calls need `appsecret_proof`; `redirect_uris` binds an app
    id to its callback URL; `over_quota` lists official accounts that may use sending mode 3.
    Of Mini Apps: `mini_app_hours` refuses at night, `mini_app_hour` is then the hour in Viet Nam instead of the
    clock's, `mini_app_daily` and `mini_app_user_daily` are notifications a day
    of a Mini App and to a user; Zalo's own are 1,000 and 1 (zalo-mini-app.md 2).
    """

    receipt_delay_ms: Milliseconds = 200
    late_receipt_ms: Milliseconds = 10_000
    daily_quota: Count = 100_000_000
    development_quota: Count = 100
    oa_quota: Count = 100_000_000
    echo_sends: bool = True
    seen_after_ms: Milliseconds = 0
    rate_per_minute: Count = 4_000
    access_token_seconds: Annotated[int, msgspec.Meta(ge=1, le=31_536_000)] = 90_000
    old_token_dies: bool = True
    empty_for_consumed: bool = True
    prove: tuple[str, ...] = ()
    redirect_uris: dict[str, str] = {}
    over_quota: tuple[str, ...] = ()
    mini_app_hours: bool = False
    mini_app_hour: Annotated[int, msgspec.Meta(ge=0, le=23)] | None = None
    mini_app_daily: Count = 100_000_000
    mini_app_user_daily: Count = 1_000


class SettingsKeeper:
    """Holds the settings in force."""

    def __init__(self, store: Store) -> None:
        self._store = store
        saved = store.load("SELECT value FROM state WHERE name = 'settings'")
        self.now = msgspec.json.decode(saved[0][0], type=Settings) if saved else Settings()

    def change(self, fields: dict[str, Any]) -> Settings:
        """Set the named fields and return all. Raises msgspec.ValidationError; then nothing is changed."""
        self.now = msgspec.convert({**msgspec.to_builtins(self.now), **fields}, type=Settings)
        self._store.keep("settings", self.now)
        return self.now
