"""Who may report to us. NXCloud documents no signature for Zalo and SMS receipts (nxcloud.md section 4)."""

import hmac
from collections.abc import Mapping

from providers.contract import BadSignature, Context, Hook
from providers.nxcloud.signature import verify


def check_hook(hook: Hook, secrets: Mapping[str, str], context: Context) -> None:
    """Raise BadSignature unless the last segment of the hook's path is the `hook_token` in `secrets`.

    A report that is signed all the same, as those of NXCloud's virtual numbers are, must also fit `access_secret`
    (and `access_key` where it is given) and be at most a minute old.
    """
    token = secrets.get("hook_token", "")
    given = hook.path.rstrip("/").rpartition("/")[2]
    if not token or not hmac.compare_digest(given.encode(errors="replace"), token.encode()):
        raise BadSignature("the address does not end in the channel's hook token")
    if hook.headers.get("sign"):
        secret = secrets.get("access_secret", "")
        verify(hook.headers, hook.body, secrets.get("access_key", ""), secret, context.now)
