"""Bars that were missed are put in their place: series, rules and forming longer bars are as if they had been heard."""

from __future__ import annotations

from desktop.domain.market import MINUTE, Bar
from desktop.rules.compile import compile_rule
from desktop.rules.nodes import Role
from tests.helpers.market import START, hub_of, quote

FIRST = START // (5 * MINUTE) * 5 * MINUTE


def bar(number: int, close: float, timeframe: str = "1m") -> Bar:
    return Bar("A", timeframe, FIRST + number * MINUTE, close, close, close, close, 1.0)


def test_missed_bars_go_between_those_that_are_known_and_known_ones_stay() -> None:
    hub = hub_of("A")
    rule = compile_rule("sma(3) > 0", role=Role.ENTRY)
    history = [bar(0, 10.0), bar(1, 11.0), bar(5, 15.0)]
    evaluator = hub.follow("A", "1m", history, [rule])
    series = hub.series("A", "1m")
    assert series is not None
    series.extend(history)
    inserted = hub.insert("A", "1m", [bar(number, 10.0 + number) for number in range(6)] + [bar(1, 99.0)])
    assert [item.start for item in inserted[id(evaluator)]] == [bar(number, 0).start for number in (2, 3, 4)]
    assert series.columns().close.tolist() == [10.0, 11.0, 12.0, 13.0, 14.0, 15.0]
    assert (series.last, evaluator.bars) == (bar(5, 15.0), 6)
    assert hub.insert("A", "1m", [bar(3, 13.0)]) == {}
    assert not hub.drain()


def test_a_bar_that_has_closed_and_was_not_handed_out_yet_is_taken_as_it_was_heard() -> None:
    hub = hub_of("A")
    evaluator = hub.follow("A", "1m", [bar(0, 10.0)], [compile_rule("sma(2) > 0", role=Role.ENTRY)])
    for number, price in ((3, 13.0), (4, 14.0)):
        hub.on_quote(quote((FIRST + number * MINUTE - START) / 1_000_000 + 1, price))
    inserted = hub.insert("A", "1m", [bar(1, 11.0), bar(2, 12.0), bar(3, 99.0)])
    assert [item.close for item in inserted[id(evaluator)]] == [11.0, 12.0]
    while hub.drain():
        pass
    series = hub.series("A", "1m")
    assert series is not None
    assert series.columns().close.tolist()[-3:] == [11.0, 12.0, 13.0]
    assert evaluator.bars == 4


def test_a_bar_whose_period_still_goes_on_is_left_out() -> None:
    hub = hub_of("A")
    hub.follow("A", "1m", [bar(0, 10.0)], [compile_rule("sma(3) > 0", role=Role.ENTRY)])
    seconds = (FIRST + 3 * MINUTE - START) / 1_000_000
    hub.on_quote(quote(seconds + 10, 13.0))
    hub.insert("A", "1m", [bar(2, 12.0), bar(3, 99.0)])
    forming, series = hub.forming("A", "1m"), hub.series("A", "1m")
    assert series is not None
    assert series.last == bar(2, 12.0)
    assert forming is not None
    assert (forming.start, forming.high) == (bar(3, 0).start, 13.0)


def test_what_was_missed_widens_the_longer_bar_that_is_still_forming() -> None:
    hub = hub_of("A")
    hub.watch("A", "5m")
    for number, price in ((0, 10.0), (3, 13.0)):
        hub.on_quote(quote((FIRST + number * MINUTE - START) / 1_000_000 + 1, price))
    hub.insert("A", "1m", [bar(1, 20.0), bar(2, 5.0)])
    forming = hub.forming("A", "5m")
    assert forming is not None
    assert (forming.open, forming.high, forming.low, forming.close) == (10.0, 20.0, 5.0, 13.0)


def test_what_was_missed_begins_the_longer_bar_whose_period_began_meanwhile() -> None:
    hub = hub_of("A")
    hub.watch("A", "5m")
    hub.on_quote(quote((FIRST + 4 * MINUTE - START) / 1_000_000 + 1, 10.0))
    hub.advance(FIRST + 8 * MINUTE + 1)
    hub.insert("A", "1m", [bar(5, 20.0), bar(6, 5.0), bar(7, 7.0)])
    hub.on_quote(quote((FIRST + 8 * MINUTE - START) / 1_000_000 + 1, 13.0))
    hub.advance(FIRST + 10 * MINUTE + 1)
    series = hub.series("A", "5m")
    assert series is not None
    last = series.last
    assert last is not None
    assert (last.start, last.open, last.high, last.low, last.close) == (bar(5, 0).start, 20.0, 20.0, 5.0, 13.0)
    assert len(series) == 2


def test_what_was_missed_begins_no_longer_bar_that_is_over_already() -> None:
    hub = hub_of("A")
    hub.watch("A", "5m")
    hub.on_quote(quote((FIRST + 4 * MINUTE - START) / 1_000_000 + 1, 10.0))
    hub.advance(FIRST + 10 * MINUTE + 1)
    while hub.drain():
        pass
    hub.insert("A", "1m", [bar(5, 20.0), bar(9, 5.0)])
    hub.advance(FIRST + 11 * MINUTE)
    assert not hub.drain()


def test_an_unwatched_series_takes_nothing() -> None:
    assert hub_of("A").insert("B", "1m", [bar(0, 1.0)]) == {}
