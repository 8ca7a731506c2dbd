"""Domain values to rows and back, by the type hints of their class: one column for each field."""

from __future__ import annotations

import json
import math
import types
import typing
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import fields, is_dataclass
from decimal import Decimal
from enum import Enum
from functools import cache
from operator import attrgetter
from typing import Any, Generic, TypeVar

from desktop.domain.codec import TAG
from desktop.domain.errors import ProgramBug

T = TypeVar("T")
Decode = Callable[[Any], Any]


class RowShape(Generic[T]):
    """How values of one class become rows: `names` are the columns, in the order of the class's fields."""

    def __init__(self, kind: type[T]) -> None:
        hints = typing.get_type_hints(kind)
        self.kind = kind
        self.names: tuple[str, ...] = _names(kind)
        self._take = attrgetter(*self.names)
        kinds = [_plain_kind(hints[name]) for name in self.names]
        self._encoders = [(place, _encoder(kind)) for place, kind in enumerate(kinds) if _encoder(kind) is not None]
        self._decoders = [(place, _decoder(kind)) for place, kind in enumerate(kinds) if _decoder(kind) is not None]

    def encode(self, value: T) -> tuple[Any, ...]:
        """Return the values of the columns as the database takes them."""
        row = list(self._take(value))
        for place, encode in self._encoders:
            item = row[place]
            if item is not None and encode is not None:
                row[place] = encode(item)
        return tuple(row)

    def decode(self, row: Sequence[Any]) -> T:
        """Return the value of a row that `encode` made."""
        values = list(row)
        for place, decode in self._decoders:
            if decode is not None and (values[place] is not None or decode is _float):
                values[place] = decode(values[place])
        return self.kind(*values)

    def decode_all(self, rows: Iterable[Sequence[Any]]) -> list[T]:
        """Return the values of many rows."""
        return [self.decode(row) for row in rows]


@cache
def shape(kind: type[T]) -> RowShape[T]:
    """Return the one shape of a class."""
    return RowShape(kind)


def _names(kind: type) -> tuple[str, ...]:
    return tuple(field.name for field in fields(kind)) if is_dataclass(kind) else tuple(kind._fields)  # type: ignore[attr-defined]  # a NamedTuple


def _plain_kind(hint: Any) -> Any:
    if typing.get_origin(hint) in (typing.Union, types.UnionType):
        found = [item for item in typing.get_args(hint) if item is not type(None)]
        if len(found) != 1:
            raise ProgramBug(f"A column cannot hold {hint}.")
        return _plain_kind(found[0])
    return typing.get_origin(hint) or hint


def _encoder(kind: Any) -> Callable[[Any], Any] | None:
    if kind is Decimal:
        return str
    if kind is dict:
        return dumps
    if kind is bool:
        return int
    if isinstance(kind, type) and issubclass(kind, Enum):
        return _enum_value
    return None


def _decoder(kind: Any) -> Decode | None:
    if kind is Decimal:
        return _decimal
    if kind is dict:
        return json.loads
    if kind is float:
        return _float
    if kind is bool or (isinstance(kind, type) and issubclass(kind, Enum)):
        return typing.cast("Decode", kind)
    return None


def _decimal(value: Any) -> Decimal:
    return Decimal(str(value))


def _float(value: Any) -> float:
    return math.nan if value is None else float(value)  # SQLite keeps no NaN: it stores NULL


def _enum_value(value: Enum) -> Any:
    return value.value


# JSON ------------------------------------------------------------------------------------------------------------
@cache
def _reader_of(kind: type) -> Callable[[Any], dict[str, Any]]:
    """Return what turns a value of a dataclass into the fields `codec.to_json` gives it, one level deep."""
    names = tuple(field.name for field in fields(kind))
    tag = {TAG: kind.__name__}
    if len(names) < 2:
        return lambda value: {**tag, **{name: getattr(value, name) for name in names}}
    take = attrgetter(*names)
    return lambda value: {**tag, **dict(zip(names, take(value), strict=True))}


def _as_json(value: Any) -> Any:
    """Return the JSON form of a value that the encoder does not know, one level deep."""
    kind = value.__class__
    if kind is Decimal:
        return str(value)
    if hasattr(kind, "__dataclass_fields__"):
        return _reader_of(kind)(value)
    if isinstance(value, frozenset | set):
        return sorted(value)
    if isinstance(value, Mapping):
        return dict(value)
    raise ProgramBug(f"{kind.__name__} has no JSON form.")


def dumps(value: Any) -> str:
    """Return the canonical JSON text of a value: sorted keys, no blanks; reads back through `codec.from_json`."""
    return _encode(value)


_encode = json.JSONEncoder(default=_as_json, sort_keys=True, separators=(",", ":")).encode
