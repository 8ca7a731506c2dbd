"""Signal cards and ticket estimates: what an order would do, and whether it may, at this instant."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from desktop.domain.commands import PlaceOrder
from desktop.domain.money import HUNDRED, ZERO
from desktop.domain.orders import Purpose, Side
from desktop.domain.risk import Outcome
from desktop.domain.signals import SignalKind, SignalState
from desktop.engine.api import TicketEstimate
from desktop.engine.core_reads import price_of
from desktop.engine.views import LimitLeft, SignalCard
from desktop.trading.costs import costs_of, expected_fee, expected_slippage, loss_at_stop
from desktop.trading.order_request import OrderRequest
from desktop.trading.signal_commands import behind_stop

if TYPE_CHECKING:
    from collections.abc import Mapping

    from desktop.domain.signals import Signal
    from desktop.engine.runner import SessionRunner
    from desktop.trading.session_core import SessionCore

#: An order this many times the session's average is unusual and asks again.
UNUSUAL_SIZE = 5


def signal_card(runner: SessionRunner, signal: Signal, now: int, quantity: Decimal | None = None) -> SignalCard:
    """Return a pending signal with its numbers for `quantity` (None: as suggested) at this instant."""
    core, settings = runner.unit.core, runner.settings
    wanted = signal.quantity if quantity is None else quantity
    request = _request_of(signal, wanted)
    price = _price(core, request)
    held = core.positions[signal.symbol].quantity if signal.symbol in core.positions else ZERO
    after = held + wanted if signal.side is Side.BUY else held - wanted
    exposure = after * (price or signal.price)
    equity = core.equity
    mark = core.marks[signal.symbol]
    shown = _with_quantity(core, signal, wanted, price or signal.price)
    return SignalCard(
        signal=shown,
        session=settings,
        instrument=settings.instrument(signal.symbol),
        bid=mark.sell_price if mark.known else None,
        ask=mark.buy_price if mark.known else None,
        quote_age_us=now - mark.at if mark.known else None,
        drift_percent=(price - signal.price) * HUNDRED / signal.price if price and signal.price else ZERO,
        position_after=after,
        exposure_after=exposure,
        exposure_percent=exposure * HUNDRED / equity if equity > 0 else ZERO,
        limits=limits_left(core, request, price or signal.price) if signal.side is Side.BUY else (),
        lines=clause_lines(signal.explanation),
        cannot_approve=_obstacle(core, signal, request, price, now),
        can_be_judged_anew=not core.state.kill,
        remaining_us=max(0, signal.expires_at - now) if signal.expires_at else None,
        lifetime_us=settings.signal_ttl,
    )


def _request_of(signal: Signal, quantity: Decimal) -> OrderRequest:
    return OrderRequest(
        symbol=signal.symbol,
        side=signal.side,
        purpose=Purpose.ENTRY if signal.kind is SignalKind.ENTRY else Purpose.RULE_EXIT,
        quantity=quantity,
        kind=signal.order_kind,
        limit_price=signal.limit_price,
        stop=signal.stop,
        signal_id=signal.signal_id,
    )


def _price(core: SessionCore, request: OrderRequest) -> Decimal | None:
    return core.gate.price_of(request) if core.marks[request.symbol].known else None


def _with_quantity(core: SessionCore, signal: Signal, quantity: Decimal, price: Decimal) -> Signal:
    """Return the signal with cost, fee, slippage and loss for another quantity and the price of now."""
    stop = signal.stop if signal.side is Side.BUY else None
    return replace(signal, quantity=quantity, **costs_of(core.settings.fills, signal.order_kind, quantity, price, stop))


def clause_lines(explanation: Mapping[str, Any]) -> tuple[tuple[str, str], ...]:
    """Return the clauses of a stored explanation: (sentence, "true" | "false" | "unknown")."""
    clauses = explanation.get("clauses", ())
    return tuple((str(item["line"]), str(item["verdict"])) for item in clauses)


def _obstacle(core: SessionCore, signal: Signal, request: OrderRequest, price: Decimal | None, now: int) -> str:
    """Return why the signal cannot be approved now; empty: it can."""
    over = _over(core, signal, now)
    if over:
        return over
    if price is None:
        return f"There is no price of {signal.symbol} yet."
    if request.quantity <= 0:
        return "The quantity must be above zero."
    limit = core.state.limits.max_drift
    drift = abs(price - signal.price) * HUNDRED / signal.price if signal.price else ZERO
    if limit is not None and drift > limit and signal.kind is SignalKind.ENTRY:
        return f"The price moved {drift:.2f} % since the signal, the limit is {limit.normalize():f} %."
    mark = core.marks[signal.symbol]
    if behind_stop(signal, mark.sell_price):
        return f"The price of {mark.sell_price} has passed the stop at {signal.stop}: it would be sold again at once."
    decision = core.gate.check(request)
    if decision.passes or decision.outcome is Outcome.ASK:
        return ""
    return decision.block.sentence if decision.block else ""


def _over(core: SessionCore, signal: Signal, now: int) -> str:
    """Return why the signal is past being judged at all, whatever the market does; empty: it is not."""
    if signal.state is not SignalState.PENDING:
        return signal.reason or f"The signal is {signal.state.value.lower()}."
    if signal.expires_at and now >= signal.expires_at:
        return "The signal expired."
    if core.state.kill:
        return "The kill switch is engaged: nothing can be approved or evaluated until you release it."
    return ""


def limits_left(core: SessionCore, request: OrderRequest, price: Decimal) -> tuple[LimitLeft, ...]:
    """Return how much of each limit in force would be used after the order."""
    limits, equity = core.state.limits, core.equity
    found: list[LimitLeft] = []
    value = request.quantity * price
    if limits.max_position_size is not None and equity > 0:
        found.append(_percent_left("Position size", value * HUNDRED / equity, limits.max_position_size))
    if limits.max_allocation is not None and equity > 0:
        invested = sum((item.quantity * _mark_price(core, item.symbol) for item in core.positions.values()), ZERO)
        found.append(_percent_left("Allocation", (invested + value) * HUNDRED / equity, limits.max_allocation))
    if limits.max_risk_per_trade is not None and request.stop is not None and equity > 0:
        lost = loss_at_stop(core.state.settings.fills, request.quantity, price, request.stop, request.kind)
        risk = lost * HUNDRED / equity
        found.append(_percent_left("Risk at stop", risk, limits.max_risk_per_trade))
    if limits.max_positions is not None:
        used = len(core.positions) + (0 if request.symbol in core.positions else 1)
        share = used / limits.max_positions if limits.max_positions else 1.0
        found.append(LimitLeft("Positions", str(used), str(limits.max_positions), share))
    cash = core.gate.free_cash
    if cash > 0:
        found.append(LimitLeft("Cash", f"{value:,.0f}", f"{cash:,.0f}", float(value / cash)))
    return tuple(found)


def _mark_price(core: SessionCore, symbol: str) -> Decimal:
    price = price_of(core, symbol)
    return price if price is not None else core.positions[symbol].average


def _percent_left(name: str, used: Decimal, limit: Decimal) -> LimitLeft:
    return LimitLeft(name, f"{used:.1f} %", f"{limit.normalize():f} %", float(used / limit) if limit else 1.0)


def estimate(runner: SessionRunner, order: PlaceOrder) -> TicketEstimate:
    """Return what an order of the ticket would cost and which check stands in its way."""
    core, fills = runner.unit.core, runner.settings.fills
    request = OrderRequest(
        symbol=order.symbol,
        side=order.side,
        purpose=Purpose.ENTRY if order.side is Side.BUY else Purpose.CLOSE,
        quantity=order.quantity,
        kind=order.kind,
        limit_price=order.limit_price,
        stop_price=order.stop_price,
        stop=order.stop_loss,
    )
    price = _price(core, request)
    held = core.positions[order.symbol].quantity if order.symbol in core.positions else ZERO
    if price is None:
        return TicketEstimate(
            None, ZERO, ZERO, ZERO, core.cash, held, None, f"There is no price of {order.symbol} yet.", ""
        )
    value = order.quantity * price
    fee, slippage = expected_fee(fills, value), expected_slippage(fills, value, order.kind)
    sign = -1 if order.side is Side.BUY else 1
    decision = core.gate.check(request)
    asks = decision.outcome is Outcome.ASK
    stop = order.stop_loss
    return TicketEstimate(
        price=price,
        value=value,
        fee=fee,
        slippage=slippage,
        cash_after=core.cash + sign * value - fee - slippage,
        position_after=held - sign * order.quantity,
        loss_at_stop=None if stop is None else loss_at_stop(fills, order.quantity, price, stop, order.kind),
        blocked="" if decision.passes or asks or decision.block is None else decision.block.sentence,
        ask_again=decision.block.sentence if asks and decision.block else _unusual(runner, order, value),
    )


def _unusual(runner: SessionRunner, order: PlaceOrder, value: Decimal) -> str:
    """Return why an order is unusual: much larger than what the session trades."""
    values = [item.filled_value for item in runner.book.orders.values() if item.filled_value > 0]
    if order.side is Side.SELL or len(values) < 3:
        return ""
    usual = sum(values, ZERO) / len(values)
    if value <= usual * UNUSUAL_SIZE:
        return ""
    return f"This order is {value / usual:.0f} times as large as the session's usual one."
