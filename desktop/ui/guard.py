"""Nothing a panel does may reach the engine: what raises is reported, and the rest goes on (fault 32).

`guarded` is for slots, `guarded_override` for the methods that Qt itself calls: painting, models, events, sizes.
"""

from __future__ import annotations

import functools
import inspect
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, ParamSpec, TypeVar

from PySide6.QtCore import QCoreApplication, QTimer
from PySide6.QtGui import QPainter
from shiboken6 import Shiboken

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


_told: set[tuple[str, type[BaseException], int]] = set()  # faults of overrides: a frame is painted 20 times a second


def guarded_override(answer: Any = None) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Make a method that Qt calls safe: what it raises is reported once and Qt gets a harmless answer.

    An exception that goes back into Qt's own code surfaces wherever Python is entered next, or ends the program.

    Args:
        answer: What Qt gets in place of the result: a null size, no data, False for "not handled".
    """

    def decorate(method: Callable[P, R]) -> Callable[P, R]:
        @functools.wraps(method)
        def wrapper(*arguments: P.args, **named: P.kwargs) -> R:
            try:
                return method(*arguments, **named)
            except Exception as error:  # noqa: BLE001 - the border to Qt's own code (fault 32)
                _end_painters(error, arguments)
                _report_once(error, method.__qualname__)
                return answer  # type: ignore[no-any-return]  # the decorated method says what fits

        return wrapper

    return decorate


def _end_painters(error: BaseException, given: tuple[object, ...]) -> None:
    """End what was being painted: the traceback keeps the painters alive, Qt bears none that is left open."""
    for frame, _ in traceback.walk_tb(error.__traceback__):
        for value in frame.f_locals.values():
            theirs = any(value is one for one in given)
            if isinstance(value, QPainter) and not theirs and Shiboken.createdByPython(value):
                value.end()


def _report_once(error: BaseException, where: str) -> None:
    """Report a fault of an override the first time it is met, from the event loop: no dialog opens while painting."""
    key = (where, type(error), [number for _, number in traceback.walk_tb(error.__traceback__)][-1])
    if key in _told:
        return
    _told.add(key)
    if QCoreApplication.instance() is None:
        report(error, where)
    else:
        QTimer.singleShot(0, lambda: report(error, where))


def _positional(function: Callable[..., Any]) -> int | None:
    kinds = inspect.Parameter
    parameters = inspect.signature(function).parameters.values()
    if any(item.kind is kinds.VAR_POSITIONAL for item in parameters):
        return None
    return sum(item.kind in (kinds.POSITIONAL_ONLY, kinds.POSITIONAL_OR_KEYWORD) for item in parameters)
