"""The skip driver: the same core as everywhere, told only of the bars on which something can happen."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from desktop.domain.messages import ClockTick
from desktop.domain.orders import TimeInForce
from desktop.ports import TradingHours
from desktop.research.days import DayTurns
from desktop.research.lane import Lane, elements
from desktop.research.loss_watch import LossWatch
from desktop.research.tally import Tally
from desktop.rules.columns import IntArray
from desktop.trading.unit import SessionUnit, Step

_REPORT_EVERY = 256  # looks between two words about how far it is

Progress = Callable[[float], None]


class SkipDriver:
    """Takes a unit through whole columns.

    A search names the next slice (all bars that close at one instant) on which the core may do anything; what lies
    before it passes at once, the core is handed that slice as if it had been stepped there, and alone decides.

    Args:
        unit: Started.
        lanes: One for each symbol, in the session's order.
        length: µs of a bar.
        hours: Of the first symbol.
        tally: Hears what happened.
    """

    def __init__(
        self, unit: SessionUnit, lanes: Sequence[Lane], length: int, hours: TradingHours, tally: Tally
    ) -> None:
        self._unit, self._core, self._lanes, self._tally = unit, unit.core, lanes, tally
        for lane in lanes:
            lane.attach(unit)
        self._only = lanes[0] if len(lanes) == 1 else None
        self._told = Step()  # what a slice led to
        self._idle = False  # `_is_idle` after the last slice
        core = unit.core  # what is looked at with every slice
        self._flow, self._state, self._runs = core.flow, core.state, core.rule_desk.runs.going
        self._open, self._armed = core.book.open, core.trigger_book.active
        self._signals, self._waiting, self._held = core.signal_book, core.signal_book.waiting, core.closing.held
        begins = [lane.bars.start for lane in lanes]
        self._length = length
        self._starts: IntArray = begins[0] if self._only is not None else np.unique(np.concatenate(begins))
        self._start_of = elements(self._starts)
        self._rows: list[IntArray] = []
        self._slices: list[IntArray] = []
        if self._only is None:
            self._rows = [np.searchsorted(own, self._starts, side="left") for own in begins]
            self._slices = [np.searchsorted(self._starts, own, side="left") for own in begins]
        limited = unit.core.state.limits.max_daily_loss is not None
        self._turns = DayTurns(self._starts, length)
        self._losses = LossWatch(lanes, self._starts, self._turns, hours) if limited else None

    def run(self, progress: Progress | None = None) -> None:
        """Go through all bars; `progress` is told the share that is done and may raise to end the run."""
        count, place, looks = len(self._starts), 0, 0
        tally, facts = self._tally, self._told.facts
        look = self._look if self._only is None else self._look_alone
        self._idle = self._is_idle()
        while place < count:
            place = look(place)
            if facts:
                tally.take(facts)
                facts.clear()
            if progress is not None:
                looks += 1
                if looks % _REPORT_EVERY == 0:
                    progress(place / count)

    def _look(self, place: int) -> int:
        """Go on to the next slice worth a look, and through it; returns where the next search begins."""
        count, found = len(self._starts), self._next(place)
        if self._idle and found < count:
            self._pass(found + 1)
            self._unit.judge_closes(self._closed(found), self._told)
            self._idle = self._is_idle()
            return found + 1
        if found > place:
            self._pass(found)
        return found if found >= count else self._step(found)

    def _look_alone(self, place: int) -> int:
        """Do the same for the only lane there is, as most backtests have it."""
        lane = self._lanes[0]
        if self._idle:
            found, count = lane.next_true(), len(self._starts)
            if found >= count:
                lane.close_until(count)
                return count
            lane.close_until(found + 1)
            self._unit.judge_closes((lane.last_close(),), self._told)
            self._idle = not self._open and self._is_idle()
            return found + 1
        if not (self._open and lane.may_fill_anywhere()):
            found = self._next(place)
            if found > place:
                self._pass(found)
                if found >= len(self._starts):
                    return found
                place = found
        return self._step_alone(lane, place)

    def _is_idle(self) -> bool:
        """Whether bars can do nothing inside, and at their close only by a rule that is true.

        No order works, no trigger is armed, nothing waits for a check to clear, no limit of loss is at work, and no run
        of true bars goes on that a quiet bar would end.
        """
        return not (
            self._open
            or self._armed
            or self._waiting
            or self._held
            or self._runs
            or self._state.flatten
            or self._losses is not None
        )

    def _closed(self, place: int) -> tuple[tuple[str, float], ...]:
        """Return symbol and close of the bars of a slice that has passed."""
        return tuple(
            lane.last_close()
            for lane, slices in zip(self._lanes, self._slices, strict=True)
            if lane.place and slices[lane.place - 1] == place
        )

    def _next(self, place: int) -> int:
        """Return the next slice worth a look."""
        if self._held or self._state.flatten:
            return place
        if self._only is not None:
            found = self._only.next_candidate()
        else:
            found = len(self._starts)
            for lane, slices in zip(self._lanes, self._slices, strict=True):
                row = lane.next_candidate()
                if row < len(slices):
                    found = min(found, int(slices[row]))
        if found == place or self._waiting:
            return place
        if self._open:
            found = self._next_day_of_orders(place, found)
        return found if self._losses is None else self._losses.next_slice(self._core, place, found)

    def _next_day_of_orders(self, begin: int, end: int) -> int:
        """Return the first slice that may end a day order: days end for a symbol that has no bar then, too."""
        for lane in self._lanes:
            for order in self._core.book.of(lane.symbol):
                if order.time_in_force is TimeInForce.DAY:
                    end = self._turns.next_turn(lane.hours, begin, end)
                    break
        return end

    def _pass(self, end: int) -> None:
        """Let the bars before a slice pass at once."""
        if self._only is not None:
            spans = {self._only.symbol: self._only.span(end)}
        else:
            count = len(self._starts)
            spans = {
                lane.symbol: lane.span(int(rows[end]) if end < count else len(lane.bars))
                for lane, rows in zip(self._lanes, self._rows, strict=True)
            }
        self._flow.advance(spans)
        if self._state.effects:
            self._tally.take(self._state.take_facts())

    def _step(self, place: int) -> int:
        """Hand one slice to the core; returns where the next search begins."""
        at: int = self._start_of[place] + self._length
        lanes = [
            lane
            for lane, slices in zip(self._lanes, self._slices, strict=True)
            if lane.place < len(slices) and slices[lane.place] == place
        ]
        bars = tuple([lane.next_bar() for lane in lanes])
        self._let_timers_run(at)
        self._unit.pass_bars(bars, at, self._told)
        self._idle = self._is_idle()
        if self._idle and all(map(Lane.is_quiet, lanes)):
            for lane in lanes:  # as after most fills: they close with the bars that pass next
                lane.leave_open()
            return place
        self._let_timers_run(at)
        self._unit.close_bars(bars, at, self._told)
        self._idle = self._is_idle()
        return place + 1

    def _step_alone(self, lane: Lane, place: int) -> int:
        """Do the same for the only lane there is."""
        at: int = self._start_of[place] + self._length
        bars = (lane.next_bar(),)
        if self._signals.next_due <= at:
            self._let_timers_run(at)
        self._unit.pass_bars(bars, at, self._told)
        self._idle = self._is_idle()
        if self._idle and lane.is_quiet():
            lane.leave_open()
            return place
        if self._signals.next_due <= at:
            self._let_timers_run(at)
        self._unit.close_bars(bars, at, self._told)
        self._idle = self._is_idle()
        return place + 1

    def _let_timers_run(self, at: int) -> None:
        """Let what is due before a moment happen first, as in a replay."""
        due = self._signals.next_due
        if due <= at:
            self._told.facts.extend(self._unit.step(ClockTick(due)).facts)
