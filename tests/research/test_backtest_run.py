"""What a backtest is beside its equality with stepping: its result, its ends and its refusals."""

from __future__ import annotations

import gc
import random
from dataclasses import replace
from decimal import Decimal
from typing import Any

import numpy as np
import pytest

from desktop.domain.errors import UserMistake
from desktop.research.backtest import Market, collection_paused, run_backtest
from desktop.rules.columns import Columns
from tests.research.random_runs import Run, random_run


def _run() -> Run:
    return random_run(random.Random(3))


def test_the_same_run_again_is_the_same_to_the_cent() -> None:
    run = _run()
    first, again = run.skipped(), run.skipped()
    assert (first.fills, first.cash, first.trades) == (again.fills, again.cash, again.trades)
    assert first.equity.tolist() == again.equity.tolist()


def test_bars_computed_for_one_run_serve_the_next() -> None:
    run = _run()
    market = run.market()
    one = run_backtest(run.settings, market)
    computed = dict(market.evaluators)
    two = run_backtest(run.settings, market)
    assert market.evaluators == computed
    assert one.fills == two.fills


def test_the_equity_at_the_end_is_cash_and_holdings_at_closes_on_the_tick() -> None:
    for number in range(12):
        run = random_run(random.Random(number))
        found = run.skipped()
        rounded = sum(item.quantity * run.settings.instrument(item.symbol).tick for item in found.positions)
        assert float(found.final_equity) == pytest.approx(found.equity[-1], abs=float(rounded) + 1e-6)
        assert len(found.start) == len(found.equity)
        assert found.fees == sum((fill.fee for fill in found.fills), Decimal(0))


def test_a_symbol_without_bars_is_refused_by_name() -> None:
    run = _run()
    empty = Columns(np.empty(0, dtype=np.int64), *(np.empty(0) for _ in range(5)))
    symbol = run.settings.instruments[0].symbol
    with pytest.raises(UserMistake, match=symbol):
        run_backtest(run.settings, Market({**run.columns, symbol: empty}, run.market().hours))


class Stopped(Exception):
    """What a progress raises that no longer wants the run."""


def test_progress_rises_to_the_end_and_may_end_the_run() -> None:
    run = random_run(random.Random(11))
    busy = replace(run.settings, strategy=replace(run.settings.strategy, entry="close > 0", exit="close > 0"))
    count = 40_000
    close = 100 + np.sin(np.arange(count))
    bars = Columns(3_600_000_000 * np.arange(count, dtype=np.int64), close, close + 1, close - 1, close, close)
    symbols = [item.symbol for item in run.settings.instruments]
    market = Market(dict.fromkeys(symbols, bars), run.market().hours)
    told: list[float] = []

    def progress(share: float) -> None:
        told.append(share)
        if len(told) == 3:
            raise Stopped

    with pytest.raises(Stopped):
        run_backtest(busy, market, progress=progress)
    assert told == sorted(told)
    assert 0 < told[0] < told[-1] < 1
    assert gc.isenabled()


def test_the_collector_is_left_as_it_was() -> None:
    gc.disable()
    try:
        with collection_paused():
            pass
        assert not gc.isenabled()
    finally:
        gc.enable()
    with collection_paused():
        assert not gc.isenabled()
    assert gc.isenabled()


def test_bars_whose_buffers_are_not_aligned_give_the_same() -> None:
    """Columns that came over a network may begin at any byte."""

    def shifted(column: Any) -> Any:
        raw = np.zeros(column.nbytes + 1, dtype=np.uint8)
        raw[1:] = np.frombuffer(column.tobytes(), dtype=np.uint8)
        return np.frombuffer(raw.tobytes(), dtype=column.dtype, offset=1)

    run = _run()
    moved = {
        symbol: Columns(*(shifted(getattr(bars, name)) for name in ("start", "open", "high", "low", "close", "volume")))
        for symbol, bars in run.columns.items()
    }
    assert not next(iter(moved.values())).close.flags.aligned
    assert replace(run, columns=moved).skipped().fills == run.skipped().fills
