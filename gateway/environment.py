"""What the environment says, read once: every variable the gateway knows is named here and in docs/settings.md."""

import base64
import secrets
from pathlib import Path

import environ
from django.core.exceptions import ImproperlyConfigured

env = environ.Env()

ROOT = Path(__file__).resolve().parent.parent
DEVELOPMENT = env.str("GATEWAY_ENV", "development") == "development"
HOME = Path(env.str("GATEWAY_HOME", str(ROOT / ".gateway"))).absolute()


def development_secret(name: str) -> str:
    """Return a random secret that is kept under GATEWAY_HOME (mode 0600) so that a restart can still read its rows."""
    path = HOME / "secrets" / name
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        draft = path.with_name(f"{name}.{secrets.token_hex(4)}")
        draft.touch(mode=0o600)
        draft.write_text(base64.urlsafe_b64encode(secrets.token_bytes(32)).decode())
        try:
            path.hardlink_to(draft)
        except FileExistsError:
            pass
        finally:
            draft.unlink()
    return path.read_text()


def secret(variable: str, name: str) -> str:
    """Return the secret named by `variable`; in development one of our own where it is not set.

    Raises ImproperlyConfigured in production without it, so that no deployment runs on a development secret.
    """
    given = env.str(variable, "")
    if given:
        return str(given)
    if not DEVELOPMENT:
        raise ImproperlyConfigured(f"{variable} must be set in production (see docs/settings.md).")
    return development_secret(name)


def master_keys() -> dict[int, bytes]:
    """Return key number -> 32 bytes from GATEWAY_MASTER_KEYS (`1:<base64>,2:<base64>`); the first one seals."""
    given = env.str("GATEWAY_MASTER_KEYS", "") or f"1:{secret('GATEWAY_MASTER_KEYS', 'master-key')}"
    try:
        keys = {int(n): base64.urlsafe_b64decode(text) for n, text in (pair.split(":", 1) for pair in given.split(","))}
    except ValueError as error:
        raise ImproperlyConfigured("GATEWAY_MASTER_KEYS must read `number:base64[,number:base64...]`.") from error
    if any(len(key) != 32 or not 0 < n < 256 for n, key in keys.items()):
        raise ImproperlyConfigured("GATEWAY_MASTER_KEYS: numbers are 1 to 255, keys are 32 bytes in base64.")
    return keys
