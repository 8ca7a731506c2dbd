"""Signals: the strategy wants to trade, and what became of the wish."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from types import MappingProxyType
from typing import Any

from desktop.domain.money import ZERO
from desktop.domain.orders import OrderKind, Side
from desktop.domain.quick import quick


class SignalKind(StrEnum):
    """Into or out of a position."""

    ENTRY = "ENTRY"
    EXIT = "EXIT"


class SignalState(StrEnum):
    """Where a signal is in its life."""

    PENDING = "PENDING"
    CONFIRMED = "CONFIRMED"
    REJECTED = "REJECTED"
    EXPIRED = "EXPIRED"
    BLOCKED = "BLOCKED"
    EXECUTED = "EXECUTED"


_S = SignalState
SIGNAL_MOVES: MappingProxyType[SignalState, frozenset[SignalState]] = MappingProxyType(
    {
        _S.PENDING: frozenset({_S.CONFIRMED, _S.REJECTED, _S.EXPIRED, _S.BLOCKED}),
        _S.CONFIRMED: frozenset({_S.EXECUTED, _S.BLOCKED}),  # blocked: its order was denied, rejected or ended unfilled
        _S.REJECTED: frozenset(),
        _S.EXPIRED: frozenset(),
        _S.BLOCKED: frozenset(),
        _S.EXECUTED: frozenset(),
    }
)


@quick
@dataclass(frozen=True, slots=True)
class Signal:
    """One wish of a strategy with everything needed to judge it (G1)."""

    signal_id: str
    session_id: str
    account: str
    symbol: str
    kind: SignalKind
    side: Side
    quantity: Decimal  # suggested
    price: Decimal  # the price it was raised at
    created_at: int  # µs UTC, message time
    expires_at: int  # 0: does not expire (an exit while the position is held)
    state: SignalState = SignalState.PENDING
    order_kind: OrderKind = OrderKind.MARKET
    limit_price: Decimal | None = None
    estimated_cost: Decimal = ZERO
    estimated_fee: Decimal = ZERO
    estimated_slippage: Decimal = ZERO
    stop: Decimal | None = None
    target: Decimal | None = None
    loss_at_stop: Decimal | None = None  # money lost if the stop is hit, fees and slippage of both ways included
    explanation: dict[str, Any] = field(default_factory=dict)  # Explanation.to_dict()
    quote_at: int = 0  # µs UTC, exchange time of the price it was raised at
    held_by: str = ""  # an exit that waits for a check to clear
    overdue: bool = False  # an exit nobody confirmed within the usual time
    blocked_by: str = ""  # the name of the check
    block_value: str = ""
    block_limit: str = ""
    reason: str = ""  # one sentence
    order_id: str = ""
    updated_at: int = 0
