"""Unfold's decorators with types, which they lack."""

from collections.abc import Callable
from typing import Any, TypeVar, cast

from unfold import decorators as unfold

Method = TypeVar("Method", bound=Callable[..., Any])


def display(**options: Any) -> Callable[[Method], Method]:
    """Describe a column or a read-only field (Unfold's `display`)."""
    return cast(Callable[[Method], Method], unfold.display(**options))


def button(**options: Any) -> Callable[[Method], Method]:
    """Make a method a button of a row's page (Unfold's `action`)."""
    return cast(Callable[[Method], Method], unfold.action(**options))
