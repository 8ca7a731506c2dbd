"""The simulated exchange: takes orders, matches them with bars or quotes, reports. Synchronous, seeded, exact.

It keeps the session's account as a broker would: cash and holdings that no fill can take below zero.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from desktop.domain.codec import from_json, to_json
from desktop.domain.fills import Fill, OrderReport
from desktop.domain.instruments import Instrument
from desktop.domain.market import Bar, Quote
from desktop.domain.money import HUNDRED, ONE, ZERO
from desktop.domain.orders import Order, OrderId, OrderKind, OrderStatus, Side, TimeInForce
from desktop.domain.sessions import FillSettings
from desktop.ports import TradingHours
from desktop.trading.fill_models import FillModel
from desktop.trading.matching import Resting, at_open, in_passing_bar, inside, on_quote, stops_first

_LIMITED = frozenset({OrderKind.LIMIT, OrderKind.STOP_LIMIT})
_STOPPED = frozenset({OrderKind.STOP, OrderKind.STOP_LIMIT})
_REMEMBERED = 512  # finished orders whose repetition is recognised
_NOTHING: list[OrderReport] = []


class Venue:
    """One session's simulated broker."""

    def __init__(
        self,
        instruments: Mapping[str, Instrument],
        settings: FillSettings,
        *,
        seed: int,
        cash: Decimal,
        hours: Mapping[str, TradingHours],
        bar_length: int = 0,
    ) -> None:
        """`bar_length` in µs: fills on quotes name the bar they belong to; 0: their own time."""
        self._instruments, self._hours, self._bar_length = instruments, hours, bar_length
        self.model = FillModel(settings, seed)
        self.cash = cash
        self.holdings: dict[str, Decimal] = {}
        self._orders: dict[OrderId, Resting] = {}
        self._of_symbol: dict[str, dict[OrderId, Resting]] = {}
        self._done: dict[OrderId, OrderStatus] = {}
        self._bars: dict[str, Bar] = {}

    # orders ----------------------------------------------------------------------------------------------------
    def submit(self, order: Order, at: int, *, within_bar: bool = False) -> list[OrderReport]:
        """Take an order; the same id again repeats what is known of it and never makes a second order."""
        known = self._orders.get(order.order_id)
        if known is not None or order.order_id in self._done:
            return [OrderReport(order.order_id, self._status(order.order_id), at)]
        problem = self._problem(order)
        if problem:
            self._finish(order.order_id, OrderStatus.REJECTED)
            return [OrderReport(order.order_id, OrderStatus.REJECTED, at, reason=problem)]
        resting = Resting(
            order,
            order.quantity,
            order.limit_price if order.kind in _LIMITED else None,
            order.stop_price if order.kind in _STOPPED else None,
            at + self.model.latency(order.symbol, order.ordinal),
            self._hours[order.symbol].trading_day(at),
        )
        self._orders[order.order_id] = resting
        self._of_symbol.setdefault(order.symbol, {})[order.order_id] = resting
        reports = [OrderReport(order.order_id, OrderStatus.NEW, at, broker_order_id=f"sim-{order.order_id}")]
        bar = self._bars.get(order.symbol)
        if within_bar and bar is not None:
            price = in_passing_bar(resting, self._instruments[order.symbol], bar)
            self._fill(resting, price, bar.volume, at, bar.start, reports)
        return reports

    def _problem(self, order: Order) -> str:
        if order.symbol not in self._instruments:
            return f"The simulated venue does not trade {order.symbol}."
        if order.quantity <= ZERO:
            return "The quantity must be above zero."
        if order.kind in _LIMITED and (order.limit_price is None or order.limit_price <= ZERO):
            return "A limit order needs a limit price above zero."
        if order.kind in _STOPPED and (order.stop_price is None or order.stop_price <= ZERO):
            return "A stop order needs a stop price above zero."
        return ""

    def cancel(self, order_id: OrderId, at: int) -> list[OrderReport]:
        """Cancel what is left of an order; one that is finished says so again."""
        if order_id not in self._orders:
            status = self._done.get(order_id)
            return [] if status is None else [OrderReport(order_id, status, at)]
        self._finish(order_id, OrderStatus.CANCELED)
        return [OrderReport(order_id, OrderStatus.CANCELED, at, reason="cancelled as asked")]

    def replace(
        self, order_id: OrderId, quantity: Decimal | None, limit_price: Decimal | None, stop_price: Decimal | None, at: int
    ) -> list[OrderReport]:
        """Change a working order; refused where less is wanted than has filled already."""
        resting = self._orders.get(order_id)
        if resting is None:
            return self.cancel(order_id, at)
        status = self._status(order_id)
        if quantity is not None and quantity <= resting.filled:
            return [OrderReport(order_id, status, at, reason=f"{resting.filled:f} have filled already; not changed.")]
        if quantity is not None:
            resting.quantity = quantity
        if limit_price is not None and resting.limit is not None:
            resting.limit = limit_price
        if stop_price is not None and resting.stop is not None:
            resting.stop = stop_price
        return [
            OrderReport(
                order_id,
                status,
                at,
                quantity=resting.quantity,
                limit_price=resting.limit,
                stop_price=resting.stop,
                cumulative=resting.filled,
            )
        ]

    # market ----------------------------------------------------------------------------------------------------
    def open_bars(self, bars: Sequence[Bar], at: int) -> list[OrderReport]:
        """Let bars begin: market orders, and whatever their opens reach, fill at the open."""
        for bar in bars:
            self._bars[bar.symbol] = bar
        if not self._orders:
            return _NOTHING
        reports: list[OrderReport] = []
        for bar in bars:
            for resting in self._working(bar.symbol):
                price = at_open(resting, self._instruments[bar.symbol], bar)
                self._fill(resting, price, bar.volume, bar.start, bar.start, reports)
        return reports

    def range_bars(self, bars: Sequence[Bar], at: int) -> list[OrderReport]:
        """Let the rest of the bars pass: stops first, then limits."""
        if not self._orders:
            return _NOTHING
        reports: list[OrderReport] = []
        for bar in bars:
            for resting in sorted(self._working(bar.symbol), key=stops_first):
                price = inside(resting, self._instruments[bar.symbol], bar)
                self._fill(resting, price, bar.volume, at, bar.start, reports)
        return reports

    def on_quote(self, quote: Quote, at: int) -> list[OrderReport]:
        """Match the orders of a symbol that have reached the market with a quote."""
        working = self._of_symbol.get(quote.symbol)
        if not working:
            return _NOTHING
        reports: list[OrderReport] = []
        start = at - at % self._bar_length if self._bar_length else at
        for resting in tuple(working.values()):
            if resting.ready_at > at:
                continue
            price = on_quote(resting, self._instruments[quote.symbol], quote)
            size = quote.ask_size if resting.buys else quote.bid_size
            resting.bar_start = -1  # every quote offers its own size
            self._fill(resting, price, size, at, start, reports)
        return reports

    def tick(self, at: int) -> list[OrderReport]:
        """Let time pass: day orders end with their trading day."""
        if not self._orders:
            return _NOTHING
        reports: list[OrderReport] = []
        for order_id, resting in tuple(self._orders.items()):
            order = resting.order
            over = order.time_in_force is TimeInForce.DAY and self._hours[order.symbol].trading_day(at) > resting.day
            if over:
                self._finish(order_id, OrderStatus.EXPIRED)
                reports.append(
                    OrderReport(order_id, OrderStatus.EXPIRED, at, cumulative=resting.filled, reason="the trading day ended")
                )
        return reports

    # fills -----------------------------------------------------------------------------------------------------
    def _working(self, symbol: str) -> tuple[Resting, ...]:
        return tuple(self._of_symbol.get(symbol, {}).values())

    def _fill(
        self, resting: Resting, base: Decimal | None, volume: float, at: int, bar_start: int, reports: list[OrderReport]
    ) -> None:
        """Fill as much as the volume offers and the account can bear; what it cannot bear is cancelled."""
        if base is None:
            return
        order, instrument = resting.order, self._instruments[resting.order.symbol]
        if resting.bar_start != bar_start:
            resting.bar_start, resting.used = bar_start, ZERO
        quantity = resting.remaining
        offered = self.model.available(volume, instrument.lot)
        if offered is not None:
            quantity = min(quantity, offered - resting.used)
            if quantity <= ZERO:
                return
        price = self._price(resting, base, quantity, volume, instrument)
        borne, problem = self._bearable(resting, price, quantity, instrument)
        if borne > ZERO:
            self._execute(resting, price, base, borne, at, bar_start, reports)
        if problem and order.order_id in self._orders:
            self._finish(order.order_id, OrderStatus.CANCELED)
            reports.append(
                OrderReport(order.order_id, OrderStatus.CANCELED, at, cumulative=resting.filled, reason=problem)
            )

    def _price(
        self, resting: Resting, base: Decimal, quantity: Decimal, volume: float, instrument: Instrument
    ) -> Decimal:
        """Return the base made worse by slippage and impact, on the tick, never beyond the limit."""
        order = resting.order
        worse = self.model.worse_by(base, order.symbol, order.ordinal, resting.fills + 1, quantity, volume)
        if resting.buys:
            price = instrument.price_up(base + worse)
            return price if resting.limit is None else min(price, resting.limit)
        price = max(instrument.price_down(base - worse), instrument.tick)
        return price if resting.limit is None else max(price, resting.limit)

    def _bearable(
        self, resting: Resting, price: Decimal, quantity: Decimal, instrument: Instrument
    ) -> tuple[Decimal, str]:
        """Return the part of a quantity that the account can pay or deliver, and why not all of it."""
        if not resting.buys:
            held = self.holdings.get(instrument.symbol, ZERO)
            if quantity <= held:
                return quantity, ""
            return held, f"insufficient position at the fill: needed {quantity:f}, available {held:f}"
        needed = price * quantity + self.model.fee(price, quantity)
        if needed <= self.cash:
            return quantity, ""
        unit = price * (ONE + self.model.settings.fee_percent / HUNDRED)
        part = instrument.quantity(max(self.cash, ZERO) / unit)
        return part, f"insufficient cash at the fill: needed {needed:f}, available {self.cash:f} {instrument.currency}"

    def _execute(
        self,
        resting: Resting,
        price: Decimal,
        base: Decimal,
        quantity: Decimal,
        at: int,
        bar_start: int,
        reports: list[OrderReport],
    ) -> None:
        order = resting.order
        resting.fills += 1
        resting.filled += quantity
        resting.used += quantity
        fee = self.model.fee(price, quantity)
        fill = Fill(
            f"{order.order_id}.{resting.fills}",
            order.order_id,
            order.symbol,
            order.side,
            quantity,
            price,
            fee,
            at,
            abs(price - base),
            bar_start,
        )
        self.cash += fill.cash_flow
        signed = quantity if order.side is Side.BUY else -quantity
        self.holdings[order.symbol] = self.holdings.get(order.symbol, ZERO) + signed
        done = resting.remaining <= ZERO
        status = OrderStatus.FILLED if done else OrderStatus.PARTIALLY_FILLED
        if done:
            self._finish(order.order_id, status)
        reports.append(OrderReport(order.order_id, status, at, fill, cumulative=resting.filled))

    def _status(self, order_id: OrderId) -> OrderStatus:
        resting = self._orders.get(order_id)
        if resting is None:
            return self._done[order_id]
        return OrderStatus.PARTIALLY_FILLED if resting.filled else OrderStatus.NEW

    def _finish(self, order_id: OrderId, status: OrderStatus) -> None:
        resting = self._orders.pop(order_id, None)
        if resting is not None:
            self._of_symbol[resting.order.symbol].pop(order_id, None)
        self._done[order_id] = status
        if len(self._done) > _REMEMBERED:
            del self._done[next(iter(self._done))]

    # storage ---------------------------------------------------------------------------------------------------
    def snapshot(self) -> dict[str, Any]:
        """Return the whole state as JSON values."""
        return {
            "cash": str(self.cash),
            "holdings": {symbol: str(quantity) for symbol, quantity in self.holdings.items()},
            "orders": [to_json(resting) for resting in self._orders.values()],
            "done": {order_id: status.value for order_id, status in self._done.items()},
            "bars": {symbol: list(bar) for symbol, bar in self._bars.items()},
        }

    def restore(self, data: Mapping[str, Any]) -> None:
        """Take up a snapshot exactly."""
        self.cash = Decimal(data["cash"])
        self.holdings = {symbol: Decimal(text) for symbol, text in data["holdings"].items()}
        self._orders, self._of_symbol = {}, {}
        for item in data["orders"]:
            resting = from_json(Resting, item)
            self._orders[resting.order.order_id] = resting
            self._of_symbol.setdefault(resting.order.symbol, {})[resting.order.order_id] = resting
        self._done = {order_id: OrderStatus(status) for order_id, status in data["done"].items()}
        self._bars = {symbol: Bar(*values) for symbol, values in data["bars"].items()}
