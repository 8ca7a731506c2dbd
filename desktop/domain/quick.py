"""Frozen values that are made with every order, built and copied at a quarter of the usual cost.

A frozen dataclass sets each field through `object.__setattr__`, which is most of the price of an order in a backtest.
Here the new object is an unfrozen twin of the same layout while its fields are set, and becomes the frozen class before
anybody sees it. Everything else about the dataclass stays as it is. The twin inherits the fields instead of repeating
them: then Python need not compare the two layouts with every change of class, which was half the price of a value.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import MISSING, Field, fields
from typing import Any, ParamSpec, TypeVar

P = ParamSpec("P")
T = TypeVar("T")

_COPIERS: dict[tuple[type[Any], tuple[str, ...]], Callable[..., Any]] = {}
_TWINS: dict[type[Any], type[Any]] = {}
_UNFROZEN = {
    "__slots__": (),
    "__init__": object.__init__,
    "__setattr__": object.__setattr__,
    "__delattr__": object.__delattr__,  # else Python would look for one of the two names with every field
}


def quick(kind: type[T]) -> type[T]:
    """Give a frozen, slotted dataclass an `__init__` of the same signature that is four times as fast.

    Raises:
        TypeError: the class inherits fields, has a field without `init`, or is not frozen with slots.
    """
    params = getattr(kind, "__dataclass_params__", None)
    own: tuple[Field[Any], ...] = fields(kind)  # type: ignore[arg-type]  # a dataclass, or this raises TypeError
    names = tuple(item.name for item in own)
    if params is None or not params.frozen or tuple(kind.__dict__.get("__slots__", ())) != names:
        raise TypeError(f"{kind.__name__} is not a frozen dataclass with slots of its own")
    if not all(item.init and not item.kw_only for item in own):
        raise TypeError(f"{kind.__name__} has fields that its arguments do not set")
    _TWINS[kind] = type(f"_{kind.__name__}Draft", (kind,), dict(_UNFROZEN))
    arguments, lines, scope = _parts(kind, "self")
    scope["_become"] = object.__setattr__
    made = _compiled(f"def __init__(self, {arguments}):\n    _become(self, '__class__', _Twin)\n{lines}", scope)
    made.__qualname__ = f"{kind.__qualname__}.__init__"
    made.__doc__ = kind.__init__.__doc__
    made.__annotations__ = dict(kind.__init__.__annotations__)
    kind.__init__ = made  # type: ignore[method-assign]  # the same signature
    return kind


def maker(kind: Callable[P, T]) -> Callable[P, T]:
    """Return a function that makes a value of a `quick` class as the class does, at two thirds of the cost.

    It takes what the class takes; calling a class goes through C and back, calling a function does not.
    """
    arguments, lines, scope = _parts(kind, "new")
    text = f"def make({arguments}):\n    new = _Twin()\n{lines}    return new\n"
    return _compiled(text, scope)  # type: ignore[no-any-return]


def changed(value: T, **changes: Any) -> T:
    """Return a copy of a value of a `quick` class with some of its fields changed (TypeError: no such field)."""
    kind = type(value)
    known = _COPIERS.get((kind, tuple(changes)))
    return (known or _copier(kind, tuple(changes)))(value, **changes)  # type: ignore[no-any-return]


def copier(kind: type[T], *names: str) -> Callable[..., T]:
    """Return the function behind `changed` for one set of fields, for what copies with every order.

    It takes the value, then the fields in the order of their names here, or by name.
    """
    return _COPIERS.get((kind, names)) or _copier(kind, names)


def _copier(kind: type[Any], names: tuple[str, ...]) -> Callable[..., Any]:
    """Make the function that copies a value of a class with these fields changed."""
    own = [item.name for item in fields(kind)]
    if unknown := set(names).difference(own):
        raise TypeError(f"{kind.__name__} has no field {', '.join(sorted(unknown))}")
    lines = [f"    new.{name} = {name if name in names else f'old.{name}'}" for name in own]
    checks = "    new.__post_init__()\n" if hasattr(kind, "__post_init__") else ""
    made: Callable[..., Any] = _compiled(
        f"def copier(old, {', '.join(names)}):\n    new = _Twin()\n"
        + "\n".join(lines)
        + f"\n    new.__class__ = _Kind\n{checks}    return new",
        {"_Twin": _TWINS[kind], "_Kind": kind},
    )
    _COPIERS[kind, names] = made
    return made


def _parts(kind: Any, value: str) -> tuple[str, str, dict[str, Any]]:
    """Return the arguments that set the fields of a class, the lines that do it to `value`, and the names they use."""
    arguments, lines = [], []
    scope: dict[str, Any] = {"_Twin": _TWINS[kind], "_Kind": kind, "_MISSING": MISSING}
    for item in fields(kind):
        name = item.name
        if item.default_factory is not MISSING:
            scope[f"_make_{name}"] = item.default_factory
            arguments.append(f"{name}=_MISSING")
            lines.append(f"    {value}.{name} = _make_{name}() if {name} is _MISSING else {name}\n")
            continue
        if item.default is not MISSING:
            scope[f"_default_{name}"] = item.default
            arguments.append(f"{name}=_default_{name}")
        else:
            arguments.append(name)
        lines.append(f"    {value}.{name} = {name}\n")
    lines.append(f"    {value}.__class__ = _Kind\n")
    if hasattr(kind, "__post_init__"):
        lines.append(f"    {value}.__post_init__()\n")
    return ", ".join(arguments), "".join(lines), scope


def _compiled(text: str, scope: dict[str, Any]) -> Any:
    """Return the function of a text that holds nothing but names of fields, as `dataclass` itself does it."""
    found: dict[str, Any] = {}
    exec(text, scope, found)  # noqa: S102 - the text is made of field names above, which are identifiers
    return next(iter(found.values()))
