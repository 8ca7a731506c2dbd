"""Rules to signals: which rule is asked when, and what becomes of a true one (R6, S7)."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any, Protocol

from desktop.domain.events import Blocked
from desktop.domain.market import Bar
from desktop.domain.money import HUNDRED, ZERO, percent_of
from desktop.domain.orders import Order, OrderKind, Purpose, Side, TimeInForce
from desktop.domain.risk import Block, Check, Outcome
from desktop.domain.sessions import ExecutionMode
from desktop.domain.signals import Signal, SignalKind, SignalState
from desktop.domain.strategies import Strategy
from desktop.rules.compile import Rule, compile_rule
from desktop.rules.nodes import Role, Verdict
from desktop.rules.terms import PositionTerms
from desktop.trading.holdings import Holdings
from desktop.trading.marks import Mark, Marks
from desktop.trading.order_book import OrderBook, OrderRequest
from desktop.trading.order_desk import OrderDesk
from desktop.trading.risk_gate import Decision, RiskGate
from desktop.trading.signals import WHAT, Runs, SignalBook, blocked_by
from desktop.trading.sizing import suggested_quantity
from desktop.trading.state import CoreState
from desktop.trading.triggers import Guards, TriggerBook, stop_price, target_price

_ENTRY, _EXIT = SignalKind.ENTRY, SignalKind.EXIT


class Explained(Protocol):
    """A verdict with its clauses."""

    @property
    def verdict(self) -> Verdict: ...

    def to_dict(self) -> dict[str, Any]: ...


class Judge(Protocol):
    """What answers rules on one symbol's series (rules.stream.StreamEvaluator)."""

    def verdict(self, rule: Rule, terms: PositionTerms | None = None) -> Verdict: ...

    def peek(self, rule: Rule, forming: Bar, terms: PositionTerms | None = None) -> Verdict: ...

    def explain(self, rule: Rule, terms: PositionTerms | None = None, forming: Bar | None = None) -> Explained: ...


@dataclass(frozen=True, slots=True)
class StrategyRules:
    """The compiled rules of a strategy; `exit` is None where it is left by protection, a trigger or by hand only."""

    entry: Rule
    exit: Rule | None

    @classmethod
    def of(cls, strategy: Strategy) -> StrategyRules:
        """Compile a strategy's rules (RuleError: one cannot be compiled)."""
        parameters, timeframe = strategy.parameters, strategy.timeframe
        entry = compile_rule(strategy.entry, role=Role.ENTRY, parameters=parameters, timeframe=timeframe)
        if not strategy.exit.strip():
            return cls(entry, None)
        return cls(entry, compile_rule(strategy.exit, role=Role.EXIT, parameters=parameters, timeframe=timeframe))


