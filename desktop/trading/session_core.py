"""The session core: messages in, effects out; synchronous and deterministic, without I/O, clock or own randomness.

It only hands each message to the part that knows what to do; message time never goes back.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from decimal import Decimal
from typing import Any

from desktop.domain import messages as said
from desktop.domain.effects import Effect
from desktop.domain.errors import UserMistake
from desktop.domain.events import OrderChanged
from desktop.domain.fills import OrderReport
from desktop.domain.market import Bar
from desktop.domain.orders import Order, OrderId, OrderStatus
from desktop.domain.positions import Position
from desktop.domain.sessions import SessionSettings, SessionState
from desktop.domain.signals import Signal, SignalKind
from desktop.domain.triggers import Trigger
from desktop.ports import TradingHours
from desktop.trading.core_parts import Books, Desks, commands_of, flow_of
from desktop.trading.halts import HaltDesk, Halts
from desktop.trading.outside import Outside
from desktop.trading.outside_desk import OutsideDesk
from desktop.trading.price_flow import Span
from desktop.trading.proposals import Judge, StrategyRules
from desktop.trading.risk_checks import RiskChecks
from desktop.trading.why import explain_standing


class SessionCore:
    """One session's rules, signals, risk, orders, triggers and ledger.

    Args:
        settings: What the session was started with.
        judges: What answers the rules on each symbol's series; they hold the last closed bar when it is handed in here.
        hours: Trading hours of each symbol.
        rules: The compiled rules; compiled from the strategy when not given.
        forming: Gives a symbol's forming bar, for strategies judged on quotes.
        outside: What is known of the account its orders go to; None on paper and in a backtest.
    """

    def __init__(
        self,
        settings: SessionSettings,
        *,
        judges: Mapping[str, Judge],
        hours: Mapping[str, TradingHours],
        rules: StrategyRules | None = None,
        forming: Callable[[str], Bar | None] | None = None,
        outside: Outside | None = None,
    ) -> None:
        self.settings, self.outside = settings, outside
        self.rules = rules or StrategyRules.of(settings.strategy)
        books = Books(settings, hours)
        self.state, self.marks, self.holdings, self.book = books.state, books.marks, books.holdings, books.orders
        self.daily_loss, self.signal_book, self.trigger_book = books.daily_loss, books.signals, books.triggers
        self.checks = RiskChecks(
            books.state, books.holdings, books.orders, books.daily_loss, hours, self._leaving, outside
        )
        desks = Desks(books, self.checks, judges, self.rules, forming, outside)
        self.gate, self.desk, self.proposals, self.rule_desk = desks.gate, desks.orders, desks.proposals, desks.rules
        self.closing, self.watch, self.bookings, self.resting = (
            desks.closing,
            desks.watch,
            desks.bookings,
            desks.resting,
        )
        self.halts = outside.halts if outside is not None else Halts()
        self._halt_desk = HaltDesk(self.state, self.marks, self.halts, self.checks, self._retry)
        account = OutsideDesk(
            self.state,
            self.marks,
            self.holdings,
            self.book,
            self.trigger_book,
            outside,
            self._retry,
            self.rule_desk.runs,
        )
        self.commands = commands_of(books, desks, account)
        self.flow = flow_of(books, desks)
        self._table = self._takers(account)

    def _takers(self, account: OutsideDesk) -> dict[type[Any], Callable[[Any], None]]:
        """Return what takes each kind of message."""
        flow = self.flow
        table: dict[type[Any], Callable[[Any], None]] = {
            said.BarsPassed: flow.bars_passed,
            said.BarsClosed: flow.bars_closed,
            said.Quotes: flow.quotes,
            said.BadQuote: flow.bad_quote,
            said.ClockTick: flow.tick,
            said.Report: self._report,
            said.Asked: self._asked,
            said.OrderSending: self._sending,
            said.OrderUnresolved: self._unresolved,
        }
        told: dict[type[Any], Callable[[Any], None]] = {
            said.OrderFound: account.found,
            said.LinkChanged: account.link,
            said.Halted: self._halt_desk.take,
            said.DifferenceFound: account.difference,
        }
        return table | {kind: self._timed(take) for kind, take in told.items()}

    # messages --------------------------------------------------------------------------------------------------
    def handle(self, message: said.Message) -> list[Effect]:
        """Take one message and return what follows, in order. An `at` before the last one counts as the last."""
        self._table[type(message)](message)
        if self.resting is not None:
            self.resting.settle()
        return self.state.take()

    def advance(self, spans: Mapping[str, Span]) -> list[Effect]:
        """Let quiet bars pass at once (see `PriceFlow.advance`)."""
        self.flow.advance(spans)
        return self.state.take()

    def _report(self, message: said.Report) -> None:
        self.flow.pass_time(message.at)
        self.on_report(message.report)

    def on_report(self, report: OrderReport, *, inside: bool = False) -> None:
        """Fold one report in (`inside`: its fill happened inside the bar that is passing)."""
        self.bookings.on_report(report, inside=inside)
        if self.signal_book.waiting or self.closing.held or self.state.flatten:
            self.flow.retry()

    def on_acknowledged(self, order: Order, broker_order_id: str, at: int) -> None:
        """Fold in that an intent works at the broker: as the report that says so, and nothing else."""
        self.book.acknowledge(order, broker_order_id, at)
        if self.signal_book.waiting or self.closing.held or self.state.flatten:
            self.flow.retry()

    def _asked(self, message: said.Asked) -> None:
        self.flow.pass_time(message.at)
        self.commands.take(message)
        self.flow.retry()

    def _retry(self) -> None:
        self.flow.retry()

    def _timed(self, take: Callable[[Any], None]) -> Callable[[Any], None]:
        """Let message time pass before what the account tells is taken."""

        def taken(message: Any) -> None:
            self.flow.pass_time(message.at)
            take(message)

        return taken

    def _sending(self, message: said.OrderSending) -> None:
        """Let an intent leave, once: whoever sends does so only if this told that the order is SENDING."""
        self.flow.pass_time(message.at)
        order = self.book.open.get(message.order_id)
        if order is not None and order.status is OrderStatus.INTENT:
            sending = self.book.move(order, OrderStatus.SENDING)
            self.state.emit(OrderChanged(self.state.session_id, self.state.now, sending))

    def _unresolved(self, message: said.OrderUnresolved) -> None:
        """Note that nobody knows whether an order is at the broker; what is known of it stays."""
        self.flow.pass_time(message.at)
        order = self.book.open.get(message.order_id)
        if order is not None and order.status in (OrderStatus.INTENT, OrderStatus.SENDING, OrderStatus.PENDING_NEW):
            self.book.move(order, OrderStatus.UNKNOWN, message.reason)

    def _leaving(self, symbol: str) -> bool:
        """Whether a symbol is on its way out: a sell works, a close is held, or an exit waits."""
        if self.book.selling(symbol) or symbol in self.closing.held:
            return True
        return self.signal_book.pending(symbol, SignalKind.EXIT) is not None

    # what it knows ---------------------------------------------------------------------------------------------
    @property
    def status(self) -> SessionState:
        return self.state.status

    @property
    def now(self) -> int:
        return self.state.now

    @property
    def refusal(self) -> UserMistake | None:
        """The typed error of the last command where it was refused."""
        return self.commands.refusal

    @property
    def cash(self) -> Decimal:
        return self.holdings.cash

    @property
    def free_cash(self) -> Decimal:
        return self.gate.free_cash

    @property
    def equity(self) -> Decimal:
        """Cash and holdings at the last prices."""
        return self.holdings.equity()

    @property
    def positions(self) -> dict[str, Position]:
        return self.holdings.all()

    @property
    def orders(self) -> Mapping[OrderId, Order]:
        """Open orders."""
        return self.book.open

    @property
    def triggers(self) -> Mapping[str, Trigger]:
        """Active triggers."""
        return self.trigger_book.active

    @property
    def signals(self) -> list[Signal]:
        """The last 100 signals, oldest first."""
        return list(self.signal_book.recent.values())

    @property
    def prices(self) -> dict[str, tuple[Decimal, Decimal]]:
        """Last bid and ask of every symbol that has a price."""
        return {symbol: (mark.sell_price, mark.buy_price) for symbol, mark in self.marks.items() if mark.known}

    def why(self, symbol: str) -> dict[str, Any]:
        """Return why, or why not, a symbol is traded right now: clause by clause and check by check (R4)."""
        return explain_standing(self, symbol)

    # storage ---------------------------------------------------------------------------------------------------
    def snapshot(self) -> dict[str, Any]:
        """Return all live state as JSON values; finished orders, trades and signals are the store's."""
        more: dict[str, Any] = {} if self.outside is None else {"outside": self.outside.snapshot()}
        if self.outside is None and self.halts:
            more["halts"] = self.halts.snapshot()
        if self.resting is not None:
            more["resting"] = self.resting.snapshot()
        return {
            **more,
            "state": self.state.snapshot(),
            "marks": self.marks.snapshot(),
            "holdings": self.holdings.snapshot(),
            "orders": self.book.snapshot(),
            "signals": self.signal_book.snapshot(),
            "runs": self.rule_desk.runs.snapshot(),
            "triggers": self.trigger_book.snapshot(),
            "polled_at": self.watch.polled_at,
            "closing": self.closing.snapshot(),
            "daily_loss": self.daily_loss.snapshot(),
        }

    def restore(
        self,
        state: Mapping[str, Any],
        orders: Iterable[Order] = (),
        execution_ids: Iterable[str] = (),
        signals: Iterable[Signal] = (),
    ) -> None:
        """Take up a snapshot exactly; `orders`, `execution_ids` and `signals` are all that the store has."""
        self.state.restore(state["state"])
        self.marks.restore(state["marks"])
        self.holdings.restore(state["holdings"], execution_ids)
        self.book.restore(state["orders"], list(orders))
        self.signal_book.restore(state["signals"], list(signals))
        self.rule_desk.runs.restore(state["runs"])
        self.trigger_book.restore(state["triggers"])
        self.watch.polled_at = state["polled_at"]
        self.closing.restore(state["closing"])
        self.daily_loss.restore(state["daily_loss"])
        if self.outside is not None and "outside" in state:
            self.outside.restore(state["outside"])
        if self.outside is None:
            self.halts.restore(state.get("halts", {}))
        self._halt_desk.mind()
        if self.resting is not None and "resting" in state:
            self.resting.restore(state["resting"])
