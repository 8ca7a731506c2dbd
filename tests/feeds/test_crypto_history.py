"""Candles of the four exchanges as a download, against their stand-ins, over real sockets."""

from __future__ import annotations

from collections.abc import AsyncIterator
from itertools import pairwise
from pathlib import Path

import pytest

from desktop.domain.errors import EnvironmentFault, FieldError, NotFound
from desktop.domain.market import DAY, HOUR, TIMEFRAMES, Bar
from desktop.exchanges.catalogue import exchange_facts
from desktop.feeds.alpaca_history import AlpacaHistory
from desktop.feeds.crypto_history import CryptoHistory, crypto_timeframes
from desktop.history_feeds import HistoryFeeds
from desktop.market.history_download import DownloadRequest
from desktop.ports import HistorySource
from desktop.store.history_download import HistoryDownload
from desktop.store.history_store import HistoryStore
from tests.feeds.test_crypto_feed import EXCHANGES, Scene
from tests.helpers.fake_clock import FakeClock
from tests.helpers.standins.crypto_pairs import PAIRS, candles


@pytest.fixture(params=EXCHANGES)
async def scene(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Scene]:
    kind, symbol = EXCHANGES[request.param]
    async with kind(clock=FakeClock()) as standin:
        scene = Scene(request.param, standin, symbol, tmp_path)
        await scene.feed.open()
        yield scene
        await scene.feed.stop()


def source_of(scene: Scene) -> HistorySource:
    return CryptoHistory(scene.feed, exchange_facts(scene.feed.name.partition(":")[2]))


async def fetched(scene: Scene, timeframe: str, begin: int, end: int) -> list[Bar]:
    return [bar async for page in source_of(scene).bars(scene.symbol, timeframe, begin, end) for bar in page]


async def test_candles_come_in_pages_and_are_those_of_the_exchange(scene: Scene) -> None:
    end = scene.clock.now() // HOUR * HOUR
    begin = end - 700 * HOUR  # Kraken keeps 720 candles
    bars = await fetched(scene, "1h", begin, end)
    expected = list(candles(PAIRS[scene.symbol], HOUR, begin, end))
    assert [bar.start for bar in bars] == [one.start for one in expected]
    assert all(after.start - bar.start == HOUR for bar, after in pairwise(bars))


@pytest.mark.parametrize("timeframe", ["2h", "1w"])
async def test_a_timeframe_the_exchange_lacks_is_made_of_shorter_ones_and_begins_whole(
    scene: Scene, timeframe: str
) -> None:
    length = TIMEFRAMES[timeframe]
    end = scene.clock.now() // DAY * DAY
    bars = await fetched(scene, timeframe, end - 20 * length - HOUR, end)
    assert len(bars) >= 18
    assert bars[0].start >= end - 20 * length - HOUR
    assert all(after.start - bar.start == length for bar, after in pairwise(bars))


async def test_every_timeframe_that_is_offered_can_be_had(scene: Scene) -> None:
    for timeframe in crypto_timeframes():
        end = scene.clock.now()
        bars = await fetched(scene, timeframe, end - 6 * TIMEFRAMES[timeframe], end)
        assert bars, timeframe
        assert {bar.timeframe for bar in bars} == {timeframe}


async def test_what_the_exchange_does_not_have_is_said(scene: Scene) -> None:
    source = source_of(scene)
    assert (await source.instrument(scene.symbol)).symbol == scene.symbol
    with pytest.raises(NotFound, match=r"does not have it; pairs are written as BTC/"):
        await source.instrument("BTCUSD")
    if scene.feed.name == "ccxt:binance":  # it has candles of a second
        return
    with pytest.raises(FieldError, match="has no candles to make such bars of"):
        await fetched(scene, "5s", scene.clock.now() - HOUR, scene.clock.now())


async def test_a_download_from_an_exchange_is_stored(scene: Scene, tmp_path: Path) -> None:
    feeds = HistoryFeeds(scene.clock, tmp_path / "cache", scene.standin.url)
    store = HistoryStore(tmp_path / "data")
    request = DownloadRequest(scene.feed.name, scene.symbol, "1h", bars=700)
    done = await HistoryDownload(store, request, feeds.open, feeds.now).run()
    assert done.complete
    series = done.report.series
    assert series is not None
    assert (series.rows, series.feed, series.gaps) == (700, scene.feed.name, 0)
    assert series.last == scene.clock.now() // HOUR * HOUR - HOUR


async def test_an_exchange_that_went_away_is_a_sentence(tmp_path: Path) -> None:
    kind, symbol = EXCHANGES["binance"]
    async with kind(clock=FakeClock()) as standin:
        scene = Scene("binance", standin, symbol, tmp_path)
        await scene.feed.open()
    with pytest.raises(EnvironmentFault, match="Binance"):
        await fetched(scene, "1h", scene.clock.now() - DAY, scene.clock.now())
    await scene.feed.stop()


def test_the_hours_that_are_offered_are_those_the_source_has() -> None:
    feeds = HistoryFeeds(FakeClock(), accounts=lambda: pytest.fail("nobody asks for an account to list feeds"))
    offered = {feed.key: feed.hours for feed in feeds.feeds()}
    assert offered["alpaca"] == tuple(AlpacaHistory.sessions)
    assert {hours for key, hours in offered.items() if key != "alpaca"} == {()}


async def test_feeds_that_can_be_downloaded_are_listed_and_an_unknown_one_is_said() -> None:
    feeds = HistoryFeeds(FakeClock())
    assert [feed.key for feed in feeds.feeds()][:2] == ["simulator", "ccxt:binance"]
    assert "alpaca" not in [feed.key for feed in feeds.feeds()]
    with pytest.raises(NotFound, match="There are simulator, ccxt:binance"):
        await feeds.open("alpaca")
    with pytest.raises(NotFound, match="exchange"):
        await feeds.open("ccxt:nowhere")
