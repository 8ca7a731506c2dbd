"""What a replay counts beside its unit, its live metrics and its equity curve: committed together with the unit."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

from desktop.domain.events import Blocked, Fact, FillBooked, TradeClosed
from desktop.domain.messages import BarsClosed
from desktop.domain.sessions import SessionSettings
from desktop.ports import EquityPoint, TradingHours
from desktop.trading.performance import Performance
from desktop.trading.session_core import SessionCore

NO_DAY = -1
POINTS = 5_000  # of an equity curve, at least where there are as many bars


class ReplayTally:
    """Blocks by check, performance and equity points.

    Args:
        settings: The session.
        hours: Of its first symbol: which day a bar belongs to.
        stride: Bars between two stored points of the equity curve; days and trades have theirs in any case.
    """

    def __init__(self, settings: SessionSettings, hours: TradingHours, *, stride: int = 1) -> None:
        self._session_id, self._symbol = settings.session_id, settings.instruments[0].symbol
        self._hours, self._stride = hours, max(1, stride)
        self.performance = Performance(settings.cash)
        self.blocks: Counter[str] = Counter()
        self.points: list[EquityPoint] = []  # since the last commit
        self._day, self._day_start, self._last = NO_DAY, settings.cash, settings.cash
        self._slices = 0  # bar closings seen
        self._traded = False
        self._price = 0.0

    def facts(self, facts: Iterable[Fact]) -> None:
        """Count what happened in a step."""
        for fact in facts:
            if isinstance(fact, TradeClosed):
                self.performance.add_trade(fact.trade)
                self._traded = True
            elif isinstance(fact, FillBooked):
                self.performance.add_fill(fact.fill)
            elif isinstance(fact, Blocked):
                # A run of true bars is told at its start and, with its count, at its end.
                self.blocks[fact.block.check.value] += fact.count - 1 if fact.count > 1 else 1

    def closed(self, message: BarsClosed, core: SessionCore) -> None:
        """Mark the equity at a bar closing."""
        equity = core.equity
        first = message.bars[0]
        for bar in message.bars:
            if bar.symbol == self._symbol:
                self._price = bar.close
        day = self._hours.trading_day(first.start)
        self.performance.mark(message.at, equity, day)
        if day != self._day:
            self._day, self._day_start, due = day, self._last, True
        else:
            due = self._traded
        self._last = equity
        self._slices += 1
        if due or self._slices % self._stride == 0:
            self._traded = False
            self.points.append(EquityPoint(self._session_id, message.at, equity, core.cash, self._price))

    def take_points(self) -> list[EquityPoint]:
        """Return the points since the last call."""
        points, self.points = self.points, []
        return points

    # storage ---------------------------------------------------------------------------------------------------
    def snapshot(self) -> dict[str, Any]:
        """Return everything as JSON values; `performance` and `day` as a session on a running feed stores them."""
        return {
            "performance": self.performance.snapshot(),
            "day": [self._day, str(self._day_start)],
            "tally": [dict(self.blocks), str(self._last), self._slices, self._traded, self._price],
        }

    def restore(self, state: Mapping[str, Any]) -> None:
        """Take up a snapshot exactly."""
        self.performance.restore(state["performance"])
        self._day, start = state["day"]
        self._day_start = Decimal(start)
        blocks, last, self._slices, self._traded, self._price = state["tally"]
        self.blocks, self._last = Counter(blocks), Decimal(last)
