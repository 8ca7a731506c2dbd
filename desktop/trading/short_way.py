"""The short way of an order to a venue inside the process, where nobody hears of the steps between."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from desktop.domain.effects import SubmitOrder
from desktop.domain.orders import Order
from desktop.domain.quick import maker
from desktop.trading.order_book import OrderBook
from desktop.trading.order_request import OrderRequest
from desktop.trading.signals import SignalBook
from desktop.trading.state import CoreState
from desktop.trading.venue import NAMED, Venue

_submit = maker(SubmitOrder)


class ShortWay:
    """Hands orders of rules to the venue at once: the intent and the word that it works are one value then.

    It comes to what asking for the order to be sent, the venue's answer and the answer's booking come to. Where
    something else is on its way or waits for a check to clear, an order takes that way.
    """

    def __init__(
        self, state: CoreState, book: OrderBook, signals: SignalBook, held: Mapping[str, OrderRequest], venue: Venue
    ) -> None:
        self._state, self._book, self._venue = state, book, venue
        self._signals, self._held = signals, held

    @property
    def is_free(self) -> bool:
        """Whether an order may take it now."""
        state = self._state
        return not (state.effects or self._book.guards or self._signals.waiting or self._held or state.flatten)

    def place(self, request: OrderRequest, unit_cash: Decimal, signal_id: str) -> Order:
        """Make an order of a request that passed the gate, at the venue; one it does not take is sent as ever."""
        state, book = self._state, self._book
        order = book.intend(request, unit_cash, signal_id, NAMED)
        if not self._venue.take(order, state.now):
            order = book.give_back(order)
            state.effects.append(_submit(order, False))
        return order
