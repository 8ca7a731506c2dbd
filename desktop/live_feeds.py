"""The feeds of real prices that run: the one place that knows them all, for the window and the command line."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from desktop.exchanges.catalogue import EXCHANGES, FEED_PREFIX, ExchangeFacts

if TYPE_CHECKING:
    from desktop.engine.api import FeedChoice
    from desktop.feeds.crypto_feed import CryptoFeed
    from desktop.market.hub import Hub
    from desktop.ports import Clock

#: Keys of the feeds that need no account.
PUBLIC_FEEDS = tuple(f"{FEED_PREFIX}{exchange_id}" for exchange_id in EXCHANGES)


def public_choices() -> tuple[FeedChoice, ...]:
    """Return the feeds that need no account, with the pairs that are traded most; the others come with the feed."""
    return tuple(_choice(facts) for facts in EXCHANGES.values())


def _choice(facts: ExchangeFacts) -> FeedChoice:
    from desktop.domain.instruments import AssetClass, Instrument  # noqa: PLC0415 - not needed to parse a command
    from desktop.engine.api import FeedChoice  # noqa: PLC0415 - as above

    pairs = tuple(
        Instrument(symbol, currency=symbol.partition("/")[2], asset_class=AssetClass.CRYPTO)
        for symbol in facts.examples
    )
    detail = f"Real prices of {facts.title}, no account needed. Write a pair as {facts.examples[0]}."
    return FeedChoice(f"{FEED_PREFIX}{facts.exchange_id}", f"{facts.title} (crypto)", detail, pairs)


async def open_public_feed(key: str, clock: Clock, cache: Path | None, url: str) -> tuple[CryptoFeed, Hub]:
    """Open a feed that needs no account, and its hub.

    Args:
        key: One of `PUBLIC_FEEDS`.
        clock: The program's.
        cache: Directory for what the exchange says of its markets.
        url: Takes the place of the exchange's addresses (a stand-in); empty: the exchange itself.

    Raises:
        NotFound: there is no such feed.
        EnvironmentFault: the exchange cannot be reached, and nothing of it is cached.
    """
    from desktop.feeds.crypto_feed import open_crypto_feed  # noqa: PLC0415 - when one is asked for
    from desktop.market.hub import Hub  # noqa: PLC0415 - as above

    feed = await open_crypto_feed(key, clock, cache, url)
    hub = Hub(key, feed.instruments())
    hub.on_subscribe, hub.on_unsubscribe = feed.subscribe, feed.unsubscribe
    return feed, hub
