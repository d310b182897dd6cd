"""RSA keys of senders, and the values encrypted with them (infobip.md section 3)."""

import asyncio
import base64
import binascii
from collections.abc import Mapping

import msgspec
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa

from providers.sandbox.infobip.wire import Refusal
from providers.sandbox.state import Sandbox

# Which hash the mask uses is not published (section 14): both are understood.
_PADDINGS = tuple(
    padding.OAEP(mgf=padding.MGF1(mask), algorithm=hashes.SHA256(), label=None)
    for mask in (hashes.SHA1(), hashes.SHA256())  # noqa: S303 the mask needs no strong one
)


class Keys:
    """A key pair for each sender that asked for one. They survive a restart."""

    def __init__(self, sandbox: Sandbox) -> None:
        self._store = sandbox.store
        saved = sandbox.store.load("SELECT value FROM state WHERE name = 'infobip-keys'")
        self._pems: dict[str, str] = msgspec.json.decode(saved[0][0]) if saved else {}

    def public(self, sender: str) -> str:
        """Return the sender's public key as Base64 of DER. Raises Refusal where it has none."""
        key = self._private(sender)
        if key is None:
            raise Refusal(404, code="ZALO-RSA404", text="Provided sender not found.")
        der = key.public_key().public_bytes(serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)
        return base64.b64encode(der).decode()

    async def create(self, sender: str) -> str:
        """Make a key pair and return its public part. Raises Refusal where there is one already."""
        if sender in self._pems:
            raise Refusal(409, code="ZALO-RSA409", text="RSA key already exists.")
        key = await asyncio.to_thread(rsa.generate_private_key, 65_537, 2048)
        pem = key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
        self._pems.setdefault(sender, pem.decode())
        self._store.keep("infobip-keys", self._pems)
        return self.public(sender)

    def open(self, sender: str, values: Mapping[str, str]) -> dict[str, str] | None:
        """Return the values in clear, None if one of them cannot be decrypted."""
        key = self._private(sender)
        opened = {name: _open(key, value) for name, value in values.items()} if key else {}
        clear = {name: value for name, value in opened.items() if value is not None}
        return clear if len(clear) == len(values) else None

    def _private(self, sender: str) -> rsa.RSAPrivateKey | None:
        pem = self._pems.get(sender)
        key = serialization.load_pem_private_key(pem.encode(), None) if pem else None
        return key if isinstance(key, rsa.RSAPrivateKey) else None


def _open(key: rsa.RSAPrivateKey | None, value: str) -> str | None:
    try:
        raw = base64.b64decode(value, validate=True)
    except (binascii.Error, ValueError):
        return None
    for each in _PADDINGS:
        try:
            return key.decrypt(raw, each).decode() if key else None
        except ValueError:
            continue
    return None
