"""`manage.py check --deploy` as production would run it, with secrets made for this one run."""

import base64
import os
import secrets
import sys

ENVIRONMENT = {
    "GATEWAY_ENV": "production",
    "SECRET_KEY": secrets.token_urlsafe(48),
    "GATEWAY_MASTER_KEYS": "1:" + base64.urlsafe_b64encode(secrets.token_bytes(32)).decode(),
    "ALLOWED_HOSTS": "gateway.example",
    "PUBLIC_URL": "https://gateway.example",
    "DATABASE_URL": "postgresql://gateway@127.0.0.1/gateway",
    "REDIS_URL": "redis://127.0.0.1/0",
}

if __name__ == "__main__":
    command = [sys.executable, "manage.py", "check", "--deploy", "--fail-level", "WARNING"]
    os.execve(sys.executable, command, {**os.environ, **ENVIRONMENT})  # noqa: S606  no shell wanted
