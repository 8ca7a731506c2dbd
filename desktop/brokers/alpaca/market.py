"""What Alpaca says of its market: what can be traded in which steps, whether it is open, its calendar."""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from urllib.parse import quote

from desktop.brokers.alpaca import answers, wire
from desktop.brokers.alpaca.answers import MarketDay
from desktop.brokers.alpaca.rest import AlpacaRest
from desktop.domain.broker import BrokerClock
from desktop.domain.broker_errors import BrokerFault
from desktop.domain.instruments import Instrument
from desktop.net.alpaca_api import instrument_of

log = logging.getLogger(__name__)


class AlpacaMarket:
    """Asks the trading address for assets and times, that of market data for last prices."""

    def __init__(self, rest: AlpacaRest, prices: AlpacaRest) -> None:
        self._rest, self._prices = rest, prices

    async def instruments(self, symbols: Sequence[str]) -> list[Instrument]:
        """Return what of these symbols can be traded."""
        found = []
        for symbol in symbols:
            raw = await self._rest.get(f"/v2/assets/{quote(symbol, safe='')}", what=symbol, missing=True)
            if raw is not None:
                found.append(answers.mapping(raw))
        prices = await self._last_prices([wire.field(raw, "symbol") for raw in found if raw.get("class") != "crypto"])
        made = (instrument_of(raw, prices.get(wire.field(raw, "symbol"))) for raw in found)
        return [item for item in made if item is not None]

    async def _last_prices(self, symbols: Sequence[str]) -> Mapping[str, Decimal]:
        """Return last prices, as far as they can be had: only the step of a share below a dollar depends on them."""
        if not symbols:
            return {}
        query = {"symbols": ",".join(symbols), "feed": "iex"}
        try:
            answer = answers.mapping(await self._prices.get("/v2/stocks/trades/latest", query, what="last prices"))
            trades = answers.mapping(answer.get("trades"))
            found = {symbol: wire.number(answers.mapping(trade).get("p")) for symbol, trade in trades.items()}
        except BrokerFault as fault:
            log.info("last prices are not known, so shares are taken to move in cents: %s", fault)
            return {}
        return {symbol: price for symbol, price in found.items() if price is not None}

    async def clock(self) -> BrokerClock:
        """Return whether the US market is open."""
        return answers.clock_of(answers.mapping(await self._rest.get("/v2/clock", what="the market's clock")))

    async def calendar(self, begin: date, end: date) -> list[MarketDay]:
        """Return the trading days of the US market from `begin` to `end`, both included."""
        query = {"start": begin.isoformat(), "end": end.isoformat()}
        found = answers.rows(await self._rest.get("/v2/calendar", query, what="the market's calendar"))
        return [answers.market_day_of(raw) for raw in found]
