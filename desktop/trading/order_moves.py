"""Where a report takes an order: the one place that reads the table of legal moves and the moves a report implies.

A broker may leave steps out (a fill for an order it never acknowledged): the steps between are walked, each by the
table. The result does not depend on the order of the reports: what is booked as filled decides, then what is final,
then the latest word on a working order.
"""

from __future__ import annotations

from collections import deque
from decimal import Decimal

from desktop.domain.fills import OrderReport
from desktop.domain.moves import move
from desktop.domain.orders import ORDER_MOVES, TERMINAL, Order, OrderStatus

_S = OrderStatus
_FILLED = _S.FILLED
_UNFILLABLE = frozenset({_S.REJECTED, _S.DENIED})
_BETWEEN = (_S.SENDING, _S.PENDING_NEW, _S.NEW)  # steps a report can imply
_NOT_ACKNOWLEDGED = frozenset({_S.INTENT, _S.SENDING, _S.UNKNOWN, _S.PENDING_NEW})
_ASKED = frozenset({_S.PENDING_CANCEL, _S.PENDING_REPLACE})
_SAYS_NOTHING = frozenset({_S.UNKNOWN, _S.INTENT, _S.DENIED, _S.SENDING})  # ours to say, or no positive evidence
_RESTING = frozenset({_S.DONE_FOR_DAY, _S.SUSPENDED})


def _ways() -> dict[tuple[OrderStatus, OrderStatus], tuple[OrderStatus, ...]]:
    """Return the shortest legal way between any two states over implied steps only."""
    found: dict[tuple[OrderStatus, OrderStatus], tuple[OrderStatus, ...]] = {}
    for begin in OrderStatus:
        queue: deque[tuple[OrderStatus, ...]] = deque([(begin,)])
        seen = {begin}
        while queue:
            way = queue.popleft()
            if way[-1] is not begin and way[-1] not in _BETWEEN:
                continue
            for step in sorted(ORDER_MOVES[way[-1]] - seen):
                seen.add(step)
                found[begin, step] = (*way[1:], step)
                queue.append((*way, step))
    return found


WAYS = _ways()


def walk(order: Order, wanted: OrderStatus) -> OrderStatus:
    """Return `wanted` once every step towards it has passed the table.

    Raises:
        IllegalMove: there is no legal way.
    """
    if (order.status, wanted) in WAYS:  # each step of a way is from the table
        return wanted
    return move(ORDER_MOVES, f"Order {order.order_id}", order.status, wanted)


def status_after(
    order: Order, report: OrderReport, *, filled: Decimal, quantity: Decimal, stated_at: int
) -> OrderStatus:
    """Return the status of `order` after `report`, its own fill already counted in `filled`.

    Args:
        order: As it was before.
        report: What the broker says.
        filled: Booked quantity, this report's included.
        quantity: The order's quantity, a replacement included.
        stated_at: µs UTC of the latest word about a resting order so far.
    """
    now = order.status
    if filled and filled >= quantity and now not in _UNFILLABLE:
        return _FILLED
    if now in TERMINAL:
        return now  # a late partial fill is booked, the end stays
    said = report.status
    if said in (_S.CANCELED, _S.EXPIRED, _S.REJECTED):
        ended = said if said is not _S.REJECTED or _can_be_rejected(order, report) else _S.CANCELED
        if not (said is _S.REJECTED and now in _ASKED):
            return ended
        said = _S.NEW  # the request was refused, the order lives on
        return _S.PARTIALLY_FILLED if filled else said
    base = _working(order, report, stated_at)
    if filled and (base is _S.NEW or base in _NOT_ACKNOWLEDGED):
        return _S.PARTIALLY_FILLED
    return base


def _can_be_rejected(order: Order, report: OrderReport) -> bool:
    return (order.status, report.status) in WAYS and not order.filled


def _working(order: Order, report: OrderReport, stated_at: int) -> OrderStatus:
    now, said = order.status, report.status
    if said in _SAYS_NOTHING:
        return now
    if said is _S.PENDING_NEW:
        return said if now in _NOT_ACKNOWLEDGED else now
    if said in _RESTING:
        return said if report.at >= stated_at and now not in _ASKED else now
    if now in _NOT_ACKNOWLEDGED:
        return _S.NEW
    if now in _ASKED:
        refused = bool(report.reason)
        changed = report.quantity is not None or report.limit_price is not None or report.stop_price is not None
        answered = refused or (changed and now is _S.PENDING_REPLACE)
        return _S.NEW if answered and said in (_S.NEW, _S.PARTIALLY_FILLED) else now
    if now in _RESTING:
        return _S.NEW if said is _S.NEW and report.at > stated_at else now
    return now
