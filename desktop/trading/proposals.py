"""What a strategy would do now: compiled rules, the sized request, and the signal with its numbers and explanation."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from desktop.domain.market import Bar
from desktop.domain.money import HUNDRED
from desktop.domain.orders import OrderKind, Purpose, Side, TimeInForce
from desktop.domain.quick import maker
from desktop.domain.signals import Signal, SignalKind
from desktop.domain.strategies import Evaluate, Strategy
from desktop.rules.compile import Rule, compile_rule
from desktop.rules.nodes import Role, Verdict
from desktop.rules.terms import PositionTerms
from desktop.trading.costs import costs_of
from desktop.trading.holdings import Holdings
from desktop.trading.marks import Marks
from desktop.trading.order_book import OrderBook
from desktop.trading.order_request import OrderRequest
from desktop.trading.risk_gate import RiskGate
from desktop.trading.sizing import suggested_quantity
from desktop.trading.state import CoreState
from desktop.trading.triggers import stop_price, target_price

_ENTRY = SignalKind.ENTRY
_BUY, _SELL = Side.BUY, Side.SELL  # a name costs a tenth of a look into the enumeration, and this runs with every order
_MARKET, _GTC = OrderKind.MARKET, TimeInForce.GTC
_TO_ENTER, _BY_RULE = Purpose.ENTRY, Purpose.RULE_EXIT
_request = maker(OrderRequest)


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
        """Compile a strategy's rules (RuleError: one cannot be compiled); those of the last ones are known still.

        A rule never changes, and the same one is wanted again and again: by every session of a strategy, and with every
        run of its backtest over another stretch of prices.
        """
        values = tuple((name, type(value), repr(value)) for name, value in strategy.parameters.items())
        key = (strategy.entry, strategy.exit, strategy.timeframe, strategy.evaluate, values)
        found = _KNOWN.get(key)
        if found is None:
            leave = strategy.exit.strip()
            entry = _compiled(strategy, strategy.entry, Role.ENTRY)
            found = cls(entry, _compiled(strategy, strategy.exit, Role.EXIT) if leave else None)
            if len(_KNOWN) >= _RULES_KEPT:
                _KNOWN.clear()
            _KNOWN[key] = found
        return found


_RULES_KEPT = 100  # of strategies
_KNOWN: dict[tuple[object, ...], StrategyRules] = {}


def _compiled(strategy: Strategy, text: str, role: Role) -> Rule:
    return compile_rule(
        text,
        role=role,
        parameters=strategy.parameters,
        timeframe=strategy.timeframe,
        on_quotes=strategy.evaluate is Evaluate.QUOTE,
    )


class Proposals:
    """Makes requests and signals of the rules, prices and holdings of now; changes nothing but the counter."""

    def __init__(
        self,
        state: CoreState,
        marks: Marks,
        holdings: Holdings,
        book: OrderBook,
        gate: RiskGate,
        judges: Mapping[str, Judge],
        rules: StrategyRules,
        forming: Callable[[str], Bar | None] | None,
    ) -> None:
        self._state, self._marks, self._holdings, self._book = state, marks, holdings, book
        self._gate, self._judges, self._rules, self._forming = gate, judges, rules, forming

    def terms(self, symbol: str, price: float) -> PositionTerms:
        """Return the position terms of a held symbol at a price."""
        position, mark = self._holdings.positions[symbol], self._marks[symbol]
        average = float(position.average)
        gain = (price / average - 1.0) * 100.0 if average else 0.0
        return PositionTerms(average, gain, float(mark.terms_bars), mark.high, mark.low)

    def entry_request(self, symbol: str) -> OrderRequest:
        """Return what the strategy would buy of a symbol now, sized but not checked."""
        state, mark, strategy = self._state, self._marks[symbol], self._state.settings.strategy
        price, limit = mark.buy_price, None
        if strategy.entry_limit_percent is not None:
            limit = mark.instrument.price_down(price * (1 - strategy.entry_limit_percent / HUNDRED))
        paid = price if limit is None else limit
        stop = stop_price(strategy.protection, mark.instrument, paid)
        kind = _MARKET if limit is None else OrderKind.LIMIT
        equity = self._holdings.equity()
        quantity = suggested_quantity(
            strategy.sizing,
            equity=equity,
            price=paid,
            cap_percent=state.limits.at(equity).max_position_size,
            stop_price=stop,
            instrument=mark.instrument,
            free_cash=self._holdings.cash - self._book.reserved,
            fills=state.settings.fills,
            kind=kind,
        )
        lasts = _GTC if limit is None else TimeInForce.DAY  # however long the market waits
        return _request(symbol, _BUY, _TO_ENTER, quantity, kind, limit, None, lasts, price, stop)

    def exit_request(self, symbol: str, signal: Signal | None = None) -> OrderRequest:
        """Return the sell of a whole holding, as of now."""
        quantity = self._holdings.quantity(symbol) - self._book.selling(symbol)
        price = self._marks[symbol].sell_price if signal is None else signal.price
        signal_id = "" if signal is None else signal.signal_id
        return _request(symbol, _SELL, _BY_RULE, quantity, _MARKET, None, None, _GTC, price, None, signal_id)

    def signal(self, request: OrderRequest, kind: SignalKind, explanation: dict[str, Any]) -> Signal:
        state, mark = self._state, self._marks[request.symbol]
        price = request.price if request.price is not None else self._gate.price_of(request)
        paid = request.limit_price or price
        strategy = state.settings.strategy
        target = target_price(strategy.protection, mark.instrument, paid) if kind is _ENTRY else None
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
            explanation=explanation,
            quote_at=mark.at,
            updated_at=state.now,
            **costs_of(state.settings.fills, request.kind, request.quantity, paid, request.stop),
        )

    def explain_now(self, symbol: str, *, held: bool) -> Explained | None:
        """Return what the rule that is asked now says and why; None where there is no such rule."""
        rule = self._rules.exit if held else self._rules.entry
        forming = self._forming(symbol) if self._forming is not None else None
        terms = self.terms(symbol, self._marks[symbol].bid) if held else None
        return None if rule is None else self._judges[symbol].explain(rule, terms, forming)

    def explain(self, symbol: str, forming: Bar | None, terms: PositionTerms | None) -> dict[str, Any]:
        rule = self._rules.entry if terms is None else self._rules.exit
        if rule is None:
            return {}
        return self._judges[symbol].explain(rule, terms, forming).to_dict()
