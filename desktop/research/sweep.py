"""A parameter sweep: every variant of a grid on the same bars, ranked, and what the best of so many is worth."""

from __future__ import annotations

import time
import uuid
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from math import sqrt

from desktop.domain.errors import RuleError, UserMistake
from desktop.domain.sessions import SessionSettings
from desktop.domain.strategies import Evaluate, Strategy
from desktop.research.backtest import Market
from desktop.research.bench import Bench, RuleBook, SweepContext
from desktop.research.crew import CrewOpener, local_crew
from desktop.research.deflated import DeflatedSharpe, deflated_sharpe
from desktop.research.dispatch import Cancelled, Dispatch, SweepCancelled
from desktop.research.grid import Grid, with_parameters
from desktop.research.pace import Outlook
from desktop.research.ranking import METRICS, best_of, check_metric
from desktop.research.result import BacktestResult
from desktop.research.variant import Outcome, Task, VariantResult
from desktop.rules.nodes import Higher, Indicator, Node, walk

Values = tuple[Decimal, ...]
_BEYOND = 10.0  # Sharpe ratio of a year: no market pays that, so a larger one "by luck" says only that they scatter


@dataclass(frozen=True, slots=True)
class SweepProgress:
    """How far a sweep is.

    Attributes:
        done: Variants that ran or failed.
        total: All variants.
        best: The best so far; None while none has the metric.
        failed: How many could not run.
        left: Seconds it will still take; None: too few are done to tell.
    """

    done: int
    total: int
    best: VariantResult | None
    failed: int
    left: float | None = None


@dataclass(frozen=True, slots=True, eq=False)
class SweepResult:
    """What a sweep found.

    Attributes:
        settings: The session with the strategy as it was before its parameters were varied.
        grid: Parameters and values.
        metric: What `best` was chosen by.
        variants: One for each combination, in the grid's order; failed ones too.
        best: None where no variant has the metric.
        deflated: How the best variant stands against luck; None where it is not defined.
        bars: Closed bars of all symbols.
        run_seconds: From columns in memory to this result.
        remark: Why it is not on record; empty: it is, or nobody keeps a record.
    """

    settings: SessionSettings
    grid: Grid
    metric: str
    variants: tuple[VariantResult, ...]
    best: VariantResult | None
    deflated: DeflatedSharpe | None
    bars: int
    run_seconds: float
    remark: str = ""

    @property
    def tried(self) -> int:
        """Variants that ran."""
        return len(self.variants) - self.failed

    @property
    def failed(self) -> int:
        """Variants that could not run."""
        return sum(1 for item in self.variants if item.failure)

    @property
    def warning(self) -> str:
        """What to bear in mind about the best variant; empty where there is none to speak of."""
        return " ".join(filter(None, (self.remark, warning_of(self.tried, self.best, self.deflated))))


def warning_of(tried: int, best: VariantResult | None, deflated: DeflatedSharpe | None) -> str:
    """Return the sentence that says how much of the best variant may be luck; empty for a single variant."""
    if best is None or best.metrics is None or tried < 2:
        return ""
    said = f"This is the best of {tried:,} tried variants; the best of many is partly luck, even without any skill."
    sharpe = best.metrics.sharpe
    if sharpe is not None and sharpe <= 0:
        return (
            f"Even the best of {tried:,} tried variants has a Sharpe ratio of {sharpe:.2f}, not above zero: there is "
            "no gain here that luck would have to explain. Other numbers will not mend this; change the rule."
        )
    if deflated is None:
        return f"{said} Judge it on bars it has not seen (walk-forward) before it gets money."
    lucky = deflated.expected_maximum * sqrt(best.metrics.periods_per_year)
    if lucky > _BEYOND:
        return (
            f"{said} Variants as far apart as these would reach a Sharpe ratio above {_BEYOND:.0f} by luck alone, "
            "which no market pays, so the best one's says nothing: most often the bars are few, or some variants "
            "hardly trade. Rank by return or drawdown instead, look at the number of trades, or take more bars."
        )
    return (
        f"{said} Variants as different as these would reach a Sharpe ratio of about {lucky:.2f} by luck alone. "
        f"The deflated Sharpe ratio is {deflated.probability:.2f}: the probability that the true one is above zero; "
        "below 0.95 it is no evidence. Judge it on bars it has not seen (walk-forward) before it gets money."
    )


def run_sweep(
    settings: SessionSettings,
    market: Market,
    grid: Grid,
    *,
    metric: str = "sharpe",
    crew: CrewOpener | None = None,
    progress: Callable[[SweepProgress], None] | None = None,
    cancelled: Cancelled | None = None,
    chunk: int | None = None,
) -> SweepResult:
    """Run every variant of a grid; the same result whoever runs it and however it is divided.

    Blocks until it is done; the window calls it in a thread, where it hardly works: the crew does.

    Args:
        settings: As of a backtest; the strategy holds the parameters that are not swept.
        market: Bars and hours of each symbol.
        grid: Which values to try.
        metric: What the best variant is chosen by (`ranking.METRICS`).
        crew: Who runs it; None: a process for each processor of this machine.
        progress: Told after each chunk, in this thread; may raise to end the sweep.
        cancelled: Asked twenty times a second whether to stop.
        chunk: Variants handed over at a time; chosen when not given.

    Raises:
        FieldError: metric, parameters or settings cannot be right.
        UserMistake: a symbol has no bars, or the strategy is judged on quotes.
        SweepCancelled: `cancelled` said so; no process of the crew is left. It carries what had come back.
        EnvironmentFault: workers died twice, or a cluster cannot be used.
    """
    began = time.perf_counter()
    check_metric(metric)
    context = context_of(settings, market, grid)
    found: dict[int, VariantResult] = {}
    best: VariantResult | None = None
    failed = 0
    outlook = Outlook(len(grid))

    def take(outcomes: Sequence[Outcome]) -> None:
        nonlocal best, failed
        results = [item.result for item in outcomes]
        found.update((item.number, item) for item in results)
        best = best_of(results if best is None else [best, *results], metric)
        failed += sum(1 for item in results if item.failure)
        if progress is not None:
            progress(SweepProgress(len(found), len(grid), best, failed, outlook.left(len(found))))

    tasks = [Task(number, values) for number, values in ordered(grid, settings.strategy)]

    def result() -> SweepResult:
        variants = tuple(found[number] for number in sorted(found))
        return SweepResult(
            settings=settings,
            grid=grid,
            metric=metric,
            variants=variants,
            best=best,
            deflated=_deflated(variants, best),
            bars=sum(map(len, market.columns.values())),
            run_seconds=time.perf_counter() - began,
        )

    try:
        with (crew or local_crew())(context) as opened:
            Dispatch(opened, take, cancelled, chunk).run(tasks)
    except SweepCancelled as ended:
        ended.seen = result() if found else None
        raise
    return result()


