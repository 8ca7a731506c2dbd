"""The watchlist: every symbol of every open feed that is subscribed."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from desktop.domain.market import SECOND
from desktop.domain.money import HUNDRED
from desktop.engine.views import WatchRow

if TYPE_CHECKING:
    from desktop.domain.instruments import Instrument
    from desktop.engine.feed_rig import FeedRig
    from desktop.engine.feed_shelf import FeedShelf

STALE_AFTER = 15 * SECOND
SPARK_BARS = 40


def watch_rows(shelf: FeedShelf) -> tuple[WatchRow, ...]:
    """Return a row for each symbol that is listened to."""
    return tuple(
        _row(key, rig, instrument)
        for key, rig in shelf.rigs().items()
        for instrument in rig.feed.instruments()
        if rig.hub.is_watched(instrument.symbol)
    )


def watch_row(shelf: FeedShelf, key: str) -> WatchRow | None:
    """Return one row by its key (feed and symbol); None when the feed is gone."""
    for feed, rig in shelf.rigs().items():  # both a feed's key and a symbol may hold a slash
        symbol = key.removeprefix(f"{feed}/")
        if symbol != key and rig.hub.is_watched(symbol):
            return _row(feed, rig, rig.hub.instrument(symbol))
    return None


def _row(feed: str, rig: FeedRig, instrument: Instrument) -> WatchRow:
    cache = rig.hub.cache(instrument.symbol)
    quote = cache.quote

    def price(value: float) -> Decimal | None:
        return instrument.price(value) if value > 0 else None

    last, opened = price(cache.price), price(cache.open)
    change = last - opened if last is not None and opened is not None else None
    return WatchRow(
        feed=feed,
        instrument=instrument,
        bid=price(quote.bid) if quote else None,
        ask=price(quote.ask) if quote else None,
        last=last,
        change=change,
        change_percent=change * HUNDRED / opened if change is not None and opened else None,
        high=price(cache.high),
        low=price(cache.low),
        volume=float(cache.accepted),
        at=quote.at if quote else 0,
        stale=quote is None or rig.now() - quote.at > STALE_AFTER,
        sparkline=_sparkline(rig, instrument.symbol),
    )


def _sparkline(rig: FeedRig, symbol: str) -> tuple[float, ...]:
    return tuple(rig.hub.recent_closes(symbol, SPARK_BARS))
