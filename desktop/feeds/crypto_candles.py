"""Candles of a crypto exchange as bars, page by page; a timeframe it lacks is made of shorter ones."""

from __future__ import annotations

import math
from collections.abc import AsyncIterator, Sequence
from itertools import pairwise
from typing import Any

from desktop.domain.market import DAY, MINUTE, SECOND, TIMEFRAMES, Bar, timeframe_us
from desktop.exchanges.catalogue import ExchangeFacts
from desktop.exchanges.library import Exchange
from desktop.market.bars import derive, divides

_MS = 1_000  # µs
_WEEK = "1w"  # exchanges begin it on different days: made of days here, from Monday
_FEWEST_WINDOWS = 3  # to look through, before it is worth asking for days to find where a pair begins


def source_timeframe(exchange: Exchange, timeframe: str) -> str:
    """Return the timeframe to ask for: the same one, else the longest that divides it; empty: there is none.

    Raises:
        FieldError: the timeframe is none of Assay's.
    """
    timeframe_us(timeframe)
    if timeframe in exchange.timeframes and timeframe != _WEEK:
        return timeframe
    fitting = [
        name for name in TIMEFRAMES if name in exchange.timeframes and name != _WEEK and divides(name, timeframe)
    ]
    return max(fitting, key=timeframe_us, default="")


async def candle_pages(
    exchange: Exchange, facts: ExchangeFacts, symbol: str, timeframe: str, begin: int, end: int
) -> AsyncIterator[Sequence[Bar]]:
    """Yield bars that start in [begin, end), µs UTC, oldest first; `timeframe` is one the exchange has.

    Raises what the library raises.
    """
    length = timeframe_us(timeframe)
    window = facts.page * length
    since = -(-begin // length) * length
    if facts.windowed and end - since > _FEWEST_WINDOWS * window and length < DAY:
        since = max(since, await _first_day(exchange, facts, symbol, since, end))
    while since < end:
        count = min(facts.page, math.ceil((end - since) / length))
        rows = await exchange.fetch_ohlcv(symbol, timeframe, since // _MS, count)
        bars = [bar for bar in _bars(symbol, timeframe, rows) if since <= bar.start < end]
        if bars:
            yield bars
            since = max(bars[-1].start + length, since + count * length if facts.windowed else 0)
        elif facts.windowed:
            since += count * length
        else:
            return


async def _first_day(exchange: Exchange, facts: ExchangeFacts, symbol: str, begin: int, end: int) -> int:
    """Return the first day with a candle at or after `begin`'s; `end` where there is none."""
    since = begin // DAY * DAY
    while since < end:
        rows = await exchange.fetch_ohlcv(symbol, "1d", since // _MS, facts.page)
        starts = [start for start in (int(row[0]) * _MS for row in rows) if start >= since]
        if starts:
            return min(starts)
        since += facts.page * DAY
    return end


def _bars(symbol: str, timeframe: str, rows: Sequence[Sequence[Any]]) -> list[Bar]:
    """Return rows of [ms, open, high, low, close, volume] as bars by time; one with a hole in it is left out."""
    found = [
        Bar(
            symbol,
            timeframe,
            int(row[0]) * _MS,
            _price(row, 1),
            _price(row, 2),
            _price(row, 3),
            _price(row, 4),
            float(row[5] or 0),
        )
        for row in rows
        if len(row) >= 6 and None not in row[:5]
    ]
    found.sort(key=lambda bar: bar.start)
    return [bar for bar, after in pairwise([*found, None]) if bar is not None and (after is None or after != bar)]


def _price(row: Sequence[Any], place: int) -> float:
    return float(row[place])


async def bars_before(
    exchange: Exchange, facts: ExchangeFacts, symbol: str, timeframe: str, count: int, now: int
) -> list[Bar]:
    """Return up to `count` bars that are closed at `now` (µs UTC), oldest first; none where the exchange has none."""
    source = source_timeframe(exchange, timeframe)
    if not source or count <= 0:
        return []
    length = timeframe_us(timeframe)
    end = now // length * length if timeframe != _WEEK else now // DAY * DAY
    spare = 1 if source == timeframe else 2  # of what is derived, the first may be half and the last not yet over
    found: list[Bar] = []
    async for page in candle_pages(exchange, facts, symbol, source, end - (count + spare) * length, end):
        found.extend(page)
    if source != timeframe:
        found = _whole(derive(found, timeframe), found[0].start) if found else []
    return [bar for bar in found if bar.end <= now][-count:]


def _whole(bars: Sequence[Bar], since: int) -> list[Bar]:
    """Leave out a first bar that began before its parts do."""
    return [bar for bar in bars if bar.start >= since]


def missed_prices(bars: Sequence[Bar], since: int, until: int) -> list[tuple[int, float]]:
    """Return the prices of candles that closed while the line was down, as (µs UTC, price), by time.

    Only whole candles inside [since, until) count: of the others nobody knows on which side of the gap a price lay.
    """
    found: list[tuple[int, float]] = []
    for bar in bars:
        if since <= bar.start and bar.end <= until:
            third = (bar.end - bar.start) // 3
            prices = (bar.open, bar.low, bar.high, bar.close)
            times = (bar.start, bar.start + third, bar.start + 2 * third, bar.end - 1)
            found.extend(zip(times, prices, strict=True))
    return found


def gap_timeframe(exchange: Exchange, gap: int) -> str:
    """Return the finest timeframe that a gap (µs) is filled from in one or a few answers; empty: too short to fill."""
    if "1s" in exchange.timeframes and gap <= 15 * MINUTE:
        return "1s" if gap > SECOND else ""
    return "1m" if gap > MINUTE else ""
