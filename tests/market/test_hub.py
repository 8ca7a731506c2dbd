"""The hub: one subscription a symbol, bursts in order, evaluators that never run ahead."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from desktop.domain.errors import NotFound
from desktop.domain.instruments import Instrument
from desktop.domain.market import DAY, HOUR, MINUTE, SECOND, Bar, Quote, Trade
from desktop.domain.messages import BarsClosed, BarsPassed
from desktop.market.bars import NEVER
from desktop.market.hub import Hub
from desktop.rules.compile import Rule, compile_rule
from desktop.rules.nodes import Role, Verdict
from tests.helpers.market import START, closed_bars, drained, hub_of, quote


def rule_of(text: str) -> Rule:
    return compile_rule(text, timeframe="1m", role=Role.ENTRY)


def bar(number: int, close: float, symbol: str = "A", timeframe: str = "1m") -> Bar:
    return Bar(symbol, timeframe, START + number * MINUTE, close, close, close, close, 1.0)


# subscriptions -----------------------------------------------------------------------------------------------------
def test_a_symbol_is_subscribed_once_and_left_with_its_last_listener() -> None:
    hub = Hub("test", [Instrument("A"), Instrument("B")])
    told: list[str] = []
    hub.on_subscribe = lambda symbol: told.append(f"+{symbol}")
    hub.on_unsubscribe = lambda symbol: told.append(f"-{symbol}")
    for _ in range(3):
        hub.watch("A", "1m")
    hub.watch("B")
    for _ in range(2):
        hub.unwatch("A", "1m")
    assert hub.is_watched("A")
    hub.unwatch("A", "1m")
    hub.unwatch("A", "1m")
    assert not hub.is_watched("A")
    assert told == ["+A", "+B", "-A"]


def test_a_symbol_the_feed_does_not_have_is_refused() -> None:
    with pytest.raises(NotFound, match="symbol 'X'"):
        Hub("test", []).watch("X")


def test_what_nobody_watches_is_ignored() -> None:
    hub = Hub("test", [Instrument("A")])
    hub.on_quote(quote(0, 10.0))
    hub.on_trade(Trade("A", START, 10.0, 1.0))
    hub.on_bars([bar(0, 10.0)])
    assert hub.drain() == []
    assert (hub.last_price("A"), hub.series("A", "1m"), hub.forming("A", "1m")) == (0.0, None, None)
    assert list(hub.recent_closes("A", 5)) == []


def test_a_timeframe_nobody_watches_any_more_is_built_no_longer_unless_another_is_made_of_it() -> None:
    hub = hub_of("A", timeframe="1m")
    hub.watch("A", "5m")
    hub.unwatch("A", "1m")
    hub.on_quote(quote(0, 10.0))
    hub.advance(START + 5 * MINUTE)
    assert [item.timeframe for item in closed_bars(drained(hub))] == ["1m", "5m"]
    hub.watch("A")
    hub.unwatch("A", "5m")
    hub.on_quote(quote(600, 10.0))
    hub.advance(START + HOUR)
    assert closed_bars(drained(hub)) == []
    assert hub.is_watched("A")


def test_two_timeframes_that_do_not_divide_each_other_are_both_built_from_ticks() -> None:
    hub = hub_of("A", timeframe="3m")
    hub.watch("A", "5m")
    for minute in range(15):
        hub.on_quote(quote(60 * minute, 10.0 + minute))
    hub.advance(START + 15 * MINUTE)
    closed = closed_bars(drained(hub))
    ends = [(item.timeframe, (item.end - START) // MINUTE) for item in closed]
    # 14:00 is a whole multiple of both
    assert ends == [
        ("3m", 3), ("5m", 5), ("3m", 6), ("3m", 9), ("5m", 10), ("3m", 12), ("3m", 15), ("5m", 15),
    ]  # fmt: skip


# bursts ------------------------------------------------------------------------------------------------------------
def test_wake_is_called_once_until_drained() -> None:
    hub = hub_of("A")
    calls: list[int] = []
    hub.wake = lambda: calls.append(1)
    assert hub.drain() == []
    for number in range(5):
        hub.on_quote(quote(number, 10.0 + number / 100))
    assert len(calls) == 1
    hub.drain()
    hub.on_quote(quote(6, 10.0))
    assert len(calls) == 2


def test_bars_that_are_due_close_before_the_quote_that_shows_it_all_symbols_together() -> None:
    hub = hub_of("A", "B")
    hub.on_quote(quote(1, 10.0, "A"))
    hub.on_quote(quote(2, 20.0, "B"))
    hub.on_quote(quote(61, 11.0, "A"))
    first = hub.drain()
    assert [type(item) for item in first] == [tuple]
    second = hub.drain()
    assert isinstance(second[0], BarsClosed)
    assert second[0].at == START + MINUTE
    assert [item.symbol for item in second[0].bars] == ["A", "B"]
    assert second[1] == (quote(61, 11.0, "A"),)
    assert hub.drain() == []


def test_a_drain_that_leaves_bars_behind_wakes_again() -> None:
    hub = hub_of("A")
    calls: list[int] = []
    hub.wake = lambda: calls.append(1)
    for minute in range(4):
        hub.on_quote(quote(60 * minute, 10.0))
    drains = 0
    while hub.drain():
        drains += 1
    assert (drains, len(calls)) == (4, 4)


def test_an_evaluator_has_seen_exactly_the_bars_that_were_handed_out() -> None:
    hub = hub_of("A")
    rule = rule_of("close > 11")
    evaluator = hub.follow("A", "1m", (), [rule])
    for minute, price in enumerate([10.0, 12.0, 11.0, 13.0]):
        hub.on_quote(quote(60 * minute, price))
    verdicts = []
    while items := hub.drain():
        if isinstance(items[0], BarsClosed):
            verdicts.append((items[0].bars[0].close, evaluator.verdict(rule)))
            assert len(closed_bars(items)) == 1
    assert verdicts == [(10.0, Verdict.FALSE), (12.0, Verdict.TRUE), (11.0, Verdict.FALSE)]


def test_bars_of_two_timeframes_that_close_together_come_in_one_drain_short_ones_first() -> None:
    hub = hub_of("A", timeframe="1m")
    hub.watch("A", "5m")
    hub.on_quote(quote(299, 10.0))
    drained(hub)
    hub.advance(START + 5 * MINUTE)
    items = hub.drain()
    assert [item.bars[0].timeframe for item in items if isinstance(item, BarsClosed)] == ["1m", "5m"]


# evaluators --------------------------------------------------------------------------------------------------------
def test_sessions_with_the_same_origin_share_an_evaluator_and_others_do_not() -> None:
    hub = hub_of("A")
    rule, other = rule_of("close > 11"), rule_of("sma(2) > 11")
    history = [bar(number, 10.0 + number) for number in range(-5, 0)]
    first = hub.follow("A", "1m", history, [rule])
    assert hub.follow("A", "1m", history, [other]) is first
    assert hub.follow("A", "1m", history[1:], [rule]) is not first
    assert first.bars == 5
    assert first.verdict(other) is Verdict.FALSE
    hub.on_quote(quote(1, 15.0))
    hub.advance(START + MINUTE)
    drained(hub)
    assert first.bars == 6
    assert first.verdict(other) is Verdict.TRUE


def test_a_history_that_was_stored_later_opens_the_evaluator_anew() -> None:
    hub = hub_of("A")
    rule = rule_of("close > 11")
    history = [bar(number, 20.0) for number in range(-5, 0)]
    evaluator = hub.follow("A", "1m", history[:3], [rule])
    assert hub.follow("A", "1m", history, [rule]) is evaluator
    assert evaluator.bars == 5


def test_a_bar_that_the_history_holds_already_is_not_seen_twice() -> None:
    hub = hub_of("A")
    hub.on_quote(quote(1, 10.0))
    hub.advance(START + MINUTE)  # closed, not handed out yet
    evaluator = hub.follow("A", "1m", [bar(0, 10.0)], [rule_of("close > 1")])
    drained(hub)
    assert evaluator.bars == 1


def test_what_nobody_follows_is_forgotten() -> None:
    hub = Hub("test", [Instrument("A")])
    rule = rule_of("close > 1")
    first = hub.follow("A", "1m", [bar(-1, 10.0)], [rule])
    hub.unwatch("A", "1m")
    hub.unwatch("A", "1m")
    assert hub.follow("A", "1m", [bar(-1, 10.0)], [rule]) is not first


def test_fault_31_an_evaluator_that_raises_loses_its_rules_and_leaves_the_others_alone(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    hub = Hub("test", [Instrument("A"), Instrument("B")])
    rule = rule_of("close > 1")
    broken, sound = (hub.follow(symbol, "1m", [bar(-1, 10.0, symbol)], [rule]) for symbol in "AB")

    def fail(_: Bar) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(broken, "update", fail)
    for symbol in "AB":
        hub.on_quote(quote(1, 10.0, symbol))
    hub.advance(START + MINUTE)
    assert len(closed_bars(drained(hub))) == 2
    assert (broken.rules, sound.rules, sound.bars) == ((), (rule,), 2)
    assert hub.follow("A", "1m", [bar(-1, 10.0), bar(0, 10.0)], [rule]) is not broken


def test_an_evaluator_whose_rules_were_taken_back_is_dropped() -> None:
    hub = Hub("test", [Instrument("A")])
    rule = rule_of("close > 1")
    evaluator = hub.follow("A", "1m", [bar(-1, 10.0)], [rule])
    evaluator.remove(rule)
    hub.on_quote(quote(1, 10.0))
    hub.advance(START + MINUTE)
    drained(hub)
    assert evaluator.bars == 1


def test_a_history_begins_the_series_and_settles_what_is_closed() -> None:
    hub = Hub("test", [Instrument("A")])
    hub.follow("A", "1m", [bar(number, 10.0) for number in range(-3, 1)], [])
    hub.on_quote(quote(30, 99.0))  # of the last bar of the history
    hub.on_quote(quote(61, 11.0))
    hub.advance(START + 2 * MINUTE)
    series = hub.series("A", "1m")
    assert series is not None
    assert [item.close for item in series.bars()] == [10.0, 10.0, 10.0, 10.0, 11.0]
    assert list(hub.recent_closes("A", 2)) == [10.0, 11.0]


# feeds of prints and of bars ---------------------------------------------------------------------------------------
def test_the_price_of_a_print_is_both_sides_where_there_are_no_quotes() -> None:
    hub = hub_of("A")
    hub.on_trade(Trade("A", START, 10.0, 7.0))
    assert hub.drain() == [(Quote("A", START, 10.0, 10.0, 7.0, 7.0),)]
    hub.on_trade(Trade("A", START + MINUTE, 10.0, 7.0))
    assert [type(item) for item in hub.drain()] == [BarsClosed, tuple]


def test_the_last_thousand_prints_are_kept() -> None:
    hub = hub_of("A")
    for number in range(1_200):
        hub.on_trade(Trade("A", START + number, 10.0, float(number)))
    trades = hub.cache("A").trades
    assert (len(trades), trades[0].size, trades[-1].size) == (1_000, 200.0, 1_199.0)


def test_a_feed_of_bars_passes_them_first_and_then_closes_them() -> None:
    hub = hub_of("A", "B")
    bars = (bar(0, 10.0), bar(0, 20.0, "B"))
    hub.on_bars(bars)
    end = START + MINUTE
    assert hub.drain() == [BarsPassed(end, bars)]
    assert hub.drain() == [BarsClosed(end, bars)]
    assert hub.drain() == []
    assert hub.last_price("B") == 20.0
    assert hub.age("A", end + SECOND) == SECOND
    assert hub.cache("A").series["1m"].count == 1


def test_longer_bars_are_made_of_a_feeds_bars() -> None:
    hub = hub_of("A", timeframe="5m")
    for number in (0, 1, 2, 6, 9, 11):
        hub.on_bars([bar(number, 10.0 + number)])
    items = drained(hub)
    closed = [item for item in items if isinstance(item, BarsClosed) and item.bars[0].timeframe == "5m"]
    assert [((item.at - START) // MINUTE, item.bars[0].close, item.bars[0].volume) for item in closed] == [
        (5, 12.0, 3.0),
        (10, 19.0, 2.0),
    ]
    forming = hub.forming("A", "5m")
    assert forming is not None
    assert forming.close == 21.0


# reads -------------------------------------------------------------------------------------------------------------
def test_fault_20_the_age_of_one_silent_symbol_grows_while_another_is_fresh() -> None:
    hub = hub_of("A", "B", "C")
    hub.on_quote(quote(0, 10.0, "A"))
    hub.on_quote(quote(0, 10.0, "B"))
    hub.on_quote(quote(30, 10.0, "B"))
    now = START + 31 * SECOND
    assert [hub.age(symbol, now) for symbol in "ABC"] == [31 * SECOND, SECOND, NEVER]
    assert hub.age("A", START - SECOND) == 0


def test_the_day_of_open_high_and_low_is_the_exchanges() -> None:
    hub = hub_of("A", calendar="XKRX")
    midnight = START // DAY * DAY + 15 * HOUR  # in Seoul
    for offset, price in ((-HOUR, 10.0), (-1, 12.0), (0, 11.0), (1, 9.0), (2, 9.5)):
        hub.on_quote(Quote("A", midnight + offset, price, price))
    cache = hub.cache("A")
    assert (cache.open, cache.high, cache.low, cache.price) == (11.0, 11.0, 9.0, 9.5)


def test_changes_of_the_connection_are_passed_on() -> None:
    hub = hub_of("A")
    hub.on_state("connected", "nobody listens")
    told: list[tuple[str, str]] = []
    hub.on_feed_state = lambda state, detail: told.append((state, detail))
    hub.on_state("silent", "no quotes for 30 s")
    assert told == [("silent", "no quotes for 30 s")]


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.one_of(
            st.tuples(st.just("quote"), st.integers(0, 9), st.sampled_from("AB")),
            st.tuples(st.just("clock"), st.integers(1, 90), st.just("")),
            st.tuples(st.just("drain"), st.just(0), st.just("")),
        ),
        max_size=60,
    )
)
def test_nothing_is_lost_repeated_or_reordered_between_drains(steps: list[tuple[str, int, str]]) -> None:
    hub = hub_of("A", "B")
    hub.watch("A", "5m")
    now = START
    sent: list[Quote] = []
    items: list[object] = []
    for number, (what, value, symbol) in enumerate(steps):
        if what == "quote":
            now += SECOND
            tick = Quote(symbol, now, 10.0 + value / 100, 10.1 + value / 100, float(number), 1.0)
            sent.append(tick)
            hub.on_quote(tick)
        elif what == "clock":
            now += value * SECOND
            hub.advance(now)
        else:
            items += hub.drain()
    hub.advance(now + HOUR)
    items += drained(hub)
    assert [tick for item in items if isinstance(item, tuple) for tick in item] == sent
    order = [item[-1].at if isinstance(item, tuple) else item.at for item in items]  # type: ignore[attr-defined]  # bars
    assert order == sorted(order)
    closed = closed_bars(items)
    assert len(closed) == len(set(closed))
    for series in hub.cache("A").series.values():
        assert series.bars() == [item for item in closed if (item.symbol, item.timeframe) == ("A", series.timeframe)]


def test_fault_39_an_evaluator_whose_last_rule_is_gone_stops_growing_while_others_go_on() -> None:
    hub = hub_of("A")
    history = [bar(number, 10.0 + number) for number in range(3)]
    mine, theirs = rule_of("close > 1"), rule_of("close > 2")
    stays, leaves = hub.follow("A", "1m", history, [mine]), hub.follow("A", "1m", history[1:], [theirs])
    leaves.remove(theirs)
    hub.unwatch("A", "1m")
    hub.on_bars([bar(3, 14.0)])
    closed_bars(drained(hub))
    assert (stays.bars, leaves.bars) == (4, 2)
    assert hub.follow("A", "1m", [*history[1:], bar(3, 14.0)], [theirs]) is not leaves
