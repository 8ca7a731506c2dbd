"""Prices and time as they reach a session: bars of a replay in phases, quotes one by one, ticks, quiet stretches."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np

from desktop.domain import messages as said
from desktop.domain.market import DAY, Bar, Quote, timeframe_us
from desktop.domain.strategies import Evaluate
from desktop.rules.columns import Columns
from desktop.trading.closing import Closing
from desktop.trading.daily_loss import DailyLoss
from desktop.trading.judging import RuleDesk
from desktop.trading.marks import Mark, Marks
from desktop.trading.risk_checks import RiskChecks
from desktop.trading.signals import SignalBook
from desktop.trading.state import CoreState
from desktop.trading.trigger_watch import TriggerWatch
from desktop.trading.triggers import TriggerBook


class Span(NamedTuple):
    """Bars `begin` up to and without `end` of one symbol's columns; the first `passed` of them only close."""

    columns: Columns
    begin: int
    end: int
    passed: int = 0


class PriceFlow:
    """Lets prices and time act on marks, triggers, rules and whatever a check holds."""

    def __init__(
        self,
        state: CoreState,
        marks: Marks,
        checks: RiskChecks,
        daily_loss: DailyLoss,
        signals: SignalBook,
        triggers: TriggerBook,
        watch: TriggerWatch,
        rules: RuleDesk,
        closing: Closing,
    ) -> None:
        self._state, self._marks, self._checks, self._daily_loss = state, marks, checks, daily_loss
        self._signals, self._triggers, self._watch = signals, triggers, watch
        self._rules, self._closing = rules, closing
        strategy = state.settings.strategy
        self._on_quotes = strategy.evaluate is Evaluate.QUOTE
        self._bar_length = timeframe_us(strategy.timeframe)

    def pass_time(self, at: int) -> None:
        state = self._state
        if at > state.now:
            state.now = at
        if state.now >= self._signals.next_due:
            self._signals.run_timers()

    def retry(self, symbol: str = "") -> None:
        """Try again what a check holds."""
        if self._closing.waiting:
            self._closing.retry(symbol)
        if self._signals.waiting:
            self._rules.retry_held(symbol)

    def bars_passed(self, message: said.BarsPassed) -> None:
        bars = self.open_bars(message.bars, message.at)
        self.judge_bars(bars)
        self.judge_again(bars)
        self.end_bars(bars)

    def open_bars(self, bars: Sequence[Bar], at: int) -> Sequence[Bar]:
        """The bars begin: their opens are the prices now, and what waited for the market may go.

        Returns:
            The bars of this session's symbols in the configured order, for what follows within them.
        """
        self.pass_time(at)
        if not bars:
            return bars
        state, first = self._state, bars[0]
        if state.limits.max_daily_loss is not None or self._daily_loss.block is not None:
            self._daily_loss.begin(first.start)
        self._checks.passing = first
        bars = self._own(bars)
        marks, now = self._marks, state.now
        for bar in bars:
            marks[bar[0]].price(bar[3], now)
        if self._signals.waiting or self._closing.held or state.flatten:
            self.retry()
        return bars

    def judge_opens(self, bars: Sequence[Bar]) -> None:
        """Judge the targets on the opens of the bars."""
        for bar in bars:
            if self._triggers.has(bar.symbol):
                self._watch.on_open(bar)

    def judge_bars(self, bars: Sequence[Bar]) -> None:
        """Judge the triggers on the bars, symbols in the configured order."""
        for bar in bars:
            if self._triggers.has(bar.symbol):
                self._watch.on_bar(bar)

    def judge_again(self, bars: Sequence[Bar]) -> None:
        """Judge the stops of positions that a resting order opened inside the bar."""
        for bar in bars:
            if self._marks[bar.symbol].entered_inside:
                self._watch.on_bar(bar, stops_only=True)

    def end_bars(self, bars: Sequence[Bar]) -> None:
        """The bars end: extremes and trailing stops take them in."""
        for bar in bars:
            mark = self._marks[bar.symbol]
            if mark.held:
                mark.see(*mark.range_of(bar))
                if self._triggers.active and self._triggers.has(bar.symbol):
                    self._watch.lift_on_bar(bar)
                mark.entered_inside = False
        self._checks.passing = None

    def _own(self, bars: Sequence[Bar]) -> Sequence[Bar]:
        """Return the bars of this session's symbols in the configured order."""
        if len(bars) == 1:
            return bars if bars[0][0] in self._marks else ()
        by_symbol = {bar.symbol: bar for bar in bars}
        return [by_symbol[symbol] for symbol in self._marks if symbol in by_symbol]

    def bars_closed(self, message: said.BarsClosed) -> None:
        self.close_bars(message.bars, message.at)

    def close_bars(self, closing: Sequence[Bar], at: int) -> None:
        """The bars close: their closes are the prices now, and the rules are judged on them."""
        self.pass_time(at)
        state, bars = self._state, self._own(closing)
        self._mark_closes(bars)
        if state.limits.max_daily_loss is not None:
            self._daily_loss.judge()
        if self._signals.waiting or self._closing.held or state.flatten:
            self.retry()
        self.judge_closes([(symbol, close) for symbol, _, _, _, _, _, close, _ in bars])

    def judge_closes(self, closes: Sequence[tuple[str, float]]) -> None:
        """Judge the rules on bars that have closed: symbol and close of each, in the configured order."""
        self._checks.day_ended = self._bar_length >= DAY
        self._rules.on_slice(closes)
        self._checks.day_ended = False

    def quotes(self, message: said.Quotes) -> None:
        if self.quiet:
            self.mark_quotes(message)
            return
        for quote in message.quotes:
            self.on_quote(quote, message.at)
        self.pass_time(message.at)

    @property
    def quiet(self) -> bool:
        """Whether a quote can change nothing but marks: nothing is armed, waits, or is judged on quotes."""
        return not (
            self._triggers.active
            or self._on_quotes
            or self._closing.waiting
            or self._signals.waiting
            or self._state.limits.max_daily_loss is not None
        )

    def mark_quotes(self, message: said.Quotes) -> None:
        """Take a burst in a quiet session: nothing but marks and message time move."""
        find = self._marks.get
        for quote in message.quotes:
            mark = find(quote[0])
            if mark is not None:
                mark.quote(quote)
        self._state.advance_to(message.at)

    def on_quote(self, quote: Quote, at: int) -> None:
        """Take one quote of a burst whose message time is `at`."""
        mark = self._marks.get(quote.symbol)
        if mark is None:
            return
        self.pass_time(min(quote.at, at))
        state, loss = self._state, self._daily_loss
        looks = state.limits.max_daily_loss is not None and (
            loss.checked_at < 0 or state.now - loss.checked_at >= self._state.settings.tick_interval
        )
        if looks:
            loss.begin(state.now)
        mark.quote(quote)
        if looks:
            loss.judge()
        if self._triggers.active and self._triggers.has(quote.symbol):
            self._watch.on_quote(mark)
        self.retry(quote.symbol)
        if self._on_quotes:
            self._rules.on_quote(mark)

    def look_again(self, symbol: str) -> None:
        """Judge the triggers of a symbol on its last quote again: what stood in their way was cancelled."""
        if self._triggers.has(symbol):
            self._watch.on_quote(self._marks[symbol])

    def bad_quote(self, message: said.BadQuote) -> None:
        self.pass_time(message.at)
        mark = self._marks.get(message.symbol)
        if mark is not None:
            mark.bad = message.reason

    def tick(self, message: said.ClockTick) -> None:
        self.pass_time(message.at)
        if self._triggers.active:
            self._watch.poll()
        self.retry()

    def advance(self, spans: Mapping[str, Span]) -> None:
        """Let bars pass on which no rule is true, nothing is in range and no limit is at work.

        Only marks, bar counts, extremes, trailing marks and message time change, and runs of true bars end.
        `advance(a, c)` is `advance(a, b)` then `advance(b, c)`.

        Args:
            spans: The bars that pass, by symbol; symbols may have different ones, and all of them are over before the
                next message.
        """
        if self._rules.runs.going:
            self._end_runs({symbol: span for symbol, span in spans.items() if span.end > span.begin})
        now = self._state.now
        for symbol, (bars, begin, end, passed) in spans.items():
            if end > begin:
                closed = self._let_pass(self._marks[symbol], bars, begin, end, passed)
                if closed > now:
                    now = closed
        self.pass_time(now)

    def advance_alone(self, mark: Mark, bars: Columns, begin: int, end: int, passed: int) -> None:
        """Do the same for the bars of one symbol where no run of true bars goes on (see `Span`)."""
        self.pass_time(self._let_pass(mark, bars, begin, end, passed))

    def _let_pass(self, mark: Mark, bars: Columns, begin: int, end: int, passed: int) -> int:
        """Let bars of one symbol pass, at least one of them; returns when the last of them closes."""
        now = self._state.now
        started: int = bars.start.item(end - 1)
        closed = started + self._bar_length
        if not mark.quoted:
            mark.price(bars.close.item(end - 1), closed if closed > now else now)
        mark.closed_start = started
        if mark.held:
            mark.bars_held += end - begin
            unseen = begin + passed
            if unseen < end:
                mark.see_later(bars, unseen, end)
                if self._triggers.active and self._triggers.has(mark.instrument.symbol):
                    high = float(np.maximum.reduce(bars.high[unseen:end]))
                    self._watch.lift(mark, mark.instrument.price(high))
        return closed

    def _mark_closes(self, bars: Sequence[Bar]) -> None:
        """Take the closes of bars as the prices now, and count the bars of holdings."""
        now = self._state.now
        for symbol, _, start, _, _, _, close, _ in bars:
            mark = self._marks[symbol]
            if not mark.quoted:
                mark.price(close, now)
            mark.closed_start = start
            if mark.held:
                mark.bars_held += 1

    def _end_runs(self, spans: Mapping[str, Span]) -> None:
        """End the runs of true bars, each when the first quiet bar of its symbol closes."""
        first: dict[int, set[str]] = {}
        for symbol, span in spans.items():
            first.setdefault(int(span.columns.start[span.begin]) + self._bar_length, set()).add(symbol)
        for at in sorted(first):
            self.pass_time(at)
            self._rules.runs.end_of(first[at])
