"""The past of Alpaca's market data: assets, and bars page by page."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from random import Random
from types import MappingProxyType
from urllib.parse import quote

from desktop.domain.broker_errors import BrokerFault, CredentialsRefused
from desktop.domain.errors import NotFound
from desktop.domain.instruments import Instrument
from desktop.domain.market import DAY, Bar, timeframe_us
from desktop.domain.money import decimal_of
from desktop.feeds.alpaca_bars import Maker, Page, asked, read_page
from desktop.net.alpaca_api import DATA, LIVE, PAPER, REQUESTS_A_MINUTE, headers_of, instrument_of
from desktop.net.asking import NOT_FOUND, Asker
from desktop.net.backoff import Pause
from desktop.net.budget import RateBudget
from desktop.net.http import Answer, HttpClient, Timeouts
from desktop.net.moments import moment_text
from desktop.ports import Clock

PAGE = 4_000  # bars an answer: read in a few milliseconds
_TITLE = "Alpaca's market data"
_OPEN_SHARE = 8  # times the length of the bars asked for is looked back: markets are closed most of the time
_LEAST_BACK = 12 * DAY


class AlpacaHistory:
    """Implements `ports.HistorySource`.

    Args:
        key_id: Of the API key, of a paper or a live account.
        secret: Of the API key.
        clock: Paces the rate limit.
        plan: Whose trades bars are made of: "iex" (one exchange, free) or "sip" (all, by subscription).
        adjustment: "raw" prices as they were, or "split": as if today's splits had always been.
        url: Replaces every address (a local stand-in); empty: Alpaca's own.
        pause: Waits between tries.
        timeouts: For requests.
        page: Bars an answer.
    """

    name = "alpaca"
    sessions: Mapping[str, str] = MappingProxyType({"regular": "XNYS", "extended": "04:00-20:00@America/New_York"})

    def __init__(
        self,
        key_id: str,
        secret: str,
        clock: Clock,
        *,
        plan: str = "iex",
        adjustment: str = "raw",
        url: str = "",
        pause: Pause = asyncio.sleep,
        timeouts: Timeouts = Timeouts(),  # noqa: B008 - an immutable value
        page: int = PAGE,
    ) -> None:
        self._clock, self._plan, self._adjustment = clock, plan, adjustment
        self._longest = page  # bars
        headers = headers_of(key_id, secret)
        trading = url or (PAPER if key_id.startswith("PK") else LIVE)  # keys of paper accounts begin so
        random = Random(_TITLE)  # noqa: S311 - spreads retries in time, guards nothing
        self._assets, self._prices = (
            Asker(
                HttpClient(
                    base,
                    headers,
                    RateBudget(REQUESTS_A_MINUTE, clock),
                    title=_TITLE,
                    timeouts=timeouts,
                    parse_float=float,
                ),
                random,
                title=_TITLE,
                refused=_refused,
                pause=pause,
            )
            for base in (trading, url or DATA)
        )

    def __repr__(self) -> str:
        return f"AlpacaHistory({self._plan}, {self._adjustment})"

    async def close(self) -> None:
        """Close every connection."""
        await self._assets.close()
        await self._prices.close()

    # instruments -----------------------------------------------------------------------------------------------
    async def instrument(self, symbol: str) -> Instrument:
        """Return steps and currency of a share (NotFound: Alpaca does not trade it)."""
        raw = await self._assets.get(f"/v2/assets/{quote(symbol, safe='')}", what=symbol, missing=NOT_FOUND)
        found = instrument_of(raw) if isinstance(raw, dict) and raw.get("class") != "crypto" else None
        if found is None:
            raise NotFound("symbol", symbol, "Alpaca has no such share that can be traded.")
        price = await self._last_price(symbol)
        return instrument_of(raw, None if price is None else decimal_of(price)) or found

    async def _last_price(self, symbol: str) -> float | None:
        query = {"symbols": symbol, "feed": self._plan}
        try:
            data = await self._prices.get("/v2/stocks/trades/latest", query, what="its last price", missing=NOT_FOUND)
            return float(data["trades"][symbol]["p"])
        except (BrokerFault, KeyError, TypeError, ValueError):
            return None  # without it a share moves in cents, as almost all do

    async def instruments(self) -> tuple[Instrument, ...]:
        """Return every share that can be traded: some ten thousand, read in a thread.

        Raises:
            BrokerFault: Alpaca cannot be reached or refuses.
        """
        query = {"status": "active", "asset_class": "us_equity"}
        body = await self._assets.raw("/v2/assets", query, what="the shares that can be traded")
        return await asyncio.to_thread(_instruments, body)

    # bars ------------------------------------------------------------------------------------------------------
    async def bars(self, symbol: str, timeframe: str, begin: int, end: int) -> AsyncIterator[Sequence[Bar]]:
        """Yield the bars that start in [begin, end), µs UTC, oldest first, in pages.

        Raises:
            NotFound: Alpaca does not have the symbol.
            FieldError: it has no such timeframe.
            BrokerFault: it cannot be reached or refuses.
        """
        maker = Maker(symbol, timeframe)
        token = ""
        last = end if asked(timeframe)[0] == timeframe else end + timeframe_us(timeframe)
        while True:
            page = await self._page(symbol, timeframe, begin, last, token=token)
            token = page.next
            bars = maker.take(page.bars) + ([] if token else maker.rest())
            wanted = [bar for bar in bars if begin <= bar.start < end]
            if wanted:
                yield wanted
            if not token:
                return

    async def latest(self, symbol: str, timeframe: str, bars: int) -> list[Bar]:
        """Return up to `bars` closed bars, oldest first, ending before now (raises as `bars`)."""
        source, _ = asked(timeframe)
        now = self._clock.now()
        length = timeframe_us(timeframe)
        begin = max(0, now - bars * length * _OPEN_SHARE - _LEAST_BACK)
        need = (bars + 1) * (length // timeframe_us(source)) + 1
        newest: list[Bar] = []
        token = ""
        while len(newest) < need:
            page = await self._page(
                symbol,
                timeframe,
                begin,
                now,
                token=token,
                newest_first=True,
                most=min(self._longest, need - len(newest)),
            )
            newest += page.bars
            token = page.next
            if not token:
                break
        maker = Maker(symbol, timeframe)
        whole = maker.take(reversed(newest)) + maker.rest()
        if token and source != timeframe:
            whole = whole[1:]  # made of what came in the middle of its period
        return [bar for bar in whole if bar.end <= now][-bars:] if bars > 0 else []

    async def _page(
        self,
        symbol: str,
        timeframe: str,
        begin: int,
        end: int,
        *,
        token: str,
        newest_first: bool = False,
        most: int = 0,
    ) -> Page:
        source, word = asked(timeframe)
        query = {
            "symbols": symbol,
            "timeframe": word,
            "start": moment_text(begin),
            "end": moment_text(max(begin, end - 1)),
            "limit": str(most or self._longest),
            "adjustment": self._adjustment,
            "feed": self._plan,
            "sort": "desc" if newest_first else "asc",
        }
        if token:
            query["page_token"] = token
        try:
            body = await self._prices.raw("/v2/stocks/bars", query, what=f"bars of {symbol}")
        except _Misunderstood as refused:
            raise NotFound("symbol", symbol, f"Alpaca says: {refused.words}.") from None
        return await asyncio.to_thread(read_page, body, symbol, source)


class _Misunderstood(BrokerFault):
    """Alpaca found a mistake in the question."""

    def __init__(self, words: str) -> None:
        self.words = words
        super().__init__(f"Alpaca's market data refused a question: {words}.")


def _refused(answer: Answer, what: str) -> BrokerFault:
    said = answer.data.get("message") if isinstance(answer.data, dict) else None
    words = " ".join(str(said).split())[:300].rstrip(".") if said else f"status {answer.status}"
    if answer.status == 401 or (answer.status == 403 and "subscription" not in words):
        return CredentialsRefused(
            "Alpaca does not accept the credentials for market data: they are wrong or revoked. No prices come until "
            "they are replaced."
        )
    if answer.status == 403:
        return BrokerFault(
            f"Alpaca's plan of this account does not include {what} ({words}). Choose the IEX plan or subscribe."
        )
    if answer.status in {400, 422}:
        return _Misunderstood(words)
    return BrokerFault(f"Alpaca's market data did not give {what}: {words}. Try again later.")


def _instruments(body: bytes) -> tuple[Instrument, ...]:
    found = (instrument_of(raw) for raw in _assets_in(body))
    return tuple(item for item in found if item is not None)


def _assets_in(body: bytes) -> Iterator[dict[str, object]]:
    """Yield the objects of a long list one by one: parsing it at once would hold the interpreter for 50 ms."""
    decoder = json.JSONDecoder()
    text = body.decode("utf-8", "replace").strip()
    at = 1
    while at < len(text) and text[at] != "]":
        if text[at] in ", \n\r\t":
            at += 1
            continue
        try:
            raw, at = decoder.raw_decode(text, at)
        except ValueError:
            raise BrokerFault("Alpaca's list of shares cannot be read.") from None
        if isinstance(raw, dict):
            yield raw
