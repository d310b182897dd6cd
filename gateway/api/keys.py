"""Who calls: API keys, their scopes and their rate limits, as DRF asks for them."""

from typing import Any

import structlog
from django.conf import settings
from rest_framework.authentication import BaseAuthentication
from rest_framework.exceptions import AuthenticationFailed, NotAuthenticated, PermissionDenied
from rest_framework.permissions import BasePermission
from rest_framework.request import Request
from rest_framework.throttling import BaseThrottle

from tenants.api_keys import AddressNotAllowed, InvalidKey, Principal, authenticate
from tenants.rate_limit import Allowance, take

SCHEMES = ("bearer", "app")


class KeyAuthentication(BaseAuthentication):
    """`Authorization: Bearer <key>` or `App <key>`; the request's `auth` becomes the Principal."""

    def authenticate(self, request: Request) -> tuple[None, Principal]:
        """Return who calls. Raises NotAuthenticated, AuthenticationFailed or PermissionDenied."""
        scheme, _, token = request.META.get("HTTP_AUTHORIZATION", "").partition(" ")
        if scheme.lower() not in SCHEMES or not token:
            raise NotAuthenticated("Send `Authorization: Bearer <key>`.")
        try:
            caller = authenticate(token.strip(), remote_address(request))
        except InvalidKey as error:
            raise AuthenticationFailed("The API key is not valid.") from error
        except AddressNotAllowed as error:
            raise PermissionDenied("The API key may not be used from this address.") from error
        structlog.contextvars.bind_contextvars(tenant=caller.tenant_slug, key=caller.key_id)
        return None, caller

    def authenticate_header(self, request: Request) -> str:
        """Return the challenge that goes with a 401."""
        return 'Bearer realm="v1"'


class HasScope(BasePermission):
    """Lets a key through that has the view's scope for this method (`scopes`; None asks for no scope)."""

    def has_permission(self, request: Request, view: Any) -> bool:
        """Return True. Raises PermissionDenied naming the scope that is missing."""
        method = "GET" if request.method == "HEAD" else request.method
        if method not in view.scopes:
            return True  # no such method: answered by 405
        scope = view.scopes[method]
        if scope is not None:
            require_scope(request, scope)
        return True


def require_scope(request: Request, scope: str) -> None:
    """Raise PermissionDenied unless the caller's key has `scope`."""
    if scope not in principal(request).scopes:
        raise PermissionDenied(f"The API key lacks the scope {scope}.")


class KeyLimit(BaseThrottle):
    """Calls a minute of a key that has such a limit; what is left of it goes into the answer's headers."""

    allowance: Allowance | None = None

    def allow_request(self, request: Request, view: Any) -> bool:
        """Return whether the key may make this call."""
        caller = principal(request)
        if not caller.rate_limit:
            return True
        self.allowance = view.allowance = take(caller.key_id, caller.rate_limit)
        return self.allowance.allowed

    def wait(self) -> float | None:
        """Return the seconds until the next call may be made."""
        return self.allowance.retry_after_s if self.allowance else None


def principal(request: Request) -> Principal:
    """Return who makes this authenticated call."""
    caller: Principal = request.auth  # type: ignore[assignment]
    return caller


def remote_address(request: Request) -> str | None:
    """Return the caller's address: what the trusted proxy in front of us saw, else the connection's."""
    if settings.SECURE_PROXY_SSL_HEADER:
        forwarded = request.META.get("HTTP_X_FORWARDED_FOR", "")
        if forwarded:
            return str(forwarded).rsplit(",", 1)[-1].strip()
    address = request.META.get("REMOTE_ADDR")
    return str(address) if address else None
