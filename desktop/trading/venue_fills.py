"""Executions at the simulated exchange: how much of an order a price fills, what it costs, what the account bears."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from desktop.domain.fills import Fill, OrderReport
from desktop.domain.instruments import Instrument
from desktop.domain.money import ZERO
from desktop.domain.orders import OrderStatus, Side
from desktop.trading.fill_models import FillModel
from desktop.trading.matching import Resting
from desktop.trading.venue_account import VenueAccount
from desktop.trading.venue_book import VenueBook

_S = OrderStatus


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
        instrument = self._instruments[resting.order.symbol]
        if resting.used_bar != bar_start:
            resting.used_bar, resting.used = bar_start, ZERO
        quantity = resting.quantity - resting.filled
        if self.model.has_share:
            offered = self.model.available(volume, instrument.lot)
            if offered is not None:
                quantity = min(quantity, offered - resting.used)
                if quantity <= ZERO:
                    return
        price = base if self.model.is_plain else self._price(resting, base, quantity, volume, instrument)
        fee = self.model.fee(price, quantity)
        if resting.order.side is Side.BUY:
            borne, problem = self.account.buyable(instrument, price, quantity, fee, self.model)
        else:
            borne, problem = self.account.sellable(instrument, quantity)
        if borne > ZERO:
            slippage = ZERO if price is base else (price - base).copy_abs()
            if borne is not quantity:
                fee = self.model.fee(price, borne)
            reports.append(self._execute(resting, price, slippage, borne, fee, at, bar_start))
        if problem:
            reports.append(self.end(resting, _S.CANCELED, at, problem))

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
        price: Decimal,
        slippage: Decimal,
        quantity: Decimal,
        fee: Decimal,
        at: int,
        bar_start: int,
    ) -> OrderReport:
        order = resting.order
        order_id, symbol = order.order_id, order.symbol
        resting.fills += 1
        resting.filled += quantity
        resting.used += quantity
        self.account.book(symbol, price, quantity, fee, buys=order.side is Side.BUY)
        last = self.last_fill.get(symbol, -1)
        fill_at = at if at > last else last + 1  # one after the other: the books fold in order of time
        self.last_fill[symbol] = fill_at
        fill = Fill(
            f"{order_id}.{resting.fills}",
            order_id,
            symbol,
            order.side,
            quantity,
            price,
            fee,
            fill_at,
            slippage,
            bar_start,
        )
        status = _S.PARTIALLY_FILLED
        if resting.filled >= resting.quantity:
            status = _S.FILLED
            self.book.finish(order, status, resting.filled)
        return OrderReport(order_id, status, at, fill, resting.filled)

    def end(self, resting: Resting, status: OrderStatus, at: int, reason: str) -> OrderReport:
        self.book.finish(resting.order, status, resting.filled)
        return OrderReport(resting.order.order_id, status, at, cumulative=resting.filled, reason=reason)
