"""Which sells of a holding wait for an answer: pressed, and neither sent nor acknowledged yet."""

from __future__ import annotations

from decimal import Decimal

from PySide6.QtCore import QCoreApplication

from desktop.domain.orders import OrderStatus, Purpose, Side
from desktop.engine.api import Desk
from desktop.engine.views import Changes, OrderRow, Table
from desktop.ui import formats

_S = OrderStatus
_UNANSWERED = frozenset({_S.INTENT, _S.SENDING, _S.UNKNOWN, _S.PENDING_NEW})


def _tr(text: str) -> str:
    return QCoreApplication.translate("ExitsWaiting", text)


class ExitsWaiting:
    """What is being sold of each holding without an answer so far, followed order by order."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._rows: dict[str, dict[str, OrderRow]] = {}  # holding: orders by id
        self._places: dict[str, str] = {}  # order: holding
        for row in desk.orders():
            self._take(row.order.order_id, row)

    def changed(self, changes: Changes) -> bool:
        """Take what the desk told; returns whether a holding has another answer now."""
        touched = changes.changed.get(Table.ORDERS, frozenset()) | changes.removed.get(Table.ORDERS, frozenset())
        moved = False
        for key in touched:
            row = self._desk.row(Table.ORDERS, key)
            moved = self._take(key, row if isinstance(row, OrderRow) else None) or moved
        return moved

    def _take(self, key: str, row: OrderRow | None) -> bool:
        """Note one order; returns whether it waits, or did before."""
        before = self._places.pop(key, "")
        if before:
            del self._rows[before][key]
        if row is None or not _waits(row):
            return bool(before)
        place = f"{row.order.session_id}/{row.order.symbol}"
        self._places[key] = place
        self._rows.setdefault(place, {})[key] = row
        return True

    def sentence(self, holding: str) -> str:
        """Return what waits of a holding (`PositionRow.key`): "SELL 5 waits for the broker..."; empty: nothing does."""
        rows = list(self._rows.get(holding, {}).values())
        if not rows:
            return ""
        total = sum((row.order.remaining for row in rows), Decimal(0))
        text = (
            _tr("SELL %1 waits for the broker. Nothing is lost: it leaves, or is asked for, once the broker answers.")
            if rows[0].session.is_live
            else _tr("SELL %1 waits for the next price.")
        )
        return text.replace("%1", formats.quantity(total, rows[0].instrument))


def _waits(row: OrderRow) -> bool:
    order = row.order
    return order.side is Side.SELL and order.purpose is not Purpose.GUARD and order.status in _UNANSWERED
