"""The feeds whose past can be downloaded: the one place that knows them all, for the window and the command line."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from desktop.domain.errors import NotFound

if TYPE_CHECKING:
    from desktop.market.history_download import DownloadFeed
    from desktop.ports import HistorySource

SIMULATOR = "simulator"


class HistoryFeeds:
    """Implements `store.archive.Sources`; what a feed needs is imported when it is asked for.

    Args:
        now: Returns µs UTC.
    """

    def __init__(self, now: Callable[[], int]) -> None:
        self.now = now

    def feeds(self) -> Sequence[DownloadFeed]:
        """Return what can be downloaded from."""
        from desktop.domain.market import TIMEFRAMES  # noqa: PLC0415 - see the class
        from desktop.feeds.listings import LISTINGS  # noqa: PLC0415
        from desktop.market.history_download import DownloadFeed  # noqa: PLC0415

        symbols = tuple(item.instrument.symbol for item in LISTINGS)
        detail = "Simulated prices, always the same: to try things, not to learn from."
        return (DownloadFeed(SIMULATOR, "Simulated market", detail, symbols, tuple(TIMEFRAMES)),)

    async def open(self, key: str) -> HistorySource:
        """Open one by its key (NotFound: there is none)."""
        if key == SIMULATOR:
            from desktop.feeds.simulated_source import SimulatedSource  # noqa: PLC0415 - see the class

            return SimulatedSource()
        known = ", ".join(feed.key for feed in self.feeds())
        raise NotFound("feed to download from", key, f"There is {known}.")
