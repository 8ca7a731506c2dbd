"""The checks of the risk gate, one method each: silent, or with what it saw and its limit."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal

from desktop.domain.errors import InsufficientCash, InsufficientPosition
from desktop.domain.market import Bar
from desktop.domain.money import HUNDRED, ZERO, percent_of
from desktop.domain.orders import Order, OrderKind, OrderStatus, Purpose, Side
from desktop.domain.risk import Check, Outcome
from desktop.domain.sessions import SessionState
from desktop.ports import TradingHours
from desktop.trading.costs import loss_at_stop
from desktop.trading.daily_loss import DailyLoss
from desktop.trading.exact import EXACT
from desktop.trading.holdings import Holdings
from desktop.trading.order_book import OrderBook
from desktop.trading.order_request import OrderRequest
from desktop.trading.outside import Outside
from desktop.trading.risk_table import ALWAYS, Case, Find, Finding, relevant
from desktop.trading.state import CoreState

_BUY, _SELL = Side.BUY, Side.SELL  # a name costs a tenth of a look into the enumeration, and this runs with every order
_remainder = EXACT.remainder
_RUNNING, _UNKNOWN, _GUARD = SessionState.RUNNING, OrderStatus.UNKNOWN, Purpose.GUARD


class RiskChecks:
    """Every check an order passes (K1). Reads everything, changes nothing.

    Attributes:
        table: The checks in the order in which they are asked. Warm-up belongs to rules: an unknown verdict raises
            nothing. Arming, connection, halts, differences and limits of an account need a broker outside.
        passing: The bar that is passing; None outside of one.
        day_ended: Rules are judged on bars of a day or longer, which close when the market is shut: their orders are
            for its next opening.
    """

    def __init__(
        self,
        state: CoreState,
        holdings: Holdings,
        orders: OrderBook,
        daily_loss: DailyLoss,
        hours: Mapping[str, TradingHours],
        leaving: Callable[[str], bool],
        outside: Outside | None = None,
    ) -> None:
        self._outside = outside
        self._state, self._holdings, self._orders = state, holdings, orders
        self._daily_loss, self._hours, self._leaving = daily_loss, hours, leaving
        self.passing: Bar | None = None
        self.day_ended = False
        self._limits = state.limits
        self._fee_percent = state.settings.fills.fee_percent
        self._always = all(item.name == ALWAYS for item in hours.values())
        self._tables: dict[tuple[Purpose, Side], tuple[Sequence[tuple[Check, Find, Outcome]], Sequence[Find]]] = {}
        self.table: tuple[tuple[Check, Find], ...] = (
            (Check.KILL_SWITCH, self._kill_switch),
            (Check.PAUSE, self._pause),
            (Check.HOURS, self._outside_hours),
            (Check.STALE, self._stale),
            (Check.UNKNOWN_ORDER, self._unknown_order),
            (Check.DAILY_LOSS, self._lost_today),
            (Check.POSITIONS, self._positions),
            (Check.SIZE, self._size),
            (Check.RISK, self._risk),
            (Check.ALLOCATION, self._allocation),
            (Check.ORDER_VALUE, self._order_value),
            (Check.ORDER_RATE, self._order_rate),
            (Check.DUPLICATE, self._duplicate),
            (Check.COLLAR, self._collar),
            (Check.CASH, self._cash),
            (Check.POSITION, self._position),
            (Check.MINIMUM, self._minimum),
            (Check.CONFLICT, self._conflict),
        )
        if outside is not None:  # its orders leave the process
            self._ask({**outside.table(), Check.ACCOUNT: self._account})

    def mind(self, check: Check, find: Find) -> None:
        """Ask one more check from now on."""
        if check not in dict(self.table):
            self._ask({check: find})
            self._tables.clear()

    def _ask(self, more: Mapping[Check, Find]) -> None:
        found = {**dict(self.table), **more}
        self.table = tuple((check, found[check]) for check in Check if check in found)

    def of(self, purpose: Purpose, side: Side) -> tuple[Sequence[tuple[Check, Find, Outcome]], Sequence[Find]]:
        """Return the checks that can say anything to an order of a purpose and side.

        Returns:
            Each with what it then does; and what asks them alone, as every order does.
        """
        limits = self._state.limits
        if limits.tiers:
            limits = limits.at(self._holdings.equity())
        if limits is not self._limits:
            self._limits = limits
            self._tables.clear()
        found = self._tables.get((purpose, side))
        if found is None:
            table = relevant(self.table, purpose, side, limits, always=self._always)
            found = self._tables[purpose, side] = (table, tuple([find for _, find, _ in table]))
        return found

    def unit_cash(self, price: Decimal) -> Decimal:
        """Return what one unit bought at `price` takes off the cash, fee included."""
        return price + percent_of(self._fee_percent, price)

    @property
    def free_cash(self) -> Decimal:
        """Cash that no open order holds back."""
        return self._holdings.cash - self._orders.reserved

    def _kill_switch(self, _: Case) -> Finding | None:
        if not self._state.kill:
            return None
        return Finding("engaged", "released", "The kill switch is engaged: no order leaves. Release it to trade again.")

    def _pause(self, _: Case) -> Finding | None:
        status = self._state.status
        if status is _RUNNING:
            return None
        return Finding(
            status.value, "RUNNING", f"The session is {status.value}: new entries are off. Start or resume it to buy."
        )

    def is_open(self, symbol: str) -> bool:
        """Whether the market of a symbol is open at message time, or anywhere inside the bar that is passing."""
        hours = self._hours[symbol]
        if hours.name == ALWAYS or self.day_ended:
            return True
        if self.passing is None:
            return hours.is_open(self._state.now)
        start, end = self.passing.start, self.passing.end
        if hours.is_open(start):
            return True
        change = hours.next_change(start)
        return change is not None and change < end

    def _outside_hours(self, case: Case) -> Finding | None:
        request = case.request
        if self.is_open(request.symbol):
            return None
        hours = self._hours[request.symbol]
        return Finding(
            "closed", hours.name, f"The market of {request.symbol} is closed now ({hours.name}). Nothing was sent."
        )

    def _stale(self, case: Case) -> Finding | None:
        request, mark = case.request, case.mark
        symbol = request.symbol
        if mark.at < 0:
            return Finding("none", "a price", f"There is no price of {symbol} yet. Wait for the first quote.")
        if mark.bad:
            return Finding(
                mark.bad,
                "a good quote",
                f"The last quote of {symbol} was dropped ({mark.bad}); its price is not to be trusted.",
            )
        limit = self._state.limits.max_quote_age
        if not limit:
            return None
        age = self._state.now - mark.at
        if age <= limit:
            return None
        value, bound = f"{age / 1e6:.1f} s", f"{limit / 1e6:g} s"
        return Finding(
            value, bound, f"The last quote of {symbol} is {value} old, more than {bound}: its price is stale."
        )

    def _unknown_order(self, case: Case) -> Finding | None:
        symbol = case.request.symbol
        if symbol not in self._orders.by_symbol:
            return None
        for order in self._orders.of(symbol):
            if order.status is _UNKNOWN and not self._may_pass_unknown(case, order):
                return Finding(
                    order.order_id,
                    "none",
                    f"Order {order.order_id} on {symbol} got no answer: it may or may not be at the broker. "
                    "Its cash stays reserved until the broker says what became of it.",
                )
        return None

    def _may_pass_unknown(self, case: Case, order: Order) -> bool:
        """Whether a sell is safe whatever became of an order: forsaken protection, or a purchase beside a holding."""
        if case.request.side is not _SELL:
            return False
        return self._orders.is_forsaken(order) or (case.request.purpose is _GUARD and order.side is _BUY)

    def _lost_today(self, _: Case) -> Finding | None:
        block = self._daily_loss.block
        off = self._state.limits.max_daily_loss is None
        return None if block is None or off else Finding(block.value, block.limit, block.sentence)

    def _positions(self, case: Case) -> Finding | None:
        request = case.request
        limit = self._limits.max_positions
        if limit is None or request.side is _SELL:
            return None
        taken = set(self._holdings.positions)
        taken.update(order.symbol for order in self._orders.open.values() if order.side is _BUY)
        taken.discard(request.symbol)
        if len(taken) < limit:
            return None
        value = str(len(taken))
        return Finding(
            value, str(limit), f"{value} of {limit} positions are taken or on order. Close one or raise the limit."
        )

    def _size(self, case: Case) -> Finding | None:
        request, price = case.request, case.price
        limit = self._limits.max_position_size
        if limit is None or request.side is _SELL:
            return None
        value = self._holdings.value(request.symbol) + self._others(request, request.symbol) + request.quantity * price
        return self._share(value, limit, f"The position in {request.symbol} would be")

    def _risk(self, case: Case) -> Finding | None:
        request, price = case.request, case.price
        limit = self._limits.max_risk_per_trade
        if limit is None or request.stop is None or request.side is _SELL:
            return None
        lost = loss_at_stop(self._state.settings.fills, request.quantity, price, request.stop, request.kind)
        return self._share(lost, limit, "The loss at the stop, with fees and slippage, would be")

    def _allocation(self, case: Case) -> Finding | None:
        request, price = case.request, case.price
        limit = self._limits.max_allocation
        if limit is None or request.side is _SELL:
            return None
        value = self._holdings.invested() + self._others(request) + request.quantity * price
        return self._share(value, limit, "All positions and open entries together would be")

    def _others(self, request: OrderRequest, symbol: str = "") -> Decimal:
        """Return the money bound by open buys (of a symbol), the order a replacement takes over left out."""
        held = self._orders.buying(symbol) if symbol else self._orders.reserved
        replaced = self._orders.open.get(request.replaces) if request.replaces else None
        return held if replaced is None else held - replaced.reserved

    def _share(self, value: Decimal, limit: Decimal, what: str) -> Finding | None:
        equity = self._holdings.equity()
        if value <= percent_of(limit, equity):
            return None
        share = f"{value / equity * HUNDRED:.2f} %" if equity > ZERO else "more than all"
        return Finding(share, f"{limit} %", f"{what} {share} of equity, the limit is {limit} %. Lower the quantity.")

    def _order_value(self, case: Case) -> Finding | None:
        request, price = case.request, case.price
        limit = self._limits.max_order_value
        value = request.quantity * price
        if limit is None or value <= limit:
            return None
        return Finding(
            f"{value:,}", f"{limit:,}", f"The order is worth {value:,}, the limit is {limit:,}. Lower the quantity."
        )

    def _account(self, case: Case) -> Finding | None:
        if self._outside is None:
            return None
        day = self._hours[case.request.symbol].trading_day(self._state.now)
        return self._outside.limits(case, day=day)

    def _order_rate(self, _: Case) -> Finding | None:
        limit = self._limits.max_orders_per_minute
        if limit is None:
            return None
        rate = self._orders.rate()
        if rate < limit:
            return None
        return Finding(
            str(rate), str(limit), f"{rate} orders went out in the last minute, the limit is {limit}. Wait a little."
        )

    def _duplicate(self, case: Case) -> Finding | None:
        request, mark = case.request, case.mark
        now, symbol = self._state.now, request.symbol
        if now < mark.cool_until:
            return Finding(
                f"{(mark.cool_until - now) / 1e6:.0f} s left",
                "60 s after a rejection",
                f"The last order in {symbol} was rejected ({mark.cool_reason}). Entries in it wait a minute.",
            )
        window = self._state.limits.duplicate_window
        last = self._orders.last_sent.get((symbol, request.side)) if window and not request.replaces else None
        if last is None or now - last >= window:
            return None
        value, bound = f"{(now - last) / 1e6:g} s", f"{window / 1e6:g} s"
        return Finding(
            value, bound, f"The same order in {symbol} went out {value} ago: taken for a duplicate within {bound}."
        )

    def _collar(self, case: Case) -> Finding | None:
        request, mark = case.request, case.mark
        limit = self._state.limits.price_collar
        if limit is None or not mark.known:
            return None
        market = mark.buy_price if request.side is _BUY else mark.sell_price
        named = request.limit_price or request.stop_price or request.price
        if named is None or market <= ZERO or abs(named - market) <= percent_of(limit, market):
            return None
        value = f"{abs(named - market) / market * HUNDRED:.2f} %"
        return Finding(
            value,
            f"{limit} %",
            f"The order's price {named:,} is {value} away from the market at {market:,}, the limit is {limit} %.",
        )

    def _cash(self, case: Case) -> Finding | None:
        request = case.request
        if request.side is _SELL:
            return None
        needed = request.quantity * case.unit_cash
        available = self._holdings.cash - self._others(request)
        if needed <= available:
            return None
        error = InsufficientCash(
            symbol=request.symbol, needed=needed, available=available, currency=self._state.settings.currency
        )
        return Finding(f"{needed:,f}", f"{available:,f}", str(error), error)

    def _position(self, case: Case) -> Finding | None:
        request = case.request
        if request.side is _BUY:
            return None
        available = self._holdings.quantity(request.symbol) - self._orders.selling(request.symbol)
        replaced = self._orders.open.get(request.replaces) if request.replaces else None
        if replaced is not None:
            available += replaced.remaining
        if ZERO < request.quantity <= available:
            return None
        error = InsufficientPosition(symbol=request.symbol, needed=request.quantity, available=max(ZERO, available))
        return Finding(f"{request.quantity:,f}", f"{max(ZERO, available):,f}", str(error), error)

    def _minimum(self, case: Case) -> Finding | None:
        request, mark, price = case.request, case.mark, case.price
        item, quantity = mark.instrument, request.quantity
        if quantity > ZERO and not _remainder(quantity, item.lot) and quantity * price >= item.minimum_notional:
            return None
        if request.kind is OrderKind.MARKET and request.purpose is not Purpose.ENTRY:
            return None  # a holding may always be left, however small
        limit = item.steps + (f", at least {item.minimum_notional:,}" if item.minimum_notional else "")
        sentence = f"{quantity:,f} {request.symbol} is no order the market takes ({limit})."
        if not quantity:
            sentence = (
                f"The size of the strategy comes to less than the smallest order in {request.symbol} at {price:,} "
                f"({limit}). Raise the size, or trade something cheaper."
            )
        return Finding(f"{quantity:,f}", limit, sentence)

    def _conflict(self, case: Case) -> Finding | None:
        request = case.request
        if request.side is _SELL or not self._leaving(request.symbol):
            return None
        return Finding(
            "exit under way",
            "none",
            f"{request.symbol} is being sold: the exit wins over a new entry. Try again when it is done.",
        )
