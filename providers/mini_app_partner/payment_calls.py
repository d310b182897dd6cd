"""The calls about payments in a Mini App (zalo-mini-app.md section 7). Pure: they are made, not sent."""

import re
from collections.abc import Mapping
from typing import Final

from providers.contract import Call
from providers.mini_app_partner.making import CallMaker, app_path
from providers.mini_app_partner.multipart import File, multipart
from providers.mini_app_partner.payment_methods import check_channel

_CHANNEL: Final = re.compile(r"[0-9A-Za-z_-]{1,64}", re.ASCII)


class PaymentCalls:
    """Makes the calls. Every method raises ValueError, naming the field, for what Zalo would refuse."""

    def __init__(self, maker: CallMaker) -> None:
        self._maker = maker

    def setting(self, app_id: str) -> Call:
        """Return the call that reads the payment set-up; the answer holds a private key."""
        return self._maker.get(f"{app_path(app_id)}/payment-setting")

    def change_setting(self, app_id: str, callback_url: str = "", sandbox_callback_url: str = "") -> Call:
        """Return the call that sets the callback addresses that are given."""
        given = {"callbackUrl": callback_url, "sandboxCallbackUrl": sandbox_callback_url}
        fields = {name: _https(name, url) for name, url in given.items() if url}
        if not fields:
            raise ValueError("callbackUrl: give an address at least")
        return self._maker.send("PUT", f"{app_path(app_id)}/payment-setting", fields)

    def channels(self, app_id: str) -> Call:
        """Return the call that lists the payment channels."""
        return self._maker.get(f"{app_path(app_id)}/payment-channels")

    def create(self, app_id: str, fields: Mapping[str, object], thumbnail: File | None = None) -> Call:
        """Return the call that adds a payment channel; `fields` as `payment_methods` lists them for its method."""
        return self._write("POST", f"{app_path(app_id)}/payment-channels", app_id, fields, thumbnail)

    def update(self, app_id: str, channel_id: str, fields: Mapping[str, object], thumbnail: File | None = None) -> Call:
        """Return the call that changes a payment channel."""
        path = f"{app_path(app_id)}/payment-channels/{_channel(channel_id)}"
        return self._write("PUT", path, app_id, fields, thumbnail, channel_id)

    def _write(
        self,
        method: str,
        path: str,
        app_id: str,
        fields: Mapping[str, object],
        thumbnail: File | None,
        channel_id: str = "",
    ) -> Call:
        check_channel(fields)
        named = {**fields, "miniAppId": app_id, **({"channelId": channel_id} if channel_id else {})}
        headers, body = multipart(named, {"thumbnail": thumbnail} if thumbnail else {})
        return self._maker.call(method, path, headers, body)


def _https(name: str, url: str) -> str:
    if not url.startswith("https://"):
        raise ValueError(f"{name}: is an https address")
    return url


def _channel(channel_id: str) -> str:
    if not _CHANNEL.fullmatch(channel_id):
        raise ValueError("channelId: is what the list of payment channels names it")
    return channel_id
