"""What a broker's report does: the order moves on, cash and position follow its fills, what is tied to them reacts.

The fold does not care about the order or repetition of reports: an execution is booked once by its id, and a status
never changes a position.
"""

from __future__ import annotations

from decimal import Decimal

from desktop.domain.fills import BUSTED, Fill, OrderReport
from desktop.domain.market import MINUTE
from desktop.domain.money import ZERO
from desktop.domain.orders import TERMINAL, Order, OrderStatus, Purpose, Side
from desktop.domain.sessions import SessionState
from desktop.domain.signals import SignalKind, SignalState
from desktop.domain.triggers import TriggerKind
from desktop.trading.holdings import Holdings
from desktop.trading.marks import Marks
from desktop.trading.order_book import OrderBook
from desktop.trading.order_desk import OrderDesk
from desktop.trading.order_reports import is_plain
from desktop.trading.resting import Resting
from desktop.trading.signals import Runs, SignalBook
from desktop.trading.state import CoreState
from desktop.trading.trigger_watch import COOL_DOWN
from desktop.trading.triggers import TriggerBook

_S = OrderStatus
_INTENT, _FILLED = _S.INTENT, _S.FILLED  # a name costs a tenth of a look into the enumeration
_ENTRY, _EXIT, _CONFIRMED = SignalKind.ENTRY, SignalKind.EXIT, SignalState.CONFIRMED
COOLING = MINUTE  # no new entry in a symbol for as long after a rejection
_CLOSES = frozenset({Purpose.CLOSE, Purpose.FLATTEN})
_TRIGGERS = frozenset({Purpose.TRIGGER, Purpose.GUARD})
_LATE = frozenset({_S.CANCELED, _S.EXPIRED, _S.REJECTED, _S.DENIED, _S.FILLED})


