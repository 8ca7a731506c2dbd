"""Protection that rests at the broker, so that it works while Assay is off (L, T1).

Where the broker can, the stop-loss of a holding, or stop-loss and take-profit as a pair of which one cancels the other,
rests there as one order of our own. While it works the triggers behind it are guarded by the broker and Assay does not
fire them. Any other order of the symbol first has it cancelled and waits for that: the broker holds the units back for
it, and would refuse. Until it is acknowledged, and from the moment its cancel is asked for, Assay guards again. Beside
a purchase that got no answer it is placed again at once: the triggers are held then (K1a), and no stop may be off.
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from desktop.domain.effects import SubmitOrder
from desktop.domain.fills import Fill
from desktop.domain.market import MINUTE
from desktop.domain.money import ZERO
from desktop.domain.orders import TERMINAL, Order, OrderId, OrderKind, OrderStatus, Purpose, Side, TimeInForce
from desktop.domain.sessions import SessionState
from desktop.domain.triggers import Guard, Trigger, TriggerKind
from desktop.trading.holdings import Holdings
from desktop.trading.order_book import OrderBook
from desktop.trading.order_desk import OrderDesk
from desktop.trading.order_request import OrderRequest
from desktop.trading.outside import Outside
from desktop.trading.state import CoreState
from desktop.trading.triggers import TriggerBook

_S = OrderStatus
_WORKS = frozenset({_S.NEW, _S.PARTIALLY_FILLED, _S.DONE_FOR_DAY})
_PAST_UNKNOWN = frozenset({Purpose.FLATTEN, Purpose.CLOSE})  # they passed the gate over an unanswered order (K1a)
_AGAIN = MINUTE  # of message time until another one is placed where the broker ended the last by itself
Wanted = tuple[OrderKind, Decimal, Decimal | None, Decimal | None]  # kind, quantity, limit price, stop price


class Resting:
    """Keeps one protective order at the broker for each holding that has fixed levels."""

    def __init__(
        self,
        state: CoreState,
        holdings: Holdings,
        book: OrderBook,
        desk: OrderDesk,
        triggers: TriggerBook,
        outside: Outside,
    ) -> None:
        self._state, self._holdings, self._book, self._desk = state, holdings, book, desk
        self._triggers, self._outside = triggers, outside
        self._waiting: list[OrderId] = []  # intents that leave once the guard of their symbol is gone
        # What the broker did not take, beside which unanswered purchases: asked for again when that has changed.
        self._refused: dict[str, tuple[Wanted, tuple[OrderId, ...]]] = {}
        self._told: set[OrderId] = set()  # unanswered orders that were said to leave a holding without a stop
        self._withdrawn: set[OrderId] = set()  # protection whose end was asked for here
        self._ended_at: dict[str, int] = {}  # when the broker ended protection of a symbol by itself
        self._connected = False

    # other orders ----------------------------------------------------------------------------------------------
    def makes_way(self, order: Order) -> bool:
        """Return whether an intent may leave at once; else the guard of its symbol is cancelled first."""
        if order.purpose is Purpose.GUARD:
            return True
        guard = self._book.guard(order.symbol)
        if guard is None:
            return True
        self._withdraw(guard, "another order of the symbol needs its units")
        if not self._in_the_way(order):
            return True
        if order.order_id not in self._waiting:
            self._waiting.append(order.order_id)
        return False

    def _in_the_way(self, order: Order) -> bool:
        """Whether an order has to wait for the guard of its symbol; nobody knows when one without an answer will go."""
        guard = self._book.guard(order.symbol)
        if guard is None:
            return False
        asked_past = guard.status is _S.UNKNOWN and order.purpose in _PAST_UNKNOWN
        return not (asked_past or (order.side is Side.SELL and self._book.is_forsaken(guard)))

    def _withdraw(self, guard: Order, reason: str) -> None:
        self._withdrawn.add(guard.order_id)
        self._desk.cancel(guard, reason)

    def _release(self) -> None:
        """Let intents leave that waited for a guard that is gone."""
        if self._state.status is SessionState.RECOVERING:
            return  # they are judged anew at its end
        for order_id in tuple(self._waiting):
            order = self._book.open.get(order_id)
            if order is None or order.status is not _S.INTENT:
                self._waiting.remove(order_id)
            elif not self._in_the_way(order):
                self._waiting.remove(order_id)
                self._send_late(order)

    def _send_late(self, order: Order) -> None:
        held = self._holdings.quantity(order.symbol)
        if order.side is Side.SELL and held <= ZERO:
            self._desk.cancel(order, "the protection at the broker sold first")
            return
        if order.side is Side.SELL and order.quantity > held:
            order = self._book.shrink(order, held)  # the protection sold a part first
        self._state.emit(SubmitOrder(order))

    # keeping it ------------------------------------------------------------------------------------------------
    def settle(self) -> None:
        """Bring what rests at the broker to what is wanted; called after every message."""
        if self._connected is not self._outside.connected:
            self._connected = self._outside.connected
            self._refused.clear()
        if self._waiting:
            self._release()
        if not self._triggers.active and not self._book.guards:
            return
        for symbol in dict.fromkeys((*self._symbols(), *self._guarded())):
            self._settle(symbol)

    def _symbols(self) -> Iterator[str]:
        return (trigger.symbol for trigger in tuple(self._triggers.active.values()))

    def _guarded(self) -> Iterator[str]:
        return (self._book.open[order_id].symbol for order_id in tuple(self._book.guards))

    def _settle(self, symbol: str) -> None:
        guard = self._book.guard(symbol)
        wanted = self._wanted(symbol)
        if guard is None:
            self._mark(symbol, None)
            if wanted is not None and self._may_ask(symbol, wanted):
                self._place(symbol, wanted)
            self._say_bare(symbol)
            return
        if guard.status is _S.PENDING_CANCEL:
            self._withdrawn.add(guard.order_id)
        if guard.status in _WORKS and not guard.filled and not _is(guard, wanted):
            self._withdraw(guard, "the protection has changed" if wanted is not None else "it is not wanted any more")
            guard = self._book.guard(symbol)
        self._mark(symbol, guard)

    def _may_ask(self, symbol: str, wanted: Wanted) -> bool:
        """Whether to ask the broker: not for what it refused, nor at once for what it has just ended."""
        if (wanted, self._unanswered(symbol)) == self._refused.get(symbol):
            return False
        return symbol not in self._ended_at or self._state.now - self._ended_at[symbol] >= _AGAIN

    def _wanted(self, symbol: str) -> Wanted | None:
        """Return the order that should rest for a symbol; None: Assay guards it alone."""
        held = self._holdings.quantity(symbol)
        if held <= ZERO or self._state.kill or not self._outside.rests_stop:
            return None
        if any(order.purpose is not Purpose.GUARD and not _is_lost_purchase(order) for order in self._book.of(symbol)):
            return None
        stop, target = self._level(symbol, TriggerKind.STOP_LOSS), self._level(symbol, TriggerKind.TAKE_PROFIT)
        if stop is None:
            return None
        if target is not None and self._outside.rests_pair:
            return OrderKind.PAIR, held, target, stop
        return OrderKind.STOP, held, None, stop

    def _unanswered(self, symbol: str) -> tuple[OrderId, ...]:
        """Return the purchases of a symbol that nobody knows about: what is held stays protected beside them."""
        return tuple(order.order_id for order in self._book.of(symbol) if _is_lost_purchase(order))

    def _say_bare(self, symbol: str) -> None:
        """Warn, once, where an order without an answer holds the stop of a holding that nothing else protects."""
        lost = [order for order in self._book.of(symbol) if order.status is _S.UNKNOWN]
        if not lost or self._book.guard(symbol) is not None or lost[-1].order_id in self._told:
            return
        held, stop = self._holdings.quantity(symbol), self._level(symbol, TriggerKind.STOP_LOSS)
        if held <= ZERO or stop is None:
            return
        self._told.add(lost[-1].order_id)
        self._state.warn(
            "protection",
            f"{held:f} {symbol} have NO working stop: order {lost[-1].order_id} got no answer, and until that is "
            f"cleared up the stop at {stop:f} is held and none rests at the broker. Look the order up there and clear "
            "it up under Accounts, or close the position at the broker.",
        )

    def _level(self, symbol: str, kind: TriggerKind) -> Decimal | None:
        return next((item.level for item in self._triggers.of(symbol) if item.kind is kind), None)

    def _place(self, symbol: str, wanted: Wanted) -> None:
        kind, quantity, limit, stop = wanted
        behind = self._behind(symbol, kind)
        decision = self._desk.check(
            OrderRequest(
                symbol=symbol,
                side=Side.SELL,
                purpose=Purpose.GUARD,
                quantity=quantity,
                kind=kind,
                limit_price=limit,
                stop_price=stop,
                time_in_force=TimeInForce.GTC,
                trigger_id=behind[0].trigger_id,
            )
        )
        if decision.passes:  # else Assay goes on guarding, and it is asked for again
            self._refused.pop(symbol, None)
            self._ended_at.pop(symbol, None)
            self._desk.send(decision)

    def _behind(self, symbol: str, kind: OrderKind) -> list[Trigger]:
        """Return the triggers that an order of a kind stands for, the stop first."""
        kinds = {TriggerKind.STOP_LOSS, TriggerKind.TAKE_PROFIT} if kind is OrderKind.PAIR else {TriggerKind.STOP_LOSS}
        return [item for item in self._triggers.of(symbol) if item.kind in kinds]

    def _mark(self, symbol: str, guard: Order | None) -> None:
        """Note at each trigger who guards it."""
        works = guard is not None and guard.status in _WORKS
        behind = (
            {item.trigger_id for item in self._behind(symbol, guard.kind)} if guard is not None and works else set()
        )
        for trigger in self._triggers.of(symbol):
            self._triggers.guarded(trigger, Guard.BROKER if trigger.trigger_id in behind else Guard.APP)

    # what becomes of it ----------------------------------------------------------------------------------------
    def fired(self, order: Order, fill: Fill) -> TriggerKind:
        """Let the trigger fire that an execution at the broker stands for, and return its kind.

        A fill that is told late, of protection that has ended, fires none: what is left has to stay guarded.
        """
        target = order.kind is OrderKind.PAIR and order.limit_price is not None and fill.price >= order.limit_price
        kind = TriggerKind.TAKE_PROFIT if target else TriggerKind.STOP_LOSS
        for trigger in self._triggers.of(order.symbol) if order.status not in TERMINAL else ():
            if trigger.kind is kind:
                self._triggers.fire(trigger, order.order_id)
        return kind

    def ended(self, order: Order) -> None:
        """Say what it means that a protective order ended without selling; Assay guards again."""
        withdrawn = order.order_id in self._withdrawn
        self._withdrawn.discard(order.order_id)
        if order.symbol in self._outside.halts or order.symbol in self._outside.differences:
            return  # it is placed again when that clears
        if order.status in (_S.CANCELED, _S.EXPIRED) and not withdrawn:
            self._ended_at[order.symbol] = self._state.now
        if order.status is _S.REJECTED:
            wanted = (order.kind, order.quantity, order.limit_price, order.stop_price)
            self._refused[order.symbol] = wanted, self._unanswered(order.symbol)
            self._state.warn(
                "protection",
                f"The broker did not take the protection of {order.symbol} ({order.reason or 'no reason given'}). "
                "Assay guards it itself, while it runs: leave it running, or close the position before you end it.",
            )

    def sold(self, order: Order) -> None:
        """Guard on what a protective order has not sold although it is complete: more was bought meanwhile."""
        self._withdrawn.discard(order.order_id)
        trigger, held = self._triggers.fired_by(order.order_id), self._holdings.quantity(order.symbol)
        if trigger is not None and held > ZERO and self._level(order.symbol, trigger.kind) is None:
            self._triggers.rearm(trigger, held, "")

    # storage ---------------------------------------------------------------------------------------------------
    def snapshot(self) -> dict[str, Any]:
        return {"waiting": list(self._waiting)}

    def restore(self, data: dict[str, Any]) -> None:
        self._waiting = list(data["waiting"])


def _is_lost_purchase(order: Order) -> bool:
    return order.side is Side.BUY and order.status is _S.UNKNOWN


def _is(order: Order, wanted: Wanted | None) -> bool:
    return wanted is not None and (order.kind, order.quantity, order.limit_price, order.stop_price) == wanted
