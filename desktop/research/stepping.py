"""The step driver of a backtest: every message handed to the core, for data that is not whole columns of its bars."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Mapping
from dataclasses import replace
from operator import attrgetter

import numpy as np

from desktop.domain.errors import UserMistake
from desktop.domain.fills import Fill
from desktop.domain.market import Bar
from desktop.domain.messages import BarsClosed, ClockTick, Message, Quotes
from desktop.market.forming import FormingBars
from desktop.research.skip import Progress
from desktop.research.tally import Tally
from desktop.rules.columns import Columns
from desktop.rules.stream import StreamEvaluator
from desktop.trading.equity import EquityCurve
from desktop.trading.unit import SessionUnit

_REPORT_EVERY = 1_000  # messages between two words about how far it is


class StepDriver:
    """Takes a unit through messages and keeps what closes on the way.

    Args:
        unit: Started.
        evaluators: By symbol; fresh.
        tally: Hears what happened.
        forming: For strategies judged on quotes; fresh.
    """

    def __init__(
        self,
        unit: SessionUnit,
        evaluators: Mapping[str, StreamEvaluator],
        tally: Tally,
        forming: FormingBars | None = None,
    ) -> None:
        self._unit, self._evaluators, self._tally, self._forming = unit, evaluators, tally, forming
        self._closed: dict[str, list[Bar]] = {symbol: [] for symbol in evaluators}
        self._equity: dict[int, float] = {}  # start of the bars -> equity at their close

    def run(self, messages: Iterator[tuple[int, Message]], rows: int = 0, progress: Progress | None = None) -> None:
        """Go through all messages; `progress` is told the share of the rows that is done and may raise to end it."""
        for count, (done, message) in enumerate(messages, start=1):
            if progress is not None and count % _REPORT_EVERY == 0:
                progress(done / max(rows, done, 1))
            due = self._unit.core.signal_book.next_due
            if due <= message.at:
                self._say(ClockTick(due))
            if isinstance(message, BarsClosed):
                self._bars_closed(message)
            elif self._forming is not None and isinstance(message, Quotes):
                for single in self._forming.one_by_one(message):
                    self._say(single)
            else:
                self._say(message)

    def _say(self, message: Message) -> None:
        self._tally.take(self._unit.step(message).facts)

    def _bars_closed(self, message: BarsClosed) -> None:
        for bar in message.bars:
            self._evaluators[bar.symbol].update(bar)
            self._closed[bar.symbol].append(bar)
        if self._forming is not None:
            self._forming.closed(message.bars)
        self._say(message)
        self._equity[message.bars[0].start] = float(self._unit.core.equity)

    # afterwards --------------------------------------------------------------------------------------------------
    def columns(self) -> dict[str, Columns]:
        """Return the bars that closed, by symbol.

        Raises:
            UserMistake: a symbol has none.
        """
        for symbol, evaluator in self._evaluators.items():
            if not self._closed[symbol]:
                raise UserMistake(
                    f"The data of {symbol} ends before a bar of {evaluator.timeframe} has closed. "
                    "Choose a shorter timeframe or more data."
                )
        return {symbol: Columns.of(bars) for symbol, bars in self._closed.items()}

    def curve(self) -> EquityCurve:
        """Return the core's equity at every close: with ticks it marks at the bid, their bars are of the middle."""
        start = np.fromiter(self._equity, dtype=np.int64, count=len(self._equity))
        equity = np.fromiter(self._equity.values(), dtype=np.float64, count=len(self._equity))
        order = np.argsort(start, kind="stable")
        return EquityCurve(start[order], equity[order])

    def in_its_bar(self, fill: Fill) -> Fill:
        """Return a fill that counts from the closed bar of the strategy's timeframe in which it happened."""
        bars, at = self._closed[fill.symbol], fill.bar_start or fill.at
        place = bisect_right(bars, at, key=attrgetter("start")) - 1
        return replace(fill, bar_start=bars[place].start) if place >= 0 and at < bars[place].end else fill
