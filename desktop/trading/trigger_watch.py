"""When a trigger fires: judged inside the bars of a replay, on every quote, and by a poll as a fall-back."""

from __future__ import annotations

from decimal import Decimal

from desktop.domain.events import Blocked
from desktop.domain.market import MINUTE, Bar
from desktop.domain.money import ZERO
from desktop.domain.orders import OrderKind, OrderStatus, Purpose, Side, TimeInForce
from desktop.domain.triggers import Guard, Trigger, TriggerKind
from desktop.trading.guards import Guards
from desktop.trading.holdings import Holdings
from desktop.trading.marks import Mark, Marks
from desktop.trading.order_book import OrderBook
from desktop.trading.order_desk import OrderDesk
from desktop.trading.order_request import OrderRequest
from desktop.trading.state import CoreState
from desktop.trading.triggers import STOPS, TriggerBook

_K = TriggerKind
POLL = MINUTE  # of message time between two looks without a quote
COOL_DOWN = "cool-down"


class TriggerWatch:
    """Compares prices with levels and lets triggers fire through the gate."""

    def __init__(
        self,
        state: CoreState,
        marks: Marks,
        triggers: TriggerBook,
        book: OrderBook,
        desk: OrderDesk,
        holdings: Holdings,
    ) -> None:
        self._state, self._marks, self._triggers = state, marks, triggers
        self._book, self._desk, self._holdings = book, desk, holdings
        self.polled_at = 0

    def on_open(self, bar: Bar) -> None:
        """Let a target fire that the bar opens beyond: that comes before anything the bar does later."""
        mark = self._marks[bar.symbol]
        opened = mark.instrument.price(bar.open)
        for trigger in self._triggers.of(bar.symbol):
            if trigger.kind is _K.TAKE_PROFIT and trigger.guard is Guard.APP and opened >= trigger.level:
                self._judged(trigger, mark, reached=True, within_bar=True)

    def on_bar(self, bar: Bar, *, stops_only: bool = False) -> None:
        """Judge the triggers of one symbol on a bar that passes; orders of the ones that fire belong into this bar."""
        mark = self._marks[bar.symbol]
        price = mark.instrument.price
        low, high = price(bar.low), price(bar.high)
        for trigger in sorted(self._triggers.of(bar.symbol), key=_way_through_bar):
            if trigger.guard is Guard.BROKER:
                continue
            if stops_only and trigger.kind not in STOPS:
                continue
            reached = high >= trigger.level if trigger.kind is _K.TAKE_PROFIT else low <= trigger.level
            self._judged(trigger, mark, reached=reached, within_bar=True)

    def lift_on_bar(self, bar: Bar) -> None:
        """Move trailing stops after the stop test of their bar."""
        mark = self._marks[bar.symbol]
        self.lift(mark, mark.instrument.price(mark.range_of(bar)[0]))

    def lift(self, mark: Mark, high: Decimal) -> None:
        """Move the trailing stops of a symbol to a new high; silently, for it is the price that moves them."""
        for trigger in self._triggers.of(mark.instrument.symbol):
            if trigger.kind is _K.TRAILING_STOP:
                self._lift_one(trigger, mark, high)

    def _lift_one(self, trigger: Trigger, mark: Mark, high: Decimal) -> None:
        known = self._triggers.active.get(trigger.trigger_id)
        if known is not None and high > known.high_water:
            self._triggers.lift(known, mark.instrument, high)

    def on_quote(self, mark: Mark) -> None:
        """Judge the triggers of one symbol on its last quote: a sell on the bid, an entry on the ask."""
        bid, ask, step = mark.bid, mark.ask, float(mark.instrument.tick)
        for trigger in self._triggers.of(mark.instrument.symbol):
            if trigger.guard is Guard.BROKER:
                continue  # the broker sells there; two sells would be one too many
            level, kind = float(trigger.level), trigger.kind
            if kind in STOPS:
                reached = bid <= level + step and mark.sell_price <= trigger.level
            elif kind is _K.TAKE_PROFIT:
                reached = bid >= level - step and mark.sell_price >= trigger.level
            else:
                reached = ask <= level + step and mark.buy_price <= trigger.level
            if reached or trigger.held_by:
                self._judged(trigger, mark, reached=reached, within_bar=False)
            if kind is _K.TRAILING_STOP and not reached and bid > float(trigger.high_water):
                self._lift_one(trigger, mark, mark.sell_price)

    def poll(self) -> None:
        """Look at every armed trigger whose last quote is fresh, once a minute of message time (T3)."""
        now = self._state.now
        if now - self.polled_at < POLL:
            return
        self.polled_at = now
        limit = self._state.limits.max_quote_age or POLL
        for symbol, mark in self._marks.items():
            if self._triggers.has(symbol) and mark.known and not mark.bad and now - mark.at <= limit:
                self.on_quote(mark)

    def _judged(self, trigger: Trigger, mark: Mark, *, reached: bool, within_bar: bool) -> None:
        if trigger.held_by == COOL_DOWN and self._state.now < mark.cool_until:
            return
        if reached:
            self._fire(trigger, within_bar=within_bar)
        elif trigger.held_by:
            self._triggers.hold(trigger, "")

    def _fire(self, trigger: Trigger, *, within_bar: bool) -> None:
        request = self._entry(trigger) if trigger.kind is _K.ENTRY_LIMIT else self._exit(trigger, within_bar=within_bar)
        if request is None:
            return
        decision = self._desk.check(request)
        if decision.passes:
            order = self._desk.send(decision, within_bar=within_bar)
            self._triggers.fire(trigger, order.order_id)
            if trigger.kind is _K.ENTRY_LIMIT:
                self._triggers.plan(order.order_id, Guards(self._state.settings.strategy.protection))
            return
        block = decision.block
        if block is not None and trigger.held_by != block.check.value:
            self._triggers.hold(trigger, block.check.value)
            self._state.emit(Blocked(self._state.session_id, self._state.now, trigger.symbol, "trigger", block))

    def _entry(self, trigger: Trigger) -> OrderRequest:
        return OrderRequest(
            symbol=trigger.symbol,
            side=Side.BUY,
            purpose=Purpose.ENTRY,
            quantity=trigger.quantity,
            kind=OrderKind.LIMIT,
            limit_price=trigger.level,
            time_in_force=TimeInForce.GTC,
            trigger_id=trigger.trigger_id,
        )

    def _exit(self, trigger: Trigger, *, within_bar: bool) -> OrderRequest | None:
        """Return the sell of a trigger; None while other sells have to get out of its way or do its work already."""
        free = self._holdings.quantity(trigger.symbol)
        for order in self._book.of(trigger.symbol, Side.SELL):
            if order.purpose is Purpose.GUARD:
                continue  # it makes way
            free -= order.remaining
            resting = order.kind is OrderKind.LIMIT and order.status is not OrderStatus.PENDING_CANCEL
            if trigger.kind in STOPS and resting:
                self._desk.cancel(order, "the stop was reached")
        quantity = min(trigger.quantity, free)
        if quantity <= ZERO or (trigger.kind in STOPS and self._limits_in_the_way(trigger.symbol)):
            return None
        kind, limit, stop = OrderKind.MARKET, None, None
        if within_bar and trigger.kind in STOPS:
            kind, stop = OrderKind.STOP, trigger.level
        elif within_bar:
            kind, limit = OrderKind.LIMIT, trigger.level
        return OrderRequest(
            symbol=trigger.symbol,
            side=Side.SELL,
            purpose=Purpose.TRIGGER,
            quantity=quantity,
            kind=kind,
            limit_price=limit,
            stop_price=stop,
            time_in_force=TimeInForce.GTC,
            trigger_id=trigger.trigger_id,
        )

    def _limits_in_the_way(self, symbol: str) -> bool:
        sells = self._book.of(symbol, Side.SELL)
        return any(order.kind is OrderKind.LIMIT and order.purpose is not Purpose.GUARD for order in sells)


def _way_through_bar(trigger: Trigger) -> tuple[int, Decimal]:
    """Sort key: stops as a falling price meets them, the highest first; then targets, then entries."""
    if trigger.kind in STOPS:
        return 0, trigger.level.copy_negate()
    return 1 if trigger.kind is _K.TAKE_PROFIT else 2, ZERO