class RuleDesk:
    """Asks the rules and turns true ones into signals, blocks and orders."""

    def __init__(
        self,
        state: CoreState,
        marks: Marks,
        holdings: Holdings,
        book: OrderBook,
        desk: OrderDesk,
        gate: RiskGate,
        signals: SignalBook,
        triggers: TriggerBook,
        judges: Mapping[str, Judge],
        rules: StrategyRules,
        forming: Callable[[str], Bar | None] | None,
    ) -> None:
        self._state, self._marks, self._holdings = state, marks, holdings
        self._book, self._desk, self._gate = book, desk, gate
        self._signals, self._triggers = signals, triggers
        self._judges, self.rules, self._forming = judges, rules, forming
        self.runs = Runs(state)

    # when which rule is asked ----------------------------------------------------------------------------------
    def on_slice(self, bars: Sequence[Bar]) -> None:
        """Judge the rules on the bars that close at one instant: exits before entries, each in the configured order."""
        if not self._state.alive:
            return
        closes = {bar.symbol: bar.close for bar in bars}
        symbols = [symbol for symbol in self._marks if symbol in closes]
        for symbol in symbols:
            if self._asks_exit(symbol):
                self._exit_verdict(symbol, None, closes[symbol])
        for symbol in symbols:
            if self._asks_entry(symbol):
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
        elif self._asks_entry(symbol):
            self._entry_verdict(symbol, forming)

    def judge_anew(self, symbol: str, kind: SignalKind) -> None:
        """Judge a rule now as if its run of true bars began here; nothing where it is not asked."""
        forming = self._forming(symbol) if self._forming is not None else None
        self.runs.end(symbol, kind)
        if not self._state.alive or not self._marks[symbol].known:
            return
        if kind is _ENTRY and self._asks_entry(symbol):
            self._entry_verdict(symbol, forming)
        elif kind is _EXIT and self._asks_exit(symbol):
            self._exit_verdict(symbol, forming, self._marks[symbol].bid if forming is None else forming.close)

    def _asks_exit(self, symbol: str) -> bool:
        if self.rules.exit is None or not self._marks[symbol].held:
            return False
        return not any(order.side is Side.SELL for order in self._book.of(symbol))

    def _asks_entry(self, symbol: str) -> bool:
        return not self._marks[symbol].held and not self._book.has(symbol)

    def terms(self, symbol: str, price: float) -> PositionTerms:
        """Return the position terms of a held symbol at a price."""
        position, mark = self._holdings.positions[symbol], self._marks[symbol]
        average = float(position.average)
        gain = (price / average - 1.0) * 100.0 if average else 0.0
        return PositionTerms(average, gain, float(mark.terms_bars), mark.high, mark.low)

    def _entry_verdict(self, symbol: str, forming: Bar | None) -> None:
        judge, rule = self._judges[symbol], self.rules.entry
        verdict = judge.verdict(rule) if forming is None else judge.peek(rule, forming)
        if verdict is Verdict.TRUE:
            self._entry_true(symbol, forming)
        elif forming is None or verdict is Verdict.FALSE:
            self.runs.end(symbol, _ENTRY)

    def _exit_verdict(self, symbol: str, forming: Bar | None, price: float) -> None:
        rule = self.rules.exit
        if rule is None:
            return
        judge, terms = self._judges[symbol], self.terms(symbol, price)
        verdict = judge.verdict(rule, terms) if forming is None else judge.peek(rule, forming, terms)
        waiting = self._signals.pending(symbol, _EXIT)
        if waiting is not None:
            self._reprice(waiting)
        elif verdict is Verdict.TRUE:
            self._exit_true(symbol, forming, terms)
        else:
            self.runs.end(symbol, _EXIT)

    # entries ---------------------------------------------------------------------------------------------------
    def entry_request(self, symbol: str) -> OrderRequest:
        """Return what the strategy would buy of a symbol now, sized but not checked."""
        state, mark, strategy = self._state, self._marks[symbol], self._state.settings.strategy
        price, limit = mark.buy_price, None
        if strategy.entry_limit_percent is not None:
            limit = mark.instrument.price_down(price * (1 - strategy.entry_limit_percent / HUNDRED))
        paid = price if limit is None else limit
        stop = stop_price(strategy.protection, mark.instrument, paid)
        quantity = suggested_quantity(
            strategy.sizing,
            equity=self._holdings.equity(),
            price=paid,
            cap_percent=state.limits.max_position_size,
            stop_price=stop,
            instrument=mark.instrument,
            free_cash=self._gate.free_cash,
            fee_percent=state.settings.fills.fee_percent,
        )
        kind = OrderKind.MARKET if limit is None else OrderKind.LIMIT
        lasts = TimeInForce.GTC if limit is None else TimeInForce.DAY  # however long the market waits
        return OrderRequest(
            symbol, Side.BUY, Purpose.ENTRY, quantity, kind, limit, time_in_force=lasts, price=price, stop=stop
        )

    def _entry_true(self, symbol: str, forming: Bar | None) -> None:
        waits = self._state.mode is not ExecutionMode.AUTO
        run = self.runs.get(symbol, _ENTRY)
        if self._signals.pending(symbol, _ENTRY) is not None:
            self.runs.begin(symbol, _ENTRY).answered = True
            return
        if waits and run is not None and run.answered:
            if run.block is not None:
                run.count += 1
            return
        request = self.entry_request(symbol)
        decision = self._desk.check(request)
        if not decision.passes:
            self._entry_blocked(request, decision, forming)
            if waits:
                self.runs.begin(symbol, _ENTRY).answered = True
            return
        self._triggers.plan(symbol, Guards(self._state.settings.strategy.protection))
        signal = self._signal(request, _ENTRY, self._explain(symbol, forming, None))
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
        explanation = self._explain(request.symbol, forming, None)
        if not run.signal_id:
            signal = self._signal(request, _ENTRY, explanation)
            self._signals.put(replace(signal, state=SignalState.BLOCKED, **blocked_by(block)))
            run.signal_id = signal.signal_id
        self._tell_block(request.symbol, _ENTRY, block, run.signal_id, explanation)

    # exits -----------------------------------------------------------------------------------------------------
    def exit_request(self, symbol: str, signal: Signal | None = None) -> OrderRequest:
        """Return the sell of a whole holding, as of now."""
        quantity = self._holdings.quantity(symbol) - self._book.selling(symbol)
        price = self._marks[symbol].sell_price if signal is None else signal.price
        signal_id = "" if signal is None else signal.signal_id
        return OrderRequest(
            symbol,
            Side.SELL,
            Purpose.RULE_EXIT,
            quantity,
            time_in_force=TimeInForce.GTC,
            price=price,
            signal_id=signal_id,
        )

    def _exit_true(self, symbol: str, forming: Bar | None, terms: PositionTerms) -> None:
        self._signals.expire_all("The position is to be left: the exit wins.", kind=_ENTRY, symbol=symbol)
        waits = self._state.mode is ExecutionMode.MANUAL
        run = self.runs.get(symbol, _EXIT)
        if waits and run is not None and run.answered:
            return
        request = self.exit_request(symbol)
        decision = self._desk.check(request)
        if waits and decision.outcome is not Outcome.BLOCK:
            self.runs.begin(symbol, _EXIT).answered = True
            self._signals.put(self._signal(request, _EXIT, self._explain(symbol, forming, terms)))
        elif decision.passes:
            self.runs.end(symbol, _EXIT)
            self.confirm(self._signal(request, _EXIT, self._explain(symbol, forming, terms)), decision)
        elif decision.block is not None:
            self._exit_stopped(request, decision.block, self._explain(symbol, forming, terms))

    def _exit_stopped(self, request: OrderRequest, block: Block, explanation: dict[str, Any]) -> None:
        """Record an exit that cannot go now: blocked for good, or held until the check clears."""
        symbol = request.symbol
        if block.outcome is Outcome.HOLD:
            signal = self._signals.put(replace(self._signal(request, _EXIT, explanation), held_by=block.check.value))
            self._tell_block(symbol, _EXIT, block, signal.signal_id, explanation)
        elif self.runs.blocked(symbol, _EXIT, block):
            run = self.runs.begin(symbol, _EXIT)
            signal = self._signal(request, _EXIT, explanation)
            self._signals.put(replace(signal, state=SignalState.BLOCKED, **blocked_by(block)))
            run.signal_id = signal.signal_id
            self._tell_block(symbol, _EXIT, block, signal.signal_id, explanation)

    def _reprice(self, signal: Signal) -> None:
        """Follow the price and the holding with an exit that waits."""
        request = self.exit_request(signal.symbol)
        price, quantity = self._marks[signal.symbol].sell_price, request.quantity
        if (price, quantity) != (signal.price, signal.quantity) and quantity > ZERO:
            self._signals.put(
                replace(
                    signal,
                    price=price,
                    quantity=quantity,
                    quote_at=self._marks[signal.symbol].at,
                    **self._costs(quantity, price),
                )
            )

    def retry_held(self, symbol: str = "") -> None:
        """Try held exits (of a symbol) again: the check that held them may have cleared."""
        for signal in tuple(self._signals.live.values()):
            if signal.held_by and signal.state is SignalState.PENDING and symbol in ("", signal.symbol):
                self.try_exit(signal)

    def try_exit(self, signal: Signal) -> Decision:
        """Send an exit if nothing holds it any more; in manual mode only after it was approved."""
        decision = self._desk.check(self.exit_request(signal.symbol, signal))
        block = decision.block
        if decision.passes:
            self.confirm(replace(signal, held_by=""), decision)
        elif block is not None and block.outcome is Outcome.BLOCK and block.check is Check.KILL_SWITCH:
            self._signals.block(signal, block)
            self._tell_block(signal.symbol, _EXIT, block, signal.signal_id, signal.explanation)
        elif block is not None and block.outcome is Outcome.HOLD and signal.held_by != block.check.value:
            held = self._signals.put(replace(signal, held_by=block.check.value))
            self._tell_block(held.symbol, _EXIT, block, held.signal_id, held.explanation)
        return decision

    # signals ---------------------------------------------------------------------------------------------------
    def confirm(self, signal: Signal, decision: Decision) -> Order:
        """Turn a signal into an order: PENDING -> CONFIRMED, told once with the order's id."""
        request = replace(decision.request, signal_id=signal.signal_id)
        order = self._desk.send(replace(decision, request=request))
        self._signals.move(signal, SignalState.CONFIRMED, order_id=order.order_id, order_kind=order.kind, held_by="")
        return order

    def _signal(self, request: OrderRequest, kind: SignalKind, explanation: dict[str, Any]) -> Signal:
        state, mark = self._state, self._marks[request.symbol]
        price = request.price if request.price is not None else self._gate.price_of(request)
        paid = request.limit_price or price
        strategy = state.settings.strategy
        target = target_price(strategy.protection, mark.instrument, paid) if kind is _ENTRY else None
        loss = None if request.stop is None else request.quantity * (paid - request.stop)
        return Signal(
            signal_id=state.next_signal(),
            session_id=state.session_id,
            account=state.account,
            symbol=request.symbol,
            kind=kind,
            side=request.side,
            quantity=request.quantity,
            price=price,
            created_at=state.now,
            expires_at=state.now + state.settings.signal_ttl if kind is _ENTRY else 0,
            order_kind=request.kind,
            limit_price=request.limit_price,
            stop=request.stop,
            target=target,
            loss_at_stop=loss,
            explanation=explanation,
            quote_at=mark.at,
            updated_at=state.now,
            **self._costs(request.quantity, paid),
        )

    def _costs(self, quantity: Decimal, price: Decimal) -> dict[str, Any]:
        fills = self._state.settings.fills
        value = quantity * price
        return {
            "estimated_cost": value,
            "estimated_fee": percent_of(fills.fee_percent, value),
            "estimated_slippage": percent_of(fills.slippage_mean_bp / HUNDRED, value),
        }

    def explain_now(self, symbol: str, *, held: bool) -> Explained | None:
        """Return what the rule that is asked now says and why; None where there is no such rule."""
        rule = self.rules.exit if held else self.rules.entry
        forming = self._forming(symbol) if self._forming is not None else None
        terms = self.terms(symbol, self._marks[symbol].bid) if held else None
        return None if rule is None else self._judges[symbol].explain(rule, terms, forming)

    def _explain(self, symbol: str, forming: Bar | None, terms: PositionTerms | None) -> dict[str, Any]:
        rule = self.rules.entry if terms is None else self.rules.exit
        if rule is None:
            return {}
        return self._judges[symbol].explain(rule, terms, forming).to_dict()

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
