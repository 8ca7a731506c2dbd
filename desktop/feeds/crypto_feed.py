"""Public prices of a crypto exchange, without any account: quotes, prints and candles."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

from desktop.domain.errors import EnvironmentFault, NotFound
from desktop.domain.instruments import Instrument
from desktop.domain.market import Bar, FeedOrigin, Quote, Trade
from desktop.exchanges.catalogue import FEED_PREFIX, exchange_facts
from desktop.exchanges.faults import fault_of, is_library_fault
from desktop.exchanges.library import Access, Exchange, drop_lines, make_exchange
from desktop.exchanges.markets import MarketShelf, give_markets, instruments_of
from desktop.feeds.crypto_candles import bars_before, candle_pages, gap_timeframe, missed_prices
from desktop.ports import Clock, FeedListener

Pause = Callable[[float], Awaitable[None]]

FIRST_WAIT = 1.0  # seconds before the first attempt to come back; doubled up to the longest
LONGEST_WAIT = 30.0
SILENCE = 30.0  # seconds without any quote after which the line is taken for dead
WATCH_EVERY = 5.0  # seconds between two looks at that
_MS = 1_000  # µs


class _Passing(dict[str, Mapping[str, Any]]):
    """The library's table of quotes, telling of each as it is written: its own futures keep only one of a burst."""

    def __init__(self, tell: Callable[[str, Mapping[str, Any]], None]) -> None:
        super().__init__()
        self._tell = tell

    def __setitem__(self, symbol: str, ticker: Mapping[str, Any]) -> None:
        super().__setitem__(symbol, ticker)
        try:
            self._tell(symbol, ticker)
        except Exception as error:  # noqa: BLE001 - thrown into the library it would end the stream without a word
            context = {"message": f"taking a quote of {symbol} failed", "exception": error}
            asyncio.get_running_loop().call_exception_handler(context)


