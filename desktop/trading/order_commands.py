"""The order ticket: buying and closing by hand, cancelling and changing working orders."""

from __future__ import annotations

from decimal import Decimal

from desktop.domain import commands as ask
from desktop.domain.errors import FieldError, NotFound, PositionNotFound, UserMistake
from desktop.domain.money import ZERO
from desktop.domain.orders import Order, Purpose, Side, TimeInForce
from desktop.trading.closing import Closing
from desktop.trading.guards import Guards
from desktop.trading.holdings import Holdings
from desktop.trading.marks import Marks
from desktop.trading.order_book import OrderBook
from desktop.trading.order_desk import OrderDesk, tell_block
from desktop.trading.order_request import OrderRequest
from desktop.trading.order_shapes import check_price, check_quantity, check_shape, check_trail, mark_of
from desktop.trading.state import CoreState
from desktop.trading.triggers import TriggerBook


class OrderCommands:
    """What a user asks about orders and positions; each method returns the answer or raises the refusal."""

    def __init__(
        self,
        state: CoreState,
        marks: Marks,
        holdings: Holdings,
        book: OrderBook,
        desk: OrderDesk,
        triggers: TriggerBook,
        closing: Closing,
    ) -> None:
        self._state, self._marks, self._holdings = state, marks, holdings
        self._book, self._desk, self._triggers, self._closing = book, desk, triggers, closing

    def place(self, command: ask.PlaceOrder) -> str:
        symbol = command.symbol
        mark = mark_of(self._marks, symbol)
        check_shape(mark, command.kind, command.quantity, command.limit_price, command.stop_price)
        buys = command.side is Side.BUY
        if not buys and self._holdings.quantity(symbol) <= ZERO:
            raise PositionNotFound(symbol, self._state.settings.name)
        item = mark.instrument
        request = OrderRequest(
            symbol=symbol,
            side=command.side,
            purpose=Purpose.ENTRY if buys else Purpose.CLOSE,
            quantity=command.quantity,
            kind=command.kind,
            limit_price=None if command.limit_price is None else item.price(command.limit_price),
            stop_price=None if command.stop_price is None else item.price(command.stop_price),
            time_in_force=command.time_in_force,
            stop=command.stop_loss,
            confirmed=command.confirmed,
        )
        if buys:
            return self._buy(command, request)
        return self._closing.by_hand(request)

    def _buy(self, command: ask.PlaceOrder, request: OrderRequest) -> str:
        guards = self._guards(command, request)
        decision = self._desk.check(request)
        if not decision.passes:
            if decision.block is not None:
                tell_block(self._state, decision.block, request.symbol, "entry")
            raise decision.error or UserMistake("The order was refused.")
        order = self._desk.send(decision)
        self._triggers.plan(order.order_id, guards)
        return f"BUY {order.quantity} {order.symbol} is on its way as order {order.order_id}."

    def _guards(self, command: ask.PlaceOrder, request: OrderRequest) -> Guards:
        """Return the protection a ticket asks for, on the tick (FieldError: it would fire at once)."""
        mark = self._marks[request.symbol]
        price = request.limit_price or request.stop_price or mark.buy_price
        levels: dict[str, Decimal | None] = {"stop_loss": command.stop_loss, "take_profit": command.take_profit}
        for name, level in levels.items():
            if level is None:
                continue
            levels[name] = mark.instrument.price(check_price(name, level))
            if mark.known and (level >= price if name == "stop_loss" else level <= price):
                raise FieldError(name, f"{level} would fire at once at a price of {price}.")
        if command.trailing_percent is not None:
            check_trail("trailing_percent", command.trailing_percent)
        return Guards(
            stop_loss=levels["stop_loss"],
            take_profit=levels["take_profit"],
            trailing_percent=command.trailing_percent,
        )

    def close(self, command: ask.ClosePosition) -> str:
        held = self._holdings.quantity(command.symbol) if command.symbol in self._marks else ZERO
        if held <= ZERO:
            raise PositionNotFound(command.symbol, self._state.settings.name)
        quantity = held if command.quantity is None else command.quantity
        if quantity != held:
            check_quantity(self._marks[command.symbol], quantity)
        if command.quantity is None:
            return self._closing.whole(command.symbol, confirmed=command.confirmed)
        request = OrderRequest(
            command.symbol,
            Side.SELL,
            Purpose.CLOSE,
            quantity,
            time_in_force=TimeInForce.GTC,
            confirmed=command.confirmed,
        )
        return self._closing.by_hand(request)

    def _working(self, order_id: str) -> Order:
        order = self._book.open.get(order_id)
        if order is None:
            found = self._book.finished(order_id)
            hint = "" if found is None else f"It is {found.status.value} already."
            raise NotFound("working order", order_id, hint)
        return order

    def cancel(self, command: ask.CancelOrder) -> str:
        order = self._working(command.order_id)
        self._desk.cancel(order, "cancelled by the user")
        return f"Order {order.order_id} is being cancelled."

    def replace(self, command: ask.ReplaceOrder) -> str:
        order = self._working(command.order_id)
        mark = self._marks[order.symbol]
        item = mark.instrument
        limit = order.limit_price if command.limit_price is None else item.price(command.limit_price)
        stop = order.stop_price if command.stop_price is None else item.price(command.stop_price)
        quantity = order.quantity if command.quantity is None else command.quantity
        check_shape(mark, order.kind, quantity, limit, stop)
        if quantity <= order.filled:
            raise FieldError("quantity", f"{order.filled} are filled already; cancel the order to stop there.")
        decision = self._desk.replace(order, quantity=quantity, limit_price=limit, stop_price=stop)
        if not decision.passes:
            raise decision.error or UserMistake("The order was refused.")
        return f"Order {order.order_id} is being changed."
