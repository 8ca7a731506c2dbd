"""What a session has not stored yet, and its way to the storage: one transaction at a time, told once it is durable."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

from desktop.domain.errors import StorageFault
from desktop.ports import Batch, EquityPoint

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from concurrent.futures import Future

    from desktop.domain.events import Fact
    from desktop.domain.market import Bar
    from desktop.domain.sessions import SessionSettings
    from desktop.ports import Store

LOOK = 0.1  # seconds between two looks at a storage that does not answer


async def durable(store: Store, future: Future[Any], *, patient: bool = True) -> None:
    """Wait until a commit is on disk.

    While the storage takes no writes the commit waits in the storage's queue and is saved as soon as it does.

    Args:
        store: Where it was handed in.
        future: Of the commit.
        patient: False: return at once while the storage takes no writes (what takes risk away is in force already).

    Raises:
        StorageFault: the storage takes no writes now, or never took this one.
    """
    waiter = asyncio.wrap_future(future)
    waiter.add_done_callback(_heard)
    while True:
        done, _ = await asyncio.wait({waiter}, timeout=LOOK)
        if done:
            waiter.result()
            return
        if not store.health.ok:
            if patient:
                raise StorageFault(store.health.sentence)
            return


def _heard(waiter: asyncio.Future[Any]) -> None:
    """Take an error that nobody waits for any more; the commit's own callback has told it."""
    if not waiter.cancelled():
        waiter.exception()


class Commits:
    """Facts, bars and points of one session since its last commit."""

    def __init__(
        self,
        settings: SessionSettings,
        store: Store,
        *,
        on_durable: Callable[[tuple[Fact, ...]], None],
        on_error: Callable[[BaseException], None],
    ) -> None:
        """Both are called on the loop: with the facts of each commit once it is durable, or with why it is not."""
        self._settings, self._store = settings, store
        self._on_durable, self._on_error = on_durable, on_error
        self.facts: list[Fact] = []
        self.bars: list[Bar] = []
        self.points: list[EquityPoint] = []

    def hand_in(
        self,
        at: int,
        state: Mapping[str, Any],
        feed_position: Mapping[str, Any],
        *,
        settings: bool = False,
        full: bool = False,
    ) -> Future[None]:
        """Hand everything since the last commit to the storage thread as one transaction.

        Facts are made safe against a power cut where `full`: orders leave on the strength of them.

        Raises:
            StorageFault: the storage is closed or for reading only; nothing was handed in and nothing is forgotten.
        """
        facts = tuple(self.facts)
        batch = Batch(
            self._settings.session_id,
            at,
            facts=facts,
            state=state,
            feed_position=feed_position,
            bars=tuple(self.bars),
            equity=tuple(self.points),
            settings=self._settings if settings else None,
            sync_full=full and bool(facts),
        )
        future = self._store.commit(batch)
        self.facts, self.bars, self.points = [], [], []
        loop = asyncio.get_running_loop()
        future.add_done_callback(lambda done: _on_loop(loop, self._ended, done, facts))
        return future

    def _ended(self, done: Future[None], facts: tuple[Fact, ...]) -> None:
        error = done.exception()
        if error is not None:
            self._on_error(error)
        elif facts:
            self._on_durable(facts)


def _on_loop(loop: asyncio.AbstractEventLoop, call: Callable[..., None], *arguments: object) -> None:
    """Hand a call from the storage thread to the loop; at shutdown the loop may be gone already."""
    if not loop.is_closed():
        loop.call_soon_threadsafe(call, *arguments)
