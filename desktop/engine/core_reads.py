"""Questions to a session core that the rows ask again and again."""

from __future__ import annotations

from typing import TYPE_CHECKING

from desktop.domain.signals import SignalState

if TYPE_CHECKING:
    from decimal import Decimal

    from desktop.domain.signals import Signal
    from desktop.trading.session_core import SessionCore


def pending_signals(core: SessionCore) -> list[Signal]:
    """Return the signals that wait for an answer, oldest first."""
    return [item for item in core.signal_book.live.values() if item.state is SignalState.PENDING]


def price_of(core: SessionCore, symbol: str) -> Decimal | None:
    """Return what a seller would get now: the bid, or the last close; None before the first price."""
    mark = core.marks.get(symbol)
    return mark.sell_price if mark is not None and mark.known else None


def is_stale(core: SessionCore, symbol: str) -> bool:
    """Whether the symbol's price is too old or was dropped, so that nothing fires on it."""
    mark = core.marks[symbol]
    limit = core.state.limits.max_quote_age
    return bool(mark.bad) or not mark.known or bool(limit and core.now - mark.at > limit)
