"""Orders on an account that were placed elsewhere: shown, never touched; those of another Assay pause entries."""

from __future__ import annotations

from typing import TYPE_CHECKING

from desktop.domain.orders import TERMINAL
from desktop.engine.live.answers import is_assays

if TYPE_CHECKING:
    from collections.abc import Callable

    from desktop.domain.broker import BrokerOrder
    from desktop.engine.live.link import AccountLink

KEPT = 500


class Strangers:
    """What others do on an account.

    Attributes:
        external: Open orders that were placed elsewhere, by the broker's id.
        foreign: Ids of orders that another Assay placed on this account.
    """

    def __init__(self, link: AccountLink, on_change: Callable[[], None], *, since: int) -> None:
        """`since`: µs UTC; finished orders of before are no sign of another Assay (of a deleted session, rather)."""
        self._link, self._changed, self._since = link, on_change, since
        self.external: dict[str, BrokerOrder] = {}
        self.foreign: set[str] = set()

    def take(self, found: BrokerOrder) -> None:
        """Take the whole state of an order that no session here has placed."""
        key = found.broker_order_id or found.order_id
        if found.status not in TERMINAL:
            self._show(key, found)
        elif self.external.pop(key, None) is not None:
            self._changed()
        fresh = found.status not in TERMINAL or found.created_at >= self._since
        if is_assays(found.order_id) and fresh and found.order_id not in self.foreign:
            self._pause_for(found.order_id)

    def _show(self, key: str, found: BrokerOrder) -> None:
        if key not in self.external:
            self._link.note(
                "external order",
                f"{found.symbol}: {found.side.value} {found.quantity:f} was placed outside this program "
                f"({found.order_id}). It is shown and left alone.",
            )
        self.external[key] = found
        if len(self.external) > KEPT:
            del self.external[next(iter(self.external))]
        self._changed()

    def _pause_for(self, order_id: str) -> None:
        """Pause entries: two programs that size by one account's money would spend it twice (fault 29)."""
        link = self._link
        self.foreign.add(order_id)
        link.note("foreign order", f"Another Assay trades on {link.ref.key}: order {order_id}. Entries are paused.")
        for client in link.clients:
            client.pause(f"another Assay trades on {link.ref.key} (order {order_id})")
