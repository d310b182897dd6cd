"""Template values encrypted with the sender's RSA key (infobip.md section 3, RSA encryption)."""

import base64
import binascii
from collections.abc import Mapping
from functools import lru_cache
from typing import Final

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.hazmat.primitives.serialization import load_der_public_key

_HASHES: Final[Mapping[str, type[hashes.HashAlgorithm]]] = {"sha1": hashes.SHA1, "sha256": hashes.SHA256}


class Unsealable(Exception):
    """A value cannot be encrypted: the key cannot be read, or the value is longer than the key allows."""


def wanted(credentials: Mapping[str, str]) -> bool:
    """Return whether the account has values encrypted."""
    return credentials.get("encrypt") == "1"


def seal(values: Mapping[str, str], credentials: Mapping[str, str]) -> dict[str, str]:
    """Return each value encrypted by itself and in Base64. Raises Unsealable.

    `public_key` is the Base64 DER that Infobip answers; `mgf1_hash` is sha1 (what Java means by the cipher's name, the
    default) or sha256. The padding is random by nature: the same value never gives the same text.
    """
    key = _key(credentials.get("public_key", ""))
    mask = _HASHES.get(credentials.get("mgf1_hash") or "sha1", hashes.SHA1)()
    oaep = padding.OAEP(mgf=padding.MGF1(mask), algorithm=hashes.SHA256(), label=None)
    longest = key.key_size // 8 - 2 * hashes.SHA256.digest_size - 2
    sealed = {}
    for name, value in values.items():
        raw = value.encode()
        if len(raw) > longest:
            raise Unsealable(f"{name} is over {longest} bytes")
        sealed[name] = base64.b64encode(key.encrypt(raw, oaep)).decode()
    return sealed


@lru_cache(maxsize=256)
def _key(text: str) -> rsa.RSAPublicKey:
    try:
        key = load_der_public_key(base64.b64decode(text, validate=True))
    except (binascii.Error, ValueError, UnsupportedAlgorithm) as error:
        raise Unsealable("the public key is no Base64 of a DER key") from error
    if not isinstance(key, rsa.RSAPublicKey) or key.key_size < 1024:
        raise Unsealable("the public key is no RSA key that can be used")
    return key
