"""Rows for the window, made on demand from a session's unit and its book."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING, TypeVar

from desktop.domain.money import HUNDRED, ZERO
from desktop.domain.orders import Purpose, Side
from desktop.domain.sessions import SessionState
from desktop.domain.triggers import Trigger, TriggerKind, TriggerState
from desktop.engine.core_reads import is_stale, pending_signals, price_of
from desktop.engine.views import OrderRow, PositionRow, SessionRow, SignalRow, TradeRow, TriggerRow

if TYPE_CHECKING:
    from collections.abc import Sequence

    from desktop.domain.orders import Order
    from desktop.domain.positions import ClosedTrade, Position
    from desktop.domain.signals import Signal
    from desktop.engine.runner import SessionRunner

T = TypeVar("T")
_BLIND = frozenset({"reconnecting", "silent", "ended"})  # states of a feed that gives no prices
SPARK = 60  # points of a sparkline
RECENT = 600  # points of equity that a sparkline spans

NOTES = {
    SessionState.CREATED: "Not started yet.",
    SessionState.RUNNING: "",
    SessionState.PAUSED: "Paused: no new entries. Stops, targets and exits keep working.",
    SessionState.RECOVERING: "Recovering: prices are read again, nothing is traded until that is done.",
    SessionState.STOPPED: "Stopped: rules are not judged.",
    SessionState.FAILED: "Failed: nothing is traded.",
}

CAME_FROM = {
    Purpose.ENTRY: "entry rule",
    Purpose.RULE_EXIT: "exit rule",
    Purpose.TRIGGER: "trigger",
    Purpose.CLOSE: "by hand",
    Purpose.FLATTEN: "flatten",
    Purpose.GUARD: "protection at the broker",
}

TRIGGER_NAMES = {
    TriggerKind.STOP_LOSS: "stop-loss",
    TriggerKind.TAKE_PROFIT: "take-profit",
    TriggerKind.TRAILING_STOP: "trailing stop",
    TriggerKind.ENTRY_LIMIT: "entry limit",
}


def sparkline(values: Sequence[T]) -> tuple[T, ...]:
    """Return at most `SPARK` evenly spread values, the last one always among them."""
    if len(values) <= SPARK:
        return tuple(values)
    step = (len(values) - 1) / (SPARK - 1)
    return tuple(values[round(index * step)] for index in range(SPARK))


def session_row(runner: SessionRunner) -> SessionRow:
    """Return a session's row with its figures of now."""
    core, figures = runner.unit.core, runner.performance
    equity = core.equity
    settings, mode, limits = runner.settings, core.state.mode, core.state.limits
    if settings.mode is not mode or settings.limits is not limits:  # as the user changed them
        settings = replace(settings, mode=mode, limits=limits)
    note = runner.note or NOTES[core.status] or core.state.note
    if core.state.kill and core.status in (SessionState.RUNNING, SessionState.PAUSED):
        note = "Halted by the kill switch: no order leaves, not even of a stop or an exit, until you release it."
    if runner.held:
        note = "Held: the storage takes no writes, so nothing new is traded. Cancels still work."
    return SessionRow(
        session_id=settings.session_id,
        settings=settings,
        state=SessionState.FAILED if runner.failed else core.status,
        note=note,
        cash=core.cash,
        equity=equity,
        pnl=equity - settings.cash,
        pnl_today=equity - runner.day_start,
        fees=core.holdings.ledger.fees,
        positions=len(core.positions),
        pending_signals=len(pending_signals(core)),
        trades=figures.trade_count,
        total_return=float(equity / settings.cash - 1),
        drawdown=figures.drawdown_of(equity),
        max_drawdown=figures.max_drawdown,
        sharpe=figures.sharpe,
        win_rate=figures.win_rate,
        profit_factor=figures.profit_factor,
        sparkline=tuple(float(point.equity) for point in sparkline(runner.book.equity[-RECENT:])),
        warm_up=runner.warm_up(),
        kill=core.state.kill,
        armed=runner.live is not None and runner.live.armed,
        sees=not (runner.held or runner.market.rig.state in _BLIND),
    )


def protective(triggers: list[Trigger]) -> tuple[Trigger | None, Trigger | None]:
    """Return the nearest active stop (loss or trailing) and the nearest active target."""
    stops = [item for item in triggers if item.kind in (TriggerKind.STOP_LOSS, TriggerKind.TRAILING_STOP)]
    targets = [item for item in triggers if item.kind is TriggerKind.TAKE_PROFIT]
    stop = max(stops, key=lambda item: item.level, default=None)
    target = min(targets, key=lambda item: item.level, default=None)
    return stop, target


def position_row(runner: SessionRunner, position: Position) -> PositionRow:
    """Return a holding marked to the last price."""
    core = runner.unit.core
    price = price_of(core, position.symbol)
    mine = [item for item in core.triggers.values() if item.symbol == position.symbol]
    stop, target = protective(mine)
    value = (price if price is not None else position.average) * position.quantity
    pnl = value - position.cost
    return PositionRow(
        position=position,
        session=runner.settings,
        instrument=runner.settings.instrument(position.symbol),
        price=price,
        value=value,
        pnl=pnl,
        pnl_percent=pnl * HUNDRED / position.cost if position.cost else ZERO,
        stop=stop.level if stop else None,
        target=target.level if target else None,
        stop_trigger=stop.trigger_id if stop else "",
        target_trigger=target.trigger_id if target else "",
        stale=is_stale(core, position.symbol),
    )


def order_row(runner: SessionRunner, order: Order) -> OrderRow:
    """Return an order with the words for where it came from."""
    came_from = CAME_FROM[order.purpose]
    if order.purpose is Purpose.CLOSE and order.side is Side.BUY:
        came_from = "by hand"
    if order.trigger_id and (trigger := runner.book.triggers.get(order.trigger_id)):
        came_from = TRIGGER_NAMES[trigger.kind]
    elif order.purpose is Purpose.ENTRY and not order.signal_id:
        came_from = "by hand"
    return OrderRow(order, runner.settings, runner.settings.instrument(order.symbol), came_from)


def trade_row(runner: SessionRunner, trade: ClosedTrade) -> TradeRow:
    """Return a closed trade with its result in per cent of what it cost."""
    cost = trade.entry_price * trade.quantity
    return TradeRow(
        trade, runner.settings, runner.settings.instrument(trade.symbol), trade.pnl * HUNDRED / cost if cost else ZERO
    )


def trigger_row(runner: SessionRunner, trigger: Trigger) -> TriggerRow:
    """Return a trigger with its distance from the price."""
    price: Decimal | None = price_of(runner.unit.core, trigger.symbol)
    distance = None
    if price and trigger.state is TriggerState.ACTIVE:
        distance = (trigger.level - price) * HUNDRED / price
    return TriggerRow(trigger, runner.settings, runner.settings.instrument(trigger.symbol), price, distance)


def signal_row(runner: SessionRunner, signal: Signal) -> SignalRow:
    """Return a signal of the history."""
    return SignalRow(signal, runner.settings, runner.settings.instrument(signal.symbol))
