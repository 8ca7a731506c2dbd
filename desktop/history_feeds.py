"""The feeds whose past can be downloaded: the one place that knows them all, for the window and the command line."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from desktop.domain.errors import NotFound, UserMistake

if TYPE_CHECKING:
    from desktop.brokers.keeper import BrokerAccounts
    from desktop.market.history_download import DownloadFeed
    from desktop.ports import Clock, HistorySource

SIMULATOR, ALPACA = "simulator", "alpaca"
_SHARES = ("1m", "5m", "15m", "30m", "1h", "2h", "4h", "1d", "1w")


class HistoryFeeds:
    """Implements `store.archive.Sources`; what a feed needs is imported when it is asked for.

    Args:
        clock: The program's.
        cache: Directory for what a feed may keep between two downloads.
        url: Takes the place of the feeds' addresses (a stand-in on this machine).
        accounts: Returns where the credentials of feeds are that need an account; None: there are none.
    """

    def __init__(
        self,
        clock: Clock,
        cache: Path | None = None,
        url: str = "",
        accounts: Callable[[], BrokerAccounts] | None = None,
    ) -> None:
        self._clock, self._cache, self._url, self._accounts = clock, cache, url, accounts

    def now(self) -> int:
        """Return µs UTC."""
        return self._clock.now()

    def feeds(self) -> Sequence[DownloadFeed]:
        """Return what can be downloaded from."""
        from desktop.domain.market import TIMEFRAMES  # noqa: PLC0415 - see the class
        from desktop.exchanges.catalogue import EXCHANGES, FEED_PREFIX  # noqa: PLC0415
        from desktop.feeds.crypto_history import crypto_timeframes  # noqa: PLC0415
        from desktop.feeds.listings import LISTINGS  # noqa: PLC0415
        from desktop.market.history_download import EXTENDED, REGULAR, DownloadFeed  # noqa: PLC0415

        symbols = tuple(item.instrument.symbol for item in LISTINGS)
        detail = "Simulated prices, always the same: to try things, not to learn from."
        found = [DownloadFeed(SIMULATOR, "Simulated market", detail, symbols, tuple(TIMEFRAMES))]
        for facts in EXCHANGES.values():
            detail = f"Real prices of {facts.title}, no account needed. Pairs are written as {facts.examples[0]}."
            key = f"{FEED_PREFIX}{facts.exchange_id}"
            found.append(DownloadFeed(key, f"{facts.title} (crypto)", detail, facts.examples, crypto_timeframes()))
        if self._accounts is not None:
            detail = "Real prices of US shares; needs the API key of an account at Alpaca (its paper account is free)."
            hours = (REGULAR, EXTENDED)  # as AlpacaHistory.sessions has them
            found.append(DownloadFeed(ALPACA, "Alpaca (US shares)", detail, ("SPY", "AAPL", "MSFT"), _SHARES, hours))
        return tuple(found)

    async def open(self, key: str) -> HistorySource:
        """Open one by its key.

        Raises:
            NotFound: there is none.
            UserMistake: it needs an account, and there is none.
            EnvironmentFault: it cannot be reached.
        """
        from desktop.exchanges.catalogue import FEED_PREFIX, exchange_facts  # noqa: PLC0415 - see the class

        if key == SIMULATOR:
            from desktop.feeds.simulated_source import SimulatedSource  # noqa: PLC0415 - see the class

            return SimulatedSource()
        if key.startswith(FEED_PREFIX):
            from desktop.feeds.crypto_feed import open_crypto_feed  # noqa: PLC0415 - see the class
            from desktop.feeds.crypto_history import CryptoHistory  # noqa: PLC0415

            facts = exchange_facts(key.removeprefix(FEED_PREFIX))
            return CryptoHistory(await open_crypto_feed(key, self._clock, self._cache, self._url), facts)
        if key == ALPACA and self._accounts is not None:
            return await self._alpaca(self._accounts())
        known = ", ".join(feed.key for feed in self.feeds())
        raise NotFound("feed to download from", key, f"There are {known}.")

    async def _alpaca(self, accounts: BrokerAccounts) -> HistorySource:
        from desktop.feeds.alpaca_history import AlpacaHistory  # noqa: PLC0415 - see the class
        from desktop.live_brokers import ALPACA as BROKERS  # noqa: PLC0415 - the ids of its accounts

        ref = next((ref for ref in await accounts.accounts() if ref.broker_id in BROKERS), None)
        if ref is None:
            raise UserMistake(
                "Alpaca's prices need the API key of an account there (its paper account is free). Nothing was "
                "downloaded. Add it under Live > Broker accounts."
            )
        fields = await accounts.credentials(ref)
        return AlpacaHistory(fields["key_id"], fields["secret"], self._clock, url=self._url)
