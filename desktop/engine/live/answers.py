"""What a broker says of an order, as messages for the core of the session that placed it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from desktop.domain.fills import OrderReport
from desktop.domain.money import ZERO
from desktop.domain.orders import TERMINAL, Order, OrderStatus, Purpose, Side

if TYPE_CHECKING:
    from collections.abc import Callable
    from decimal import Decimal

    from desktop.domain.broker import BrokerOrder
    from desktop.domain.fills import Fill

_OURS = re.compile(r"[0-9a-f]{24}-\d+")


def is_assays(order_id: str) -> bool:
    """Return whether a client order id has the shape that Assay mints, on this machine or another."""
    return _OURS.fullmatch(order_id) is not None


def prefix_of(order_id: str) -> str:
    """Return the part of a client order id that names its session."""
    return order_id.rpartition("-")[0]


def ordinal_of(order_id: str) -> int:
    """Return the ordinal that a client order id was minted with; 0 where it has none."""
    number = order_id.rpartition("-")[2]
    return int(number) if number.isdigit() else 0


def order_of(found: BrokerOrder, session_id: str, account: str) -> Order:
    """Return the order that a journal without it takes in; what became of it is told by reports."""
    return Order(
        found.order_id,
        session_id,
        account,
        found.symbol,
        found.side,
        found.kind,
        Purpose.ENTRY if found.side is Side.BUY else Purpose.CLOSE,
        found.quantity,
        ordinal_of(found.order_id),
        created_at=found.created_at,
        limit_price=found.limit_price,
        stop_price=found.stop_price,
        time_in_force=found.time_in_force,
        status=OrderStatus.UNKNOWN,
        broker_order_id=found.broker_order_id,
        updated_at=found.updated_at,
    )


def fill_reports(fills: tuple[Fill, ...] | list[Fill]) -> list[OrderReport]:
    """Return the reports that book executions; what the order is then say others."""
    return [OrderReport(fill.order_id, OrderStatus.PARTIALLY_FILLED, fill.at, fill) for fill in fills]


def missing(found: BrokerOrder, known: Order, booked: Callable[[str], bool]) -> Decimal:
    """Return how much of the order the broker has filled that neither the journal nor its answer has executions of."""
    told = sum((fill.quantity for fill in found.fills if not booked(fill.execution_id)), ZERO)
    return min(found.filled, known.quantity) - known.filled - told


def reports_of(found: BrokerOrder, known: Order, booked: Callable[[str], bool]) -> list[OrderReport]:
    """Return the reports that bring a journal's order to what the broker says.

    An order that ended stays open here until its executions are at hand: what it has bought must be guarded first.
    """
    reports = fill_reports([fill for fill in found.fills if not booked(fill.execution_id)])
    if missing(found, known, booked) > ZERO and found.status in TERMINAL:
        return reports
    reports.append(
        OrderReport(
            found.order_id,
            found.status,
            found.updated_at,
            cumulative=found.filled,
            broker_order_id=found.broker_order_id,
            reason=found.reason,
            quantity=found.quantity if found.quantity != known.quantity else None,
            limit_price=found.limit_price if found.limit_price != known.limit_price else None,
            stop_price=found.stop_price if found.stop_price != known.stop_price else None,
        )
    )
    return reports
