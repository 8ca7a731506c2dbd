from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from decimal import Decimal
from typing import Any

import pytest

from desktop.domain.broker_errors import BrokerFault, CredentialsRefused
from desktop.domain.errors import FieldError, NotFound
from desktop.domain.market import DAY, HOUR, MINUTE, TIMEFRAMES, Bar
from desktop.feeds.alpaca_bars import asked
from desktop.feeds.alpaca_history import AlpacaHistory
from desktop.market.bars import BarBuilder, divides
from desktop.net.moments import moment
from desktop.ports import HistorySource
from tests.helpers.fake_clock import FakeClock
from tests.helpers.standins import openapi
from tests.helpers.standins.alpaca import AlpacaStandin

MONDAY = moment("2026-11-16T00:00:00-05:00")
OPEN = MONDAY + 9 * HOUR + 30 * MINUTE


@asynccontextmanager
async def past(
    at: int = MONDAY + 7 * DAY, *, contract: bool = True, **options: Any
) -> AsyncIterator[tuple[AlpacaStandin, AlpacaHistory, list[float]]]:
    clock, waits = FakeClock(at), []

    async def pause(seconds: float) -> None:
        waits.append(seconds)
        clock.move(seconds)
        await asyncio.sleep(0)

    async with AlpacaStandin(clock=clock, contract=contract and not openapi.missing()) as standin:
        given = {"key_id": standin.key_id, "secret": standin.secret, **options}
        source = AlpacaHistory(clock=clock, url=standin.url, pause=pause, **given)
        try:
            yield standin, source, waits
        finally:
            await source.close()


def rising(standin: AlpacaStandin, word: str, starts: Sequence[int]) -> None:
    """Let SPY rise by one from bar to bar."""
    rows = [(at, f"{100 + n}", f"{100 + n}.5", f"{99 + n}.5", f"{101 + n}", 10) for n, at in enumerate(starts)]
    standin.data.add_bars("SPY", word, rows)


async def all_of(source: HistorySource, timeframe: str, begin: int, end: int) -> list[Bar]:
    return [bar async for page in source.bars("SPY", timeframe, begin, end) for bar in page]


async def test_bars_come_page_by_page_from_begin_to_before_end() -> None:
    async with past(page=3) as (standin, source, _):
        rising(standin, "1Min", [OPEN + n * MINUTE for n in range(10)])
        pages = [len(page) async for page in source.bars("SPY", "1m", OPEN + MINUTE, OPEN + 8 * MINUTE)]
        assert pages == [3, 3, 1]
        bars = await all_of(source, "1m", OPEN + MINUTE, OPEN + 8 * MINUTE)
        assert [bar.start for bar in bars] == [OPEN + n * MINUTE for n in range(1, 8)]
        assert bars[0] == Bar("SPY", "1m", OPEN + MINUTE, 101.0, 101.5, 100.5, 102.0, 10.0)


