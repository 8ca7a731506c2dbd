"""The triggers of a session: armed at the entry's fill, resized with the holding, cancelled when it is gone."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from functools import lru_cache
from typing import Any

from desktop.domain.codec import from_json, to_json
from desktop.domain.events import TriggerChanged
from desktop.domain.instruments import Instrument
from desktop.domain.money import HUNDRED, ZERO
from desktop.domain.moves import move
from desktop.domain.orders import Order, OrderId, OrderStatus, Purpose
from desktop.domain.quick import changed
from desktop.domain.strategies import Protection
from desktop.domain.triggers import TRIGGER_MOVES, Guard, Trigger, TriggerKind, TriggerState
from desktop.trading.guards import NO_GUARDS, UNPROTECTED, Guards
from desktop.trading.state import CoreState

_K = TriggerKind
_FILLED = OrderStatus.FILLED
STOPS = frozenset({_K.STOP_LOSS, _K.TRAILING_STOP})
_ORDER = {_K.STOP_LOSS: 0, _K.TRAILING_STOP: 1, _K.TAKE_PROFIT: 2, _K.ENTRY_LIMIT: 3}  # protection before profit
_GUARDS_KEPT = 100  # of orders that ended and may still fill late


class TriggerBook:
    """Active triggers by symbol, protection before profit; the only place that changes one."""

    def __init__(self, state: CoreState) -> None:
        self._state = state
        self.active: dict[str, Trigger] = {}
        self.fired: dict[str, Trigger] = {}  # until their orders are done
        self._of_symbol: dict[str, list[str]] = {}
        self._guards: dict[OrderId, Guards] = {}  # what the entry of an open order is to be protected with
        self._late: dict[OrderId, Guards] = {}  # of one that ended without being complete

    # reads -----------------------------------------------------------------------------------------------------
    def of(self, symbol: str) -> Iterator[Trigger]:
        """Yield the active triggers of a symbol: stops, then targets, then entries."""
        for trigger_id in tuple(self._of_symbol.get(symbol, ())):
            trigger = self.active.get(trigger_id)
            if trigger is not None:
                yield trigger

    def has(self, symbol: str) -> bool:
        return symbol in self._of_symbol

    def protects(self, order_id: OrderId, symbol: str) -> bool:
        """Whether a fill of an order may arm or resize anything."""
        if symbol in self._of_symbol:
            return True
        guards = self._guards.get(order_id) or self._late.get(order_id)
        return guards is not None and guards is not NO_GUARDS and guards != NO_GUARDS

    def plan(self, order_id: OrderId, guards: Guards) -> None:
        """Note what the entry that an order makes is to be protected with."""
        self._guards[order_id] = guards

    # arming ----------------------------------------------------------------------------------------------------
    def arm(
        self,
        symbol: str,
        kind: TriggerKind,
        *,
        quantity: Decimal,
        level: Decimal,
        trail_percent: Decimal = ZERO,
        high_water: Decimal = ZERO,
        source: str = "strategy",
        held_by: str = "",
    ) -> Trigger:
        state = self._state
        trigger = Trigger(
            trigger_id=state.next_trigger(),
            session_id=state.session_id,
            account=state.account,
            symbol=symbol,
            kind=kind,
            quantity=quantity,
            level=level,
            created_at=state.now,
            trail_percent=trail_percent,
            high_water=high_water,
            source=source,
            held_by=held_by,
        )
        return self._put(trigger)

    def protect(
        self, order_id: OrderId, instrument: Instrument, *, quantity: Decimal, average: Decimal, price: Decimal
    ) -> None:
        """Arm or resize the protection of a holding after a fill that added to it, at the average entry price."""
        symbol = instrument.symbol
        guards = self._guards.get(order_id) or self._late.get(order_id, NO_GUARDS)
        wanted = _levels(guards, instrument, average)
        present = [trigger for trigger in self.of(symbol) if trigger.kind is not _K.ENTRY_LIMIT]
        for trigger in present:
            level, high = trigger.level, trigger.high_water
            if trigger.kind is _K.TRAILING_STOP:
                high = max(high, price)
                level = max(level, trailing_level(instrument, high, trigger.trail_percent))
            elif trigger.source == "strategy":
                level = wanted.get(trigger.kind, (level, ZERO))[0]
            self._put(changed(trigger, quantity=quantity, level=level, high_water=high))
        kinds = {trigger.kind for trigger in present}
        for kind, (level, trail) in wanted.items():
            if kind not in kinds:
                self.arm(
                    symbol,
                    kind,
                    quantity=quantity,
                    level=level,
                    trail_percent=trail,
                    high_water=price if trail else ZERO,
                    source=_source(guards),
                )

    def resize(self, symbol: str, quantity: Decimal) -> None:
        """Let the triggers of a holding follow its quantity; at zero they are cancelled."""
        for trigger in self.of(symbol):
            if trigger.kind is _K.ENTRY_LIMIT:
                continue
            if quantity <= ZERO:
                self.cancel(trigger, "the position is closed")
            elif trigger.quantity != quantity:
                self._put(changed(trigger, quantity=quantity))

    def rearm(self, trigger: Trigger, quantity: Decimal, reason: str) -> Trigger:
        """Arm a fired trigger anew because its order came to nothing while the position is still held."""
        return self.arm(
            trigger.symbol,
            trigger.kind,
            quantity=quantity,
            level=trigger.level,
            trail_percent=trigger.trail_percent,
            high_water=trigger.high_water,
            source=trigger.source,
            held_by=reason,
        )

    # moving ----------------------------------------------------------------------------------------------------
    def lift(self, trigger: Trigger, instrument: Instrument, high: Decimal) -> None:
        """Move a trailing stop up to a new high-water mark; silently, for it is the price that moves it."""
        level = max(trigger.level, trailing_level(instrument, high, trigger.trail_percent))
        self.active[trigger.trigger_id] = changed(trigger, high_water=high, level=level)

    def change(self, trigger: Trigger, *, level: Decimal, trail_percent: Decimal) -> Trigger:
        """Move a trigger by hand; from now on it is the user's."""
        return self._put(changed(trigger, level=level, trail_percent=trail_percent, source="user"))

    def rescale(self, trigger: Trigger, quantity: Decimal, level: Decimal, high_water: Decimal) -> Trigger:
        """Put a trigger on the scale of after a split; an entry keeps its own quantity in new units."""
        return self._put(changed(trigger, quantity=quantity, level=level, high_water=high_water, held_by=""))

    def hold(self, trigger: Trigger, by: str) -> Trigger:
        """Note which check holds an armed trigger; an empty name lets go of it."""
        return trigger if trigger.held_by == by else self._put(changed(trigger, held_by=by))

    def guarded(self, trigger: Trigger, by: Guard) -> Trigger:
        """Note who watches the price: Assay, or an order that rests at the broker."""
        return trigger if trigger.guard is by else self._put(changed(trigger, guard=by))

    def fire(self, trigger: Trigger, order_id: str) -> Trigger:
        """Let a trigger fire: once per arming, the table says."""
        state = move(TRIGGER_MOVES, f"Trigger {trigger.trigger_id}", self._now(trigger), TriggerState.TRIGGERED)
        return self._put(changed(trigger, state=state, order_id=order_id, held_by=""))

    def fired_by(self, order_id: OrderId) -> Trigger | None:
        """Return the trigger that an order made fire, until that order is done."""
        return next((trigger for trigger in self.fired.values() if trigger.order_id == order_id), None)

    def settled(self, order: Order, status: OrderStatus) -> None:
        """Forget what belonged to an order that is done with `status`.

        One that may still fill late keeps its guards for a while.
        """
        if order.trigger_id:
            self.fired.pop(order.trigger_id, None)
            if order.purpose is Purpose.GUARD and (other := self.fired_by(order.order_id)) is not None:
                del self.fired[other.trigger_id]  # the target of a pair, whose order names its stop
        guards = self._guards.pop(order.order_id, None)
        if status is _FILLED:
            if self._late:
                self._late.pop(order.order_id, None)
        elif guards is not None:
            self._late[order.order_id] = guards
            if len(self._late) > _GUARDS_KEPT:
                del self._late[next(iter(self._late))]

    def cancel(self, trigger: Trigger, reason: str) -> Trigger:
        state = move(TRIGGER_MOVES, f"Trigger {trigger.trigger_id}", self._now(trigger), TriggerState.CANCELLED)
        return self._put(changed(trigger, state=state, reason=reason, held_by=""))

    def cancel_all(self, reason: str) -> None:
        """Cancel every trigger; one that fired is not armed again when its order comes to nothing."""
        self.fired.clear()
        for trigger in tuple(self.active.values()):
            self.cancel(trigger, reason)

    def _now(self, trigger: Trigger) -> TriggerState:
        """Return the state the book has, whatever older copy the caller holds."""
        known = self.active.get(trigger.trigger_id) or self.fired.get(trigger.trigger_id) or trigger
        return known.state

    def _put(self, trigger: Trigger) -> Trigger:
        trigger = changed(trigger, updated_at=self._state.now)
        trigger_id, symbol = trigger.trigger_id, trigger.symbol
        if trigger.state is TriggerState.ACTIVE:
            if trigger_id not in self.active:
                ids = self._of_symbol.setdefault(symbol, [])
                ids.append(trigger_id)
                self.active[trigger_id] = trigger
                ids.sort(key=lambda key: _ORDER[self.active[key].kind])
            self.active[trigger_id] = trigger
        elif self.active.pop(trigger_id, None) is not None:
            ids = self._of_symbol[symbol]
            ids.remove(trigger_id)
            if not ids:
                del self._of_symbol[symbol]
            if trigger.state is TriggerState.TRIGGERED:
                self.fired[trigger_id] = trigger
        if self._state.tells_changes:
            self._state.effects.append(TriggerChanged(self._state.session_id, self._state.now, trigger))
        return trigger

    # storage ---------------------------------------------------------------------------------------------------
    def snapshot(self) -> dict[str, Any]:
        return {
            "active": [to_json(trigger) for trigger in self.active.values()],
            "fired": [to_json(trigger) for trigger in self.fired.values()],
            "guards": {order_id: _guards_json(guards) for order_id, guards in self._guards.items()},
            "late": {order_id: _guards_json(guards) for order_id, guards in self._late.items()},
        }

    def restore(self, data: dict[str, Any]) -> None:
        self.active = {item["trigger_id"]: from_json(Trigger, item) for item in data["active"]}
        self.fired = {item["trigger_id"]: from_json(Trigger, item) for item in data["fired"]}
        self._guards = {order_id: from_json(Guards, item) for order_id, item in data["guards"].items()}
        self._late = {order_id: from_json(Guards, item) for order_id, item in data.get("late", {}).items()}
        self._of_symbol = {}
        for trigger_id, trigger in self.active.items():
            self._of_symbol.setdefault(trigger.symbol, []).append(trigger_id)
        for ids in self._of_symbol.values():
            ids.sort(key=lambda key: _ORDER[self.active[key].kind])


