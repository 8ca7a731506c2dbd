"""Everything a backtest's report says, worked out once: for the window, the HTML page and the CSV files alike."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from desktop.domain.money import ZERO
from desktop.research.backtest import Market
from desktop.research.by_symbol import SymbolResult, by_symbol
from desktop.research.curves import benchmark_curve, drawdown_curve, held_stretches, traded_value
from desktop.research.metrics import Metrics, measure
from desktop.research.monthly import YearReturns, monthly_returns
from desktop.research.result import BacktestResult
from desktop.research.silence import why_no_trades
from desktop.research.statistics import RuleCount, count_clauses
from desktop.research.trading_days import TradingDays, trading_days
from desktop.trading.proposals import StrategyRules

if TYPE_CHECKING:
    from desktop.rules.columns import Columns, FloatArray, IntArray


@dataclass(frozen=True, slots=True, eq=False)
class BacktestReport:
    """A backtest with what is said about it.

    Attributes:
        result: What was run and found.
        metrics: Of the whole run.
        monthly: A row of returns for each year.
        drawdown: Fall below the running maximum at each bar, fractions, shape (n,).
        benchmark: The same cash held in the benchmark, shape (n,).
        benchmark_name: Its symbol.
        rules: How often rules and clauses were true, for each symbol: entry, then exit.
        symbols: What each symbol did, in the session's order.
        made_of: What the bars were made of where the prices hold others (`bars_used.made_of`).
    """

    result: BacktestResult
    metrics: Metrics
    monthly: tuple[YearReturns, ...]
    drawdown: FloatArray
    benchmark: FloatArray
    benchmark_name: str
    rules: tuple[RuleCount, ...]
    symbols: tuple[SymbolResult, ...]
    made_of: str = ""

    @property
    def no_trades(self) -> tuple[str, ...]:
        """Why there is no trade and what to try, in sentences; empty where there are some."""
        result = self.result
        if result.trades:
            return ()
        return why_no_trades(
            self.rules,
            blocks=result.blocks,
            signals=result.signals,
            orders=result.orders,
            open_positions=len(result.positions),
            waiting=len(result.working),
        )


def measure_result(result: BacktestResult, days: TradingDays) -> Metrics:
    """Return the metrics of a backtest.

    Args:
        result: The backtest.
        days: The trading days of its bars (`days_of_result`); the same for every backtest on them.
    """
    held = sum(end - begin for begin, end in held_stretches(result.fills, result.start))
    return measure(
        result.equity,
        days,
        starting_cash=result.settings.cash,
        trades=result.trades,
        held=held,
        fees=result.fees,
        traded_value=traded_value(result.fills),
    )


def measure_period(result: BacktestResult, market: Market, *, begin: int, end: int) -> Metrics:
    """Return the metrics of a part of a backtest, as if it had begun with the equity it had by then.

    A trade belongs to the period in which it was closed, a fill to the one in which it happened.

    Args:
        result: The backtest.
        market: What it ran on.
        begin: µs UTC; bars that start from then on count.
        end: µs UTC; bars that start before then count.
    """
    first, last = (int(place) for place in np.searchsorted(result.start, (begin, end)))
    fills = [fill for fill in result.fills if begin <= (fill.bar_start or fill.at) < end]
    stretches = held_stretches(result.fills, result.start)
    return measure(
        result.equity[first:last],
        _days(result.start[first:last], result, market),
        starting_cash=float(result.equity[first - 1]) if first else result.settings.cash,
        trades=[trade for trade in result.trades if begin <= trade.exit_time < end],
        held=sum(max(0, min(stop, last) - max(start, first)) for start, stop in stretches),
        fees=sum((fill.fee for fill in fills), ZERO),
        traded_value=traded_value(fills),
    )


def days_of_result(result: BacktestResult, market: Market) -> TradingDays:
    """Return the trading days of a backtest's bars: the UTC day around the clock, else that of the first symbol."""
    return _days(result.start, result, market)


def _days(start: IntArray, result: BacktestResult, market: Market) -> TradingDays:
    hours = market.hours[result.settings.instruments[0].symbol]
    around_the_clock = hours.name in ("always", "24/7")
    return trading_days(start, day_of=None if around_the_clock else hours.trading_day)


def build_report(
    result: BacktestResult,
    market: Market,
    *,
    rules: StrategyRules | None = None,
    benchmark: Columns | None = None,
    benchmark_name: str = "",
    made_of: str = "",
) -> BacktestReport:
    """Return the report of a backtest.

    Args:
        result: The backtest.
        market: What it ran on; the rules are counted with what its evaluators have computed already.
        rules: As compiled for the run; compiled here when not given.
        benchmark: Closed bars to compare with; None: those of the first symbol.
        benchmark_name: Their symbol.
        made_of: What the bars were made of (`bars_used.made_of`).
    """
    settings = result.settings
    rules = rules or StrategyRules.of(settings.strategy)
    days = days_of_result(result, market)
    if benchmark is None:
        benchmark_name = settings.instruments[0].symbol
        benchmark = market.columns[benchmark_name]
    counts = [
        count_clauses(rule, market.evaluator(item.symbol, settings.strategy.timeframe), symbol=item.symbol)
        for item in settings.instruments
        for rule in (rules.entry, rules.exit)
        if rule is not None
    ]
    cash = float(settings.cash)
    return BacktestReport(
        result=result,
        metrics=measure_result(result, days),
        monthly=monthly_returns(result.equity, days, starting_cash=cash),
        drawdown=drawdown_curve(result.equity, cash),
        benchmark=benchmark_curve(benchmark, result.start, cash),
        benchmark_name=benchmark_name,
        rules=tuple(counts),
        symbols=by_symbol(result, market.columns),
        made_of=made_of,
    )
