"""What the broker did with a session's orders while Assay was not there: told once, after the first comparison."""

from __future__ import annotations

from typing import TYPE_CHECKING

from desktop.domain.events import FillBooked
from desktop.domain.money import ZERO
from desktop.domain.orders import OrderKind, Purpose, Side

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from decimal import Decimal

    from desktop.domain.events import Fact
    from desktop.domain.orders import Order
    from desktop.trading.session_core import SessionCore


class Away:
    """Keeps the executions of the time before the account was opened in this launch until they are told."""

    def __init__(self, opened_at: int, note: Callable[[str, str], None]) -> None:
        """`opened_at`: µs UTC; `note` puts a topic and sentence on record."""
        self._opened_at, self._note = opened_at, note
        self._found: dict[str, FillBooked] = {}  # by execution id
        self._told: set[str] = set()

    def see(self, facts: Iterable[Fact]) -> None:
        """Look at what a session is about to store; the same facts may come more than once."""
        for fact in facts:
            if not isinstance(fact, FillBooked) or fact.fill.at >= self._opened_at:
                continue
            if fact.fill.execution_id not in self._told:
                self._found[fact.fill.execution_id] = fact

    def tell(self, core: SessionCore) -> None:
        """Tell what was found, one sentence an order."""
        found, self._found = self._found, {}
        self._told.update(found)
        by_order: dict[str, list[FillBooked]] = {}
        for fact in found.values():
            by_order.setdefault(fact.fill.order_id, []).append(fact)
        for order_id, facts in by_order.items():
            self._note("while away", _sentence(core, core.book.find(order_id), facts))


def _sentence(core: SessionCore, order: Order | None, facts: Sequence[FillBooked]) -> str:
    fill = facts[0].fill
    instrument = core.marks[fill.symbol].instrument
    quantity = sum((fact.fill.quantity for fact in facts), ZERO)
    price = sum((fact.fill.quantity * fact.fill.price for fact in facts), ZERO) / quantity
    shown = f"{price:.{instrument.price_decimals}f}"
    if fill.side is Side.BUY:
        done = f"bought {quantity:f} at {shown}"
    else:
        done = f"sold {quantity:f} at {shown}, {_result(sum((fact.realised for fact in facts), ZERO))}"
        done = f"{done} {instrument.currency}"
    what = "an order" if order is None else _what(order, price)
    return f"While Assay was away, {what} of {fill.symbol} was filled at the broker: {done} ({core.settings.name})."


def _what(order: Order, price: Decimal) -> str:
    if order.purpose is not Purpose.GUARD:
        return f"the order {order.order_id}"
    hit = order.kind is OrderKind.PAIR and order.limit_price is not None and price >= order.limit_price
    return "the target" if hit else "the stop"


def _result(realised: Decimal) -> str:
    return f"a loss of {-realised:.2f}" if realised < ZERO else f"a profit of {realised:.2f}"
