"""Triggers by hand: armed, moved and disarmed from the table or by dragging on the chart."""

from __future__ import annotations

from decimal import Decimal

from desktop.domain import commands as ask
from desktop.domain.errors import FieldError, NotFound, PositionNotFound
from desktop.domain.money import HUNDRED, ZERO, bounded
from desktop.domain.triggers import Trigger, TriggerKind
from desktop.trading.holdings import Holdings
from desktop.trading.marks import Mark, Marks
from desktop.trading.order_shapes import check_price, check_quantity, check_trail, mark_of
from desktop.trading.state import CoreState
from desktop.trading.triggers import TriggerBook, trailing_level


class TriggerCommands:
    """What a user asks about triggers; each method returns the answer or raises the refusal."""

    def __init__(self, state: CoreState, marks: Marks, holdings: Holdings, triggers: TriggerBook) -> None:
        self._state, self._marks, self._holdings, self._triggers = state, marks, holdings, triggers

    def arm(self, command: ask.SetTrigger) -> str:
        mark, held = mark_of(self._marks, command.symbol), self._holdings.quantity(command.symbol)
        item, entry = mark.instrument, command.kind is TriggerKind.ENTRY_LIMIT
        if not entry and held <= ZERO:
            raise PositionNotFound(command.symbol, self._state.settings.name)
        if entry and command.quantity is None:
            raise FieldError("quantity", f"an entry needs a quantity above zero, in {item.steps}.")
        if entry and command.quantity is not None:
            check_quantity(mark, command.quantity)
        trailing = command.kind is TriggerKind.TRAILING_STOP
        level, trail = command.level, command.trail_percent or ZERO
        if trailing:
            check_trail("trail_percent", trail)
            level = trailing_level(item, mark.sell_price, trail)
        else:
            level = _level(command.kind, mark, level)
        quantity = command.quantity if entry and command.quantity is not None else held
        trigger = self._triggers.arm(
            command.symbol,
            command.kind,
            quantity=quantity,
            level=item.price(level),
            trail_percent=trail,
            high_water=mark.sell_price if trailing else ZERO,
            source="user",
        )
        return f"{_title(trigger)} on {trigger.symbol} is armed at {trigger.level}."

    def _trigger(self, trigger_id: str) -> Trigger:
        trigger = self._triggers.active.get(trigger_id)
        if trigger is None:
            raise NotFound("active trigger", trigger_id, "It may have fired or been cancelled.")
        return trigger

    def modify(self, command: ask.ModifyTrigger) -> str:
        trigger = self._trigger(command.trigger_id)
        mark = self._marks[trigger.symbol]
        trail = trigger.trail_percent
        if trigger.kind is TriggerKind.TRAILING_STOP:
            trail = self._trail(trigger, mark, command)
            level = trailing_level(mark.instrument, trigger.high_water, trail)
            _level(trigger.kind, mark, level)
        else:
            level = mark.instrument.price(_level(trigger.kind, mark, command.level))
        moved = self._triggers.change(trigger, level=level, trail_percent=trail)
        return f"{_title(moved)} on {moved.symbol} is at {moved.level} now."

    def _trail(self, trigger: Trigger, mark: Mark, command: ask.ModifyTrigger) -> Decimal:
        """Return the distance a trailing stop is moved to: named in per cent, or dragged to a level."""
        if command.trail_percent is not None:
            return check_trail("trail_percent", command.trail_percent)
        level = _level(trigger.kind, mark, command.level)
        return check_trail("level", bounded((1 - level / trigger.high_water) * HUNDRED))

    def cancel(self, command: ask.CancelTrigger) -> str:
        trigger = self._triggers.cancel(self._trigger(command.trigger_id), "cancelled by the user")
        return f"{_title(trigger)} on {trigger.symbol} is disarmed."


def _level(kind: TriggerKind, mark: Mark, level: Decimal | None) -> Decimal:
    """Return a level that is on its side of the market (FieldError: it would fire at once)."""
    wanted = check_price("level", level)
    if not mark.known or kind is TriggerKind.ENTRY_LIMIT:
        return wanted
    price = mark.sell_price
    if wanted <= price if kind is TriggerKind.TAKE_PROFIT else wanted >= price:
        raise FieldError("level", f"{wanted} would fire at once at a price of {price}. Close the position instead.")
    return wanted


def _title(trigger: Trigger) -> str:
    return trigger.kind.value.replace("_", "-").capitalize()