def run_variant(settings: SessionSettings, market: Market, parameters: Mapping[str, Decimal]) -> BacktestResult:
    """Run one variant of a sweep again and return all of it: curve, fills and trades.

    Raises:
        UserMistake: it cannot run; the sweep said the same.
    """
    context = SweepContext(settings, tuple(parameters), market.columns, market.hours, "")
    return Bench(context).backtest(Task(0, tuple(parameters.values())))


def context_of(settings: SessionSettings, market: Market, grid: Grid) -> SweepContext:
    """Return what all variants have in common.

    Raises:
        FieldError: the strategy has not these parameters.
        UserMistake: a symbol has no bars, or the strategy is judged on quotes.
    """
    grid.check(settings.strategy)
    if settings.strategy.evaluate is not Evaluate.BAR:
        raise UserMistake("This strategy is judged on quotes, a sweep runs on bars. Set evaluate to bar.")
    for item in settings.instruments:
        if not len(market.columns[item.symbol]):
            raise UserMistake(f"There are no bars of {item.symbol}. Choose a longer period or another file.")
    return SweepContext(settings, grid.names, market.columns, market.hours, uuid.uuid4().hex)


def ordered(grid: Grid, strategy: Strategy) -> list[tuple[int, Values]]:
    """Return number and values of each variant, those with the same indicators together: a worker computes them once.

    What is alike in two neighbours is found again; only parameters that change an indicator decide the order.
    """
    shaping = [place for place in range(len(grid.names)) if _shapes(grid, strategy, place)]
    return sorted(enumerate(grid), key=lambda item: [item[1][place] for place in shaping])


def _shapes(grid: Grid, strategy: Strategy, place: int) -> bool:
    """Whether a parameter changes what is computed from the bars, as the first and last of its values show."""
    first = {item.name: item.values[0] for item in grid.ranges}
    item = grid.ranges[place]
    rules = RuleBook()
    try:
        low, high = (
            _computed(rules, with_parameters(strategy, {**first, item.name: value}))
            for value in (item.values[0], item.values[-1])
        )
    except RuleError:
        return True
    return low != high


def _computed(rules: RuleBook, strategy: Strategy) -> set[Node]:
    compiled = rules.rules_of(strategy)
    roots = [rule.root for rule in (compiled.entry, compiled.exit) if rule is not None]
    return {node for root in roots for node in walk(root) if isinstance(node, Indicator | Higher)}


def _deflated(variants: Sequence[VariantResult], best: VariantResult | None) -> DeflatedSharpe | None:
    if best is None or best.shape is None:
        return None
    sharpes = [item.shape.sharpe for item in variants if item.shape is not None]
    return deflated_sharpe(best.shape, sharpes, sum(1 for item in variants if not item.failure))


class HeatCells:
    """Gathers the variants of a sweep over two of its parameters, one after the other.

    Args:
        result: Of a sweep.
        across: The parameter of the columns.
        down: The parameter of the rows, another one; empty: there is one row.
    """

    def __init__(self, result: SweepResult, across: str, down: str) -> None:
        by_name = {item.name: item.values for item in result.grid.ranges}
        self.columns: Values = by_name[across]
        self.rows: Values = by_name[down] if down else ()
        self._across, self._down, self._metric = across, down, result.metric
        self._found: dict[tuple[Decimal | None, Decimal], VariantResult] = {}

    def take(self, item: VariantResult) -> None:
        """Take a variant; take them in the grid's order."""
        place = (item.parameters[self._down] if self._down else None, item.parameters[self._across])
        before = self._found.get(place)
        if before is not None:
            better = best_of((before, item), self._metric)
            item = better or (item if before.failure and not item.failure else before)
        self._found[place] = item

    def cells(self) -> list[list[VariantResult | None]]:
        """Return by row and column the best variant by the sweep's metric, whatever the other parameters are.

        Where none has the metric it is the first that ran, else the first of all, so that its sentence says why; None
        where none was tried.
        """
        return [[self._found.get((low, high)) for high in self.columns] for low in self.rows or (None,)]


def heat_map(result: SweepResult, across: str, down: str) -> tuple[Values, Values, list[list[VariantResult | None]]]:
    """Return the values across, those down, and the variants over these two parameters; see `HeatCells`."""
    found = HeatCells(result, across, down)
    for item in result.variants:
        found.take(item)
    return found.columns, found.rows, found.cells()


__all__ = ["METRICS", "SweepProgress", "SweepResult", "heat_map", "run_sweep", "run_variant"]
