"""Payment set-up and short links of Mini Apps (zalo-mini-app.md section 7)."""

import hashlib
from typing import Any

from providers.sandbox.exchange import Answer, Request
from providers.sandbox.mini_app.access import Refusal, success
from providers.sandbox.mini_app.managed import Managed
from providers.sandbox.mini_app.management import Route, body_of, paged
from providers.sandbox.mini_app.multipart import parts

METHODS = frozenset(
    {
        *("ZALOPAY", "ATM", "CC", "VNPAY", "MOMO", "PAYME_ATM", "PAYME_CC", "BANK", "COD", "CUSTOM"),
        *("ZALOPAY_SANDBOX", "ATM_SANDBOX", "CC_SANDBOX", "VNPAY_SANDBOX", "MOMO_SANDBOX"),
        *("PAYME_ATM_SANDBOX", "PAYME_CC_SANDBOX", "BANK_SANDBOX", "COD_SANDBOX"),
    }
)
LARGEST_THUMBNAIL = 500_000


class Payments:
    """Answers for both partner families."""

    def __init__(self, managed: Managed) -> None:
        self._managed = managed

    def routes(self) -> dict[tuple[str, str], Route]:
        """Return the handlers by method and what follows the Mini App's id."""
        return {
            ("GET", "payment-setting"): self._setting,
            ("PUT", "payment-setting"): self._set,
            ("GET", "payment-channels"): self._channels,
            ("POST", "payment-channels"): self._create,
            ("GET", "qrcode-short-links"): self._links,
            ("POST", "qrcode-short-links"): self._shorten,
        }

    async def update(self, request: Request, app_id: str, channel_id: str) -> Answer:
        """Change one payment channel. Raises Refusal."""
        app = self._managed.find(app_id)
        for channel in app.payment_channels:
            if channel["channelId"] == channel_id:
                channel.update(_fields(request))
                self._managed.save()
                return success({"channelId": channel_id})
        raise Refusal(-106, "Resource not found")

    async def _setting(self, request: Request, app_id: str) -> Answer:
        app = self._managed.find(app_id)
        key = hashlib.sha256(f"sandbox payment {app_id}".encode()).hexdigest()[:32]
        made = {"securityMethod": "HMAC_SHA256", "privateKey": key, "status": "ACTIVE"}
        return success({"paymentSetting": {**made, "callbackUrl": "", "sandboxCallbackUrl": "", **app.payment_setting}})

    async def _set(self, request: Request, app_id: str) -> Answer:
        app, fields = self._managed.find(app_id), body_of(request)
        app.payment_setting |= {name: fields[name] for name in ("callbackUrl", "sandboxCallbackUrl") if name in fields}
        self._managed.save()
        return success()

    async def _channels(self, request: Request, app_id: str) -> Answer:
        return success({"paymentChannels": self._managed.find(app_id).payment_channels})

    async def _create(self, request: Request, app_id: str) -> Answer:
        app, fields = self._managed.find(app_id), _fields(request)
        if fields.get("method") not in METHODS:
            raise Refusal(-101, "Invalid parameters: method")
        channel_id = str(len(app.payment_channels) + 1)
        app.payment_channels.append({**fields, "channelId": channel_id, "miniAppId": app_id})
        self._managed.save()
        return success({"channelId": channel_id})

    async def _links(self, request: Request, app_id: str) -> Answer:
        return paged(request, list(self._managed.find(app_id).short_links), "shortLinks")

    async def _shorten(self, request: Request, app_id: str) -> Answer:
        app, origin = self._managed.find(app_id), str(body_of(request).get("originUrl", ""))
        if not origin.startswith(f"https://zalo.me/s/{app_id}") or "utm_source=zalo-qr" not in origin:
            raise Refusal(-101, "Invalid parameters: originUrl")
        link = {"shortUrl": f"https://zalo.me/q/{len(app.short_links) + 1}", "originUrl": origin, "status": "ACTIVE"}
        app.short_links.append(link)
        self._managed.save()
        return success({"shortUrl": link["shortUrl"]})


def _fields(request: Request) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name, part in parts(request).items():
        if name == "thumbnail":
            if len(part.body) > LARGEST_THUMBNAIL:
                raise Refusal(-117, "The file upload has exceeded the limit for file size")
            found[name] = f"https://stc.example/{hashlib.sha256(part.body).hexdigest()[:16]}.png"
        else:
            found[name] = part.body.decode()
    return found