async def test_longer_hours_are_made_of_hours_across_pages() -> None:
    async with past(page=3) as (standin, source, _):
        begin = MONDAY // (4 * HOUR) * 4 * HOUR + 4 * HOUR
        rising(standin, "1Hour", [begin + n * HOUR for n in range(10)])
        bars = await all_of(source, "4h", begin, begin + 12 * HOUR)
        assert [(bar.start - begin) // HOUR for bar in bars] == [0, 4, 8]
        assert [(bar.open, bar.close, bar.volume) for bar in bars] == [
            (100.0, 104.0, 40.0), (104.0, 108.0, 40.0), (108.0, 110.0, 20.0)
        ]  # fmt: skip


async def test_weeks_begin_on_monday_in_new_york_and_days_at_its_midnight() -> None:
    async with past(MONDAY + 14 * DAY) as (standin, source, _):
        rising(standin, "1Day", [MONDAY + n * DAY for n in (0, 1, 2, 3, 4, 7, 8)])
        days = await all_of(source, "1d", MONDAY, MONDAY + 14 * DAY)
        assert [BarBuilder("SPY", "1d", "America/New_York").period(bar.start)[0] for bar in days] == [
            bar.start for bar in days
        ]
        weeks = await all_of(source, "1w", MONDAY, MONDAY + 14 * DAY)
        assert [(bar.start, bar.open, bar.close) for bar in weeks] == [
            (MONDAY, 100.0, 105.0),
            (MONDAY + 7 * DAY, 105.0, 107.0),
        ]


async def test_the_last_bars_before_now_are_closed_and_the_oldest_comes_first() -> None:
    now = OPEN + 20 * MINUTE + 30_000_000
    async with past(now) as (standin, source, _):
        rising(standin, "1Min", [OPEN + n * MINUTE for n in range(21)])
        bars = await source.latest("SPY", "1m", 5)
        assert [(bar.start - OPEN) // MINUTE for bar in bars] == [15, 16, 17, 18, 19]
        assert await source.latest("SPY", "1m", 0) == []
        assert len(await source.latest("SPY", "1m", 500)) == 20


async def test_the_last_longer_bars_are_whole() -> None:
    begin = MONDAY // (4 * HOUR) * 4 * HOUR + 4 * HOUR
    async with past(begin + 17 * HOUR) as (standin, source, _):
        rising(standin, "1Hour", [begin + n * HOUR for n in range(17)])
        bars = await source.latest("SPY", "4h", 2)
        assert [((bar.start - begin) // HOUR, bar.volume) for bar in bars] == [(8, 40.0), (12, 40.0)]


@pytest.mark.parametrize("timeframe", list(TIMEFRAMES))
def test_every_timeframe_is_asked_for_made_of_a_shorter_one_or_refused(timeframe: str) -> None:
    if TIMEFRAMES[timeframe] < MINUTE:
        with pytest.raises(FieldError, match="one minute"):
            asked(timeframe)
    else:
        source, word = asked(timeframe)
        assert source == timeframe or divides(source, timeframe, "America/New_York")
        assert word[0].isdigit()


async def test_adjustment_and_plan_are_asked_for_as_chosen() -> None:
    async with past(plan="sip", adjustment="split") as (standin, source, _):
        rising(standin, "1Day", [MONDAY])
        await all_of(source, "1d", MONDAY, MONDAY + DAY)
        assert "adjustment=split" in standin.requests[-1].path
        assert "feed=sip" in standin.requests[-1].path


async def test_a_symbol_that_alpaca_does_not_have_is_named() -> None:
    async with past() as (_, source, _waits):
        with pytest.raises(NotFound, match="NOSUCH"):
            await source.instrument("NOSUCH")
        with pytest.raises(NotFound, match="NOSUCH"):
            await anext(aiter(source.bars("NOSUCH", "1d", MONDAY, MONDAY + DAY)))
        found = await source.instrument("SPY")
        assert (found.symbol, found.tick, found.currency) == ("SPY", Decimal("0.01"), "USD")


async def test_fault_18_the_providers_limit_is_waited_for() -> None:
    async with past(contract=False) as (standin, source, waits):
        rising(standin, "1Day", [MONDAY])
        standin.faults.add("history", 429, 2, retry_after=5)
        assert len(await all_of(source, "1d", MONDAY, MONDAY + DAY)) == 1
        assert [wait for wait in waits if wait] == [5.0, 5.0]


async def test_what_does_not_work_is_a_sentence() -> None:
    async with past(contract=False) as (standin, source, _):
        standin.faults.add("history", "502", 9)
        with pytest.raises(BrokerFault, match="Try again later"):
            await all_of(source, "1d", MONDAY, MONDAY + DAY)
        standin.faults.clear()
        standin.faults.add("history", "unreadable")
        with pytest.raises(BrokerFault, match="cannot be read"):
            await all_of(source, "1d", MONDAY, MONDAY + DAY)
        standin.revoke()
        with pytest.raises(CredentialsRefused, match="market data"):
            await all_of(source, "1d", MONDAY, MONDAY + DAY)
