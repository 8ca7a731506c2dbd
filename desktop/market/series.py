"""Closed bars as contiguous columns: a ring for what is looked at, a record for what must never be forgotten."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np

from desktop.domain.market import Bar
from desktop.rules.columns import Columns, FloatArray, IntArray

DEFAULT_CAPACITY = 500
_FIELDS = 5  # open, high, low, close, volume
_FIRST_RECORD = 1_024


def _roomy(bars: int) -> int:
    """Return how many bars a buffer for `bars` has room for: moved seldom, and hardly longer than what it holds."""
    return bars + max(64, bars // 16)


class Series:
    """The last `capacity` closed bars of one symbol and timeframe.

    A buffer a little longer than the capacity is filled from the left; when it is full the newest bars move into a
    fresh one. So an append is O(1) on average, the columns are always contiguous, and views handed out earlier never
    change.

    Attributes:
        symbol: Symbol of the bars.
        timeframe: Timeframe of the bars.
        capacity: How many bars are kept.
        count: Bars appended ever.
        forming: The bar that is not closed yet, where there is one.
    """

    __slots__ = ("_end", "_start", "_values", "capacity", "count", "forming", "last", "symbol", "timeframe")

    def __init__(self, symbol: str, timeframe: str, capacity: int = DEFAULT_CAPACITY) -> None:
        self.symbol, self.timeframe = symbol, timeframe
        self.capacity = max(1, capacity)
        self.count = 0
        self.last: Bar | None = None
        self.forming: Bar | None = None
        self._end = 0
        room = _roomy(self.capacity)
        self._start: IntArray = np.empty(room, dtype=np.int64)
        self._values = np.empty((_FIELDS, room), dtype=np.float64)

    def __len__(self) -> int:
        return min(self._end, self.capacity)

    def append(self, bar: Bar) -> None:
        """Add a closed bar; bars come in the order of time."""
        end = self._end
        if end == len(self._start):
            end = self._move(self.capacity)
        self._start[end] = bar.start
        self._values[:, end] = bar[3:8]
        self._end = end + 1
        self.count += 1
        self.last = bar

    def extend(self, bars: Iterable[Bar]) -> None:
        """Add closed bars, oldest first."""
        for bar in bars:
            self.append(bar)

    def insert(self, bars: Sequence[Bar]) -> None:
        """Add closed bars in their place; those of periods that have one are left out."""
        columns = self.columns()
        missed = unknown(columns, bars)
        if not missed:
            return
        whole = bars_of(self.symbol, self.timeframe, merged(columns, Columns.of(missed)))
        count = self.count - len(columns)
        self._end = 0
        room = _roomy(self.capacity)
        self._start, self._values = np.empty(room, dtype=np.int64), np.empty((_FIELDS, room), dtype=np.float64)
        self.extend(whole)
        self.count += count

    def columns(self, count: int | None = None) -> Columns:
        """Return the last `count` bars (all kept ones by default) as views: nothing is copied."""
        held = len(self)
        wanted = held if count is None else max(0, min(count, held))
        cut = slice(self._end - wanted, self._end)
        values = self._values
        rows: list[FloatArray] = [values[field, cut] for field in range(_FIELDS)]
        return Columns(self._start[cut], rows[0], rows[1], rows[2], rows[3], rows[4])

    def closes(self, count: int) -> list[float]:
        """Return the last `count` closes, oldest first."""
        held: list[float] = self._values[3, max(0, self._end - min(count, len(self))) : self._end].tolist()
        return held

    def bars(self, count: int | None = None) -> list[Bar]:
        """Return the last `count` bars as values, oldest first."""
        return bars_of(self.symbol, self.timeframe, self.columns(count))

    def grow(self, capacity: int) -> None:
        """Keep more bars from now on; a smaller capacity than now is ignored."""
        if capacity > self.capacity:
            kept = len(self)
            self.capacity = capacity
            self._move(kept)

    def _move(self, keep: int) -> int:
        """Carry the newest `keep` bars into a fresh buffer; views of the old one stay as they are."""
        cut = slice(self._end - keep, self._end)
        room = _roomy(self.capacity)
        start: IntArray = np.empty(room, dtype=np.int64)
        values = np.empty((_FIELDS, room), dtype=np.float64)
        start[:keep], values[:, :keep] = self._start[cut], self._values[:, cut]
        self._start, self._values, self._end = start, values, keep
        return keep


class Record:
    """Every closed bar since an origin, in growing contiguous columns: what indicators are opened on."""

    __slots__ = ("_start", "_values", "count")

    def __init__(self, history: Columns | None = None) -> None:
        self.count = 0 if history is None else len(history)
        room = max(_FIRST_RECORD, _roomy(self.count))
        self._start: IntArray = np.empty(room, dtype=np.int64)
        self._values = np.empty((_FIELDS, room), dtype=np.float64)
        if history is not None:
            cut = slice(0, self.count)
            self._start[cut] = history.start
            columns = (history.open, history.high, history.low, history.close, history.volume)
            for field, column in enumerate(columns):
                self._values[field, cut] = column

    def append(self, bar: Bar) -> None:
        """Add a closed bar."""
        count = self.count
        if count == len(self._start):
            room = _roomy(count)
            start: IntArray = np.empty(room, dtype=np.int64)
            values = np.empty((_FIELDS, room), dtype=np.float64)
            start[:count], values[:, :count] = self._start, self._values
            self._start, self._values = start, values
        self._start[count] = bar.start
        self._values[:, count] = bar[3:8]
        self.count = count + 1

    @property
    def last_start(self) -> int:
        """µs UTC, start of the last bar; -1 before the first."""
        return int(self._start[self.count - 1]) if self.count else -1

    def columns(self) -> Columns:
        """Return all bars as views; what is appended later does not change them."""
        cut = slice(0, self.count)
        rows: list[FloatArray] = [self._values[field, cut] for field in range(_FIELDS)]
        return Columns(self._start[cut], rows[0], rows[1], rows[2], rows[3], rows[4])


def unknown(columns: Columns, bars: Sequence[Bar]) -> list[Bar]:
    """Return those of `bars` whose period has no bar in the columns."""
    starts = np.array([bar.start for bar in bars], dtype=np.int64)
    places = np.searchsorted(columns.start, starts)
    return [
        bar
        for bar, place in zip(bars, places.tolist(), strict=True)
        if place == len(columns) or columns.start.item(place) != bar.start
    ]


def merged(one: Columns, other: Columns) -> Columns:
    """Return the bars of both by time; no period is in both."""
    order = np.argsort(np.concatenate((one.start, other.start)), kind="stable")
    parts = ("start", "open", "high", "low", "close", "volume")
    return Columns(*(np.concatenate((getattr(one, name), getattr(other, name)))[order] for name in parts))


def bars_of(symbol: str, timeframe: str, columns: Columns) -> list[Bar]:
    """Return columns as a list of bars, oldest first."""
    parts = (columns.start, columns.open, columns.high, columns.low, columns.close, columns.volume)
    return [Bar(symbol, timeframe, *row) for row in zip(*(part.tolist() for part in parts), strict=True)]
