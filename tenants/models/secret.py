"""Secrets of configuration rows: stored sealed, read and written in clear through a descriptor."""

from typing import Any, Protocol, overload

from django.db import models

from tenants.sealing import binding, seal, unseal


class SealedField(models.BinaryField):  # type: ignore[type-arg]
    """The stored form of a secret; never editable, never shown."""

    def __init__(self, **options: Any) -> None:
        options |= {"editable": False, "default": b"", "blank": True}
        super().__init__(**options)


class _Owned(Protocol):
    def secrets_belong_to(self) -> int | None: ...


class Secret:
    """Clear access to the sealed column `<name>_sealed` of a model whose `secrets_belong_to()` names the tenant.

    Reading an empty column gives an empty string; writing an empty string empties it.
    """

    def __set_name__(self, owner: type, name: str) -> None:
        self.column = f"{name}_sealed"
        self.field = f"{owner.__name__}.{name}"

    @overload
    def __get__(self, row: None, owner: type) -> "Secret": ...
    @overload
    def __get__(self, row: _Owned, owner: type) -> str: ...
    def __get__(self, row: _Owned | None, owner: type) -> "str | Secret":
        if row is None:
            return self
        sealed = bytes(getattr(row, self.column))
        return unseal(sealed, binding(row.secrets_belong_to(), self.field)).decode() if sealed else ""

    def __set__(self, row: _Owned, value: str) -> None:
        sealed = seal(value.encode(), binding(row.secrets_belong_to(), self.field)) if value else b""
        setattr(row, self.column, sealed)
