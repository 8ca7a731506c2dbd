"""What a stored session stands on while its feed cannot be opened: its symbols are known, prices never come."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from desktop.engine.feed_rig import FeedRig
from desktop.market.hub import Hub

if TYPE_CHECKING:
    from desktop.domain.instruments import Instrument
    from desktop.domain.market import Bar
    from desktop.ports import Clock, FeedListener, StoredSession


class AbsentFeed:
    """Implements `ports.MarketFeed` and says nothing."""

    name = "absent"

    def __init__(self, stored: StoredSession) -> None:
        self.origin: str = stored.settings.origin
        self._instruments, self._position = stored.settings.instruments, stored.feed_position

    def instruments(self) -> Sequence[Instrument]:
        return self._instruments

    async def start(self, listener: FeedListener) -> None:
        """Nothing comes."""

    async def stop(self) -> None:
        """Nothing runs."""

    def subscribe(self, symbol: str) -> None:
        """Nothing to listen to."""

    def unsubscribe(self, symbol: str) -> None:
        """Nothing to leave."""

    async def history(self, *_: object) -> Sequence[Bar]:
        return ()

    def position(self) -> Mapping[str, Any]:
        return self._position


def absent_rig(stored: StoredSession, clock: Clock) -> FeedRig:
    """Return a rig of its own for a session without a feed."""
    feed = AbsentFeed(stored)
    hub = Hub(stored.settings.feed, stored.settings.instruments)
    return FeedRig(feed, hub, clock, on_moved=lambda _: None, on_state=lambda *_: None)
