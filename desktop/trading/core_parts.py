"""What a session core is made of: the books it keeps, what acts on them, and what takes prices and commands."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from desktop.domain.market import Bar
from desktop.domain.sessions import SessionSettings
from desktop.ports import TradingHours
from desktop.trading.bookings import Bookings
from desktop.trading.closing import Closing
from desktop.trading.daily_loss import DailyLoss
from desktop.trading.holdings import Holdings
from desktop.trading.judging import RuleDesk
from desktop.trading.marks import Marks
from desktop.trading.order_book import OrderBook
from desktop.trading.order_commands import OrderCommands
from desktop.trading.order_desk import OrderDesk
from desktop.trading.outside import Outside
from desktop.trading.outside_desk import OutsideDesk
from desktop.trading.price_flow import PriceFlow
from desktop.trading.proposals import Judge, Proposals, StrategyRules
from desktop.trading.recovery import Recovery
from desktop.trading.resting import Resting
from desktop.trading.risk_checks import RiskChecks
from desktop.trading.risk_gate import RiskGate
from desktop.trading.signal_commands import SignalCommands
from desktop.trading.signals import SignalBook
from desktop.trading.state import CoreState
from desktop.trading.trigger_commands import TriggerCommands
from desktop.trading.trigger_watch import TriggerWatch
from desktop.trading.triggers import TriggerBook
from desktop.trading.user_commands import UserCommands


class Books:
    """What a session knows: its state, prices, holdings, orders, signals, triggers, and the loss of the day.

    Args:
        settings: What the session was started with.
        hours: Trading hours of each symbol.
    """

    def __init__(self, settings: SessionSettings, hours: Mapping[str, TradingHours]) -> None:
        state = self.state = CoreState(settings)
        self.marks = Marks(settings.instruments)
        self.holdings = Holdings(state, self.marks)
        self.orders = OrderBook(state)
        self.daily_loss = DailyLoss(state, self.holdings, hours[settings.instruments[0].symbol])
        self.signals = SignalBook(state)
        self.triggers = TriggerBook(state)


class Desks:
    """What acts on the books: the gate, the rules, orders on their way out, closes, triggers, and what reports do.

    Args:
        books: What is known.
        checks: What the gate asks.
        judges: What answers the rules on each symbol's series.
        rules: Compiled.
        forming: Gives a symbol's forming bar, for strategies judged on quotes.
        outside: What is known of the account its orders go to; None on paper and in a backtest.
    """

    def __init__(
        self,
        books: Books,
        checks: RiskChecks,
        judges: Mapping[str, Judge],
        rules: StrategyRules,
        forming: Callable[[str], Bar | None] | None,
        outside: Outside | None,
    ) -> None:
        state, marks, holdings, book = books.state, books.marks, books.holdings, books.orders
        signals, triggers = books.signals, books.triggers
        self.checks = checks
        gate = self.gate = RiskGate(marks, checks)
        orders = self.orders = OrderDesk(state, marks, gate, book)
        proposals = self.proposals = Proposals(state, marks, holdings, book, gate, judges, rules, forming)
        self.rules = RuleDesk(
            state, marks, holdings, book, orders, proposals, signals, triggers, judges, rules, forming
        )  # fmt: skip
        self.closing = Closing(state, marks, holdings, book, orders)
        self.watch = TriggerWatch(state, marks, triggers, book, orders, holdings)
        self.bookings = Bookings(state, marks, holdings, book, orders, signals, triggers, self.rules.runs)
        book.on_end = self.bookings.ended
        self.resting: Resting | None = None
        if outside is not None:
            self.resting = Resting(state, holdings, book, orders, triggers, outside)
            self.bookings.resting, orders.makes_way = self.resting, self.resting.makes_way


def commands_of(books: Books, desks: Desks, account: OutsideDesk) -> UserCommands:
    """Return what takes the user's commands."""
    state, marks, holdings, book = books.state, books.marks, books.holdings, books.orders
    signals, triggers, orders = books.signals, books.triggers, desks.orders
    return UserCommands(
        state,
        orders,
        signals,
        triggers,
        desks.rules.runs,
        desks.closing,
        Recovery(state, book, desks.gate, signals, orders.makes_way),
        SignalCommands(state, marks, orders, signals, triggers, desks.rules),
        OrderCommands(state, marks, holdings, book, orders, triggers, desks.closing),
        TriggerCommands(state, marks, holdings, triggers),
        account,
    )


def flow_of(books: Books, desks: Desks) -> PriceFlow:
    """Return what lets prices and time act."""
    return PriceFlow(
        books.state,
        books.marks,
        desks.checks,
        books.daily_loss,
        books.signals,
        books.triggers,
        desks.watch,
        desks.rules,
        desks.closing,
    )
