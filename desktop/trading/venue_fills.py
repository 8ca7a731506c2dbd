"""Executions at the simulated exchange: how much of an order a price fills, what it costs, what the account bears."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from desktop.domain.fills import Fill, OrderReport
from desktop.domain.instruments import Instrument
from desktop.domain.money import ZERO
from desktop.domain.orders import Order, OrderStatus, Side
from desktop.domain.quick import maker
from desktop.trading.exact import EXACT
from desktop.trading.fill_models import FillModel
from desktop.trading.venue_account import VenueAccount
from desktop.trading.venue_book import VenueBook
from desktop.trading.venue_order import Resting

_BUY = Side.BUY  # a name costs a tenth of a look into the enumeration, and this runs with every order
_CANCELED, _FILLED, _PARTIALLY_FILLED = OrderStatus.CANCELED, OrderStatus.FILLED, OrderStatus.PARTIALLY_FILLED
_fill, _report = maker(Fill), maker(OrderReport)
_plus, _times = EXACT.add, EXACT.multiply


class VenueFills:
    """Fills orders of one session's venue and ends what cannot go on.

    Attributes:
        last_fill: µs UTC of the last execution of each symbol: the books fold in order of time.
    """

    def __init__(
        self, instruments: Mapping[str, Instrument], model: FillModel, account: VenueAccount, book: VenueBook
    ) -> None:
        self._instruments, self.model, self.account, self.book = instruments, model, account, book
        self.last_fill: dict[str, int] = {}

    def fill(
        self,
        resting: Resting,
        base: Decimal | None,
        volume: float,
        at: int,
        bar_start: int,
        reports: list[OrderReport],
    ) -> None:
        """Fill as much as the volume offers and the account can bear; what it cannot bear is cancelled."""
        if base is None:
            return
        order, model = resting.order, self.model
        instrument = self._instruments[order.symbol]
        quantity = resting.quantity - resting.filled
        if model.has_share:
            if resting.used_bar != bar_start:
                resting.used_bar, resting.used = bar_start, ZERO
            offered = model.available(volume, instrument.lot)
            if offered is not None:
                quantity = min(quantity, offered - resting.used)
                if quantity <= ZERO:
                    return
        price = base if model.is_plain else self._price(resting, base, quantity, volume, instrument)
        value = _times(price, quantity)
        fee = model.fee(value)
        if order.side is _BUY:
            borne, problem = self.account.buyable(instrument, price, quantity, _plus(value, fee), model)
        else:
            borne, problem = self.account.sellable(instrument, quantity)
        if borne > ZERO:
            if borne is not quantity:
                value = _times(price, borne)
                fee = model.fee(value)
            slippage = ZERO if price is base else (price - base).copy_abs()
            reports.append(self._execute(resting, order, price, slippage, borne, value, fee, at, bar_start))
        if problem:
            reports.append(self.end(resting, _CANCELED, at, problem))

    def _price(
        self, resting: Resting, base: Decimal, quantity: Decimal, volume: float, instrument: Instrument
    ) -> Decimal:
        """Return the base made worse by slippage and impact, on the tick, never beyond the limit."""
        order, limit = resting.order, resting.limit
        worse = self.model.worse_by(base, order.symbol, order.ordinal, resting.fills + 1, quantity, volume)
        if not worse:
            return base
        if resting.buys:
            price = instrument.price_up(base + worse)
            return price if limit is None else min(price, limit)
        price = instrument.price_down(base - worse)
        if price <= ZERO and not instrument.allows_negative:
            price = instrument.tick
        return price if limit is None else max(price, limit)

    def _execute(
        self,
        resting: Resting,
        order: Order,
        price: Decimal,
        slippage: Decimal,
        quantity: Decimal,
        value: Decimal,
        fee: Decimal,
        at: int,
        bar_start: int,
    ) -> OrderReport:
        order_id, symbol, side = order.order_id, order.symbol, order.side
        number = resting.fills = resting.fills + 1
        filled = resting.filled = resting.filled + quantity
        if self.model.has_share:
            resting.used += quantity
        self.account.book(symbol, value, quantity, fee, buys=side is _BUY)
        last = self.last_fill.get(symbol, -1)
        fill_at = at if at > last else last + 1  # one after the other: the books fold in order of time
        self.last_fill[symbol] = fill_at
        execution_id = f"{order_id}.{number}"
        fill = _fill(execution_id, order_id, symbol, side, quantity, price, fee, fill_at, slippage, bar_start)
        status = _PARTIALLY_FILLED
        if filled >= resting.quantity:
            status = _FILLED
            self.book.finish(order, status, filled)
        return _report(order_id, status, at, fill, filled)

    def end(self, resting: Resting, status: OrderStatus, at: int, reason: str) -> OrderReport:
        self.book.finish(resting.order, status, resting.filled)
        return OrderReport(resting.order.order_id, status, at, cumulative=resting.filled, reason=reason)
