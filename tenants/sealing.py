"""Sealing of secrets under the master keys: AES-GCM, bound to the tenant and the field they belong to.

A sealed value is one byte naming the master key, a nonce of 12 bytes and the ciphertext with its tag.
"""

import os
from functools import lru_cache

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings

NONCE = 12


@lru_cache(maxsize=256)
def _cipher(number: int) -> AESGCM:
    return AESGCM(settings.MASTER_KEYS[number])


def forget() -> None:
    """Drop the ciphers made of the master keys; the next use reads the settings again."""
    _cipher.cache_clear()


def current_key() -> int:
    """Return the number of the master key that seals now: the first one in GATEWAY_MASTER_KEYS."""
    return next(iter(settings.MASTER_KEYS))


def binding(tenant_id: int | None, field: str) -> bytes:
    """Return what a sealed value is bound to: `tenant_id` is None for the platform's own rows."""
    return f"{tenant_id or 0}|{field}".encode()


def seal(plain: bytes, bound_to: bytes) -> bytes:
    """Return `plain` sealed under the current master key."""
    nonce = os.urandom(NONCE)
    number = current_key()
    return bytes([number]) + nonce + _cipher(number).encrypt(nonce, plain, bound_to)


def unseal(sealed: bytes | memoryview, bound_to: bytes) -> bytes:
    """Return the plain bytes. Raises KeyError for a master key we do not have, InvalidTag for another binding."""
    sealed = bytes(sealed)
    return _cipher(sealed[0]).decrypt(sealed[1 : 1 + NONCE], sealed[1 + NONCE :], bound_to)
