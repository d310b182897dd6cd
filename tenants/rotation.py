"""Putting everything sealed under the current master key, so that an older one can be taken away.

Works in batches of rows that are not yet under the current key: it can be stopped, started again and run twice.
"""

from collections.abc import Callable, Iterator
from typing import Any, Final, NamedTuple

from django.apps import apps
from django.db import models, transaction
from django.db.models import BinaryField, Func, Q

from tenants.data_keys import wrap_again
from tenants.models import DataKey
from tenants.models.secret import Secret
from tenants.sealing import current_key

BATCH: Final = 200


class Sealed(NamedTuple):
    """A table with sealed columns and how one of its rows is sealed again."""

    model: type[models.Model]
    columns: tuple[str, ...]
    reseal: Callable[[Any], None]


class _FirstByte(Func):
    """The byte that names a sealed value's master key; empty for an empty value."""

    function = "substring"
    template = "%(function)s(%(expressions)s FROM 1 FOR 1)"
    output_field = BinaryField()


def sealed_tables() -> Iterator[Sealed]:
    """Yield every table of the installed apps that holds something sealed under a master key."""
    yield Sealed(DataKey, ("wrapped",), wrap_again)
    for model in apps.get_models():
        names = tuple(name for each in model.__mro__ for name, value in vars(each).items() if isinstance(value, Secret))
        if names:
            yield Sealed(model, tuple(f"{name}_sealed" for name in names), _resealer(names))


def reseal(table: Sealed, batch: int = BATCH) -> int:
    """Seal the table's rows under the current key and return how many were not under it.

    Each batch is a transaction of its own; a row is locked while it is rewritten, so that no token renewed meanwhile is
    lost. Raises KeyError if a row's master key is missing; what was done before stays done.
    """
    done, last = 0, 0
    while True:
        with transaction.atomic():
            old = _old(table, current_key()).filter(pk__gt=last)
            rows = list(old.select_for_update().order_by("pk")[:batch])
            for row in rows:
                table.reseal(row)
                row.save(update_fields=table.columns)
        done += len(rows)
        if len(rows) < batch:
            return done
        last = rows[-1].pk


def keys_in_use() -> dict[int, int]:
    """Return master key number -> how many sealed values are still under it."""
    counts: dict[int, int] = {}
    for table in sealed_tables():
        for column in table.columns:
            filled = table.model._default_manager.exclude(**{column: b""})
            numbers = filled.annotate(number=_FirstByte(column)).values_list("number").annotate(models.Count("pk"))
            for first_byte, count in numbers.order_by():
                number = bytes(first_byte)[0]
                counts[number] = counts.get(number, 0) + count
    return counts


def _old(table: Sealed, number: int) -> "models.QuerySet[models.Model]":
    condition, first_bytes = Q(pk=None), {}
    for column in table.columns:
        first_bytes[f"{column}_key"] = _FirstByte(column)
        condition |= ~Q(**{f"{column}_key__in": [b"", bytes([number])]})
    rows: models.QuerySet[models.Model] = table.model._default_manager.annotate(**first_bytes).filter(condition)
    return rows


def _resealer(names: tuple[str, ...]) -> Callable[[Any], None]:
    def seal_again(row: models.Model) -> None:
        for name in names:
            setattr(row, name, getattr(row, name))

    return seal_again
