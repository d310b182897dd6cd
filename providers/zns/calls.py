"""How a phone number is hashed for a call that hides it."""

import hashlib


def hashed(phone: str) -> str:
    """Return the lower-case hex SHA-256 of a number written 84... without a plus (section 4.3)."""
    return hashlib.sha256(phone.encode()).hexdigest()
