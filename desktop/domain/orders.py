"""Orders and the one table of their legal moves (FAULTS.md, order life)."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from types import MappingProxyType

from desktop.domain.money import ZERO
from desktop.domain.quick import quick

OrderId = str  # the client order id: minted once per intent, at most 48 characters, unique per account


class Side(StrEnum):
    """Direction of an order. Assay is long only: SELL closes."""

    BUY = "BUY"
    SELL = "SELL"


class OrderKind(StrEnum):
    """How an order is priced."""

    MARKET = "MARKET"
    LIMIT = "LIMIT"
    STOP = "STOP"
    STOP_LIMIT = "STOP_LIMIT"
    PAIR = "PAIR"  # a limit and a stop that rest together at a broker: what one fills, the other no longer can


#: What a user can order; pairs are made of the protection of a holding.
SINGLE_KINDS = (OrderKind.MARKET, OrderKind.LIMIT, OrderKind.STOP, OrderKind.STOP_LIMIT)


class TimeInForce(StrEnum):
    """How long an order works."""

    DAY = "DAY"
    GTC = "GTC"


class Purpose(StrEnum):
    """Why an order exists; decides what each risk check does to it (the columns of K1a)."""

    ENTRY = "ENTRY"
    RULE_EXIT = "RULE_EXIT"
    TRIGGER = "TRIGGER"
    CLOSE = "CLOSE"  # by hand
    FLATTEN = "FLATTEN"  # of the kill switch or of a stop that was asked to flatten
    GUARD = "GUARD"  # protection that rests at the broker: its triggers were given by the user already


class OrderStatus(StrEnum):
    """Where an order is in its life."""

    INTENT = "INTENT"
    DENIED = "DENIED"
    SENDING = "SENDING"
    UNKNOWN = "UNKNOWN"
    PENDING_NEW = "PENDING_NEW"
    REJECTED = "REJECTED"
    NEW = "NEW"
    PARTIALLY_FILLED = "PARTIALLY_FILLED"
    FILLED = "FILLED"
    PENDING_CANCEL = "PENDING_CANCEL"
    PENDING_REPLACE = "PENDING_REPLACE"
    CANCELED = "CANCELED"
    EXPIRED = "EXPIRED"
    DONE_FOR_DAY = "DONE_FOR_DAY"
    SUSPENDED = "SUSPENDED"


_S = OrderStatus
_WORKING_MOVES = frozenset(
    {
        _S.PARTIALLY_FILLED,
        _S.FILLED,
        _S.PENDING_CANCEL,
        _S.PENDING_REPLACE,
        _S.CANCELED,
        _S.EXPIRED,
        _S.DONE_FOR_DAY,
        _S.SUSPENDED,
    }
)
_PENDING_MOVES = frozenset(
    {_S.NEW, _S.PARTIALLY_FILLED, _S.FILLED, _S.CANCELED, _S.REJECTED, _S.EXPIRED, _S.DONE_FOR_DAY}
)
_LATE_FILL = frozenset({_S.PARTIALLY_FILLED, _S.FILLED})

#: The only moves there are. CANCELED and EXPIRED keep accepting late fills: the quantity is booked, the status stays
#: unless the order turns out complete.
ORDER_MOVES: MappingProxyType[OrderStatus, frozenset[OrderStatus]] = MappingProxyType(
    {
        _S.INTENT: frozenset({_S.DENIED, _S.EXPIRED, _S.SENDING}),
        _S.DENIED: frozenset(),
        _S.SENDING: frozenset({_S.PENDING_NEW, _S.REJECTED, _S.UNKNOWN}),
        _S.UNKNOWN: frozenset(_S) - {_S.INTENT, _S.DENIED, _S.SENDING, _S.UNKNOWN},
        _S.PENDING_NEW: frozenset(
            {_S.NEW, _S.PARTIALLY_FILLED, _S.FILLED, _S.CANCELED, _S.REJECTED, _S.EXPIRED, _S.UNKNOWN}
        ),
        _S.NEW: _WORKING_MOVES,
        _S.PARTIALLY_FILLED: _WORKING_MOVES,
        _S.PENDING_CANCEL: _PENDING_MOVES,
        _S.PENDING_REPLACE: _PENDING_MOVES,
        _S.DONE_FOR_DAY: _WORKING_MOVES | {_S.NEW},
        _S.SUSPENDED: _WORKING_MOVES | {_S.NEW},
        _S.CANCELED: _LATE_FILL,
        _S.EXPIRED: _LATE_FILL,
        _S.FILLED: frozenset(),
        _S.REJECTED: frozenset(),
    }
)

#: No further report is expected and nothing stays reserved.
TERMINAL = frozenset({_S.DENIED, _S.REJECTED, _S.FILLED, _S.CANCELED, _S.EXPIRED})


@quick
@dataclass(frozen=True, slots=True)
class Order:
    """One intent to trade and everything known of what became of it.

    Prices are per unit in the instrument's currency; `filled_value` sums price times quantity of the fills.
    """

    order_id: OrderId
    session_id: str
    account: str
    symbol: str
    side: Side
    kind: OrderKind
    purpose: Purpose
    quantity: Decimal
    ordinal: int  # 1, 2, 3 ... within the session; keys the random draws of its fills
    created_at: int  # µs UTC, message time
    limit_price: Decimal | None = None
    stop_price: Decimal | None = None
    time_in_force: TimeInForce = TimeInForce.DAY
    status: OrderStatus = OrderStatus.INTENT
    filled: Decimal = ZERO
    filled_value: Decimal = ZERO
    fees: Decimal = ZERO
    reserved: Decimal = ZERO  # cash held back for what is not filled yet (buys)
    signal_id: str = ""
    trigger_id: str = ""
    decision_id: str = ""
    broker_order_id: str = ""
    reason: str = ""  # why it was denied, rejected, cancelled
    updated_at: int = 0

    @property
    def remaining(self) -> Decimal:
        """Quantity that can still fill."""
        return self.quantity - self.filled

    @property
    def average_price(self) -> Decimal | None:
        """Quantity-weighted fill price; None before the first fill."""
        return self.filled_value / self.filled if self.filled else None

    @property
    def is_open(self) -> bool:
        """Whether the order can still change a position without having been cancelled."""
        return self.status not in TERMINAL
