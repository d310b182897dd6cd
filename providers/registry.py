"""Every provider there is, by the kind of channel it serves. A new provider is one folder and one line here."""

from collections.abc import Mapping
from typing import Final

from providers.contract import Provider
from providers.infobip.adapter import INFOBIP
from providers.infobip_sms.adapter import INFOBIP_SMS
from providers.mini_app.adapter import MINI_APP
from providers.nxcloud.adapter import NXCLOUD
from providers.nxcloud_sms.adapter import NXCLOUD_SMS
from providers.oa.adapter import OA
from providers.zns.adapter import ZNS
from providers.zns_uid.adapter import ZNS_UID

PROVIDERS: Final[Mapping[str, Provider]] = {
    "zns": ZNS,
    "zns_uid": ZNS_UID,
    "oa": OA,
    "infobip": INFOBIP,
    "infobip_sms": INFOBIP_SMS,
    "mini_app": MINI_APP,
    "nxcloud": NXCLOUD,
    "nxcloud_sms": NXCLOUD_SMS,
}


def provider(kind: str) -> Provider:
    """Return the provider that serves channels of `kind`. Raises KeyError, naming the kinds there are."""
    found = PROVIDERS.get(kind)
    if found is None:
        raise KeyError(f"no provider serves channels of kind {kind!r}; there are: {', '.join(sorted(PROVIDERS))}")
    return found
