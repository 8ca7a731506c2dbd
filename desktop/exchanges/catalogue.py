"""The crypto exchanges Assay knows, and in what they differ."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from desktop.domain.errors import NotFound

FEED_PREFIX = "ccxt:"  # of a feed's key: ccxt:binance


@dataclass(frozen=True, slots=True)
class ExchangeFacts:
    """One exchange.

    Attributes:
        exchange_id: Its name in the library.
        title: As people write it.
        examples: Pairs that it has, the most traded first.
        quotes: The library's method that keeps best bid and ask coming; it takes a list of symbols, or one.
        one_symbol: That method takes one symbol instead of a list.
        kept_in: The library's table that each quote passes through.
        page: Candles in one answer.
        windowed: Candles are asked for by beginning and end: nothing in between is an empty answer, not the end.
    """

    exchange_id: str
    title: str
    examples: tuple[str, ...]
    quotes: str
    one_symbol: bool
    kept_in: str
    page: int
    windowed: bool


_DOLLARS = ("BTC/USD", "ETH/USD", "SOL/USD")
_TETHERS = ("BTC/USDT", "ETH/USDT", "SOL/USDT")

_ALL = (
    ExchangeFacts("binance", "Binance", _TETHERS, "watch_bids_asks", False, "bidsasks", 1_000, False),
    ExchangeFacts("kraken", "Kraken", _DOLLARS, "watch_bids_asks", False, "tickers", 720, False),
    ExchangeFacts("coinbase", "Coinbase", _DOLLARS, "watch_ticker", True, "tickers", 300, True),
    ExchangeFacts("okx", "OKX", _TETHERS, "watch_bids_asks", False, "bidsasks", 300, True),
)

EXCHANGES: Mapping[str, ExchangeFacts] = MappingProxyType({item.exchange_id: item for item in _ALL})


def exchange_facts(exchange_id: str) -> ExchangeFacts:
    """Return what is known of an exchange (NotFound: Assay does not know it)."""
    try:
        return EXCHANGES[exchange_id]
    except KeyError:
        raise NotFound("exchange", exchange_id, f"There are {', '.join(EXCHANGES)}.") from None
