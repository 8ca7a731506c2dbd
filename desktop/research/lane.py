"""One symbol's way through a backtest: its bars, what its rules may say on each, and the next bar worth a look."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, cast

import numpy as np

from desktop.domain.instruments import Instrument
from desktop.domain.market import Bar
from desktop.domain.orders import OrderKind
from desktop.ports import TradingHours
from desktop.research.batch_judge import BatchJudge, position_columns
from desktop.research.levels import levels_of, next_reached
from desktop.rules.columns import Columns, FloatArray, IntArray
from desktop.rules.compile import Rule
from desktop.trading.price_flow import Span
from desktop.trading.proposals import StrategyRules
from desktop.trading.unit import SessionUnit

_MARKET = OrderKind.MARKET
_tuple = tuple.__new__  # makes a named tuple of its values at half the price of calling its class
_LOOK = 512  # bars a rule with position terms is judged on at a time, at first


def elements(column: FloatArray | IntArray) -> Any:
    """Return a column as a sequence of Python's numbers; copied only where its buffer is not aligned in memory."""
    return memoryview(cast("Any", np.require(column, requirements="A")))


class Lane:
    """Finds the next bar of one symbol on which the core may do something.

    Attributes:
        symbol: Symbol of the bars.
        bars: The whole history.
        place: The next bar that has not passed.
        hours: Its trading hours.
        tick: Smallest step of its prices.
    """

    def __init__(
        self,
        instrument: Instrument,
        timeframe: str,
        bars: Columns,
        judge: BatchJudge,
        rules: StrategyRules,
        hours: TradingHours,
    ) -> None:
        self.symbol, self.bars, self.place = instrument.symbol, bars, 0
        self._passed = 0  # 1: the bar at `place` has passed and has yet to close
        self.hours = hours
        self._timeframe, self._judge, self._rules = timeframe, judge, rules
        self.tick = float(instrument.tick)
        self._entries = judge.candidates(rules.entry)
        exit_rule = rules.exit
        self._exits = b"" if exit_rule is None or exit_rule.uses_position else judge.candidates(exit_rule)
        self._windowed = exit_rule if exit_rule is not None and exit_rule.uses_position else None
        self._count = len(bars)
        # one element of a memoryview is a float of Python's at a third of the cost of a numpy scalar
        columns = (bars.start, bars.open, bars.high, bars.low, bars.close, bars.volume)
        self._rows = tuple(elements(column) for column in columns)
        self._closes: Sequence[float] = self._rows[4]

    def attach(self, unit: SessionUnit) -> None:
        """Take up what the search reads of a started unit: it is asked for with every slice."""
        core, venue = unit.core, unit.venue
        self._core, self._mark = core, core.marks[self.symbol]
        self._open, self._ordered, self._armed = core.book.open, core.book.by_symbol, core.trigger_book.active
        self._working = {} if venue is None else venue.working

    def next_bar(self) -> Bar:
        """Let one bar pass and return it as a value; from now on the rules are answered on it."""
        row = self._judge.row = self.place
        self.place = row + 1
        start, opened, high, low, close, volume = self._rows
        return _tuple(
            Bar, (self.symbol, self._timeframe, start[row], opened[row], high[row], low[row], close[row], volume[row])
        )

    def span(self, end: int) -> Span:
        """Let the bars before `end` pass and return them."""
        span = _tuple(Span, (self.bars, self.place, end, self._passed))
        self.place, self._passed = end, 0
        return span

    def close_until(self, end: int) -> None:
        """Let the bars before `end` pass and close in a core that is idle: the price is all that moves."""
        self._core.flow.advance_alone(self._mark, self.bars, self.place, end, self._passed)
        self.place, self._passed = end, 0

    def last_close(self) -> tuple[str, float]:
        """Return symbol and close of the bar that passed last; from now on the rules are answered on it."""
        row = self._judge.row = self.place - 1
        return self.symbol, self._closes[row]

    def leave_open(self) -> None:
        """Let the bar that passed last close with the next ones that pass."""
        self.place, self._passed = self.place - 1, 1

    def is_quiet(self) -> bool:
        """Whether the rule that is asked at the close of the bar that passed last cannot be true."""
        if not self._mark.held:
            return not self._entries[self.place - 1]
        return self._windowed is None and not (self._exits and self._exits[self.place - 1])

    # the search --------------------------------------------------------------------------------------------------
    def next_candidate(self) -> int:
        """Return the first bar from `place` on where anything can happen; the number of bars where nothing can."""
        place = self.place
        if place >= self._count:
            return self._count
        has_orders = self.symbol in self._ordered
        if has_orders and self.may_fill_anywhere():
            return place
        end = self.next_true()
        if end == place or not (has_orders or (self._armed and self._core.trigger_book.has(self.symbol))):
            return end
        return self._next_reached(end, has_orders=has_orders)

    def next_true(self) -> int:
        """Return the first bar from `place` on whose close may find the rule asked now true; or how many there are."""
        if not self._mark.held:
            found = self._entries.find(1, self.place)
        elif self._windowed is not None:
            return self._next_windowed_exit(self._windowed)
        else:
            found = self._exits.find(1, self.place)
        return self._count if found < 0 else found

    def may_fill_anywhere(self) -> bool:
        """Whether the next bar matters to an order whatever its prices are."""
        for order_id in self._ordered.get(self.symbol, ()):
            if self._open[order_id].kind is _MARKET:
                return True
            resting = self._working.get(order_id)
            if resting is None or not resting.met or resting.elected:
                return True  # one that met no price yet has its first bar before it, from which its day counts
        return False

    def _next_reached(self, end: int, *, has_orders: bool) -> int:
        """Return the first bar before `end` that may reach an order or a trigger."""
        core, symbol, place = self._core, self.symbol, self.place
        triggers = tuple(core.trigger_book.of(symbol))
        orders = tuple(core.book.of(symbol)) if has_orders else ()
        if any(trigger.held_by for trigger in triggers):
            return place  # a check holds it: each bar may let go of it
        levels = levels_of(orders, triggers, self.tick)
        return next_reached(self.bars, levels, place, end, self.tick)

    def _next_windowed_exit(self, rule: Rule) -> int:
        """Return the first bar on which an exit rule with position terms is true for the holding as it is."""
        place = self.place
        position, mark = self._core.holdings.positions[self.symbol], self._mark
        entry_price, held, high, low = float(position.average), mark.bars_held, mark.high, mark.low
        size = _LOOK
        while place < self._count:
            end = min(place + size, self._count)
            cut = slice(place, end)
            bars = self.bars
            terms = position_columns(
                entry_price, held, high, low, highs=bars.high[cut], lows=bars.low[cut], closes=bars.close[cut]
            )
            true = self._judge.true_between(rule, place, end, terms)
            first = int(true.argmax())
            if true[first]:
                return place + first
            held += end - place
            high, low = float(terms.high_since_entry[-1]), float(terms.low_since_entry[-1])
            place, size = end, size * 4
        return self._count
