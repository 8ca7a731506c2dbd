"""Times of day and higher timeframes: zones, clock changes, gaps, and no look ahead."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from desktop.domain.market import DAY, HOUR, MINUTE, Bar, timeframe_us
from desktop.rules.aggregate import Aggregator, aggregated
from desktop.rules.batch import BatchEvaluator
from desktop.rules.columns import Columns
from desktop.rules.compile import compile_rule, compile_series
from desktop.rules.nodes import Role, Verdict
from desktop.rules.periods import LocalClock, Periods
from desktop.rules.stream import StreamEvaluator
from tests.rules.series import bars_of, closes, random_columns, same_bits

ZONES = ["UTC", "America/New_York", "Asia/Seoul", "Asia/Kolkata", "Australia/Lord_Howe", "Europe/London"]


def micros(text: str) -> int:
    return int(datetime.fromisoformat(text).replace(tzinfo=UTC).timestamp()) * 1_000_000


@settings(max_examples=60, deadline=None)
@given(
    zone=st.sampled_from(ZONES), first=st.integers(0, 20_000 * 24), steps=st.lists(st.integers(1, 3_000), max_size=40)
)
def test_wall_clock_time_is_that_of_the_zone(zone: str, first: int, steps: list[int]) -> None:
    at = (first * 60 + np.cumsum([0, *steps])) * MINUTE
    clock = LocalClock(zone)
    column = clock.offsets(at)
    for moment, offset in zip(at.tolist(), column.tolist(), strict=True):
        local = datetime.fromtimestamp(moment / 1e6, ZoneInfo(zone))
        expected = int((local.utcoffset() or (local - local)).total_seconds()) * 1_000_000
        assert offset == expected
        assert LocalClock(zone).offset(moment) == expected


def test_hour_minute_and_weekday_are_those_of_the_exchange() -> None:
    start = np.array([micros("2024-03-08T14:30"), micros("2024-03-11T13:30"), micros("2024-03-11T03:59")])
    start.sort()
    ones = np.ones(3)
    columns = Columns(start, ones, ones, ones, ones, ones)
    batch = BatchEvaluator(columns, timeframe="1m", zone="America/New_York")
    assert batch.values(compile_series("hour")).tolist() == [
        9.0,
        23.0,
        9.0,
    ]  # both mornings are 09:30, before and after DST
    assert batch.values(compile_series("minute")).tolist() == [30.0, 59.0, 30.0]
    assert batch.values(compile_series("weekday")).tolist() == [4.0, 6.0, 0.0]
    morning = compile_rule('time >= "09:30" and time_between("09:00", "10:00")', role=Role.ENTRY)
    assert batch.masks(morning).true.tolist() == [True, False, True]
    night = compile_rule('time_between("22:00", "09:30")', role=Role.ENTRY)
    assert batch.masks(night).true.tolist() == [False, True, False]


def test_days_begin_at_midnight_in_the_zone_and_weeks_on_monday() -> None:
    clock = LocalClock("America/New_York")
    days, weeks = Periods("1d", clock), Periods("1w", clock)
    assert days.start(days.key(micros("2024-03-12T03:59"))) == micros("2024-03-11T04:00")
    assert days.start(days.key(micros("2024-03-12T04:00"))) == micros("2024-03-12T04:00")
    assert weeks.start(weeks.key(micros("2024-03-13T12:00"))) == micros("2024-03-11T04:00")
    assert weeks.start(weeks.key(micros("2024-03-10T12:00"))) == micros("2024-03-04T05:00")  # before the clocks changed
    utc = Periods("1w", LocalClock("UTC"))
    assert utc.start(utc.key(micros("2024-03-10T23:59"))) == micros("2024-03-04T00:00")


@settings(max_examples=60, deadline=None)
@given(
    seed=st.integers(0, 1_000),
    timeframe=st.sampled_from(["3m", "5m", "1h", "4h", "1d", "1w"]),
    zone=st.sampled_from(ZONES),
    bad=st.lists(st.integers(0, 299), max_size=3),
)
def test_higher_bars_built_in_columns_are_those_built_bar_by_bar(
    seed: int, timeframe: str, zone: str, bad: list[int]
) -> None:
    columns = random_columns(300, seed, gaps=seed % 2 == 0)
    columns.high[bad] = np.nan
    columns.low[bad[:1]] = np.inf
    clock = LocalClock(zone)
    higher, last_closed = aggregated(columns, "1m", Periods(timeframe, clock))
    builder = Aggregator("1m", Periods(timeframe, clock))
    built: list[Bar] = []
    for place, bar in enumerate(bars_of(columns)):
        built += builder.add(bar)
        assert len(built) - 1 == last_closed[place]
    again = Columns.of(built)
    assert same_bits(higher.start.astype(float), again.start.astype(float))
    for name in ("open", "high", "low", "close", "volume"):
        assert same_bits(getattr(higher, name), getattr(again, name)), name
    seeded = Aggregator("1m", Periods(timeframe, clock))
    seeded.seed(columns)
    assert repr(seeded.pending and seeded.pending[2:]) == repr(builder.pending and builder.pending[2:])


def test_a_higher_bar_closes_with_the_bar_that_reaches_its_end() -> None:
    series = closes([float(value) for value in range(1, 13)])
    start = series.start - series.start[0] + 20_000 * DAY
    columns = Columns(start, series.open, series.high, series.low, series.close, series.volume)
    node = compile_series('tf("5m", close)')
    values = BatchEvaluator(columns, timeframe="1m").values(node)
    assert np.isnan(values[:4]).all()
    assert values[4:9].tolist() == [5.0] * 5
    assert values[9:].tolist() == [10.0] * 3


def test_a_missing_bar_closes_the_higher_one_when_the_next_arrives_and_a_peek_knows_it() -> None:
    midnight = 20_000 * DAY
    rule = compile_rule('tf("5m", close) == 4', role=Role.ENTRY)
    stream = StreamEvaluator(timeframe="1m")
    stream.add(rule)
    for minute in (0, 1, 4 - 1):
        stream.update(Bar("X", "1m", midnight + minute * MINUTE, 4.0, 4.0, 4.0, 4.0, 1.0))
    inside = Bar("X", "1m", midnight + 4 * MINUTE, 9.0, 9.0, 9.0, 9.0, 1.0)
    beyond = Bar("X", "1m", midnight + 5 * MINUTE, 9.0, 9.0, 9.0, 9.0, 1.0)
    assert stream.peek(rule, inside) is Verdict.UNKNOWN
    assert stream.peek(rule, beyond) is Verdict.TRUE
    assert stream.verdict(rule) is Verdict.UNKNOWN  # the peek changed nothing
    stream.update(beyond)
    assert stream.verdict(rule) is Verdict.TRUE


RULES = [
    "rsi(5) < 45 and crosses_above(close, sma(10))",
    'tf("5m", rsi(3)) > 50 or tf("1h", close) < close',
    "fractal().high == 1 or dpo(6) > 0 or ht_trendmode() == 1",
    'tf("1d", high) > close and highest(20) > prev(close, 3)',
    "cdlengulfing() != 0 or supertrend(5).trend == 1 or zlema(7) > close",
]


@settings(max_examples=25, deadline=None)
@given(text=st.sampled_from(RULES), seed=st.integers(0, 500), cut=st.integers(1, 399), gaps=st.booleans())
def test_bars_of_the_future_never_change_the_past(*, text: str, seed: int, cut: int, gaps: bool) -> None:
    columns = random_columns(400, seed, gaps=gaps)
    rule = compile_rule(text, role=Role.ENTRY)
    whole = BatchEvaluator(columns, timeframe="1m").masks(rule)
    part = BatchEvaluator(columns.first(cut), timeframe="1m").masks(rule)
    assert np.array_equal(whole.true[:cut], part.true)
    assert np.array_equal(whole.known[:cut], part.known)


@pytest.mark.parametrize("text", RULES)
def test_the_first_known_verdict_comes_no_later_than_the_look_back_says(text: str) -> None:
    rule = compile_rule(text, role=Role.ENTRY)
    columns = random_columns(rule.look_back + 200)
    known = BatchEvaluator(columns, timeframe="1m").masks(rule).known
    assert known[rule.look_back :].all()


def test_look_back_and_smoothing_count_higher_bars_in_base_bars() -> None:
    rule = compile_rule('tf("1h", rsi(14)) < 30', role=Role.ENTRY, timeframe="5m")
    assert rule.look_back == 15 * 12 - 1
    assert rule.smoothing == 14 * 12
    assert rule.history == 30 * 14 * 12
    assert rule.timeframes == ("1h",)
    assert compile_rule("sma(200) < close", role=Role.ENTRY).history == 200
    daily = compile_rule('tf("1d", sma(200)) < close', role=Role.ENTRY)  # a limit of 20,000 bars of its own timeframe
    assert daily.look_back == 200 * 1440 - 1
    assert timeframe_us("1h") == HOUR
