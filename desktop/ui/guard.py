"""Nothing a panel does may reach the engine: a slot that raises is reported, and the rest goes on (fault 32)."""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, ParamSpec, TypeVar

from desktop.domain.errors import AssayError
from desktop.logs import logger

P = ParamSpec("P")
R = TypeVar("R")


@dataclass(frozen=True, slots=True)
class Fault:
    """Something that went wrong in the window.

    Attributes:
        error: The exception.
        where: The slot or task it came from.
    """

    error: BaseException
    where: str

    @property
    def refused(self) -> bool:
        """Whether the engine refused something with a sentence for the trader."""
        return isinstance(self.error, AssayError)


_listeners: list[Callable[[Fault], None]] = []


def on_fault(listener: Callable[[Fault], None]) -> Callable[[], None]:
    """Show faults with `listener` (the main window does); returns the call that ends it."""
    _listeners.append(listener)
    return lambda: _listeners.remove(listener) if listener in _listeners else None


def report(error: BaseException, where: str) -> None:
    """Log an exception of the window and show it; never raises."""
    fault = Fault(error, where)
    if fault.refused:
        logger("window").warning("refused", where=where, answer=str(error))
    else:
        logger("window").error("panel_failed", where=where, exc_info=error)
    for listener in tuple(_listeners):
        try:
            listener(fault)
        except Exception as second:  # noqa: BLE001 - the one who shows faults failed itself: the log is all that is left
            logger("window").error("fault_not_shown", where=where, exc_info=second)


def guarded(slot: Callable[P, R]) -> Callable[..., R | None]:
    """Make a slot safe: what it raises is reported and goes no further.

    Arguments of the signal that the slot does not take are left out.
    """
    takes = _positional(slot)

    @functools.wraps(slot)
    def wrapper(*arguments: Any, **named: Any) -> R | None:
        try:
            return slot(*arguments[:takes], **named)
        except Exception as error:  # noqa: BLE001 - the border between a panel and the rest of the program (fault 32)
            report(error, getattr(slot, "__qualname__", repr(slot)))
            return None

    return wrapper


def _positional(function: Callable[..., Any]) -> int | None:
    kinds = inspect.Parameter
    parameters = inspect.signature(function).parameters.values()
    if any(item.kind is kinds.VAR_POSITIONAL for item in parameters):
        return None
    return sum(item.kind in (kinds.POSITIONAL_ONLY, kinds.POSITIONAL_OR_KEYWORD) for item in parameters)
