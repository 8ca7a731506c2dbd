"""The strategies that come with Assay compile, say what they are, and trade."""

from __future__ import annotations

from decimal import Decimal

import numpy as np
import pytest

from desktop.domain.instruments import Instrument
from desktop.domain.market import FeedOrigin, timeframe_us
from desktop.domain.sessions import ExecutionMode, SessionSettings
from desktop.domain.strategies import Strategy
from desktop.engine.demo import sample_strategies
from desktop.engine.drafts import compile_strategy
from desktop.market.calendars import trading_hours
from desktop.research.backtest import Market, run_backtest
from desktop.research.result import BacktestResult
from desktop.resources import resource_path
from desktop.rules.columns import Columns

MONDAY = 1_704_067_200_000_000  # 2024-01-01, µs UTC
WANTED = {
    "RSI dip",
    "Moving-average cross",
    "Breakout with trailing stop",
    "Mean reversion bands",
    "Trend with ATR stop",
    "Demo: quick dip",
}
by_name = pytest.mark.parametrize("sample", sample_strategies(), ids=lambda sample: sample.name)


def wavy_bars(timeframe: str, count: int = 4_000) -> Columns:
    """Return a price that rises slowly, swings round its way and shivers: something for trends and for dips."""
    chance = np.random.default_rng(5)
    place = np.arange(count)
    close = 100 * np.exp(0.0001 * place + 0.09 * np.sin(place / 110) + 0.03 * np.sin(place / 17))
    close *= 1 + 0.004 * chance.normal(size=count)
    opened = np.append(close[0], close[:-1])
    high = np.maximum(opened, close) * (1 + 0.002 * chance.random(count))
    low = np.minimum(opened, close) * (1 - 0.002 * chance.random(count))
    start = MONDAY + place.astype(np.int64) * timeframe_us(timeframe)
    return Columns(start, opened, high, low, close, np.full(count, 1_000.0))


def run(sample: Strategy) -> BacktestResult:
    """Return what a sample does on bars that hold trends and dips."""
    settings = SessionSettings(
        session_id="sample",
        name=sample.name,
        strategy=sample,
        strategy_version="sample",
        instruments=(Instrument("WAVE", tick=Decimal("0.01"), lot=Decimal(1)),),
        cash=Decimal(100_000),
        currency="USD",
        mode=ExecutionMode.AUTO,
        feed="file",
        origin=FeedOrigin.REPLAY,
        hours="always",
    )
    hours = {"WAVE": trading_hours("always")}
    return run_backtest(settings, Market({"WAVE": wavy_bars(sample.timeframe)}, hours))


def test_the_samples_are_those_that_were_promised() -> None:
    assert {sample.name for sample in sample_strategies()} == WANTED


@by_name
def test_every_sample_compiles(sample: Strategy) -> None:
    rules = compile_strategy(sample)
    assert rules[0].parameters | rules[-1].parameters == set(sample.parameters), "a parameter that nothing reads"


@by_name
def test_every_sample_says_what_it_does_and_when_it_loses(sample: Strategy) -> None:
    text = sample.description
    assert "\n" not in text
    assert 40 < len(text) < 260
    assert any(word in text for word in ("loses", "losses", "loss", "pays", "gives", "not how to earn")), text
    assert text.endswith(".")


@by_name
def test_every_sample_is_in_the_help(sample: Strategy) -> None:
    rows = [line for line in resource_path("help/strategies.md").read_text("utf-8").splitlines() if line[:3] == "| `"]
    told = {line.split("`")[1]: line for line in rows}
    assert told.keys() == WANTED
    assert f"| {sample.timeframe} |" in told[sample.name]


@by_name
def test_every_sample_trades(sample: Strategy) -> None:
    result = run(sample)
    assert len(result.trades) >= 2, f"{sample.name}: {len(result.trades)} trades, {len(result.fills)} fills"
    assert not result.blocks


def test_the_atr_stop_leaves_below_the_highest_price_since_the_entry() -> None:
    sample = next(item for item in sample_strategies() if item.name == "Trend with ATR stop")
    bars, result = wavy_bars(sample.timeframe), run(sample)
    for trade in result.trades:
        begin, end = (
            int(np.searchsorted(bars.start, at, side="right")) - 1 for at in (trade.entry_time, trade.exit_time)
        )
        top = float(bars.high[begin:end].max())
        assert float(bars.close[end - 1]) < top, "the rule was true at the close before the fill"
