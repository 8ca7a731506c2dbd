"""Alpaca's market data as it happens: quotes and trades of shares."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Coroutine, Mapping, Sequence
from random import Random
from typing import Any

from desktop.domain.broker_errors import BrokerFault
from desktop.domain.errors import FieldError, NotFound
from desktop.domain.instruments import Instrument
from desktop.domain.market import MINUTE, Bar, FeedOrigin, Quote, Trade
from desktop.feeds.alpaca_bars import TIMEFRAMES
from desktop.feeds.alpaca_history import AlpacaHistory
from desktop.feeds.alpaca_words import (
    HARMLESS,
    TITLE,
    fault_of,
    halt_of,
    message_of,
    quote_of,
    statuses_of,
    trade_of,
)
from desktop.feeds.crypto_candles import missed_prices
from desktop.net.backoff import Backoff, Pause
from desktop.net.socket import HEARTBEAT, MendingStream, Wire
from desktop.ports import Clock, FeedListener

log = logging.getLogger(__name__)

PLANS = ("iex", "sip")
STREAM = "wss://stream.data.alpaca.markets"


class AlpacaFeed:
    """Implements `ports.MarketFeed`; `open` comes before anything else.

    Args:
        key_id: Of the API key.
        secret: Of the API key; it is sent in the greeting and shown nowhere.
        plan: "iex" (one exchange, free) or "sip" (all exchanges, by subscription).
        clock: Paces the rate limit of history.
        url: Replaces every address (a local stand-in); empty: Alpaca's own.
        pause: Waits between tries.
        heartbeat: Seconds of silence until the stream is asked whether it is there.
        patience: Seconds it may take to answer that, or to connect.

    Raises:
        FieldError: there is no such plan.
    """

    name = "alpaca"
    origin = FeedOrigin.REAL_TIME

    def __init__(
        self,
        key_id: str,
        secret: str,
        plan: str = "iex",
        *,
        clock: Clock,
        url: str = "",
        pause: Pause = asyncio.sleep,
        heartbeat: float = HEARTBEAT,
        patience: float = 10.0,
    ) -> None:
        if plan not in PLANS:
            raise FieldError("plan", f"{plan!r} is not one of {', '.join(PLANS)}.")
        self._key_id, self._secret, self._plan = key_id, secret, plan
        self._past = AlpacaHistory(key_id, secret, clock, plan=plan, url=url, pause=pause)
        self._instruments: tuple[Instrument, ...] = ()
        self._listener: FeedListener | None = None
        self._wanted: dict[str, int] = {}  # in the order wanted
        self._asked: frozenset[str] = frozenset()  # what the connection at hand was asked for
        self._last: dict[str, int] = {}  # µs UTC of each symbol's last quote
        self._gaps: dict[str, int] = {}  # symbols that lost the connection: µs UTC of their last quote before
        self._halted: dict[str, int] = {}  # halted symbols: µs UTC since when
        self._untold: set[str] = set()  # symbols whose status nobody has told on the connection at hand
        self._chores: set[asyncio.Task[None]] = set()
        self._sending = asyncio.Lock()
        base = url.replace("http", "ws", 1) if url else STREAM
        self._stream = MendingStream(
            f"{base}/v2/{plan}",
            title=TITLE,
            greet=self._greet,
            take=self._take,
            probe=lambda: message_of("subscribe", sorted(self._asked)),
            on_up=lambda: self._say("connected", f"Alpaca: {plan.upper()} prices in real time"),
            on_down=self._lost,
            on_end=lambda fault: self._say("ended", str(fault)),
            backoff=Backoff(Random(TITLE)),  # noqa: S311 - spreads retries in time, guards nothing
            pause=pause,
            heartbeat=heartbeat,
            patience=patience,
        )

    def __repr__(self) -> str:
        return f"AlpacaFeed({self._plan})"

    async def open(self) -> None:
        """Learn which shares there are.

        Raises:
            EnvironmentFault: Alpaca cannot be reached, or refuses the credentials.
        """
        try:
            self._instruments = await self._past.instruments()
        except BaseException:
            await self._past.close()
            raise

    def instruments(self) -> Sequence[Instrument]:
        return self._instruments

    def position(self) -> Mapping[str, Any]:
        """Return nothing: a market goes on by itself."""
        return {}

    # running ---------------------------------------------------------------------------------------------------
    async def start(self, listener: FeedListener) -> None:
        """Begin to hear the symbols that are wanted, until `stop`; a connection that is down is tried by itself."""
        self._listener = listener
        try:
            await self._stream.start()
        except BrokerFault as fault:
            log.info("prices of Alpaca do not come yet: %s", fault)  # the listener was told

    async def stop(self) -> None:
        """Close every connection."""
        self._listener = None
        for task in tuple(self._chores):
            task.cancel()
        await asyncio.gather(*self._chores, return_exceptions=True)
        await self._stream.stop()
        await self._past.close()

    def subscribe(self, symbol: str) -> None:
        """Hear a symbol from now on."""
        self._wanted.setdefault(symbol, len(self._wanted))
        self._agree_soon()

    def unsubscribe(self, symbol: str) -> None:
        """Hear it no longer."""
        for known in (self._wanted, self._last, self._gaps, self._halted):
            known.pop(symbol, None)
        self._untold.discard(symbol)
        self._agree_soon()

    def _agree_soon(self) -> None:
        """Tell the other side what is wanted now; where there is no connection, the next one is told at once."""
        wire = self._stream.wire
        if wire is not None:
            self._chore(self._agree(wire), "symbols")

    def _chore(self, work: Coroutine[Any, Any, None], name: str) -> None:
        task = asyncio.get_running_loop().create_task(work, name=f"{self.name} {name}")
        self._chores.add(task)
        task.add_done_callback(self._chores.discard)

    async def _agree(self, wire: Wire) -> None:
        async with self._sending:  # one after the other, each with what is wanted by then
            new = [symbol for symbol in self._wanted if symbol not in self._asked]
            gone = sorted(self._asked - set(self._wanted))
            self._asked = frozenset(self._wanted)
            try:
                if gone:
                    await wire.say(message_of("unsubscribe", gone))
                    await wire.say(statuses_of("unsubscribe", gone))
                if new:
                    self._untold.update(new)
                    await wire.say(message_of("subscribe", new))
                    await wire.say(statuses_of("subscribe", new))
            except BrokerFault:
                return  # lost: the next connection asks for all of them

    def _say(self, state: str, detail: str) -> None:
        if self._listener is not None:
            self._listener.on_state(state, detail)

    # what the stream says --------------------------------------------------------------------------------------
    async def _greet(self, wire: Wire) -> None:
        self._asked = frozenset()
        await _expect(wire, "connected")
        await wire.say({"action": "auth", "key": self._key_id, "secret": self._secret})
        await _expect(wire, "authenticated")
        self._asked = frozenset(self._wanted)
        if self._asked:
            self._untold = set(self._asked)
            await wire.say(message_of("subscribe", sorted(self._asked)))
            await wire.say(statuses_of("subscribe", sorted(self._asked)))

    async def _take(self, message: Any) -> None:
        """Take what came in one frame: a list of whatever happened."""
        listener = self._listener
        if listener is None or not isinstance(message, list):
            return
        for item in message:
            kind = item.get("T") if isinstance(item, Mapping) else None
            if kind == "error":
                self._error(item)
                continue
            try:
                tick = quote_of(item) if kind == "q" else trade_of(item) if kind == "t" else None
                if kind == "s":
                    self._status(listener, item)
            except (KeyError, TypeError, ValueError):
                log.warning("a price of Alpaca cannot be read and was left out")
                continue
            if isinstance(tick, Trade):
                if tick.symbol in self._untold:
                    self._trades_again(listener, tick)
                listener.on_trade(tick)
            elif tick is not None and tick.bid > 0.0 and tick.ask > 0.0:  # 0: nobody offers on that side
                self._hand_on(listener, tick)

    def _status(self, listener: FeedListener, item: Mapping[str, Any]) -> None:
        """Take the trading status of a symbol: halted, trading again, or something else."""
        told = halt_of(item)
        if told is None or told[0] not in self._wanted:
            return
        symbol, reason, at = told
        self._untold.discard(symbol)
        if reason:
            self._halted[symbol] = at
        else:
            self._halted.pop(symbol, None)
        listener.on_halt(symbol, reason, at)

    def _trades_again(self, listener: FeedListener, trade: Trade) -> None:
        """Take a trade as proof that a symbol trades whose status nobody told since the connection was made.

        Only changes are told, so a resumption while nobody listened would leave it halted for ever.
        """
        symbol = trade.symbol
        if trade.at > self._halted.get(symbol, 0):
            self._untold.discard(symbol)
            self._halted.pop(symbol, None)
            listener.on_halt(symbol, "", trade.at)

    def _hand_on(self, listener: FeedListener, quote: Quote) -> None:
        symbol, at = quote.symbol, quote.at
        listener.on_quote(quote)
        self._last[symbol] = max(at, self._last.get(symbol, 0))
        gap = self._gaps.pop(symbol, None)
        if gap is not None and at - gap > MINUTE:
            self._chore(self._fill(symbol, gap, at), f"{symbol} back-fill")

    async def _fill(self, symbol: str, since: int, until: int) -> None:
        """Add the prices that passed while the connection was down to the bars that are still forming.

        The hub takes them as what they are, late: they move no trigger and fill no order.
        """
        try:
            async for page in self._past.bars(symbol, "1m", since, until):
                for at, price in missed_prices(page, since, until):
                    if self._listener is not None and symbol in self._wanted:
                        self._listener.on_quote(Quote(symbol, at, price, price))
        except (BrokerFault, NotFound) as fault:
            log.warning("prices of %s that were missed cannot be had: %s", symbol, fault)

    def _lost(self, why: str) -> None:
        for symbol, at in self._last.items():
            self._gaps.setdefault(symbol, at)
        self._say("reconnecting", why)

    def _error(self, item: Mapping[str, Any]) -> None:
        fault = fault_of(item)
        if item.get("code") in HARMLESS:
            log.warning("Alpaca's prices: %s", fault)
            self._say("connected", str(fault))
            return
        raise fault

    # the past --------------------------------------------------------------------------------------------------
    async def history(self, symbol: str, timeframe: str, bars: int) -> Sequence[Bar]:
        """Return up to `bars` closed bars, oldest first, ending before now; none where Alpaca has none so short.

        Raises:
            NotFound: Alpaca does not have the symbol.
            EnvironmentFault: it cannot be reached or refuses.
        """
        return await self._past.latest(symbol, timeframe, bars) if timeframe in TIMEFRAMES else []


async def open_alpaca_feed(
    key_id: str, secret: str, plan: str = "iex", *, clock: Clock, url: str = "", pause: Pause = asyncio.sleep
) -> AlpacaFeed:
    """Open the feed.

    Raises:
        FieldError: there is no such plan.
        EnvironmentFault: Alpaca cannot be reached, or refuses the credentials.
    """
    feed = AlpacaFeed(key_id, secret, plan, clock=clock, url=url, pause=pause)
    await feed.open()
    return feed


async def _expect(wire: Wire, words: str) -> None:
    """Wait for a success message of the greeting."""
    message = await wire.hear()
    for item in message if isinstance(message, list) else ():
        if item.get("T") == "success" and item.get("msg") == words:
            return
        if item.get("T") == "error":
            raise fault_of(item)
    raise BrokerFault(f"{TITLE}: the greeting was not understood. It is tried again.")