@lru_cache(maxsize=1_024)
def _guards_json(guards: Guards) -> Any:
    """Return guards as JSON values; a snapshot holds many that are alike and is made with every commit."""
    return to_json(guards)


def trailing_level(instrument: Instrument, high: Decimal, percent: Decimal) -> Decimal:
    """Return the price of a trailing stop `percent` per cent under its high-water mark, on the tick."""
    return instrument.price(high * (1 - percent / HUNDRED))


def stop_price(protection: Protection, instrument: Instrument, price: Decimal) -> Decimal | None:
    """Return the nearest protective stop of an entry at `price`; None without one."""
    nearest, trail = protection.stop_loss, protection.trailing_stop
    if nearest is None or (trail is not None and trail < nearest):
        nearest = trail
    return None if nearest is None else instrument.price(price * (1 - nearest / HUNDRED))


def target_price(protection: Protection, instrument: Instrument, price: Decimal) -> Decimal | None:
    """Return the profit target of an entry at `price`; None without one."""
    percent = protection.take_profit
    return None if percent is None else instrument.price(price * (1 + percent / HUNDRED))


def _levels(guards: Guards, instrument: Instrument, average: Decimal) -> dict[TriggerKind, tuple[Decimal, Decimal]]:
    """Return level and trailing percentage of each kind that is to be armed at an average entry price."""
    found: dict[TriggerKind, tuple[Decimal, Decimal]] = {}
    protection = guards.protection
    stop = guards.stop_loss
    if stop is None and protection.stop_loss is not None:
        stop = instrument.price(average * (1 - protection.stop_loss / HUNDRED))
    if stop is not None:
        found[_K.STOP_LOSS] = (stop, ZERO)
    trail = guards.trailing_percent or protection.trailing_stop
    if trail is not None:
        found[_K.TRAILING_STOP] = (trailing_level(instrument, average, trail), trail)
    target = guards.take_profit or target_price(protection, instrument, average)
    if target is not None:
        found[_K.TAKE_PROFIT] = (target, ZERO)
    return found


def _source(guards: Guards) -> str:
    return "strategy" if guards.protection != UNPROTECTED else "user"