class CryptoFeed:
    """Implements `ports.MarketFeed`; `open` comes before anything else.

    Args:
        exchange: One of the exchanges of `desktop.exchanges.catalogue`.
        clock: Stamps quotes of exchanges that do not.
        url: Takes the place of the exchange's addresses (a stand-in); empty: the exchange itself.
        cache: Directory in which its markets are kept, so that a start need not wait for them.
        pause: Waits so many seconds.
    """

    origin = FeedOrigin.REAL_TIME

    def __init__(
        self,
        exchange: str,
        clock: Clock,
        url: str = "",
        cache: Path | None = None,
        *,
        pause: Pause = asyncio.sleep,
        seed: int = 0,
    ) -> None:
        self._facts = exchange_facts(exchange)
        self.name = f"{FEED_PREFIX}{exchange}"
        self._clock, self._url, self._pause = clock, url, pause
        self._shelf = MarketShelf(exchange, cache, url)
        self._luck = random.Random(seed)  # noqa: S311 - spreads attempts to reconnect, guards nothing
        self._instruments: tuple[Instrument, ...] = ()
        self._exchange: Exchange | None = None
        self._listener: FeedListener | None = None
        self._wanted: dict[str, list[asyncio.Task[None]]] = {}
        self._chores: set[asyncio.Task[None]] = set()
        self._last: dict[str, int] = {}  # µs UTC of each symbol's last quote
        self._gaps: dict[str, int] = {}  # symbols that lost the line: µs UTC of their last quote before
        self._heard = 0.0  # seconds, monotonic, of the last quote of any symbol
        self._state = ""
        self._refresh = False

    # opening ---------------------------------------------------------------------------------------------------
    async def open(self) -> None:
        """Learn the exchange's markets, from the cache where there are some; the library loads in a thread.

        Raises:
            EnvironmentFault: nothing is cached and the exchange cannot be reached.
        """
        self._exchange, self._instruments, self._refresh = await asyncio.to_thread(self._opened)

    def _opened(self) -> tuple[Exchange, tuple[Instrument, ...], bool]:
        markets, stale = self._shelf.load(self._clock.now())
        exchange = make_exchange(self._facts.exchange_id, Access(url=self._url))
        give_markets(exchange, markets)
        return exchange, instruments_of(markets, self._facts.title), stale

    @property
    def exchange(self) -> Exchange:
        """The library's exchange (NotFound: the feed is not open)."""
        if self._exchange is None:
            raise NotFound("open feed", self.name)
        return self._exchange

    def instruments(self) -> Sequence[Instrument]:
        return self._instruments

    def position(self) -> Mapping[str, Any]:
        """Return nothing: a market goes on by itself."""
        return {}

    # running ---------------------------------------------------------------------------------------------------
    async def start(self, listener: FeedListener) -> None:
        """Begin to hear the symbols that are wanted, until `stop`; a line that is down is tried again by itself."""
        self._listener = listener
        setattr(self.exchange, self._facts.kept_in, _Passing(self._on_ticker))
        self._heard = self._clock.monotonic()
        self._chore(self._watch_silence(), "silence")
        if self._refresh:
            self._refresh = False
            self._chore(self._renew(), "markets")
        for symbol in tuple(self._wanted):
            self._keep(symbol)

    async def stop(self) -> None:
        """Close every connection."""
        self._listener = None
        tasks = [*self._chores, *(task for tasks in self._wanted.values() for task in tasks)]
        self._chores.clear()
        self._wanted = {symbol: [] for symbol in self._wanted}
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        if self._exchange is not None:
            await self._exchange.close()

    def subscribe(self, symbol: str) -> None:
        """Hear a symbol from now on."""
        if symbol not in self._wanted:
            self._wanted[symbol] = []
            if self._listener is not None:
                self._keep(symbol)

    def unsubscribe(self, symbol: str) -> None:
        """Hear it no longer; the exchange may go on sending it until the line is next renewed, unheard."""
        for task in self._wanted.pop(symbol, ()):
            task.cancel()
        self._last.pop(symbol, None)
        self._gaps.pop(symbol, None)

    def _keep(self, symbol: str) -> None:
        loop = asyncio.get_running_loop()
        self._wanted[symbol] = [
            loop.create_task(self._kept(symbol, self._quotes), name=f"{self.name} {symbol} quotes"),
            loop.create_task(self._kept(symbol, self._prints), name=f"{self.name} {symbol} prints"),
        ]

    def _chore(self, work: Any, name: str) -> None:
        task = asyncio.get_running_loop().create_task(work, name=f"{self.name} {name}")
        self._chores.add(task)
        task.add_done_callback(self._chores.discard)

    async def _kept(self, symbol: str, hear: Callable[[str], Awaitable[None]]) -> None:
        """Hear one stream of a symbol for ever, over as many connections as that takes."""
        wait = FIRST_WAIT
        while True:
            heard_before = self._last.get(symbol)
            error: BaseException
            try:
                self.exchange.ws_dial_backoff = {}  # waiting is done here, where a test can see it
                while True:
                    await hear(symbol)
                    wait = FIRST_WAIT
            except asyncio.CancelledError:
                task = asyncio.current_task()
                if task is not None and task.cancelling():
                    raise
                error = ConnectionError("the line was closed")  # the library cancels its own futures so
            except Exception as caught:  # noqa: BLE001 - whatever the line says, the feed lives on
                error = caught
            if self._last.get(symbol) != heard_before:
                wait = FIRST_WAIT
            self._lost(symbol, error, wait)
            await self._pause(wait * (1 + self._luck.random() / 4))
            wait = min(2 * wait, LONGEST_WAIT)

    async def _quotes(self, symbol: str) -> None:
        watch = getattr(self.exchange, self._facts.quotes)
        await watch(symbol if self._facts.one_symbol else [symbol])

    async def _prints(self, symbol: str) -> None:
        for item in await self.exchange.watch_trades(symbol):
            if self._listener is not None and item.get("price") and item.get("amount") is not None:
                at = int(item["timestamp"] or 0) * _MS or self._clock.now()
                trade = Trade(symbol, at, float(item["price"]), float(item["amount"]), str(item.get("id") or ""))
                self._listener.on_trade(trade)

    def _on_ticker(self, symbol: str, ticker: Mapping[str, Any]) -> None:
        """Take a quote the moment the library has read it."""
        if self._listener is None or symbol not in self._wanted:
            return
        bid, ask = ticker.get("bid"), ticker.get("ask")
        if not bid or not ask:
            return
        stamped = ticker.get("timestamp")
        at = int(stamped) * _MS if stamped else self._clock.now()
        self._heard = self._clock.monotonic()
        self._say("connected", f"{self._facts.title}: public prices in real time")
        self._last[symbol] = max(at, self._last.get(symbol, 0))
        sizes = float(ticker.get("bidVolume") or 0.0), float(ticker.get("askVolume") or 0.0)
        self._listener.on_quote(Quote(symbol, at, float(bid), float(ask), *sizes))
        gap = self._gaps.pop(symbol, None)
        if gap is not None:
            self._chore(self._fill(symbol, gap, at), f"{symbol} back-fill")

    # losing and coming back ------------------------------------------------------------------------------------
    def _lost(self, symbol: str, error: BaseException, wait: float) -> None:
        if symbol in self._last:
            self._gaps.setdefault(symbol, self._last[symbol])
        said = (
            str(fault_of(self._facts.title, error))
            if is_library_fault(error)
            else f"The connection to {self._facts.title} was lost."
        )
        self._say("reconnecting", f"{said} Next attempt in {wait:.0f} s.")

    def _say(self, state: str, detail: str) -> None:
        if state != self._state and self._listener is not None:
            self._state = state
            self._listener.on_state(state, detail)

    async def _watch_silence(self) -> None:
        """Find a socket that is open and says nothing (fault 20): tell, and begin anew on another one."""
        while True:
            await self._pause(WATCH_EVERY)
            if not self._wanted or self._clock.monotonic() - self._heard <= SILENCE:
                continue
            self._heard = self._clock.monotonic()
            if self._state != "reconnecting":  # else it is told already, and the new line is silent too
                self._say("silent", f"{self._facts.title} has sent no price for {SILENCE:.0f} s. The line is renewed.")
            for symbol, at in self._last.items():
                self._gaps.setdefault(symbol, at)
            await drop_lines(self.exchange)

    async def _fill(self, symbol: str, since: int, until: int) -> None:
        """Add the prices that passed while the line was down to the bars that are still forming.

        The hub takes them as what they are, late: they move no trigger and fill no order.
        """
        timeframe = gap_timeframe(self.exchange, until - since)
        if not timeframe:
            return
        try:
            async for page in candle_pages(self.exchange, self._facts, symbol, timeframe, since, until):
                for at, price in missed_prices(page, since, until):
                    if self._listener is not None and symbol in self._wanted:
                        self._listener.on_quote(Quote(symbol, at, price, price))
        except Exception as error:
            if not is_library_fault(error):
                raise

    async def _renew(self) -> None:
        """Bring the stored markets up to date for the next start."""
        with suppress(EnvironmentFault):  # the stored ones serve; the state of the line tells of a network that is away
            await asyncio.to_thread(self._shelf.fetched, self._clock.now())

    # the past --------------------------------------------------------------------------------------------------
    async def history(self, symbol: str, timeframe: str, bars: int) -> Sequence[Bar]:
        """Return up to `bars` closed bars, oldest first, ending before now.

        Raises:
            EnvironmentFault: the exchange cannot be reached or refuses.
        """
        try:
            return await bars_before(self.exchange, self._facts, symbol, timeframe, bars, self._clock.now())
        except Exception as error:
            if is_library_fault(error):
                raise fault_of(self._facts.title, error) from None
            raise


async def open_crypto_feed(key: str, clock: Clock, cache: Path | None = None, url: str = "") -> CryptoFeed:
    """Open the feed that a key names (`ccxt:binance`).

    Raises:
        NotFound: Assay does not know the exchange.
        EnvironmentFault: it cannot be reached, and nothing of it is cached.
    """
    feed = CryptoFeed(key.removeprefix(FEED_PREFIX), clock, url, cache)
    await feed.open()
    return feed
