"""What changed, by key, told at most 20 times a second: the engine never waits for the window."""

from __future__ import annotations

import math
import time
from collections import defaultdict, deque
from collections.abc import Callable

from desktop.engine.views import Changes, Table

INTERVAL = 0.05  # seconds between two tellings


class ChangeCollector:
    """Collects keys between two tellings; marking is a set insertion and costs next to nothing.

    A telling may take several turns of the loop (`begin`, then `go_on` until nobody waits). Each listener hears all of
    it in one call and reads the desk as it is at that instant; what changes meanwhile belongs to the next telling,
    which begins only when everybody has heard this one.
    """

    def __init__(self, on_error: Callable[[BaseException, object], None]) -> None:
        """`on_error` hears each exception of a listener with the changes it failed on (fault 32)."""
        self._changed: dict[Table, set[str]] = defaultdict(set)
        self._removed: dict[Table, set[str]] = defaultdict(set)
        self._charts: set[tuple[str, str]] = set()
        self._forming: set[tuple[str, str]] = set()
        self._equity: set[str] = set()
        self._portfolio = False
        self._status = False
        self._first: list[Callable[[Changes], None]] = []
        self._listeners: list[Callable[[Changes], None]] = []
        self._telling = Changes()
        self._waiting: deque[Callable[[Changes], None]] = deque()  # who has not heard of the telling under way
        self._on_error = on_error

    def follow(self, listener: Callable[[Changes], None], *, first: bool = False) -> Callable[[], None]:
        """Tell `listener` from now on, before the others if it is `first`; returns the call that ends it."""
        followers = self._first if first else self._listeners
        followers.append(listener)

        def end() -> None:
            for heard in (followers, self._waiting):
                if listener in heard:
                    heard.remove(listener)

        return end

    def changed(self, table: Table, key: str) -> None:
        """Mark one row as new or different."""
        self._changed[table].add(key)
        self._removed[table].discard(key)

    def touched(self, table: Table, key: str) -> None:
        """Mark one row as different unless it is gone."""
        if key not in self._removed[table]:
            self._changed[table].add(key)

    def removed(self, table: Table, key: str) -> None:
        """Mark one row as gone."""
        self._removed[table].add(key)
        self._changed[table].discard(key)

    def chart(self, session_id: str, symbol: str) -> None:
        """Mark a chart: new bar, fill or level."""
        self._charts.add((session_id, symbol))

    def forming(self, session_id: str, symbol: str) -> None:
        """Mark the forming bar of a chart."""
        self._forming.add((session_id, symbol))

    def equity(self, session_id: str) -> None:
        """Mark an equity curve."""
        self._equity.add(session_id)

    def portfolio(self) -> None:
        """Mark the totals."""
        self._portfolio = True

    def status(self) -> None:
        """Mark the status bar."""
        self._status = True

    def flush(self) -> bool:
        """Tell every listener what gathered, all in this call; returns whether there was anything."""
        self.go_on(math.inf)
        told = self.begin()
        self.go_on(math.inf)
        return told

    def begin(self) -> bool:
        """Take what gathered as the next telling; False: there is nothing, or the last one is not over."""
        if self._waiting:
            return False
        changes = Changes(
            changed={table: frozenset(keys) for table, keys in self._changed.items() if keys},
            removed={table: frozenset(keys) for table, keys in self._removed.items() if keys},
            charts=frozenset(self._charts),
            forming=frozenset(self._forming - self._charts),
            equity=frozenset(self._equity),
            portfolio=self._portfolio,
            status=self._status,
        )
        if changes == Changes():
            return False
        self._changed.clear()
        self._removed.clear()
        self._charts.clear()
        self._forming.clear()
        self._equity.clear()
        self._portfolio = self._status = False
        self._telling = changes
        self._waiting.extend((*self._first, *self._listeners))
        return True

    def go_on(self, seconds: float) -> bool:
        """Tell the next listener, and more until `seconds` have passed; returns whether any waits still."""
        end = time.perf_counter() + seconds
        while self._waiting:
            listener = self._waiting.popleft()
            try:
                listener(self._telling)
            except Exception as error:  # noqa: BLE001 - a panel's fault must not reach the engine (fault 32)
                self._on_error(error, self._telling)
            if time.perf_counter() > end:
                break
        return bool(self._waiting)
