"""What the account tells a live session and what its user decides about it: link, differences, lost orders."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

from desktop.domain import commands as ask
from desktop.domain import messages as said
from desktop.domain.accounts import LOST_WORD
from desktop.domain.errors import NotFound, UserMistake
from desktop.domain.fills import Fill
from desktop.domain.money import ZERO
from desktop.domain.orders import Order, OrderKind, OrderStatus, Purpose, Side
from desktop.domain.risk import Check
from desktop.trading.holdings import Holdings
from desktop.trading.marks import Marks
from desktop.trading.order_book import OrderBook
from desktop.trading.outside import Difference, Outside
from desktop.trading.signals import Runs
from desktop.trading.state import CoreState
from desktop.trading.triggers import TriggerBook

ADOPTED = "adopt:"  # begins the id of an execution that books what was found at the broker
_NO_ACCOUNT = "This session trades on paper: it has no account at a broker. Nothing was changed."


class OutsideDesk:
    """Takes what is told of the account; each command returns its answer or raises the refusal.

    Args:
        outside: What is known; None: a paper session, which refuses all of it.
        retry: Tries again what a check holds.
        runs: The runs of true bars: what was blocked for want of arming is asked anew.
    """

    def __init__(
        self,
        state: CoreState,
        marks: Marks,
        holdings: Holdings,
        book: OrderBook,
        triggers: TriggerBook,
        outside: Outside | None,
        retry: Callable[[], None],
        runs: Runs,
    ) -> None:
        self._state, self._marks, self._holdings = state, marks, holdings
        self._book, self._triggers, self._known, self._retry, self._runs = book, triggers, outside, retry, runs

    @property
    def _outside(self) -> Outside:
        """What is known of the account (UserMistake: a paper session)."""
        if self._known is None:
            raise UserMistake(_NO_ACCOUNT)
        return self._known

    # told ------------------------------------------------------------------------------------------------------
    def link(self, message: said.LinkChanged) -> None:
        """Take a change of the connection; it is told once."""
        outside = self._outside
        changed = outside.connected is not message.connected
        outside.connected, outside.detail = message.connected, message.detail
        if not changed:
            return
        if message.connected:
            self._state.warn("connection", f"The account is connected and reconciled. {message.detail}".strip())
            self._retry()
        else:
            self._state.warn(
                "connection",
                f"The connection to the account is lost ({message.detail}). Entries are off and exits are held until "
                "it is back; what rests at the broker goes on working there.",
            )

    def difference(self, message: said.DifferenceFound) -> None:
        """Take a difference between the broker and the journals, or that there is none any more."""
        differences, symbol = self._outside.differences, message.symbol
        if not message.quantity:
            if differences.pop(symbol, None) is not None:
                self._state.warn("difference", f"{symbol}: the broker and Assay agree again.")
                self._retry()
            return
        found = Difference(symbol, message.quantity, message.price, message.sentence, message.ratio)
        before = differences.get(symbol)
        differences[symbol] = found
        if before is None or before.quantity != found.quantity:
            self._state.warn("split" if found.is_split else "difference", found.sentence)

    def found(self, message: said.OrderFound) -> None:
        """Take in an order of ours that the journal does not know: it left, and was never stored."""
        order, state = message.order, self._state
        if self._book.find(order.order_id) is not None or order.symbol not in self._marks:
            return
        state.ordinal = max(state.ordinal, order.ordinal)  # its id is never minted again
        price = order.limit_price or order.stop_price or self._marks[order.symbol].buy_price
        self._book.take_in(order, price if order.side is Side.BUY else ZERO)
        state.warn(
            "order found",
            f"The broker holds order {order.order_id} of this session ({order.side.value} {order.quantity} "
            f"{order.symbol}), which was not stored here. It belongs to the session again.",
        )

    # asked -----------------------------------------------------------------------------------------------------
    def arm(self, _: ask.Arm) -> str:
        self._outside.armed = True
        self._runs.end_blocked(Check.ARMED)
        return "The session is armed: its orders spend real money until it is disarmed or Assay ends."

    def disarm(self, command: ask.Disarm) -> str:
        self._outside.armed = False
        for order in tuple(self._book.open.values()):
            if order.status is OrderStatus.INTENT and order.side is Side.BUY:
                self._book.move(order, OrderStatus.DENIED, command.reason)
        return "The session is disarmed: no new entries. Exits, stops and closing by hand keep working."

    def _named(self, symbol: str) -> Difference:
        found = self._outside.differences.get(symbol)
        if found is None:
            raise NotFound("difference", symbol, "Assay and the broker agree on it, or it was settled meanwhile.")
        return found

    def ignore(self, command: ask.IgnoreDifference) -> str:
        found = self._named(command.symbol)
        del self._outside.differences[command.symbol]
        if found.is_split:
            for trigger in tuple(self._triggers.of(command.symbol)):
                self._triggers.cancel(trigger, "its level belongs to the price before the split")
            return (
                f"{command.symbol}: left as it is. Its triggers were cancelled: their levels are of before the split."
            )
        return f"{command.symbol}: the difference of {found.quantity:f} is not Assay's and is left out from now on."

    def adopt(self, command: ask.AdoptDifference) -> str:
        found = self._named(command.symbol)
        for order in self._book.of(command.symbol):
            if order.status in (OrderStatus.UNKNOWN, OrderStatus.SENDING):
                raise UserMistake(
                    f"Nobody knows yet what became of order {order.order_id} in {command.symbol}: what differs may "
                    "be its executions. Wait until the broker shows it, or declare it lost first. Nothing was booked."
                )
        answer = self._adopt_split(found) if found.is_split else self._adopt(found)
        del self._outside.differences[command.symbol]
        self._retry()
        return answer

    def _adopt(self, found: Difference) -> str:
        symbol, quantity = found.symbol, abs(found.quantity)
        held = self._holdings.quantity(symbol)
        side = Side.BUY if found.quantity > ZERO else Side.SELL
        if side is Side.SELL and quantity > held:
            raise UserMistake(f"{symbol}: {quantity:f} are missing at the broker, this session holds {held:f} only.")
        cost = quantity * found.price
        if side is Side.BUY and cost > self._holdings.cash - self._book.reserved:
            raise UserMistake(
                f"{symbol}: {quantity:f} at {found.price:f} cost {cost:,f}, more than this session has free. "
                "Adopt it into another session, or ignore it."
            )
        self._book_as(symbol, side, quantity, found.price, "a")
        self._triggers.resize(symbol, self._holdings.quantity(symbol))
        return f"{symbol}: {side.value} {quantity:f} at {found.price:f} was booked, as the broker holds it."

    def _adopt_split(self, found: Difference) -> str:
        """Book new units for old ones without moving cash, and put the triggers on the new scale."""
        symbol, ratio = found.symbol, found.ratio
        position = self._holdings.position(symbol)
        if position is None:
            raise UserMistake(f"{symbol} is not held by this session: there is nothing to adopt.")
        item = self._marks[symbol].instrument
        for order in tuple(self._book.of(symbol)):
            if order.status is OrderStatus.INTENT:
                self._book.move(order, OrderStatus.DENIED, "its price is of before the split")
        new_price = position.average / ratio
        self._book_as(symbol, Side.SELL, position.quantity, new_price * ratio, "a")
        self._book_as(symbol, Side.BUY, position.quantity * ratio, new_price, "b")
        held = self._holdings.quantity(symbol)
        for trigger in tuple(self._triggers.of(symbol)):
            self._triggers.rescale(
                trigger, held, item.price(trigger.level / ratio), item.price(trigger.high_water / ratio)
            )
        return f"{symbol}: {ratio:f} new units for each old one were booked and its triggers moved to the new prices."

    def _book_as(self, symbol: str, side: Side, quantity: Decimal, price: Decimal, part: str) -> None:
        state = self._state
        number = state.next_adoption()
        order_id = f"{ADOPTED}{state.prefix}-{number}"
        kind, why = OrderKind.MARKET, Purpose.CLOSE
        order = Order(
            order_id, state.session_id, state.account, symbol, side, kind, why, quantity, 0, created_at=state.now
        )
        at = max(
            state.now, self._holdings.ledger.latest(symbol) + 1
        )  # after all that is booked: brokers' clocks differ
        fill = Fill(f"{order_id}{part}", order_id, symbol, side, quantity, price, ZERO, at, bar_start=at)
        self._holdings.book(fill, order, inside=False)

    def declare_lost(self, command: ask.DeclareLost) -> str:
        order = self._book.open.get(command.order_id)
        if order is None or order.status is not OrderStatus.UNKNOWN:
            raise NotFound("unknown order", command.order_id, "Only an order without any answer can be declared lost.")
        if command.typed.strip() != LOST_WORD:
            raise UserMistake(f"Type {LOST_WORD} to declare order {order.order_id} lost. Nothing was changed.")
        self._book.move(order, OrderStatus.CANCELED, "declared lost by the user")
        self._retry()
        return (
            f"Order {order.order_id} counts as never placed. Should the broker fill it after all, the fill is booked."
        )
