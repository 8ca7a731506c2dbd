"""Domain values to JSON values and back by type hints: Decimals as text, enums by value, unions by class name."""

from __future__ import annotations

import types
import typing
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from decimal import Decimal
from enum import Enum
from functools import cache
from typing import Any, TypeVar, cast

from desktop.domain.errors import ProgramBug

T = TypeVar("T")
TAG = "is"  # names the class where a field can hold one of several


def to_json(value: Any) -> Any:
    """Return `value` as JSON values (dict, list, str, int, float, bool, None)."""
    if value is None or isinstance(value, bool | int | float):
        return value
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, str):
        return value
    if isinstance(value, Decimal):
        return str(value)
    if is_dataclass(value):
        found = {field.name: to_json(getattr(value, field.name)) for field in fields(value)}
        return {TAG: type(value).__name__, **found}
    if isinstance(value, Mapping):
        return {str(key): to_json(item) for key, item in value.items()}
    if isinstance(value, tuple | list | frozenset | set):
        items = [to_json(item) for item in value]
        return sorted(items) if isinstance(value, frozenset | set) else items
    raise ProgramBug(f"{type(value).__name__} has no JSON form.")


@cache
def _hints(kind: type) -> dict[str, Any]:
    """Return the types of a class's fields.

    Raises:
        ProgramBug: a field's type is not known any more: a compiled module keeps only the plainest of them.
    """
    hints = typing.get_type_hints(kind)
    if any(hint is type for hint in hints.values()):
        raise ProgramBug(f"{kind.__name__} is read from storage and must not be defined in a compiled module.")
    return hints


def from_json(kind: type[T], data: Any) -> T:
    """Return a value of `kind` from what `to_json` made.

    Raises:
        ProgramBug: the data does not fit; stored data is ours, so a misfit is our error.
    """
    try:
        return cast("T", _decode(kind, data))
    except (KeyError, TypeError, ValueError, ArithmeticError) as error:
        raise ProgramBug(f"Stored data does not fit {getattr(kind, '__name__', kind)}: {error}") from error


def _decode(kind: Any, data: Any) -> Any:
    origin = typing.get_origin(kind)
    if origin in (typing.Union, types.UnionType):
        return _decode_union(typing.get_args(kind), data)
    if origin is not None:
        return _decode_generic(origin, typing.get_args(kind), data)
    if kind is Any or kind is object or kind is None:
        return data
    if isinstance(kind, type):
        if is_dataclass(kind):
            hints = _hints(kind)
            return kind(**{name: _decode(hints[name], item) for name, item in data.items() if name in hints})
        if issubclass(kind, tuple) and hasattr(kind, "_fields"):
            hints = _hints(kind)
            return kind(*[_decode(hints[name], item) for name, item in zip(kind._fields, data, strict=True)])
        if kind is Decimal or issubclass(kind, Enum):
            return kind(data)
    return data


def _decode_generic(origin: Any, arguments: tuple[Any, ...], data: Any) -> Any:
    if origin is tuple:
        if len(arguments) == 2 and arguments[1] is Ellipsis:
            return tuple(_decode(arguments[0], item) for item in data)
        return tuple(_decode(kind, item) for kind, item in zip(arguments, data, strict=True))
    if origin in (list, set, frozenset):
        return origin(_decode(arguments[0], item) for item in data)
    if origin is dict:
        return {key: _decode(arguments[1], item) for key, item in data.items()}
    raise ProgramBug(f"{origin} has no JSON form.")


def _decode_union(options: tuple[Any, ...], data: Any) -> Any:
    if data is None:
        return None
    named = data.get(TAG) if isinstance(data, dict) else None
    for option in options:
        if named is not None and getattr(option, "__name__", "") == named:
            return _decode(option, data)
    for option in options:
        if option is not type(None) and not is_dataclass(option):
            return _decode(option, data)
    raise ProgramBug(f"No class named {named!r} among {options}.")
