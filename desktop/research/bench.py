"""Where a worker runs variants: the bars are there once, and what one variant computed serves the next."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from dataclasses import dataclass, replace
from decimal import Decimal

import numpy as np

from desktop.domain.errors import ProgramBug, UserMistake
from desktop.domain.money import ZERO
from desktop.domain.sessions import SessionSettings
from desktop.domain.strategies import Strategy
from desktop.domain.strategy_text import strategy_version
from desktop.ports import TradingHours
from desktop.research.backtest import Market, run_backtest
from desktop.research.curves import held_stretches, traded_value
from desktop.research.deflated import shape_of
from desktop.research.grid import with_parameters
from desktop.research.metrics import daily_returns
from desktop.research.report import days_of_result, measure_result
from desktop.research.result import BacktestResult
from desktop.research.trading_days import TradingDays
from desktop.research.variant import Detail, Outcome, Task, VariantResult
from desktop.research.window_rules import WindowEvaluator
from desktop.rules.batch import BatchEvaluator
from desktop.rules.columns import Columns
from desktop.rules.compile import Rule, compile_rule
from desktop.rules.nodes import Role
from desktop.trading.proposals import StrategyRules

_Place = tuple[int | None, int | None]  # begin and end of a window
MEMORY = 128 * 1024 * 1024  # bytes of computed columns a worker keeps


@dataclass(frozen=True, slots=True, eq=False)
class SweepContext:
    """What every variant of a sweep has in common; sent to a worker once.

    Attributes:
        settings: The session, with the strategy whose parameters are varied.
        names: The swept parameters.
        columns: Closed bars by symbol.
        hours: Trading hours by symbol.
        key: Unlike that of any other sweep.
    """

    settings: SessionSettings
    names: tuple[str, ...]
    columns: Mapping[str, Columns]
    hours: Mapping[str, TradingHours]
    key: str


class RuleBook:
    """Compiles the rules of variants, each once: a rule depends only on the parameters that it uses."""

    def __init__(self) -> None:
        self._used: dict[tuple[str, Role, str], tuple[str, ...]] = {}
        self._rules: dict[tuple[str, Role, str, tuple[Decimal, ...]], Rule] = {}

    def rules_of(self, strategy: Strategy) -> StrategyRules:
        """Return the compiled rules (RuleError: one cannot be compiled)."""
        leaves = strategy.exit.strip()
        return StrategyRules(
            self._rule(strategy, strategy.entry, Role.ENTRY),
            self._rule(strategy, strategy.exit, Role.EXIT) if leaves else None,
        )

    def _rule(self, strategy: Strategy, text: str, role: Role) -> Rule:
        parameters, place = strategy.parameters, (text, role, strategy.timeframe)
        used = self._used.get(place)
        if used is not None:
            found = self._rules.get((*place, tuple(parameters[name] for name in used)))
            if found is not None:
                return found
        rule = compile_rule(text, role=role, parameters=parameters, timeframe=strategy.timeframe)
        used = self._used[place] = tuple(sorted(rule.parameters))
        self._rules[(*place, tuple(parameters[name] for name in used))] = rule
        return rule


class Bench:
    """Runs the variants of one sweep, one at a time."""

    def __init__(self, context: SweepContext) -> None:
        self.context = context
        self._rules = RuleBook()
        self._whole = Market(context.columns, context.hours)
        self._parts: dict[_Place, Market] = {(None, None): self._whole}
        self._days: dict[_Place, TradingDays] = {}
        self._running = threading.Lock()

    def run(self, task: Task) -> Outcome:
        """Run one variant. A variant that cannot run is a result with a failure, no exception.

        Raises:
            ProgramBug: our own mistake, with the parameters that show it.
        """
        with self._running:
            parameters = dict(zip(self.context.names, task.values, strict=True))
            try:
                return self._run(task, parameters)
            except UserMistake as error:
                return Outcome(task, VariantResult(task.number, parameters, None, 0, ZERO, ZERO, None, str(error)))
            except Exception as error:
                said = ", ".join(f"{name}={value}" for name, value in parameters.items())
                raise ProgramBug(f"the variant {said} failed: {type(error).__name__}: {error}") from error

    def backtest(self, task: Task) -> BacktestResult:
        """Run one variant and return all of it (UserMistake: it cannot run)."""
        settings = self._settings(task)
        return run_backtest(settings, self._market(task), rules=self._rules.rules_of(settings.strategy))

    def _run(self, task: Task, parameters: dict[str, Decimal]) -> Outcome:
        settings = self._settings(task)
        rules = self._rules.rules_of(settings.strategy)
        market = self._market(task)
        found = run_backtest(settings, market, rules=rules)
        days = self._days_of(found, task, market)
        metrics = measure_result(found, days)
        shape = shape_of(daily_returns(found.equity, days))
        result = VariantResult(
            task.number, parameters, metrics, len(found.trades), found.cash, found.final_equity, shape
        )
        self._keep_small()
        return Outcome(task, result, _detail(found) if task.detailed else None)

    def _settings(self, task: Task) -> SessionSettings:
        base = self.context.settings
        strategy = with_parameters(base.strategy, dict(zip(self.context.names, task.values, strict=True)))
        cash = base.cash if task.cash is None else task.cash
        return replace(base, strategy=strategy, strategy_version=strategy_version(strategy), cash=cash)

    # bars --------------------------------------------------------------------------------------------------------
    def _market(self, task: Task) -> Market:
        place = (task.begin, task.end)
        market = self._parts.get(place)
        if market is None:
            market = self._parts[place] = self._cut(task.begin, task.end)
        return market

    def _days_of(self, found: BacktestResult, task: Task, market: Market) -> TradingDays:
        place = (task.begin, task.end)
        days = self._days.get(place)
        if days is None:
            days = self._days[place] = days_of_result(found, market)
        return days

    def _cut(self, begin: int | None, end: int | None) -> Market:
        timeframe = self.context.settings.strategy.timeframe
        columns: dict[str, Columns] = {}
        evaluators: dict[str, BatchEvaluator] = {}
        for symbol, bars in self.context.columns.items():
            first = 0 if begin is None else int(np.searchsorted(bars.start, begin))
            last = len(bars) if end is None else int(np.searchsorted(bars.start, end))
            evaluator = evaluators[symbol] = WindowEvaluator(self._whole.evaluator(symbol, timeframe), first, last)
            columns[symbol] = evaluator.columns
        return Market(columns, self.context.hours, evaluators=evaluators)

    def _keep_small(self) -> None:
        evaluators = self._whole.evaluators.values()
        if sum(evaluator.kept_bytes for evaluator in evaluators) > MEMORY:
            for evaluator in evaluators:
                evaluator.clear()


def _detail(found: BacktestResult) -> Detail:
    held = sum(end - begin for begin, end in held_stretches(found.fills, found.start))
    return Detail(found.start, found.equity, held, found.trades, found.fees, traded_value(found.fills))
