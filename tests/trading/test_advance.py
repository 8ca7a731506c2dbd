from __future__ import annotations

from typing import Any

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from desktop.domain import commands as ask
from desktop.domain.instruments import Instrument
from desktop.domain.market import HOUR, Bar
from desktop.domain.messages import BarsClosed, BarsPassed
from desktop.domain.orders import Side
from desktop.domain.strategies import Protection
from desktop.domain.triggers import TriggerKind
from desktop.rules.columns import Columns
from desktop.trading.price_flow import Span
from tests.trading.core_kit import FALSE, TRUE, D, Kit, strategy

SYMBOLS = ("AAA", "BBB")


def _kit(*, held: bool) -> Kit:
    """Return a kit at a bar's end: AAA held at 100 with far stops where `held`, and a block that lasts on BBB."""
    kit = Kit(
        instruments=tuple(Instrument(symbol) for symbol in SYMBOLS),
        strategy=strategy(protection=Protection(D(60), D(90), D(70))),
        cash=D(1100),
    )
    kit.judges["AAA"].entry = TRUE if held else FALSE
    flat = (100.0, 100.0, 100.0, 100.0)
    kit.bars({"AAA": flat, "BBB": flat})
    kit.judges["AAA"].entry = FALSE
    kit.judges["BBB"].entry = TRUE
    kit.bars({"AAA": flat, "BBB": flat})
    kit.bars({"AAA": flat, "BBB": flat})
    kit.judges["BBB"].entry = FALSE
    return kit


def _columns(kit: Kit, moves: list[tuple[int, int, int]]) -> dict[str, Columns]:
    start = kit.now + HOUR * np.arange(len(moves), dtype=np.int64)
    close = 100.0 + np.array([move[0] for move in moves], dtype=np.float64)
    high = close + np.array([move[1] for move in moves], dtype=np.float64)
    low = close - np.array([move[2] for move in moves], dtype=np.float64)
    return {
        symbol: Columns(start, close + shift, high + shift, low + shift, close + shift, close)
        for shift, symbol in enumerate(SYMBOLS)
    }


def _spans(columns: dict[str, Columns], begin: int, end: int) -> dict[str, Span]:
    return {symbol: Span(item, begin, end) for symbol, item in columns.items()}


def _bars(columns: dict[str, Columns], row: int) -> tuple[Bar, ...]:
    return tuple(
        Bar(
            symbol,
            "1h",
            int(item.start[row]),
            *(float(field[row]) for field in (item.open, item.high, item.low, item.close, item.volume)),
        )
        for symbol, item in columns.items()
    )


def _step(kit: Kit, columns: dict[str, Columns]) -> None:
    for row in range(len(columns["AAA"])):
        bars = _bars(columns, row)
        kit.now = bars[0].end
        kit.step(BarsPassed(kit.now, bars))
        kit.step(BarsClosed(kit.now, bars))


def _result(kit: Kit) -> tuple[Any, Any]:
    return kit.core.snapshot(), kit.facts


QUIET = st.lists(st.tuples(st.integers(-15, 15), st.integers(0, 10), st.integers(0, 10)), min_size=1, max_size=25)


@settings(max_examples=80, deadline=None)
@given(moves=QUIET, cut=st.integers(0, 25), held=st.booleans())
def test_over_quiet_bars_stepping_and_advancing_lead_to_the_same_state_in_any_parts(
    moves: list[tuple[int, int, int]],
    cut: int,
    held: bool,  # noqa: FBT001 # given by name
) -> None:
    stepped, whole, parts = (_kit(held=held) for _ in range(3))
    columns = _columns(stepped, moves)
    cut = min(cut, len(moves))
    _step(stepped, columns)
    whole.facts += whole.unit.advance(_spans(columns, 0, len(moves))).facts
    parts.facts += parts.unit.advance(_spans(columns, 0, cut)).facts
    parts.facts += parts.unit.advance(_spans(columns, cut, len(moves))).facts
    assert _result(whole) == _result(parts)
    assert _result(whole) == _result(stepped)
    if held:
        assert whole.core.positions["AAA"].bars_held == len(moves) + 1


@settings(max_examples=40, deadline=None)
@given(moves=QUIET, held=st.booleans())
def test_a_bar_that_has_passed_may_close_with_the_ones_after_it(
    moves: list[tuple[int, int, int]],
    held: bool,  # noqa: FBT001 # given by name
) -> None:
    stepped, advanced = _kit(held=held), _kit(held=held)
    columns = _columns(stepped, moves)
    _step(stepped, columns)
    first = _bars(columns, 0)
    advanced.step(BarsPassed(first[0].end, first))
    spans = {symbol: Span(item, 0, len(moves), passed=1) for symbol, item in columns.items()}
    advanced.facts += advanced.unit.advance(spans).facts
    assert _result(advanced) == _result(stepped)


def test_a_lasting_block_ends_with_its_count_on_the_first_quiet_bar() -> None:
    kit = _kit(held=True)
    kit.facts += kit.unit.advance(_spans(_columns(kit, [(0, 0, 0)] * 5), 0, 5)).facts
    assert [(fact.symbol, fact.count) for fact in kit.blocks] == [("BBB", 1), ("BBB", 2)]


def test_advancing_over_nothing_changes_nothing() -> None:
    kit = _kit(held=True)
    before = kit.unit.snapshot()
    assert not kit.unit.advance(_spans(_columns(kit, [(0, 0, 0)]), 1, 1)).facts
    assert not kit.unit.advance({}).facts
    assert kit.unit.snapshot() == before


def test_advancing_leaves_the_price_of_a_quoted_symbol_alone() -> None:
    kit = Kit()
    kit.hold(1)
    kit.ask(ask.SetTrigger("SPY", TriggerKind.TRAILING_STOP, trail_percent=D(50)))
    columns = {"SPY": _columns(kit, [(5, 1, 1)])["AAA"]}
    kit.unit.advance(_spans(columns, 0, 1))
    assert kit.core.prices["SPY"] == (D(100), D(100))
    assert kit.core.positions["SPY"].high == 106


def test_the_trailing_mark_of_a_stop_set_by_hand_starts_at_the_price_of_then() -> None:
    kit = Kit()
    kit.bar(100)
    kit.ask(ask.PlaceOrder("SPY", Side.BUY, D(1)))
    kit.bar(100, 150, 99, 110)
    kit.ask(ask.SetTrigger("SPY", TriggerKind.TRAILING_STOP, trail_percent=D(50)))
    kit.unit.advance(_spans({"SPY": _columns(kit, [(12, 1, 1)])["AAA"]}, 0, 1))
    (trail,) = kit.core.triggers.values()
    assert trail.high_water == 113
