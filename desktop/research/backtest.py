"""A backtest: one strategy version on whole columns, through the same core as paper and live."""

from __future__ import annotations

import gc
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field

from desktop.domain.commands import Start, Stop
from desktop.domain.errors import UserMistake
from desktop.domain.market import timeframe_us
from desktop.domain.messages import Asked, Message
from desktop.domain.sessions import SessionSettings
from desktop.market.forming import FormingBars
from desktop.ports import TradingHours
from desktop.research.batch_judge import BatchJudge
from desktop.research.lane import Lane
from desktop.research.result import BacktestResult
from desktop.research.skip import Progress, SkipDriver
from desktop.research.stepping import StepDriver
from desktop.research.tally import Tally
from desktop.rules.batch import BatchEvaluator
from desktop.rules.columns import Columns
from desktop.rules.stream import StreamEvaluator
from desktop.trading.equity import EquityCurve, equity_curve
from desktop.trading.proposals import StrategyRules
from desktop.trading.unit import SessionUnit, build_unit

_BY = "backtest"


@dataclass(slots=True)
class Market:
    """What a backtest runs on.

    Attributes:
        columns: Closed bars of the strategy's timeframe, by symbol.
        hours: Trading hours, by symbol.
        fingerprints: Hash of the data of each symbol, in the session's order.
        evaluators: By symbol; what they computed is used again by the next run on the same bars.
    """

    columns: Mapping[str, Columns]
    hours: Mapping[str, TradingHours]
    fingerprints: tuple[str, ...] = ()
    evaluators: dict[str, BatchEvaluator] = field(default_factory=dict)

    def evaluator(self, symbol: str, timeframe: str) -> BatchEvaluator:
        """Return what evaluates rules on the bars of a symbol."""
        found = self.evaluators.get(symbol)
        if found is None or found.timeframe != timeframe:
            zone = self.hours[symbol].zone
            found = self.evaluators[symbol] = BatchEvaluator(self.columns[symbol], timeframe=timeframe, zone=zone)
        return found


@contextmanager
def collection_paused() -> Iterator[None]:
    """Keep the collector of reference cycles from looking, again and again, at the many values a run makes and keeps.

    The core makes no cycles, so nothing is lost by it: what is no longer used goes at once, as ever.
    """
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def run_backtest(
    settings: SessionSettings,
    market: Market,
    *,
    rules: StrategyRules | None = None,
    progress: Progress | None = None,
) -> BacktestResult:
    """Return what a session would have done on these bars.

    Args:
        settings: The session; its broker is the simulated one.
        market: Bars and hours of each of its symbols.
        rules: As compiled by the caller; compiled here when not given.
        progress: Told the share that is done; may raise to end the run.

    Raises:
        RuleError: a rule cannot be compiled.
        UserMistake: a symbol has no bars.
    """
    with collection_paused():
        return _skipped(settings, market, rules, progress)


def _skipped(
    settings: SessionSettings, market: Market, rules: StrategyRules | None, progress: Progress | None
) -> BacktestResult:
    began = time.perf_counter()
    rules = rules or StrategyRules.of(settings.strategy)
    timeframe = settings.strategy.timeframe
    judges: dict[str, BatchJudge] = {}
    lanes: list[Lane] = []
    for item in settings.instruments:
        bars = market.columns[item.symbol]
        if not len(bars):
            raise UserMistake(f"There are no bars of {item.symbol}. Choose a longer period or another file.")
        judge = judges[item.symbol] = BatchJudge(market.evaluator(item.symbol, timeframe), rules)
        lanes.append(Lane(item, timeframe, bars, judge, rules, market.hours[item.symbol]))
    unit = build_unit(settings, judges, market.hours, rules=rules, tells_changes=False)
    tally = Tally(unit.core.state)
    first = min(int(lane.bars.start[0]) for lane in lanes)
    tally.take(unit.step(Asked(first, Start(), by=_BY)).facts)
    hours = market.hours[settings.instruments[0].symbol]
    SkipDriver(unit, lanes, timeframe_us(timeframe), hours, tally).run(progress)
    tally.take(unit.step(Asked(unit.core.now, Stop(), by=_BY)).facts)
    return _result(settings, market, unit, tally, began)


def run_steps(
    settings: SessionSettings,
    market: Market,
    messages: Iterator[tuple[int, Message]],
    *,
    started_at: int,
    rules: StrategyRules | None = None,
    forming: FormingBars | None = None,
    progress: Progress | None = None,
    rows: int = 0,
) -> BacktestResult:
    """Return the same as `run_backtest` by handing every message to the core: slower, and what skipping is held to.

    It also takes what is not plain bars of the strategy's timeframe: ticks, and bars that are shorter.

    Args:
        settings: The session.
        market: Hours, and bars for the equity curve; without bars it is given those that close on the way.
        messages: With the number of rows consumed, as a replay of the data gives them.
        started_at: µs UTC of the first row.
        rules: As compiled by the caller; compiled here when not given.
        forming: For strategies judged on quotes; fresh.
        progress: Told the share that is done; may raise to end the run.
        rows: How many rows there are, for `progress`.

    Raises:
        RuleError: a rule cannot be compiled.
        UserMistake: a symbol has no closed bar.
    """
    began = time.perf_counter()
    rules = rules or StrategyRules.of(settings.strategy)
    timeframe = settings.strategy.timeframe
    evaluators = {
        item.symbol: StreamEvaluator(timeframe=timeframe, zone=market.hours[item.symbol].zone)
        for item in settings.instruments
    }
    unit = build_unit(settings, evaluators, market.hours, rules=rules, forming=forming, tells_changes=False)
    tally = Tally(unit.core.state)
    tally.take(unit.step(Asked(started_at, Start(), by=_BY)).facts)
    driver = StepDriver(unit, evaluators, tally, forming)
    driver.run(messages, rows, progress)
    tally.take(unit.step(Asked(unit.core.now, Stop(), by=_BY)).facts)
    if market.columns:
        return _result(settings, market, unit, tally, began)
    market.columns = driver.columns()
    tally.fills = [driver.in_its_bar(fill) for fill in tally.fills]
    return _result(settings, market, unit, tally, began, driver.curve())


def _result(
    settings: SessionSettings,
    market: Market,
    unit: SessionUnit,
    tally: Tally,
    began: float,
    curve: EquityCurve | None = None,
) -> BacktestResult:
    core = unit.core
    curve = curve or equity_curve(tally.fills, market.columns, settings.cash)
    held = core.positions
    return BacktestResult(
        settings=settings,
        fingerprints=market.fingerprints,
        bars=sum(map(len, market.columns.values())),
        ended_at=core.now,
        start=curve.start,
        equity=curve.equity,
        fills=tuple(tally.fills),
        trades=tuple(tally.trades),
        positions=tuple(held.values()),
        values={symbol: core.holdings.value(symbol) for symbol in held},
        working=tuple(core.orders.values()),
        signals=core.state.signals,
        orders=core.state.ordinal,
        blocks=dict(sorted(tally.blocks.items())),
        warnings=tuple(tally.warnings),
        cash=core.cash,
        fees=core.holdings.ledger.fees,
        run_seconds=time.perf_counter() - began,
    )
