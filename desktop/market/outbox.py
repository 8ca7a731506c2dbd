"""What a hub hands on, in order: runs of quotes, and what happened between them."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable

from desktop.domain.market import Bar, Quote
from desktop.domain.messages import BadQuote, BarsClosed, BarsPassed, Halted

Item = tuple[Quote, ...] | BarsClosed | BarsPassed | BadQuote | Halted


def _nobody() -> None:
    """Nobody waits for a burst."""


class Outbox:
    """Collects items until they are drained.

    Attributes:
        wake: Called once when there is something after nothing was there, and when a drain leaves something behind.
        quotes: The run of quotes at hand; whoever appends to it calls `rouse` unless it is `awake`.
        awake: Whether `wake` was called since the last drain.
    """

    def __init__(self, on_closed: Callable[[Bar], None]) -> None:
        """`on_closed` is told each closed bar just before it is handed out."""
        self.wake: Callable[[], None] = _nobody
        self._on_closed = on_closed
        self.quotes: list[Quote] = []
        self._items: deque[Item] = deque()
        self.awake = False

    def rouse(self) -> None:
        """Say once that there is something."""
        if not self.awake:
            self.awake = True
            self.wake()

    @property
    def behind(self) -> bool:
        """Whether a drain left something behind."""
        return bool(self._items)

    def put(self, item: BarsClosed | BarsPassed | BadQuote | Halted) -> None:
        """Add an item behind the quotes that came before it."""
        self._end_run()
        self._items.append(item)
        self.rouse()

    def _end_run(self) -> None:
        if self.quotes:
            self._items.append(tuple(self.quotes))
            self.quotes.clear()

    def drain(self) -> list[Item]:
        """Return the items up to the next closing of bars: these are only ever in front, one of each timeframe."""
        self._end_run()
        items = self._items
        found: list[Item] = []
        closed: set[str] = set()
        while items:
            item = items[0]
            if isinstance(item, BarsClosed):
                timeframe = item.bars[0].timeframe
                if len(closed) < len(found) or timeframe in closed:
                    break
                closed.add(timeframe)
                for bar in item.bars:
                    self._on_closed(bar)
            found.append(items.popleft())
        self.awake = False
        if items:
            self.rouse()
        return found
