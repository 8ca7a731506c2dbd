"""An account for the window: connection, money, and journals and broker side by side."""

from __future__ import annotations

from typing import TYPE_CHECKING

from desktop.domain.broker import LinkState
from desktop.engine.views import AccountView

if TYPE_CHECKING:
    from desktop.engine.live.link import AccountLink


def account_view(link: AccountLink) -> AccountView:
    """Return the row of an account."""
    found = link.reconciler
    return AccountView(
        ref=link.ref,
        state=link.state,
        detail=link.words,
        slow=link.is_slow,
        ready=link.ready and link.state is LinkState.CONNECTED,
        real_money=link.broker.abilities.real_money,
        info=link.info,
        day_change=link.room.day_change,
        limits=link.room.limits,
        reconciled_at=found.reconciled_at,
        holdings=tuple(found.holdings.values()),
        external=tuple(link.strangers.external.values()),
        foreign=tuple(sorted(link.strangers.foreign)),
        unknown=tuple(found.unknown()),
        sessions=tuple(client.session_id for client in link.clients),
        armed=tuple(client.session_id for client in link.clients if client.armed),
    )
