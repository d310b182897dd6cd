"""Which hosts the sandbox imitates: those of every registered provider."""

from collections.abc import Callable, Mapping
from importlib import import_module
from typing import cast

from providers.registry import PROVIDERS
from providers.sandbox.exchange import Host
from providers.sandbox.state import Sandbox


def real_name(host: str, known: Mapping[str, Host]) -> str:
    """Return the name under which `host` is imitated: an account's own host (xxxxx.api.infobip.com) is the shared
    one."""
    if host in known:
        return host
    return next((name for name in known if host.endswith("." + name)), host)


def hosts(sandbox: Sandbox) -> dict[str, Host]:
    """Return a handler for every host, by the host's real name.

    They come from the function `hosts` in the `sandbox.py` of each registered kind's folder, looked up by name: so a
    provider needs no line here, and an adapter does not bring a server along. Kinds that share a host leave that
    function to one of them.
    """
    found: dict[str, Host] = {}
    for kind in PROVIDERS:
        made = getattr(import_module(f"providers.{kind}.sandbox"), "hosts", None)
        if made is not None:
            found |= cast("Callable[[Sandbox], Mapping[str, Host]]", made)(sandbox)
    return found
