"""What a broker's report makes of an order: its terms and sums afterwards, and whether anybody needs to hear of it."""

from __future__ import annotations

from decimal import Decimal

from desktop.domain.fills import Fill, OrderReport
from desktop.domain.money import ZERO
from desktop.domain.orders import Order, OrderKind, OrderStatus
from desktop.domain.quick import copier

reported = copier(
    Order, "status", "quantity", "limit_price", "stop_price", "filled", "filled_value", "fees", "reserved",
    "broker_order_id", "reason", "updated_at",
)  # fmt: skip
acknowledged = copier(Order, "status", "broker_order_id", "updated_at")
_whole = copier(
    Order, "status", "filled", "filled_value", "fees", "reserved", "broker_order_id", "reason", "updated_at"
)
_MARKET, _NEW = OrderKind.MARKET, OrderStatus.NEW  # a name costs a tenth of a look into the enumeration
_FILLED, _UNKNOWN = OrderStatus.FILLED, OrderStatus.UNKNOWN
SILENT = frozenset({OrderStatus.SENDING, OrderStatus.PENDING_NEW})  # steps that nobody needs to hear of


def is_plain(report: OrderReport) -> bool:
    """Whether a report says that an order works, and nothing else."""
    return (
        report.status is _NEW
        and not report.reason
        and report.quantity is None
        and report.limit_price is None
        and report.stop_price is None
    )


def fills_whole(order: Order, report: OrderReport, fill: Fill) -> bool:
    """Whether a report says that one execution filled a working order, and nothing else."""
    return (
        order.status is _NEW
        and fill.quantity == order.quantity
        and not order.filled
        and report.quantity is None
        and report.limit_price is None
        and report.stop_price is None
    )


def filled_whole(order: Order, report: OrderReport, fill: Fill) -> Order:
    """Return a working order after the one execution that filled it."""
    at = report.at
    return _whole(
        order,
        _FILLED,
        order.filled + fill.quantity,
        order.filled_value + fill.price * fill.quantity,
        order.fees + fill.fee,
        ZERO,
        report.broker_order_id or order.broker_order_id,
        report.reason or order.reason,
        at if at > order.updated_at else order.updated_at,
    )


def terms_after(order: Order, report: OrderReport, stated_at: int) -> tuple[Decimal, Decimal | None, Decimal | None]:
    """Return quantity, limit and stop of an order after a report; what is older than the latest word changes none."""
    quantity, limit_price, stop_price = order.quantity, order.limit_price, order.stop_price
    if report.at < stated_at:
        return quantity, limit_price, stop_price
    return (
        quantity if report.quantity is None else report.quantity,
        limit_price if report.limit_price is None else report.limit_price,
        stop_price if report.stop_price is None else report.stop_price,
    )


def filled_after(order: Order, quantity: Decimal, fill: Fill | None) -> tuple[Decimal, Decimal, Decimal]:
    """Return what of an order of `quantity` is filled, for what value and at what fees, with an execution of it."""
    filled, value, fees = order.filled, order.filled_value, order.fees
    if fill is None:
        return filled, value, fees
    part, wanting = fill.quantity, quantity - filled
    if part > wanting:  # of an overfill the ledger alone has the truth
        part = wanting if wanting > ZERO else ZERO
    return filled + part, value + fill.price * part, fees + fill.fee


def worth_telling(before: Order, after: Order) -> bool:
    """Whether the window and the store need to hear of it: an acknowledged market order is about to fill anyway."""
    if after.filled != before.filled or after.quantity != before.quantity:
        return True
    if after.limit_price != before.limit_price or after.stop_price != before.stop_price:
        return True
    if after.status is before.status:
        return False
    if before.status in SILENT:  # at a broker outside: what it answered has to be stored
        return True
    if after.status in SILENT:
        return False
    return after.kind is not _MARKET or after.status is not _NEW or before.status is _UNKNOWN