class Bookings:
    """Folds order reports into orders, ledger, triggers and signals."""

    def __init__(
        self,
        state: CoreState,
        marks: Marks,
        holdings: Holdings,
        book: OrderBook,
        desk: OrderDesk,
        signals: SignalBook,
        triggers: TriggerBook,
        runs: Runs,
    ) -> None:
        self._state, self._marks, self._holdings = state, marks, holdings
        self._book, self._desk, self._signals = book, desk, signals
        self._triggers, self._runs = triggers, runs
        self.resting: Resting | None = None  # where protection rests at a broker

    def on_report(self, report: OrderReport, *, inside: bool = False) -> None:
        """Fold one report in; `inside`: its fill happened inside the bar that is passing, after its open."""
        order_id, fill, book = report.order_id, report.fill, self._book
        order = book.open.get(order_id) or book.finished(order_id)
        if order is None:
            self._state.warn(
                "external order",
                f"The broker reports order {order_id}, which this session did not place. It was left alone.",
            )
            return
        before = order.status
        if fill is None:
            if before is _INTENT and is_plain(report):
                book.acknowledge(order, report.broker_order_id, report.at)
                return
        elif self._holdings.knows(fill.execution_id):
            fill = None
        elif fill.execution_id.startswith(BUSTED):
            self._bust(order, fill)
            return
        elif self.resting is None and book.fill_unheard(order, report, fill):
            self._book_fill(order, fill, inside=inside)
            self._triggers.settled(order, _FILLED)
            return
        after = book.apply(order, report, fill)
        if fill is not None:
            self._book_fill(order, fill, inside=inside)
            if fill.quantity > order.quantity - order.filled or before in _LATE:
                self._say_what_was_odd(order, fill, order.filled + fill.quantity - order.quantity)
        status = after.status
        if status is not before and status in TERMINAL:
            self.ended(after)

    def ended(self, order: Order) -> None:
        """React to an order that is done, whoever ended it."""
        if order.status is not _FILLED:
            self._came_to_an_end(order)
        elif order.purpose is Purpose.GUARD and self.resting is not None:
            self.resting.sold(order)
        self._triggers.settled(order, order.status)

    def _book_fill(self, order: Order, fill: Fill, *, inside: bool) -> None:
        symbol, holdings = order.symbol, self._holdings
        fired = self._fired_kind(order, fill) if order.trigger_id else None
        before, held = holdings.book(fill, order, inside=inside, fired=fired)
        if held > before and held > ZERO:
            if self._triggers.protects(order.order_id, symbol):
                average = holdings.positions[symbol].average
                instrument = self._marks[symbol].instrument
                self._triggers.protect(order.order_id, instrument, quantity=held, average=average, price=fill.price)
            if self._runs.going:
                self._runs.end(symbol, _ENTRY)
        elif held != before and self._triggers.has(symbol):
            self._triggers.resize(symbol, held)
        if held <= ZERO < before:
            self._closed(symbol)
        signal = self._signals.live.get(order.signal_id) if order.signal_id else None
        if signal is not None and signal.state is _CONFIRMED:
            self._signals.move(signal, SignalState.EXECUTED)

    def _fired_kind(self, order: Order, fill: Fill) -> TriggerKind | None:
        if order.purpose is Purpose.GUARD and self.resting is not None:
            return self.resting.fired(order, fill)
        trigger = self._triggers.fired.get(order.trigger_id)
        return None if trigger is None else trigger.kind

    def _closed(self, symbol: str) -> None:
        """Let go of everything that was about a holding that is gone: waiting exits, other sells, runs of its rule."""
        if self._signals.waiting:
            self._signals.expire_all("The position is closed.", kind=_EXIT, symbol=symbol)
        if self._runs.going:
            self._runs.end(symbol, _EXIT)
        if symbol in self._book.by_symbol:
            self._desk.cancel_all("the position is closed", symbol=symbol, side=Side.SELL)

    def _bust(self, order: Order, fill: Fill) -> None:
        """Book the reversing entry of a trade that was taken back (fault 16); the order keeps what it was filled."""
        symbol = order.symbol
        before, held = self._holdings.book(fill, order, inside=False)
        if self._triggers.has(symbol):
            self._triggers.resize(symbol, held)
        if held <= ZERO < before:
            self._closed(symbol)
        self._state.warn(
            "busted trade",
            f"The market took back a trade of {fill.quantity} {symbol} at {fill.price} (order {order.order_id}). "
            "The reversing entry is booked; the session is paused until you have looked at it.",
        )
        if self._state.status is SessionState.RUNNING:
            self._state.become(SessionState.PAUSED, "paused after a busted trade")

    def _say_what_was_odd(self, order: Order, fill: Fill, over: Decimal) -> None:
        if over > ZERO:
            self._state.warn(
                "overfill",
                f"Order {order.order_id} of {order.quantity} {order.symbol} was filled by {over} too many. "
                "The ledger holds what the broker did; the session is paused until you have looked at it.",
            )
            if self._state.status is SessionState.RUNNING:
                self._state.become(SessionState.PAUSED, "paused after an overfill")
        elif order.status in _LATE:
            self._state.warn(
                "late fill",
                f"{fill.quantity} {order.symbol} of order {order.order_id} were filled after it was "
                f"{order.status.value}. They are booked.",
            )

    def _came_to_an_end(self, order: Order) -> None:
        """React to an order that ended without being complete: denied, rejected, cancelled, expired."""
        mark = self._marks[order.symbol]
        if order.status is _S.REJECTED and order.purpose is not Purpose.GUARD:  # no sell waits for refused protection
            mark.cool_until = self._state.now + COOLING
            mark.cool_reason = order.reason or "no reason given"
        if order.status is _S.REJECTED and order.purpose in _CLOSES:
            again = "It is tried again" if order.purpose is Purpose.FLATTEN else "Close it again once that is settled"
            self._state.warn(
                "close",
                f"The sale of {order.remaining} {order.symbol} was refused ({order.reason or 'no reason given'}). The "
                f"position is still held. {again}.",
            )
        signal = self._signals.live.get(order.signal_id)
        if signal is not None and signal.state is SignalState.CONFIRMED and not order.filled:
            reason = order.reason or "no reason given"
            self._signals.move(
                signal,
                SignalState.BLOCKED,
                f"The order for {order.quantity} {order.symbol} was {order.status.value} without a fill: {reason}.",
                blocked_by=f"order {order.status.value.lower()}",
            )
        trigger = self._triggers.fired.get(order.trigger_id)
        if order.purpose is Purpose.GUARD:
            trigger = self._triggers.fired_by(order.order_id)
            if self.resting is not None:
                self.resting.ended(order)
        held = self._holdings.quantity(order.symbol)
        if trigger is not None and order.purpose in _TRIGGERS and held > ZERO:
            waits = COOL_DOWN if order.status is _S.REJECTED else ""
            self._triggers.rearm(trigger, held, waits)
            self._state.warn(
                "trigger order",
                f"The order of the {trigger.kind.value.replace('_', ' ').lower()} on {order.symbol} "
                f"was {order.status.value} ({order.reason or 'no reason given'}). "
                f"It is armed again at {trigger.level}.",
            )
