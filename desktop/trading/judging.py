"""Rules to signals: which rule is asked when, and what becomes of a true one (R6, S7)."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from desktop.domain.events import Blocked
from desktop.domain.market import Bar
from desktop.domain.money import ZERO
from desktop.domain.orders import Order
from desktop.domain.quick import changed
from desktop.domain.risk import Block, Check, Outcome
from desktop.domain.sessions import ExecutionMode
from desktop.domain.signals import Signal, SignalKind, SignalState
from desktop.rules.nodes import Verdict
from desktop.rules.terms import NO_POSITION, PositionTerms
from desktop.trading.costs import costs_of
from desktop.trading.guards import guards_of
from desktop.trading.holdings import Holdings
from desktop.trading.marks import Mark, Marks
from desktop.trading.order_book import OrderBook
from desktop.trading.order_desk import OrderDesk
from desktop.trading.order_request import OrderRequest
from desktop.trading.proposals import Judge, Proposals, StrategyRules
from desktop.trading.risk_gate import Decision
from desktop.trading.signals import WHAT, Runs, SignalBook, blocked_by
from desktop.trading.state import CoreState
from desktop.trading.triggers import TriggerBook

_ENTRY, _EXIT = SignalKind.ENTRY, SignalKind.EXIT
_AUTO, _MANUAL = ExecutionMode.AUTO, ExecutionMode.MANUAL  # a name costs a tenth of a look into the enumeration
_TRUE = Verdict.TRUE


class RuleDesk:
    """Asks the rules and turns true ones into signals, blocks and orders."""

    def __init__(
        self,
        state: CoreState,
        marks: Marks,
        holdings: Holdings,
        book: OrderBook,
        desk: OrderDesk,
        proposals: Proposals,
        signals: SignalBook,
        triggers: TriggerBook,
        judges: Mapping[str, Judge],
        rules: StrategyRules,
        forming: Callable[[str], Bar | None] | None,
    ) -> None:
        self._state, self._marks, self._holdings = state, marks, holdings
        self._book, self._desk, self.proposals = book, desk, proposals
        self._signals, self._triggers = signals, triggers
        self._judges, self.rules, self._forming = judges, rules, forming
        self._guards = guards_of(state.settings.strategy.protection)
        self.runs = Runs(state)

    # when which rule is asked ----------------------------------------------------------------------------------
    def on_slice(self, closes: Sequence[tuple[str, float]]) -> None:
        """Judge the rules on the bars that close at one instant, in the configured order: exits before entries.

        Args:
            closes: Symbol and close of each of these bars.
        """
        if not self._state.alive:
            return
        marks, ordered = self._marks, self._book.by_symbol
        if self.rules.exit is not None:
            for symbol, close in closes:
                if marks[symbol].held and (symbol not in ordered or self._asks_exit(symbol)):
                    self._exit_verdict(symbol, None, close)
        for symbol, _ in closes:
            if not marks[symbol].held and symbol not in ordered:
                self._entry_verdict(symbol, None)

    def on_quote(self, mark: Mark) -> None:
        """Judge the rules of a symbol on its forming bar, at most once per tick interval."""
        state, symbol = self._state, mark.instrument.symbol
        if not state.alive or self._forming is None:
            return
        if mark.judged_at >= 0 and state.now - mark.judged_at < state.settings.tick_interval:
            return
        forming = self._forming(symbol)
        if forming is None:
            return
        mark.judged_at = state.now
        if self._asks_exit(symbol):
            self._exit_verdict(symbol, forming, forming.close)
        elif self.asks_entry(symbol):
            self._entry_verdict(symbol, forming)

    def judge_anew(self, symbol: str, kind: SignalKind) -> None:
        """Judge a rule now as if its run of true bars began here; nothing where it is not asked."""
        forming = self._forming(symbol) if self._forming is not None else None
        self.runs.end(symbol, kind)
        if not self._state.alive or not self._marks[symbol].known:
            return
        if kind is _ENTRY and self.asks_entry(symbol):
            self._entry_verdict(symbol, forming)
        elif kind is _EXIT and self._asks_exit(symbol):
            self._exit_verdict(symbol, forming, self._marks[symbol].bid if forming is None else forming.close)

    def _asks_exit(self, symbol: str) -> bool:
        if self.rules.exit is None or not self._marks[symbol].held:
            return False
        return symbol not in self._book.by_symbol or not self._book.selling(symbol)

    def asks_entry(self, symbol: str) -> bool:
        """Whether an entry of the symbol is asked for now: it is not held and no order works on it (R6)."""
        return not self._marks[symbol].held and symbol not in self._book.by_symbol

    def _entry_verdict(self, symbol: str, forming: Bar | None) -> None:
        judge, rule = self._judges[symbol], self.rules.entry
        verdict = judge.verdict(rule) if forming is None else judge.peek(rule, forming)
        if verdict is _TRUE:
            self._entry_true(symbol, forming)
        elif self.runs.going and (forming is None or verdict is Verdict.FALSE):
            self.runs.end(symbol, _ENTRY)

    def _exit_verdict(self, symbol: str, forming: Bar | None, price: float) -> None:
        rule = self.rules.exit
        if rule is None:
            return
        judge, terms = self._judges[symbol], self.proposals.terms(symbol, price) if rule.uses_position else NO_POSITION
        verdict = judge.verdict(rule, terms) if forming is None else judge.peek(rule, forming, terms)
        waiting = self._signals.pending(symbol, _EXIT) if self._signals.waiting else None
        if waiting is not None:
            self._reprice(waiting)
            if verdict is _TRUE and self._state.mode is not _MANUAL and not waiting.held_by:
                self.try_exit(self._signals.live[waiting.signal_id])  # the user no longer wants to be asked
        elif verdict is _TRUE:
            self._exit_true(symbol, forming, terms)
        else:
            self.runs.end(symbol, _EXIT)

    # entries ---------------------------------------------------------------------------------------------------
    def _entry_true(self, symbol: str, forming: Bar | None) -> None:
        waits = self._state.mode is not _AUTO
        run = self.runs.get(symbol, _ENTRY) if waits else None
        if self._signals.waiting and self._signals.pending(symbol, _ENTRY) is not None:
            self.runs.begin(symbol, _ENTRY).answered = True
            return
        if run is not None and run.answered:
            if run.block is not None:
                run.count += 1
            return
        request = self.proposals.entry_request(symbol)
        decision = self._desk.check(request)
        if not decision.passes:
            self._entry_blocked(request, decision, forming)
            if waits:
                self.runs.begin(symbol, _ENTRY).answered = True
            return
        if not waits and not self._state.tells_changes:
            self._confirm_unheard(decision, _ENTRY)
            return
        signal = self.proposals.signal(request, _ENTRY, self.proposals.explain(symbol, forming, None))
        if waits:
            self.runs.begin(symbol, _ENTRY).answered = True
            self._signals.put(signal)
            return
        self.runs.end(symbol, _ENTRY)
        self.confirm(signal, decision)

    def _entry_blocked(self, request: OrderRequest, decision: Decision, forming: Bar | None) -> None:
        block = decision.block
        if block is None or not self.runs.blocked(request.symbol, _ENTRY, block):
            return
        run = self.runs.begin(request.symbol, _ENTRY)
        explanation = self.proposals.explain(request.symbol, forming, None)
        if not run.signal_id:
            signal = self.proposals.signal(request, _ENTRY, explanation)
            self._signals.put(changed(signal, state=SignalState.BLOCKED, **blocked_by(block)))
            run.signal_id = signal.signal_id
        self._tell_block(request.symbol, _ENTRY, block, run.signal_id, explanation)

    # exits -----------------------------------------------------------------------------------------------------
    def _exit_true(self, symbol: str, forming: Bar | None, terms: PositionTerms) -> None:
        if self._signals.waiting:
            self._win_over_entry(symbol)
        waits = self._state.mode is _MANUAL
        run = self.runs.get(symbol, _EXIT) if waits else None
        if run is not None and run.answered:
            return
        request = self.proposals.exit_request(symbol)
        decision = self._desk.check(request)
        if waits and decision.outcome is not Outcome.BLOCK:
            self.runs.begin(symbol, _EXIT).answered = True
            self._signals.put(self.proposals.signal(request, _EXIT, self.proposals.explain(symbol, forming, terms)))
        elif decision.passes and not self._state.tells_changes:
            self._confirm_unheard(decision, _EXIT)
        elif decision.passes:
            self.runs.end(symbol, _EXIT)
            self.confirm(
                self.proposals.signal(request, _EXIT, self.proposals.explain(symbol, forming, terms)), decision
            )
        elif decision.block is not None:
            self._exit_stopped(request, decision.block, self.proposals.explain(symbol, forming, terms))

    def _win_over_entry(self, symbol: str) -> None:
        """Block an entry signal that waits on a symbol that is to be left: of two opposite signals the exit wins."""
        entry = self._signals.pending(symbol, _ENTRY)
        if entry is None:
            return
        sentence = f"Entry and exit of {symbol} were wanted at the same time: the exit wins, the entry was dropped."
        self._signals.block(entry, Block(Check.CONFLICT, Outcome.BLOCK, "exit", "none", sentence))
        self._state.warn("conflict", sentence)

    def _exit_stopped(self, request: OrderRequest, block: Block, explanation: dict[str, Any]) -> None:
        """Record an exit that cannot go now: blocked for good, or held until the check clears."""
        symbol = request.symbol
        if block.outcome is Outcome.HOLD:
            signal = self._signals.put(
                changed(self.proposals.signal(request, _EXIT, explanation), held_by=block.check.value)
            )
            self._tell_block(symbol, _EXIT, block, signal.signal_id, explanation)
        elif self.runs.blocked(symbol, _EXIT, block):
            run = self.runs.begin(symbol, _EXIT)
            signal = self.proposals.signal(request, _EXIT, explanation)
            self._signals.put(changed(signal, state=SignalState.BLOCKED, **blocked_by(block)))
            run.signal_id = signal.signal_id
            self._tell_block(symbol, _EXIT, block, signal.signal_id, explanation)

    def _reprice(self, signal: Signal) -> None:
        """Follow the price and the holding with an exit that waits."""
        request = self.proposals.exit_request(signal.symbol)
        price, quantity = self._marks[signal.symbol].sell_price, request.quantity
        if (price, quantity) != (signal.price, signal.quantity) and quantity > ZERO:
            self._signals.put(
                changed(
                    signal,
                    price=price,
                    quantity=quantity,
                    quote_at=self._marks[signal.symbol].at,
                    **costs_of(self._state.settings.fills, signal.order_kind, quantity, price, None),
                )
            )

    def retry_held(self, symbol: str = "") -> None:
        """Try held exits (of a symbol) again: the check that held them may have cleared."""
        for signal in tuple(self._signals.waiting.values()):
            if signal.held_by and symbol in ("", signal.symbol):
                self.try_exit(signal)

    def try_exit(self, signal: Signal) -> Decision:
        """Send an exit if nothing holds it any more; in manual mode only after it was approved."""
        decision = self._desk.check(self.proposals.exit_request(signal.symbol, signal))
        block = decision.block
        if decision.passes:
            self.confirm(changed(signal, held_by=""), decision)
        elif block is not None and block.outcome is Outcome.BLOCK and block.check is Check.KILL_SWITCH:
            self._signals.block(signal, block)
            self._tell_block(signal.symbol, _EXIT, block, signal.signal_id, signal.explanation)
        elif block is not None and block.outcome is Outcome.HOLD and signal.held_by != block.check.value:
            held = self._signals.put(changed(signal, held_by=block.check.value))
            self._tell_block(held.symbol, _EXIT, block, held.signal_id, held.explanation)
        return decision

    # signals ---------------------------------------------------------------------------------------------------
    def confirm(self, signal: Signal, decision: Decision) -> Order:
        """Turn a signal into an order: PENDING -> CONFIRMED, told once with the order's id."""
        order = self._desk.send(decision, signal_id=signal.signal_id)
        if signal.kind is _ENTRY:
            self._triggers.plan(order.order_id, self._guards)
        self._signals.move(signal, SignalState.CONFIRMED, order_id=order.order_id, order_kind=order.kind, held_by="")
        return order

    def _confirm_unheard(self, decision: Decision, kind: SignalKind) -> None:
        """Send the order of a signal that is confirmed at once and that nobody hears of: it is counted, not made."""
        if self.runs.going:
            self.runs.end(decision.request.symbol, kind)
        order = self._desk.send(decision, signal_id=self._state.next_signal(), at_once=True)
        if kind is _ENTRY:
            self._triggers.plan(order.order_id, self._guards)

    def _tell_block(
        self, symbol: str, kind: SignalKind, block: Block, signal_id: str, explanation: dict[str, Any]
    ) -> None:
        state = self._state
        state.emit(
            Blocked(
                state.session_id,
                state.now,
                symbol,
                WHAT[kind],
                block,
                signal_id=signal_id,
                explanation=dict(explanation),
            )
        )
