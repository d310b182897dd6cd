"""Which hosts the sandbox imitates."""

from providers.infobip.sandbox import InfobipHost
from providers.mini_app.sandbox import MiniAppHost
from providers.nxcloud.sandbox import nxcloud_hosts
from providers.oa.sandbox import OfficialAccountHost
from providers.sandbox.exchange import Host
from providers.sandbox.state import Sandbox
from providers.sandbox.zalo.catalogue import Catalogue
from providers.sandbox.zalo.grants import Grants
from providers.zalo.sandbox import OauthHost
from providers.zns.sandbox import BusinessHost


def real_name(host: str) -> str:
    """Return the name under which `host` is imitated: an account's own host at Infobip is the shared one."""
    return "api.infobip.com" if host.endswith(".api.infobip.com") else host


def hosts(sandbox: Sandbox) -> dict[str, Host]:
    """Return a handler for every host, by the host's real name. A provider adds its line here."""
    grants, catalogue = Grants(sandbox), Catalogue(sandbox)
    return {
        "business.openapi.zalo.me": BusinessHost(sandbox, grants, catalogue),
        "oauth.zaloapp.com": OauthHost(sandbox, grants),
        "openapi.zalo.me": OfficialAccountHost(sandbox, grants, catalogue),
        "api.infobip.com": InfobipHost(sandbox),
        "openapi.mini.zalo.me": MiniAppHost(sandbox),
        **nxcloud_hosts(sandbox),
    }
