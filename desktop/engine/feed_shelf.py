"""The feeds that run: each is started with its first session and stopped after its last.

Sessions share a market; a recording is played to each session from its own beginning.
"""

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
RECORDING = "replay:"


def is_shared(key: str) -> bool:
    """Return whether the sessions on a feed hear the same prices at the same time."""
    return not key.startswith(RECORDING)


class FeedShelf:
    """Opens feeds by key and keeps one hub for each; one for each session where a feed is not shared."""

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
        self._names: dict[tuple[str, str], str] = {}  # (key, session) -> name among the rigs
        self._opening = asyncio.Lock()  # two sessions that ask for one feed get one

    async def rig(self, key: str, position: Mapping[str, object], session_id: str = "") -> FeedRig:
        """Return the rig of a feed, for a recording that of the session; opens it where it is not there yet.

        Raises:
            NotFound: no such feed.
            DataFileError: the file of a replay cannot be read.
        """
        async with self._opening:
            known = self.opened(key, session_id)
            if known is not None:
                return known
            feed, hub = await self._open(key, position)
            name = self._free_name(key)
            rig = FeedRig(
                feed,
                hub,
                self._clock,
                on_moved=lambda symbols: self._on_moved(name, symbols),
                on_state=lambda state, detail: self._on_state(name, state, detail),
            )
            self._rigs[name] = rig
            self._names[_place(key, session_id)] = name
            return rig

    async def renew(self) -> None:
        """Open anew the markets that were given up, as after credentials were refused: with those that are kept now.

        Raises:
            AssayError: one could not be opened; it stays as it was.
        """
        async with self._opening:
            for name, rig in tuple(self._rigs.items()):
                if rig.state == "ended" and is_shared(name):
                    await rig.go_on_with(*await self._open(name, {}))

    def _free_name(self, key: str) -> str:
        """Return the key, numbered where the same recording is open already."""
        name, number = key, 1
        while name in self._rigs:
            number += 1
            name = f"{key} ({number})"
        return name

    def opened(self, key: str, session_id: str = "") -> FeedRig | None:
        """Return the open rig of a feed, for a recording that of the session; None: it is not open."""
        return self._rigs.get(self._names.get(_place(key, session_id), ""))

    def found(self, key: str, session_id: str = "") -> FeedRig:
        """Return a rig that is open.

        Raises:
            NotFound: it is not.
        """
        rig = self.opened(key, session_id)
        if rig is None:
            raise NotFound("running feed", key)
        return rig

    def rigs(self) -> Mapping[str, FeedRig]:
        """Return every open rig by its name: the feed's key, numbered where a recording is open more than once."""
        return self._rigs

    async def release(self, key: str, session_id: str = "") -> None:
        """Stop a feed that no session is on any more; the simulator stays for the watchlist."""
        rig = self.opened(key, session_id)
        if rig is not None and rig.idle and key != SIMULATOR:
            del self._rigs[self._names.pop(_place(key, session_id))]
            await rig.stop()

    async def stop(self) -> None:
        """Stop every feed."""
        rigs, self._rigs, self._names = tuple(self._rigs.values()), {}, {}
        for rig in rigs:
            await rig.stop()


def _place(key: str, session_id: str) -> tuple[str, str]:
    return (key, "" if is_shared(key) else session_id)
