"""Closing by hand and flattening: sells may have to wait for the market, or for other sells to be cancelled first."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from desktop.domain.codec import from_json, to_json
from desktop.domain.errors import UserMistake
from desktop.domain.events import Blocked
from desktop.domain.market import SECOND
from desktop.domain.money import ZERO
from desktop.domain.orders import Purpose, Side, TimeInForce
from desktop.domain.risk import Check, Outcome
from desktop.trading.holdings import Holdings
from desktop.trading.marks import Marks
from desktop.trading.order_book import OrderBook
from desktop.trading.order_desk import OrderDesk
from desktop.trading.order_request import OrderRequest
from desktop.trading.state import CoreState

SOONER = 55 * SECOND  # of the minute after a rejection that selling everything does not wait


class Closing:
    """Closes that are wanted but cannot go yet; tried again whenever something may have cleared.

    Attributes:
        held: The wanted close of each symbol.
        why: The check that holds it, told once.
    """

    def __init__(self, state: CoreState, marks: Marks, holdings: Holdings, book: OrderBook, desk: OrderDesk) -> None:
        self._state, self._marks, self._holdings, self._book, self._desk = state, marks, holdings, book, desk
        self.held: dict[str, OrderRequest] = {}
        self.why: dict[str, str] = {}

    def by_hand(self, request: OrderRequest) -> str:
        """Send a close now, or hold it and say so.

        Raises:
            UserMistake: it is blocked, or has to be confirmed in words first.
        """
        decision = self._desk.check(request)
        block = decision.block
        if decision.passes:
            order = self._desk.send(decision)
            return f"SELL {order.quantity} {order.symbol} is on its way as order {order.order_id}."
        if block is not None and block.outcome is Outcome.HOLD:
            self._hold(request, block.check)
            return f"The close is held: {block.sentence} It goes as soon as that clears."
        if block is not None and block.outcome is Outcome.ASK:
            raise UserMistake(f"{block.sentence} Confirm the close in words to send it all the same.")
        raise decision.error or UserMistake("The close was refused.")

    def whole(self, symbol: str, *, confirmed: bool) -> str:
        """Sell all that is held, other sells cancelled first."""
        request = OrderRequest(
            symbol,
            Side.SELL,
            Purpose.CLOSE,
            self._holdings.quantity(symbol),
            time_in_force=TimeInForce.GTC,
            confirmed=confirmed,
        )
        if not self._book.selling(symbol):
            return self.by_hand(request)
        decision = self._desk.check(replace(request, replaces=""))
        if decision.block is not None and decision.block.check is Check.KILL_SWITCH:
            raise decision.error or UserMistake(decision.block.sentence)
        self.held[symbol] = request
        self._desk.cancel_all("the position is closed by hand", symbol=symbol, side=Side.SELL)
        return f"Other sells of {symbol} are cancelled first, then the whole position is sold."

    def _hold(self, request: OrderRequest, check: Check) -> None:
        self.held[request.symbol] = request
        self.why[request.symbol] = check.value

    def forget(self) -> None:
        self.held.clear()
        self.why.clear()

    def flatten(self) -> None:
        """Sell everything, also what late fills bring, until told otherwise."""
        self._state.flatten = True
        self.forget()

    def stand_down(self) -> None:
        """Flatten no longer, whatever still waits for the market; what a user closes by hand goes on waiting."""
        self._state.flatten = False
        for symbol, request in tuple(self.held.items()):
            if request.purpose is Purpose.FLATTEN:
                self._drop(symbol)

    @property
    def waiting(self) -> bool:
        return bool(self.held) or self._state.flatten

    def retry(self, symbol: str = "") -> None:
        """Try what is held (of one symbol) again."""
        if self._state.flatten:
            for held in self._marks:  # in the configured order, whatever was bought first
                if held in self._holdings.positions and symbol in ("", held) and held not in self.held:
                    self.held[held] = OrderRequest(
                        held, Side.SELL, Purpose.FLATTEN, ZERO, time_in_force=TimeInForce.GTC
                    )
        for name, request in tuple(self.held.items()):
            if symbol in ("", name):
                self._try(name, request)

    def _try(self, symbol: str, request: OrderRequest) -> None:
        quantity = self._holdings.quantity(symbol)
        if quantity <= ZERO:
            self._drop(symbol)
            return
        sooner = SOONER if request.purpose is Purpose.FLATTEN else 0
        if self._book.selling(symbol) or self._state.now < self._marks[symbol].cool_until - sooner:
            return  # sells under way end first; after a rejection some time passes
        wanted = quantity if request.purpose is Purpose.FLATTEN else min(request.quantity, quantity)
        decision = self._desk.check(replace(request, quantity=wanted))
        block = decision.block
        if decision.passes:
            self._desk.send(decision)
            self._drop(symbol)
        elif block is not None and block.outcome is not Outcome.HOLD:
            self._drop(symbol)
            self._tell(symbol, block)
        elif block is not None and self.why.get(symbol) != block.check.value:
            self._hold(request, block.check)
            self._tell(symbol, block)

    def _tell(self, symbol: str, block: Any) -> None:
        self._state.emit(Blocked(self._state.session_id, self._state.now, symbol, "close by hand", block))

    def _drop(self, symbol: str) -> None:
        self.held.pop(symbol, None)
        self.why.pop(symbol, None)

    def snapshot(self) -> dict[str, Any]:
        return {"held": {symbol: to_json(request) for symbol, request in self.held.items()}, "why": dict(self.why)}

    def restore(self, data: dict[str, Any]) -> None:
        self.held.clear()  # others look at this one
        self.held.update({symbol: from_json(OrderRequest, item) for symbol, item in data["held"].items()})
        self.why = dict(data["why"])
