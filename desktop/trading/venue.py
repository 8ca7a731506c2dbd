"""The simulated exchange: takes orders, matches them with bars or quotes, reports. Synchronous, seeded, exact.

It keeps the session's account as a broker would: cash and holdings that no fill can take below zero.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from desktop.domain.fills import OrderReport
from desktop.domain.instruments import Instrument
from desktop.domain.market import DAY, Bar, Quote
from desktop.domain.money import ZERO
from desktop.domain.orders import Order, OrderId, OrderKind, OrderStatus, Side, TimeInForce
from desktop.domain.quick import maker
from desktop.domain.sessions import FillSettings
from desktop.ports import TradingHours
from desktop.trading.fill_models import FillModel
from desktop.trading.matching import (
    at_price,
    in_passing_bar,
    inside,
    limit_on_tick,
    on_quote,
    stops_first,
)
from desktop.trading.venue_account import VenueAccount
from desktop.trading.venue_book import VenueBook
from desktop.trading.venue_checks import LIMITED, STOPPED, order_problem, replace_problem
from desktop.trading.venue_fills import VenueFills
from desktop.trading.venue_order import NO_BAR, Resting

_S = OrderStatus
_NEW, _DAY, _BUY = _S.NEW, TimeInForce.DAY, Side.BUY  # a name costs a tenth of a look into the enumeration
_report = maker(OrderReport)
NO_DAY = -1  # of an order that lasts until it is cancelled
NAMED = "sim-"  # before the id of an order: the venue's name for it
_NOTHING: list[OrderReport] = []
_MONDAY = 4 * DAY  # weeks start on Monday, the epoch was a Thursday
_OVER = "The trading day ended; a day order does not work longer."


class Venue:
    """One session's simulated broker.

    Args:
        instruments: What it trades, by symbol.
        settings: Numbers of the fill model.
        seed: Of the fill model's draws.
        cash: Money of the account.
        hours: Trading hours by symbol: when a day order ends.
        bar_length: µs; fills on quotes name the bar they belong to. 0: their own time.
    """

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
        self._instruments, self._hours, self._bar_length = instruments, hours, bar_length
        self.model = FillModel(settings, seed)
        self.account = VenueAccount(cash)
        self._book = VenueBook()
        self._passing: Sequence[Bar] = ()  # the bars that pass, or the last that did
        self._bought_in: dict[str, int] = {}  # start of the bar inside which a symbol was last bought
        self._fills = VenueFills(instruments, self.model, self.account, self._book)

    @property
    def cash(self) -> Decimal:
        return self.account.cash

    @property
    def holdings(self) -> Mapping[str, Decimal]:
        return self.account.holdings

    @property
    def working(self) -> Mapping[OrderId, Resting]:
        """Working orders in the order they were sent."""
        return self._book.working

    # orders ----------------------------------------------------------------------------------------------------
    def submit(self, order: Order, at: int, *, within_bar: bool = False) -> list[OrderReport]:
        """Take an order; the same id again repeats what is known of it and never makes a second order.

        Args:
            order: What to trade.
            at: Message time.
            within_bar: It was born of a trigger inside the bar that passes and fills in that bar.
        """
        order_id, symbol = order.order_id, order.symbol
        name = self.take(order, at, within_bar=within_bar)
        if not name:
            return [self._answer(order, at)]
        reports = [_report(order_id, _NEW, at, broker_order_id=name)]
        bar = self._passing_bar(symbol) if within_bar else None
        if bar is not None:
            resting = self._book.working[order_id]
            since_open = self._bought_in.get(symbol) != bar.start
            price = in_passing_bar(resting, self._instruments[symbol], bar, since_open=since_open)
            self._fills.fill(resting, price, bar.volume, at, bar.start, reports)
        return reports

    def _answer(self, order: Order, at: int) -> OrderReport:
        """Return what is said of an order that is not taken: it was sent before, or it cannot work."""
        order_id, book = order.order_id, self._book
        if book.knows(order_id):
            return book.said(order_id, at)
        problem = order_problem(order, self._instruments.get(order.symbol))
        if order.ordinal <= book.forgotten:
            problem = f"Order {order_id} was finished long ago."
        book.finish(order, _S.REJECTED, ZERO)
        return OrderReport(order_id, _S.REJECTED, at, reason=problem)

    def take(self, order: Order, at: int, *, within_bar: bool = False) -> str:
        """Let an order rest, as `submit` does, without a report that says so.

        Returns:
            The venue's name for it; empty: it was not taken and nothing was changed, `submit` says why.
        """
        order_id, symbol, kind, book, model = order.order_id, order.symbol, order.kind, self._book, self.model
        instrument = self._instruments.get(symbol)
        if (
            order.ordinal <= book.forgotten
            or instrument is None
            or book.knows(order_id)
            or order_problem(order, instrument)
        ):
            return ""
        bar = self._passing_bar(symbol)
        limit = order.limit_price if kind in LIMITED else None
        resting = Resting(
            order,
            order.quantity,
            None if limit is None else limit_on_tick(instrument, limit, buys=order.side is _BUY),
            order.stop_price if kind in STOPPED else None,
            at + model.latency(symbol, order.ordinal) if model.has_latency else at,
            self._hours[symbol].trading_day(at) if order.time_in_force is _DAY else NO_DAY,
            NO_BAR if bar is None or within_bar else bar.start,
        )
        book.put(resting)
        return NAMED + order_id

    def _passing_bar(self, symbol: str) -> Bar | None:
        for bar in self._passing:
            if bar[0] == symbol:
                return bar
        return None

    def cancel(self, order_id: OrderId, at: int) -> list[OrderReport]:
        """Cancel what is left of an order; one that is finished says so again, and one that is unknown is not there."""
        resting = self._book.working.get(order_id)
        if resting is None:
            if self._book.knows(order_id):
                return [self._book.said(order_id, at)]
            return [OrderReport(order_id, _S.CANCELED, at, reason="No such order works at the simulated venue.")]
        return [self._fills.end(resting, _S.CANCELED, at, "cancelled as asked")]

    def replace(
        self,
        order_id: OrderId,
        quantity: Decimal | None,
        limit_price: Decimal | None,
        stop_price: Decimal | None,
        at: int,
    ) -> list[OrderReport]:
        """Change a working order; None keeps what it is. A refusal has a reason and changes nothing.

        A finished order says what became of it.
        """
        resting = self._book.working.get(order_id)
        if resting is None:
            return self.cancel(order_id, at)
        instrument = self._instruments[resting.order.symbol]
        problem = replace_problem(resting, instrument, quantity, limit_price, stop_price)
        if problem:
            return [OrderReport(order_id, _S.NEW, at, cumulative=resting.filled, reason=f"{problem} Nothing changed.")]
        if quantity is not None:
            resting.quantity = quantity
        if limit_price is not None:
            resting.limit = limit_on_tick(instrument, limit_price, buys=resting.buys)
        if stop_price is not None:
            resting.stop = stop_price
        resting.changes += 1
        resting.ready_at = at + self.model.latency(instrument.symbol, resting.order.ordinal, resting.changes)
        return [
            OrderReport(
                order_id,
                _S.NEW,
                at,
                cumulative=resting.filled,
                quantity=resting.quantity,
                limit_price=resting.limit,
                stop_price=resting.stop,
            )
        ]

    # market ----------------------------------------------------------------------------------------------------
    def open_bars(self, bars: Sequence[Bar], at: int) -> list[OrderReport]:
        """Let bars begin: market orders, and whatever the opens reach, fill there, in the order they were sent."""
        self._passing = bars
        working = self._book.working
        if not working or not bars:
            return _NOTHING
        reports: list[OrderReport] = []
        first = bars[0]
        for resting in tuple(working.values()):
            order = resting.order
            symbol = order.symbol
            bar = first if first[0] == symbol else self._passing_bar(symbol)
            if bar is None:
                continue
            began = bar[2]
            if order.time_in_force is _DAY and self._expires(resting, began, reports):
                continue
            price = at_price(resting, self._instruments[symbol], bar[3])
            if price is not None:
                sent = order.created_at
                if sent < began:
                    sent = began
                self._fills.fill(resting, price, bar[7], sent if sent < at else at, began, reports)
        return reports

    def range_bars(self, bars: Sequence[Bar], at: int) -> list[OrderReport]:
        """Let the rest of the bars pass: stops first, then limits, each in the order they were sent."""
        if not self._book.working:
            return _NOTHING
        passing = {bar.symbol: bar for bar in bars}
        reports: list[OrderReport] = []
        for resting in sorted(self._book.working.values(), key=stops_first):
            if resting.order.kind is OrderKind.MARKET:
                continue  # what is left of it waits for the next open
            symbol = resting.order.symbol
            bar = passing.get(symbol)
            if bar is None:
                continue
            price = inside(resting, self._instruments[symbol], bar)
            if price is not None and resting.buys:
                self._bought_in[symbol] = bar.start
            self._fills.fill(resting, price, bar.volume, at, bar.start, reports)
        return reports

    def on_quote(self, quote: Quote, at: int) -> list[OrderReport]:
        """Match the orders of a symbol that have reached the market with a quote."""
        working = self._book.of(quote.symbol)
        if not working:
            return _NOTHING
        reports: list[OrderReport] = []
        instrument = self._instruments[quote.symbol]
        for resting in tuple(working.values()):
            if resting.ready_at > quote.at or self._expires(resting, at, reports):
                continue
            price = on_quote(resting, instrument, quote)
            resting.used_bar = NO_BAR  # every quote offers its own size
            size = quote.ask_size if resting.buys else quote.bid_size
            self._fills.fill(resting, price, size, at, self._bar_of(at), reports)
        return reports

    def _bar_of(self, at: int) -> int:
        """Return the start of the bar that `at` belongs to; without bars, `at` itself."""
        length = self._bar_length
        if not length:
            return at
        return at - (at - _MONDAY) % length if length == 7 * DAY else at - at % length

    def tick(self, at: int) -> list[OrderReport]:
        """Let time pass: day orders end with their trading day."""
        if not self._book.working:
            return _NOTHING
        reports: list[OrderReport] = []
        for resting in tuple(self._book.working.values()):
            self._expires(resting, at, reports)
        return reports

    def _expires(self, resting: Resting, at: int, reports: list[OrderReport]) -> bool:
        """End a day order whose day is over; returns whether it was."""
        if resting.order.time_in_force is not _DAY:
            return False
        day = self._hours[resting.order.symbol].trading_day(at)
        if not resting.is_over(day, waits=self._bar_length >= DAY):
            return False
        reports.append(self._fills.end(resting, _S.EXPIRED, at, _OVER))
        return True

    # storage ---------------------------------------------------------------------------------------------------
    def snapshot(self) -> dict[str, Any]:
        """Return the whole state as JSON values."""
        return {
            "account": self.account.snapshot(),
            "book": self._book.snapshot(),
            "passing": [list(bar) for bar in self._passing],
            "bought_in": {symbol: self._bought_in[symbol] for symbol in sorted(self._bought_in)},
            "last_fill": {symbol: self._fills.last_fill[symbol] for symbol in sorted(self._fills.last_fill)},
        }

    def restore(self, data: Mapping[str, Any]) -> None:
        """Take up a snapshot exactly."""
        self.account.restore(data["account"])
        self._book.restore(data["book"])
        self._passing = [Bar(*values) for values in data["passing"]]
        self._bought_in, self._fills.last_fill = dict(data["bought_in"]), dict(data["last_fill"])
