"""The feed of public crypto prices against stand-ins of the four exchanges, over real sockets."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from decimal import Decimal
from functools import partial
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from desktop.domain.errors import EnvironmentFault, FieldError, NotFound
from desktop.domain.instruments import AssetClass
from desktop.domain.market import DAY, HOUR, MINUTE, SECOND, FeedOrigin, Quote
from desktop.feeds.crypto_feed import LONGEST_WAIT, SILENCE, WATCH_EVERY, CryptoFeed
from desktop.market.hub import Hub
from tests.feeds.crypto_ear import Ear, Pauses
from tests.helpers.fake_clock import FakeClock
from tests.helpers.standins.base import Standin
from tests.helpers.standins.crypto import BinanceStandin
from tests.helpers.standins.crypto_pairs import PAIRS, candles
from tests.helpers.standins.crypto_public import CoinbaseStandin, KrakenStandin, OkxStandin

EXCHANGES: dict[str, tuple[type[Any], str]] = {
    "binance": (BinanceStandin, "BTC/USDT"),
    "kraken": (KrakenStandin, "BTC/USD"),
    "coinbase": (CoinbaseStandin, "BTC/USD"),
    "okx": (OkxStandin, "BTC/USDT"),
}


class Scene:
    """A feed on its stand-in, with a clock and waits that the test moves."""

    def __init__(self, exchange: str, standin: Any, symbol: str, cache: Path) -> None:
        self.standin, self.symbol, self.cache = standin, symbol, cache
        self.clock: FakeClock = standin.clock
        self.ear, self.pauses = Ear(), Pauses()
        self.feed = CryptoFeed(exchange, self.clock, standin.url, cache, pause=self.pauses)

    async def listen(self) -> None:
        """Open and start, and wait until quotes and prints are subscribed to."""
        self.standin.price(self.symbol, "60000.00", "60000.10")
        await self.feed.open()
        self.feed.subscribe(self.symbol)
        await self.feed.start(self.ear)
        await self.ear.until(lambda: bool(self.ear.quotes))
        await self.standin.until(lambda: self.subscribed("trade"))

    def subscribed(self, kind: str) -> bool:
        found = (topics for one in self.standin.channels for topics in one.topics.items())
        return any(name.startswith(kind) and self.symbol in symbols for name, symbols in found)

    async def quote(self, bid: str, ask: str) -> Quote:
        """Move the market, and return the quote as it was heard."""
        self.standin.price(self.symbol, bid, ask)
        await self.ear.until(lambda: self.ear.quotes[-1].bid == float(bid))
        return self.ear.quotes[-1]


@pytest.fixture(params=EXCHANGES)
async def scene(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Scene]:
    kind, symbol = EXCHANGES[request.param]
    async with kind(clock=FakeClock()) as standin:
        scene = Scene(request.param, standin, symbol, tmp_path)
        yield scene
        await scene.feed.stop()


@pytest.fixture
async def binance(tmp_path: Path) -> AsyncIterator[Scene]:
    async with BinanceStandin(clock=FakeClock()) as standin:
        scene = Scene("binance", standin, "BTC/USDT", tmp_path)
        yield scene
        await scene.feed.stop()


async def test_quotes_and_prints_of_every_exchange_arrive(scene: Scene) -> None:
    await scene.listen()
    scene.clock.move(1)
    quote = await scene.quote("61000.50", "61000.75")
    scene.standin.tape(scene.symbol, "61000.60", "0.25")
    await scene.ear.until(lambda: bool(scene.ear.trades))

    assert (quote.symbol, quote.bid, quote.ask) == (scene.symbol, 61000.50, 61000.75)
    assert abs(quote.at - scene.clock.now()) < SECOND
    assert quote.bid_size > 0
    assert quote.ask_size > 0
    trade = scene.ear.trades[-1]
    assert (trade.symbol, trade.price, trade.size) == (scene.symbol, 61000.60, 0.25)
    assert trade.trade_id
    assert scene.ear.states[0][0] == "connected"
    assert scene.feed.origin == FeedOrigin.REAL_TIME


async def test_steps_and_currency_come_from_the_exchange(scene: Scene) -> None:
    await scene.feed.open()

    found = {item.symbol: item for item in scene.feed.instruments()}
    instrument = found[scene.symbol]
    assert instrument.tick == Decimal("0.01")
    assert instrument.lot == Decimal("0.00001")
    assert instrument.currency == scene.symbol.partition("/")[2]
    assert instrument.asset_class is AssetClass.CRYPTO
    assert instrument.calendar == "always"
    assert len(found) == 3


@pytest.mark.parametrize("timeframe", ["1m", "10m", "1h", "4h", "1d"])
async def test_history_ends_before_now_and_has_no_hole(scene: Scene, timeframe: str) -> None:
    await scene.feed.open()

    bars = await scene.feed.history(scene.symbol, timeframe, 30)

    length = {"1m": MINUTE, "10m": 10 * MINUTE, "1h": HOUR, "4h": 4 * HOUR, "1d": DAY}[timeframe]
    end = scene.clock.now() // length * length
    assert [bar.start for bar in bars] == [end - back * length for back in range(30, 0, -1)]
    assert bars[-1].timeframe == timeframe
    [expected] = candles(PAIRS[scene.symbol], length, bars[-1].start, bars[-1].end)
    if timeframe in scene.feed.exchange.timeframes:
        assert (bars[-1].open, bars[-1].high, bars[-1].low, bars[-1].close) == expected[1:5]
    else:
        assert (bars[-1].open, bars[-1].close) == (expected.open, expected.close)


async def test_history_longer_than_a_page_is_put_together(scene: Scene) -> None:
    await scene.feed.open()

    bars = await scene.feed.history(scene.symbol, "1m", 1_500)

    assert len(bars) == (720 if scene.feed.name == "ccxt:kraken" else 1_500)  # Kraken keeps no more
    assert all(after.start - before.start == MINUTE for before, after in pairwise(bars))


async def test_history_from_before_the_listing_is_what_there_is(scene: Scene) -> None:
    scene.standin.lists_from = scene.clock.now() - 10 * HOUR
    await scene.feed.open()

    bars = await scene.feed.history(scene.symbol, "1m", 3_000)

    assert len(bars) == 600
    assert len(scene.standin.asked_public) < 12


async def test_a_timeframe_the_exchange_cannot_serve_has_no_history(scene: Scene) -> None:
    await scene.feed.open()

    bars = await scene.feed.history(scene.symbol, "5s", 20)

    assert len(bars) == (20 if scene.feed.name == "ccxt:binance" else 0)
    with pytest.raises(FieldError):
        await scene.feed.history(scene.symbol, "7m", 20)


async def test_weeks_begin_on_monday(scene: Scene) -> None:
    await scene.feed.open()

    bars = await scene.feed.history(scene.symbol, "1w", 5)

    assert len(bars) == 5
    assert all((bar.start // DAY + 3) % 7 == 0 for bar in bars)  # 1970-01-01 was a Thursday


async def test_every_quote_of_a_burst_arrives(binance: Scene) -> None:
    await binance.listen()
    before = len(binance.ear.quotes)

    for step in range(50):
        binance.standin.price("BTC/USDT", str(60_000 + step), str(60_001 + step))
    await binance.ear.until(lambda: binance.ear.quotes[-1].bid == 60_049)

    assert [quote.bid for quote in binance.ear.quotes[before:]] == [60_000.0 + step for step in range(50)]


async def test_a_second_symbol_shares_the_socket_and_one_that_left_is_heard_no_more(binance: Scene) -> None:
    await binance.listen()
    binance.standin.price("ETH/USDT", "3000", "3001")
    binance.feed.subscribe("ETH/USDT")
    await binance.ear.until(lambda: binance.ear.quotes[-1].symbol == "ETH/USDT")

    binance.feed.unsubscribe("BTC/USDT")
    binance.standin.price("BTC/USDT", "1", "2")
    binance.standin.price("ETH/USDT", "3005", "3006")
    await binance.ear.until(lambda: binance.ear.quotes[-1].bid == 3005)

    assert len(binance.standin.channels) == 1
    assert 1.0 not in {quote.bid for quote in binance.ear.quotes}


async def test_a_start_uses_the_stored_markets_while_the_exchange_is_away(binance: Scene) -> None:
    await binance.feed.open()
    await binance.feed.stop()
    await binance.standin.stop()

    again = CryptoFeed("binance", binance.clock, binance.standin.url, binance.cache, pause=binance.pauses)
    await again.open()

    assert again.instruments() == binance.feed.instruments()
    assert len(binance.standin.asked_public) == 1
    await again.stop()


async def test_markets_older_than_a_day_are_asked_for_again_behind_the_start(binance: Scene) -> None:
    await binance.feed.open()
    binance.clock.move(25 * 3600)
    again = CryptoFeed("binance", binance.clock, binance.standin.url, binance.cache, pause=binance.pauses)
    await again.open()
    assert len(binance.standin.asked_public) == 1

    await again.start(binance.ear)
    await binance.standin.until(lambda: len(binance.standin.asked_public) == 2)
    await again.stop()


async def test_a_file_of_markets_that_cannot_be_read_is_asked_for_anew(binance: Scene) -> None:
    (binance.cache / "markets-binance.json").write_text('{"format": 1, "url"', encoding="utf-8")

    await binance.feed.open()

    assert len(binance.feed.instruments()) == 3


async def test_without_network_and_cache_the_sentence_says_so(tmp_path: Path, unused_tcp_port: int) -> None:
    feed = CryptoFeed("binance", FakeClock(), f"http://127.0.0.1:{unused_tcp_port}", tmp_path)

    with pytest.raises(EnvironmentFault, match="Binance cannot be reached") as caught:
        await feed.open()

    assert "127.0.0.1" not in str(caught.value)


@pytest.mark.parametrize(
    ("status", "words"),
    [(503, "does not answer requests now"), (429, "asked too often"), (451, "refuses to serve this place")],
)
async def test_what_the_exchange_refuses_is_a_sentence(binance: Scene, status: int, words: str) -> None:
    await binance.feed.open()
    binance.standin.broken = status

    with pytest.raises(EnvironmentFault, match=words):
        await binance.feed.history("BTC/USDT", "1h", 10)


def test_an_exchange_assay_does_not_know_is_not_found() -> None:
    with pytest.raises(NotFound, match="binance, kraken, coinbase, okx"):
        CryptoFeed("mtgox", FakeClock())


async def test_a_lost_line_is_told_and_comes_back_with_what_was_missed(binance: Scene) -> None:
    await binance.listen()
    lost_at = binance.ear.quotes[-1].at
    binance.standin.drop_sockets()
    await binance.ear.until(lambda: binance.ear.states[-1][0] == "reconnecting")
    binance.clock.move(10)

    binance.pauses.end(lambda seconds: seconds < WATCH_EVERY)
    await binance.ear.until(lambda: binance.ear.states[-1][0] == "connected")
    back_at = binance.ear.quotes[-1].at
    await binance.ear.until(lambda: len([quote for quote in binance.ear.quotes if lost_at < quote.at < back_at]) >= 36)

    missed = [quote for quote in binance.ear.quotes if lost_at < quote.at < back_at]
    rows = list(candles(PAIRS["BTC/USDT"], SECOND, lost_at, back_at))
    assert {row.high for row in rows} <= {quote.bid for quote in missed}
    assert all(quote.bid == quote.ask for quote in missed)
    assert "Next attempt in 1 s" in binance.ear.states[-2][1]


async def test_missed_prices_reach_the_forming_bar_and_nothing_else(binance: Scene) -> None:
    await binance.feed.open()
    hub = Hub("ccxt:binance", binance.feed.instruments())
    cache = hub.watch("BTC/USDT", "1h")
    hub.on_quote(Quote("BTC/USDT", binance.clock.now(), 60_000.0, 60_001.0))
    hub.on_quote(Quote("BTC/USDT", binance.clock.now() + 60 * SECOND, 60_010.0, 60_011.0))
    hub.drain()

    hub.on_quote(Quote("BTC/USDT", binance.clock.now() + 20 * SECOND, 60_900.0, 60_900.0))

    forming = hub.forming("BTC/USDT", "1h")
    assert forming is not None
    assert (forming.high, forming.close) == (60_900.0, 60_010.5)
    assert hub.drain() == []
    assert cache.price == 60_010.5


async def test_waits_between_attempts_grow_and_are_bounded(binance: Scene) -> None:
    await binance.listen()
    port = binance.standin.port
    await binance.standin.stop()
    attempts = [seconds for seconds in binance.pauses.asked if seconds != WATCH_EVERY]
    for _ in range(8):
        await binance.pauses.until(lambda: len(binance.pauses._held) >= 3)
        binance.pauses.end(lambda seconds: seconds != WATCH_EVERY)
    await binance.pauses.until(lambda: len(binance.pauses._held) >= 3)

    attempts = [seconds for seconds in binance.pauses.asked if seconds != WATCH_EVERY]
    assert attempts[0] < 1.3
    assert max(attempts) <= 1.25 * LONGEST_WAIT
    assert max(attempts) >= LONGEST_WAIT
    assert [state for state, _ in binance.ear.states] == ["connected", "reconnecting"]
    await binance.standin.start(port)
    binance.pauses.end(lambda seconds: seconds != WATCH_EVERY)
    await binance.ear.until(lambda: binance.ear.states[-1][0] == "connected")


async def test_fault_20_a_socket_that_is_open_and_silent_is_renewed(binance: Scene) -> None:
    await binance.listen()
    first = binance.standin.channels[0]
    binance.clock.move(SILENCE + 1)

    binance.pauses.end(lambda seconds: seconds == WATCH_EVERY)
    await binance.ear.until(lambda: "silent" in {state for state, _ in binance.ear.states})
    await binance.pauses.until(lambda: len([one for one in binance.pauses.asked if one != WATCH_EVERY]) >= 2)
    binance.pauses.end(lambda seconds: seconds != WATCH_EVERY)
    await binance.ear.until(lambda: binance.ear.states[-1][0] == "connected")

    assert first not in binance.standin.channels
    assert "no price for 30 s" in dict(binance.ear.states)["silent"]


async def test_fault_20_a_new_line_that_is_silent_too_is_renewed_again(binance: Scene) -> None:
    await binance.listen()
    first = binance.standin.channels[0]
    binance.standin.silence()
    await _silence_is_found(binance, 2)
    binance.pauses.end(lambda seconds: seconds != WATCH_EVERY)
    async with asyncio.timeout(10):
        while not binance.standin.channels or first in binance.standin.channels:  # noqa: ASYNC110 - silent, it tells nobody
            await asyncio.sleep(0)

    binance.standin.speak()
    await _silence_is_found(binance, 4)
    binance.pauses.end(lambda seconds: seconds != WATCH_EVERY)

    await binance.ear.until(lambda: binance.ear.states[-1][0] == "connected")


async def _silence_is_found(scene: Scene, lost: int) -> None:
    """Let the watch find the line silent; both its streams then wait for their next attempt."""
    await scene.pauses.until(lambda: WATCH_EVERY in scene.pauses.waiting())
    scene.clock.move(SILENCE + 1)
    scene.pauses.end(lambda seconds: seconds == WATCH_EVERY)
    await scene.pauses.until(partial(_tried, scene.pauses, lost))


def _tried(pauses: Pauses, times: int) -> bool:
    return len([seconds for seconds in pauses.asked if seconds != WATCH_EVERY]) >= times


class _Clumsy(Ear):
    """Fails at the second quote."""

    def on_quote(self, quote: Quote) -> None:
        super().on_quote(quote)
        if quote.bid == 60_010:
            raise RuntimeError(f"no {quote.symbol}")


async def test_a_listener_that_raises_does_not_end_the_stream(binance: Scene) -> None:
    heard: list[dict[str, Any]] = []
    asyncio.get_running_loop().set_exception_handler(lambda _, context: heard.append(context))
    binance.ear = _Clumsy()
    await binance.listen()

    await binance.quote("60010", "60011")
    await binance.quote("60020", "60021")

    assert [str(item["exception"]) for item in heard] == ["no BTC/USDT"]


def test_stand_ins_of_all_exchanges_are_tried() -> None:
    assert set(EXCHANGES) == {"binance", "kraken", "coinbase", "okx"}
    assert all(issubclass(kind, Standin) for kind, _ in EXCHANGES.values())
