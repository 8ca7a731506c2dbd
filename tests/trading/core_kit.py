"""Builders and doubles for tests of the session core: a scripted judge, opening hours, settings, and a driven unit."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from desktop.domain import commands as ask
from desktop.domain import events, messages
from desktop.domain.fills import Fill, OrderReport
from desktop.domain.instruments import Instrument
from desktop.domain.market import DAY, HOUR, SECOND, Bar, Quote
from desktop.domain.orders import Order, OrderStatus, Side
from desktop.domain.sessions import ExecutionMode, FillModelKind, FillSettings, SessionSettings, SessionState
from desktop.domain.signals import SignalState
from desktop.domain.strategies import Sizing, SizingKind, Strategy
from desktop.ports import TradingHours
from desktop.rules.compile import Rule
from desktop.rules.nodes import Role, Verdict
from desktop.rules.terms import PositionTerms
from desktop.trading.session_core import SessionCore
from desktop.trading.unit import SessionUnit, Step
from desktop.trading.venue import Venue

D = Decimal
T0 = 1_700_000_000 * SECOND // HOUR * HOUR
TRUE, FALSE, UNKNOWN = Verdict.TRUE, Verdict.FALSE, Verdict.UNKNOWN


@dataclass
class Told:
    """An explanation of one verdict."""

    verdict: Verdict
    text: str

    def to_dict(self) -> dict[str, Any]:
        return {"text": self.text, "verdict": self.verdict.value}


@dataclass
class ScriptedJudge:
    """Says what a test tells it to say."""

    entry: Verdict = FALSE
    exit: Verdict = FALSE
    peeks: int = 0
    seen: list[PositionTerms | None] = field(default_factory=list)

    def verdict(self, rule: Rule, terms: PositionTerms | None = None) -> Verdict:
        self.seen.append(terms)
        return self.entry if rule.role is Role.ENTRY else self.exit

    def peek(self, rule: Rule, forming: Bar, terms: PositionTerms | None = None) -> Verdict:
        self.peeks += 1
        return self.verdict(rule, terms)

    def explain(self, rule: Rule, terms: PositionTerms | None = None, forming: Bar | None = None) -> Told:
        return Told(self.verdict(rule, terms), rule.text)


@dataclass
class Hours:
    """Open or closed as a test says; days are UTC days."""

    open: bool = True
    name: str = "XTEST"
    zone: str = "UTC"
    opens_at: int | None = None

    def is_open(self, at: int) -> bool:
        return self.open

    def next_change(self, at: int) -> int | None:
        return self.opens_at

    def trading_day(self, at: int) -> int:
        return at // DAY


def strategy(**changes: Any) -> Strategy:
    values: dict[str, Any] = {
        "name": "test",
        "timeframe": "1h",
        "entry": "close > 1",
        "exit": "close < 1",
        "sizing": Sizing(SizingKind.FIXED_QUANTITY, D(10)),
    }
    return Strategy(**{**values, **changes})


def settings(**changes: Any) -> SessionSettings:
    values: dict[str, Any] = {
        "session_id": "s-1",
        "name": "Test",
        "strategy": strategy(),
        "strategy_version": "v1",
        "instruments": (Instrument("SPY"),),
        "cash": D(100_000),
        "mode": ExecutionMode.AUTO,
        "fills": FillSettings.of(FillModelKind.IDEAL),
    }
    return SessionSettings(**{**values, **changes})


class Kit:
    """A unit with scripted rules, driven by bars, quotes, commands and reports; remembers everything that was told."""

    def __init__(self, *, live: bool = False, start: bool = True, forming: Any = None, **changes: Any) -> None:
        self.settings = settings(**({"broker": "fake"} if live else {}), **changes)
        symbols = [item.symbol for item in self.settings.instruments]
        self.hours = {symbol: Hours() for symbol in symbols}
        self.judges = {symbol: ScriptedJudge() for symbol in symbols}
        self.forming = forming
        self.live = live
        self.unit = self.build()
        self.now = T0
        self.facts: list[events.Fact] = []
        self.last = Step()
        if start:
            self.ask(ask.Start())

    def build(self) -> SessionUnit:
        hours: dict[str, TradingHours] = dict(self.hours)
        core = SessionCore(self.settings, judges=self.judges, hours=hours, forming=self.forming)
        if self.live:
            return SessionUnit(core)
        instruments = {item.symbol: item for item in self.settings.instruments}
        venue = Venue(instruments, self.settings.fills, seed=self.settings.seed, cash=self.settings.cash, hours=hours)
        return SessionUnit(core, venue)

    @property
    def core(self) -> SessionCore:
        return self.unit.core

    def step(self, message: messages.Message) -> Step:
        self.last = self.unit.step(message)
        self.facts += self.last.facts
        return self.last

    # messages --------------------------------------------------------------------------------------------------
    def ask(self, command: ask.Command) -> Step:
        return self.step(messages.Asked(self.now, command))

    def quote(self, bid: float, ask_price: float | None = None, *, symbol: str = "SPY", after: int = SECOND) -> Step:
        self.now += after
        quote = Quote(symbol, self.now, bid, bid if ask_price is None else ask_price, 1e9, 1e9)
        return self.step(messages.Quotes(self.now, (quote,)))

    def bar(self, *prices: float, symbol: str = "SPY", passed: bool = True) -> list[events.Fact]:
        """Let a bar of open, high, low, close (or one price) pass and close."""
        opened, high, low, close = prices if len(prices) == 4 else (prices[0],) * 4
        return self.bars({symbol: (opened, high, low, close)}, passed=passed)

    def bars(self, prices: dict[str, tuple[float, float, float, float]], *, passed: bool = True) -> list[events.Fact]:
        begin = len(self.facts)
        start = self.now // HOUR * HOUR
        made = tuple(Bar(symbol, "1h", start, *values, 1e9) for symbol, values in prices.items())
        self.now = start + HOUR
        if passed:
            self.step(messages.BarsPassed(self.now, made))
        self.step(messages.BarsClosed(self.now, made))
        return self.facts[begin:]

    def tick(self, after: int = SECOND) -> Step:
        self.now += after
        return self.step(messages.ClockTick(self.now))

    def report(self, order: Order | str, status: OrderStatus, *, fill: Fill | None = None, **more: Any) -> Step:
        order_id = order if isinstance(order, str) else order.order_id
        return self.step(messages.Report(self.now, OrderReport(order_id, status, self.now, fill, **more)))

    # questions -------------------------------------------------------------------------------------------------
    def told(self, kind: type[Any]) -> list[Any]:
        return [fact for fact in self.facts if isinstance(fact, kind)]

    def status(self) -> SessionState:
        return self.core.status

    def signal_states(self) -> list[SignalState]:
        """States of the last signals, oldest first."""
        return [signal.state for signal in self.core.signals]

    @property
    def blocks(self) -> list[events.Blocked]:
        return self.told(events.Blocked)

    @property
    def orders(self) -> list[Order]:
        """Every order in its last state, in the order they were made."""
        latest = {fact.order.order_id: fact.order for fact in self.told(events.OrderChanged)}
        return list(latest.values())

    def order(self, ordinal: int = -1) -> Order:
        return self.orders[ordinal]

    def held(self, symbol: str = "SPY") -> Decimal:
        return self.core.holdings.quantity(symbol)

    def hold(self, quantity: int = 10, price: float = 100.0, **order: Any) -> None:
        """Buy by hand so that a position of `quantity` is held (paper; prices by quote)."""
        self.quote(price)
        self.ask(ask.PlaceOrder("SPY", Side.BUY, D(quantity), **order))
        self.quote(price)
        assert self.held() == quantity


def fill_of(
    order: Order,
    quantity: int | str | Decimal,
    price: float | str = "100",
    *,
    number: int = 1,
    at: int = T0,
    fee: str = "0",
) -> Fill:
    return Fill(
        f"{order.order_id}.{number}",
        order.order_id,
        order.symbol,
        order.side,
        D(quantity),
        D(str(price)),
        D(fee),
        at,
        bar_start=at,
    )
