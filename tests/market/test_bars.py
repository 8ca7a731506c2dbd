"""Bars are what a naive re-computation makes of the same ticks, whatever order they come in."""

from __future__ import annotations

import itertools
from collections import defaultdict
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from desktop.domain.errors import ProgramBug
from desktop.domain.market import DAY, HOUR, MINUTE, SECOND, TIMEFRAMES, Bar, Quote, Trade
from desktop.market.bars import NEVER, BarBuilder, derive, divides
from tests.helpers.market import START, at, closed_bars, drained, hub_of, quote

Tick = tuple[int, float]


def naive(symbol: str, timeframe: str, ticks: list[Tick]) -> list[Bar]:
    """Bars from ticks by sorting and grouping, without the one that is still forming."""
    length = TIMEFRAMES[timeframe]
    groups: dict[int, list[Tick]] = defaultdict(list)
    for tick in ticks:
        groups[tick[0] // length * length].append(tick)
    bars = []
    for start, members in sorted(groups.items()):
        ordered = sorted(members, key=lambda tick: tick[0])  # stable: at one instant in order of arrival
        values = [price for _, price in ordered]
        bars.append(Bar(symbol, timeframe, start, values[0], max(values), min(values), values[-1], float(len(values))))
    return bars


prices = st.integers(900, 1_100).map(lambda number: number / 10)
times = st.integers(0, 40).map(lambda number: START + number * SECOND)


@settings(max_examples=150, deadline=None)
@given(ticks=st.lists(st.tuples(times, prices, st.sampled_from("AB")), max_size=60), every=st.integers(1, 20))
def test_bars_from_quotes_of_interleaved_symbols_equal_the_naive_ones(
    ticks: list[tuple[int, float, str]], every: int
) -> None:
    ticks = sorted(ticks, key=lambda tick: tick[0])
    hub = hub_of("A", "B", timeframe="10s")
    seen: dict[str, list[Tick]] = {"A": [], "B": []}
    items: list[object] = []
    for number, (moment, price, symbol) in enumerate(ticks):
        before = hub.cache(symbol).accepted
        hub.on_quote(Quote(symbol, moment, price, price))
        if hub.cache(symbol).accepted > before:  # a repeated quote is not counted twice
            seen[symbol].append((moment, price))
        if number % every == 0:
            items += drained(hub)
    hub.advance(START + HOUR)
    items += drained(hub)
    found = closed_bars(items)
    for symbol, kept in seen.items():
        assert [bar for bar in found if bar.symbol == symbol] == naive(symbol, "10s", kept)
        assert hub.cache(symbol).series["10s"].bars() == naive(symbol, "10s", kept)
    assert [bar.end for bar in found] == sorted(bar.end for bar in found)


@settings(max_examples=100, deadline=None)
@given(ticks=st.permutations([(START + number * SECOND, 10.0 + number) for number in range(7)]))
def test_the_order_in_which_the_ticks_of_one_bar_arrive_does_not_matter(ticks: list[Tick]) -> None:
    builder = BarBuilder("A", "10s")
    assert all(builder.add(*tick) for tick in ticks)
    assert builder.close_until(START + 10 * SECOND) == naive("A", "10s", ticks)


@settings(max_examples=60, deadline=None)
@given(ticks=st.lists(st.tuples(times, prices), min_size=1, max_size=60))
def test_longer_bars_made_of_shorter_ones_equal_those_made_of_ticks(ticks: list[Tick]) -> None:
    ticks.sort(key=lambda tick: tick[0])
    short, long = naive("A", "5s", ticks), naive("A", "15s", ticks)
    assert derive(short, "15s") == [bar for bar in long if bar.end <= short[-1].end]
    hub = hub_of("A", timeframe="5s")
    cache = hub.watch("A", "15s")
    hub.watch("A", "10s")
    accepted = []
    for moment, price in ticks:
        before = cache.accepted
        hub.on_quote(Quote("A", moment, price, price))
        if cache.accepted > before:
            accepted.append((moment, price))
        forming = hub.forming("A", "15s")
        assert forming == naive("A", "15s", accepted)[-1]
    hub.advance(START + HOUR)
    assert cache.series["15s"].bars() == naive("A", "15s", accepted)
    assert cache.series["10s"].bars() == naive("A", "10s", accepted)


def test_a_bar_is_closed_by_the_clock_and_not_by_the_next_tick() -> None:
    hub = hub_of("A")
    hub.on_quote(quote(10, 10.0))
    hub.advance(START + MINUTE - 1)
    assert closed_bars(drained(hub)) == []
    hub.advance(START + MINUTE)
    assert [bar.close for bar in closed_bars(drained(hub))] == [10.0]
    assert hub.forming("A", "1m") is None


def test_a_period_without_a_tick_gives_no_bar_and_is_counted_as_a_gap() -> None:
    builder = BarBuilder("A", "1m")
    builder.add(START, 10.0)
    assert len(builder.close_until(START + 5 * MINUTE)) == 1
    assert builder.close_until(START + 5 * MINUTE) == []
    builder.add(START + 4 * MINUTE, 11.0)
    assert builder.gaps == 3


def test_a_late_tick_of_a_closed_bar_is_counted_and_never_changes_it() -> None:
    builder = BarBuilder("A", "1m")
    builder.add(START + 10 * SECOND, 10.0)
    (bar,) = builder.close_until(START + MINUTE)
    assert not builder.add(START + 50 * SECOND, 99.0)
    builder.add(START + MINUTE, 11.0)
    assert not builder.add(START + 50 * SECOND, 99.0)
    assert builder.late == 2
    assert bar.high == 10.0
    forming = builder.forming()
    assert forming is not None
    assert forming.high == 11.0


def test_a_tick_of_the_next_bar_before_the_last_is_closed_is_our_mistake() -> None:
    builder = BarBuilder("A", "1m")
    builder.add(START, 10.0)
    with pytest.raises(ProgramBug):
        builder.add(START + MINUTE, 10.0)
    with pytest.raises(ProgramBug):
        builder.add_bar(Bar("A", "10s", START + MINUTE, 1, 1, 1, 1, 1))


def test_a_bar_of_a_closed_period_is_late_too() -> None:
    builder = BarBuilder("A", "1m")
    builder.settle(START + MINUTE)
    assert not builder.add_bar(Bar("A", "10s", START, 1, 1, 1, 1, 1))
    assert builder.late == 1
    assert (builder.start, builder.end) == (NEVER, NEVER)


def test_bars_of_a_feed_of_prints_have_the_units_traded_as_volume() -> None:
    hub = hub_of("A")
    for seconds, price, size in ((0, 10.0, 3.0), (5, 12.0, 4.5), (9, 11.0, 0.0)):
        hub.on_trade(Trade("A", START + seconds * SECOND, price, size))
    hub.advance(START + MINUTE)
    (bar,) = closed_bars(drained(hub))
    assert bar == Bar("A", "1m", START, 10.0, 12.0, 10.0, 11.0, 7.5)


def test_prints_beside_quotes_give_the_volume_but_not_the_price() -> None:
    hub = hub_of("A")
    hub.on_quote(quote(0, 10.0, spread=0.02))
    hub.on_trade(Trade("A", START + SECOND, 10.01, 30.0))
    hub.on_quote(quote(2, 10.1, spread=0.02))
    hub.advance(START + MINUTE)
    (bar,) = closed_bars(drained(hub))
    assert (bar.close, bar.high, bar.volume) == (10.1, 10.1, 30.0)
    assert hub.cache("A").volume == 30.0
    assert [trade.size for trade in hub.cache("A").trades] == [30.0]


@pytest.mark.parametrize(
    ("lower", "higher", "zone", "fits"),
    [
        ("1m", "5m", "UTC", True),
        ("3m", "5m", "UTC", False),
        ("5m", "5m", "UTC", False),
        ("1h", "1m", "UTC", False),
        ("1h", "1d", "UTC", True),
        ("1h", "1d", "Asia/Kolkata", False),
        ("15m", "1d", "Asia/Kolkata", True),
        ("1d", "1w", "America/New_York", True),
    ],
)
def test_a_timeframe_is_made_of_those_that_divide_it(lower: str, higher: str, zone: str, fits: bool) -> None:  # noqa: FBT001 - a table
    assert divides(lower, higher, zone) is fits


def test_fault_25_days_begin_at_midnight_in_the_exchanges_zone_on_both_days_the_clock_changes() -> None:
    zone = "America/New_York"
    for day, hours in (("2014-03-09", 23), ("2014-11-02", 25), ("2014-06-02", 24)):
        builder = BarBuilder("A", "1d", zone)
        noon = at(f"{day} 17:00:00")
        start, end = builder.period(noon)
        assert (end - start) // HOUR == hours
        assert builder.period(end - 1) == (start, end)
        assert builder.period(end)[0] == end
    assert ZoneInfo(zone).key == zone


def test_fault_25_hourly_bars_go_on_through_the_change_of_the_clock() -> None:
    hub = hub_of("A", timeframe="1h", calendar="XNYS")
    first = at("2014-11-02 04:30:00")
    for number in range(4):  # 1 o'clock comes twice in New York
        hub.on_quote(Quote("A", first + number * HOUR, 10.0 + number, 10.0 + number))
    hub.advance(first + 5 * HOUR)
    starts = [bar.start for bar in closed_bars(drained(hub))]
    assert [later - earlier for earlier, later in itertools.pairwise(starts)] == [HOUR] * 3


def test_fault_25_a_clock_that_leaps_closes_each_bar_once_and_one_set_back_opens_none_again() -> None:
    hub = hub_of("A")
    hub.on_quote(quote(10, 10.0))
    hub.advance(START + 8 * HOUR)
    assert len(closed_bars(drained(hub))) == 1
    hub.advance(START)
    hub.on_quote(quote(30, 11.0))
    hub.advance(START + 8 * HOUR)
    assert closed_bars(drained(hub)) == []
    assert hub.cache("A").series["1m"].count == 1


def test_weeks_begin_on_monday() -> None:
    start, end = BarBuilder("A", "1w").period(at("2024-03-10 23:59:59"))
    assert (start, end - start) == (at("2024-03-04 00:00:00"), 7 * DAY)
