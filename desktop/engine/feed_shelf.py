"""The feeds that run: each is started with its first session and stopped after its last."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from desktop.domain.errors import NotFound
from desktop.engine.feed_rig import FeedRig

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterable, Mapping

    from desktop.market.hub import Hub
    from desktop.ports import Clock, MarketFeed

SIMULATOR = "simulator"


class FeedShelf:
    """Opens feeds by key and keeps one hub for each."""

    def __init__(
        self,
        open_feed: Callable[[str, Mapping[str, object]], Awaitable[tuple[MarketFeed, Hub]]],
        clock: Clock,
        *,
        on_moved: Callable[[str, Iterable[str]], None],
        on_state: Callable[[str, str, str], None],
    ) -> None:
        """`open_feed` makes a feed and its hub from a key and the stored feed position."""
        self._open, self._clock = open_feed, clock
        self._on_moved, self._on_state = on_moved, on_state
        self._rigs: dict[str, FeedRig] = {}
        self._opening = asyncio.Lock()  # two sessions that ask for one feed get one

    async def rig(self, key: str, position: Mapping[str, object]) -> FeedRig:
        """Return the running rig of a feed; opens it where it is not there yet.

        Raises:
            NotFound: no such feed.
            DataFileError: the file of a replay cannot be read.
        """
        async with self._opening:
            if key in self._rigs:
                return self._rigs[key]
            feed, hub = await self._open(key, position)
            rig = FeedRig(
                feed,
                hub,
                self._clock,
                on_moved=lambda symbols: self._on_moved(key, symbols),
                on_state=lambda state, detail: self._on_state(key, state, detail),
            )
            self._rigs[key] = rig
            return rig

    def found(self, key: str) -> FeedRig:
        """Return a rig that is open.

        Raises:
            NotFound: it is not.
        """
        if key not in self._rigs:
            raise NotFound("running feed", key)
        return self._rigs[key]

    def rigs(self) -> Mapping[str, FeedRig]:
        """Return every open rig by its key."""
        return self._rigs

    async def release(self, key: str) -> None:
        """Stop a feed that no session is on any more; the simulator stays for the watchlist."""
        rig = self._rigs.get(key)
        if rig is not None and rig.idle and key != SIMULATOR:
            del self._rigs[key]
            await rig.stop()

    async def stop(self) -> None:
        """Stop every feed."""
        rigs, self._rigs = tuple(self._rigs.values()), {}
        for rig in rigs:
            await rig.stop()
