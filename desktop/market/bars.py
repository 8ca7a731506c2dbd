"""Bars from ticks by exchange time, and higher timeframes from lower ones."""

from __future__ import annotations

from collections.abc import Iterable

from desktop.domain.errors import ProgramBug
from desktop.domain.market import DAY, MINUTE, Bar, timeframe_us
from desktop.rules.periods import LocalClock, Periods

NEVER = 1 << 62  # µs: later than any time that occurs
_QUARTER = 15 * MINUTE  # zones are whole quarter hours away from UTC, so these divide every local day


class BarBuilder:
    """The forming bar of one symbol and timeframe.

    A bar holds the ticks whose exchange time lies in its period, in whatever order they arrive: the open is that of the
    earliest, the close that of the latest. It is closed by the clock, not by the next tick; a period without a tick
    gives no bar. A tick of a bar that is closed is counted and never changes it.

    Attributes:
        start: µs UTC at which the forming bar began; `NEVER` while none is forming.
        end: µs UTC at which it is over; `NEVER` while none is forming.
        closed_until: µs UTC before which every bar is closed.
        open, high, low, close: Prices of the forming bar.
        first_at, last_at: µs UTC of its earliest and latest tick.
        ticks: Number of ticks in it.
        gaps: Periods without a tick between closed bars.
        late: Ticks that came after their bar was closed.
    """

    __slots__ = (
        "_length", "_periods", "_sized", "_use_sizes", "close", "closed_until", "end", "first_at", "gaps", "high",
        "last_at", "late", "low", "open", "start", "symbol", "ticks", "timeframe",
    )  # fmt: skip

    def __init__(self, symbol: str, timeframe: str, zone: str = "UTC") -> None:
        self.symbol, self.timeframe = symbol, timeframe
        self._length = timeframe_us(timeframe)
        self._periods = Periods(timeframe, LocalClock(zone)) if self._length >= DAY else None
        self.start = self.end = NEVER
        self.closed_until = -NEVER
        self.gaps = self.late = 0
        self.open = self.high = self.low = self.close = 0.0
        self.first_at = self.last_at = 0
        self.ticks = 0.0
        self._sized = 0.0  # units traded in it
        self._use_sizes = False  # prints were seen: volume is units traded from then on

    def period(self, at: int) -> tuple[int, int]:
        """Return start and end (µs UTC) of the period an instant lies in; days are those of the exchange's zone."""
        periods = self._periods
        if periods is None:
            start = at - at % self._length
            return start, start + self._length
        key = periods.key(at)
        return periods.start(key), periods.start(key + 1)

    def add(self, at: int, price: float, size: float = 0.0) -> bool:
        """Take one tick; `size` is the number of units of a print, 0 for a quote.

        Returns:
            False when its bar is closed: it was counted as late and changed nothing.
        """
        if self.end == NEVER:
            if at < self.closed_until:
                self.late += 1
                return False
            self._begin(at, price)
        elif at < self.start:
            self.late += 1
            return False
        elif at >= self.end:
            raise ProgramBug(f"a bar of {self.symbol} was not closed before a tick of the next one")
        if price > self.high:
            self.high = price
        elif price < self.low:
            self.low = price
        if at >= self.last_at:
            self.last_at, self.close = at, price
        elif at < self.first_at:
            self.first_at, self.open = at, price
        self.ticks += 1.0
        if size:
            self._sized += size
        return True

    def add_size(self, at: int, size: float) -> None:
        """Take the units of a print whose price comes from quotes; counts where its bar is forming."""
        self._use_sizes = True
        if self.start <= at < self.end:
            self._sized += size

    def sized(self) -> None:
        """Let volume be units traded instead of the number of quotes."""
        self._use_sizes = True

    def add_bar(self, bar: Bar) -> bool:
        """Take a closed bar of a lower timeframe; False when its period is closed already."""
        at = bar.start
        if self.end == NEVER:
            if at < self.closed_until:
                self.late += 1
                return False
            self._begin(at, bar.open)
        elif at >= self.end:
            raise ProgramBug(f"a bar of {self.symbol} was not closed before the next one began")
        self.high = max(self.high, bar.high)
        self.low = min(self.low, bar.low)
        self.last_at, self.close = at, bar.close
        self._use_sizes = True
        self._sized += bar.volume
        return True

    def include(self, bar: Bar) -> None:
        """Take a closed bar of a lower timeframe late, where its period is still forming."""
        if not self.start <= bar.start < self.end:
            return
        self.high, self.low = max(self.high, bar.high), min(self.low, bar.low)
        if bar.start < self.first_at:
            self.first_at, self.open = bar.start, bar.open
        self._sized += bar.volume

    def forming(self) -> Bar | None:
        """Return the bar that is not closed yet, or None."""
        return None if self.end == NEVER else self._bar()

    def _bar(self) -> Bar:
        volume = self._sized if self._use_sizes else self.ticks
        return Bar(self.symbol, self.timeframe, self.start, self.open, self.high, self.low, self.close, volume)

    def close_until(self, at: int) -> list[Bar]:
        """Return the bar that is over at `at` (µs UTC), if there is one; closes it."""
        if at < self.end or self.end == NEVER:
            return []
        bar = self._bar()
        self.settle(self.end)
        return [bar]

    def settle(self, until: int) -> None:
        """Regard everything before `until` as closed (bars of history, or the bar that was just handed out)."""
        self.closed_until = max(self.closed_until, until)
        self.start = self.end = NEVER

    def _begin(self, at: int, price: float) -> None:
        start, end = self.period(at)
        if self.closed_until > 0 and start > self.closed_until:
            self.gaps += self._missing(start)
        self.start, self.end = start, end
        self.open = self.high = self.low = self.close = price
        self.first_at = self.last_at = at
        self.ticks = self._sized = 0.0

    def _missing(self, start: int) -> int:
        return max(1, round((start - self.closed_until) / self._length))


def divides(lower: str, higher: str, zone: str = "UTC") -> bool:
    """Return whether every bar of `higher` is made of whole bars of `lower`; days are those of the zone."""
    low, high = timeframe_us(lower), timeframe_us(higher)
    if low >= high:
        return False
    if high < DAY:
        return high % low == 0
    if low >= DAY:
        return True
    return DAY % low == 0 if zone == "UTC" else _QUARTER % low == 0


def derive(bars: Iterable[Bar], timeframe: str, zone: str = "UTC") -> list[Bar]:
    """Return the bars of a higher timeframe that are closed after the last of `bars` (one symbol, oldest first)."""
    found: list[Bar] = []
    builder: BarBuilder | None = None
    for bar in bars:
        if builder is None:
            builder = BarBuilder(bar.symbol, timeframe, zone)
        found += builder.close_until(bar.start)
        builder.add_bar(bar)
        found += builder.close_until(bar.end)
    return found
