"""Facts to whoever subscribed by their type. A listener that fails is reported and never stops the others."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from typing import Any, TypeVar

F = TypeVar("F")


class EventBus:
    """Synchronous publish and subscribe by class; called on the engine's loop only."""

    def __init__(self, on_error: Callable[[BaseException, object], None]) -> None:
        """`on_error` hears each exception of a listener with the fact it failed on."""
        self._listeners: dict[type, list[Callable[[Any], None]]] = defaultdict(list)
        self._all: list[Callable[[Any], None]] = []
        self._on_error = on_error

    def subscribe(self, kind: type[F], listener: Callable[[F], None]) -> Callable[[], None]:
        """Call `listener` with each fact of exactly this class; returns the call that ends it."""
        self._listeners[kind].append(listener)
        return lambda: self._drop(self._listeners[kind], listener)

    def subscribe_all(self, listener: Callable[[Any], None]) -> Callable[[], None]:
        """Call `listener` with every fact; returns the call that ends it."""
        self._all.append(listener)
        return lambda: self._drop(self._all, listener)

    def publish(self, fact: object) -> None:
        """Tell everyone who subscribed, in the order in which they did."""
        for listener in (*self._listeners.get(type(fact), ()), *self._all):
            try:
                listener(fact)
            except Exception as error:  # noqa: BLE001 - one panel's fault must not reach the engine (fault 32)
                self._on_error(error, fact)

    @staticmethod
    def _drop(listeners: list[Callable[[Any], None]], listener: Callable[[Any], None]) -> None:
        if listener in listeners:
            listeners.remove(listener)
