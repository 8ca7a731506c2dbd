"""What a walk-forward found: a row for each window, and the curve out of sample."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from desktop.domain.positions import ClosedTrade
from desktop.domain.sessions import SessionSettings
from desktop.research.grid import Grid
from desktop.research.metrics import Metrics
from desktop.research.variant import VariantResult
from desktop.research.windows import Window, WindowPlan

if TYPE_CHECKING:
    from desktop.rules.columns import FloatArray, IntArray


@dataclass(frozen=True, slots=True)
class WindowResult:
    """One window: what was chosen in sample and what it did afterwards.

    Attributes:
        window: Its edges.
        in_bars: Bars (of any symbol) on which the parameters were chosen.
        out_bars: Bars on which they were tried.
        chosen: The best variant in sample; None where no variant had the metric, and nothing was traded afterwards.
        result: The same variant out of sample; None likewise.
        missing: Symbols without a bar in one of the two parts: then nothing is traded in the window.
    """

    window: Window
    in_bars: int
    out_bars: int
    chosen: VariantResult | None
    result: VariantResult | None
    missing: tuple[str, ...] = ()

    @property
    def untraded(self) -> str:
        """Why nothing was traded out of sample; empty where it was."""
        if self.missing:
            return f"no bars of {', '.join(self.missing)}"
        if self.chosen is None:
            return "no variant has the metric in sample"
        return "the money was used up" if self.result is None else self.result.failure

    @property
    def efficiency(self) -> float | None:
        """Return a bar out of sample over that in sample; None where the latter is not above zero."""
        return efficiency_of([self])


@dataclass(frozen=True, slots=True, eq=False)
class WalkForwardResult:
    """What a walk-forward found.

    A window starts flat with the money the one before it ended with; a holding at its end is valued at the last close
    and an order still working is dropped, so what the change of parameters would cost is not in the curve.

    Attributes:
        settings: The session with the strategy as it was before its parameters were varied.
        grid: Parameters and values.
        plan: How the bars were divided.
        metric: What the variants were chosen by.
        windows: One row for each, oldest first.
        start: µs UTC, start of each out-of-sample bar of any symbol; strictly rising, shape (n,).
        equity: At the close of each of these bars, all windows in a row; shape (n,).
        metrics: Of this curve.
        trades: Out of sample.
        efficiency: Return a bar out of sample over that in sample, of all windows (Pardo, The Evaluation and
            Optimization of Trading Strategies, 2008, calls a yearly one the walk-forward efficiency); None where the
            in-sample return is not above zero.
        tried: Variants tried in each window.
        failed: Variants that could not run in the first window with bars of every symbol, with their sentences.
        run_seconds: From columns in memory to this result.
        remark: Why it is not on record; empty: it is, or nobody keeps a record.
        left_out: Windows of the plan with a part in which no symbol has a bar; they are not among `windows`.
    """

    settings: SessionSettings
    grid: Grid
    plan: WindowPlan
    metric: str
    windows: tuple[WindowResult, ...]
    start: IntArray
    equity: FloatArray
    metrics: Metrics
    trades: tuple[ClosedTrade, ...]
    efficiency: float | None
    tried: int
    failed: tuple[VariantResult, ...]
    run_seconds: float
    remark: str = ""
    left_out: int = 0

    @property
    def final_equity(self) -> Decimal:
        """What the money came to at the end of the last window, exact."""
        left = self.settings.cash
        for row in self.windows:
            if row.result is not None and not row.result.failure:
                left = row.result.equity
        return left

    @property
    def warning(self) -> str:
        """What to bear in mind."""
        said = (
            f"In each of {len(self.windows):,} windows the parameters are the best of {self.tried:,} tried variants: "
            "only the out-of-sample figures count. A plan of windows that was chosen because it looked good is one "
            "more choice on the same bars."
        )
        return " ".join(filter(None, (self.remark, said, self.gaps, self.stepped_over)))

    @property
    def gaps(self) -> str:
        """In how many windows a symbol had no bars, so that nothing was traded; empty where none."""
        without = [row for row in self.windows if row.missing]
        if not without:
            return ""
        symbols = ", ".join(dict.fromkeys(symbol for row in without for symbol in row.missing))
        windows = "1 window" if len(without) == 1 else f"{len(without):,} windows"
        return (
            f"In {windows} of {len(self.windows):,} there are no bars of {symbols}, so nothing at all was traded "
            "there. Take a period that all symbols have, or walk each symbol by itself."
        )

    @property
    def stepped_over(self) -> str:
        """How many windows of the plan there are no bars for at all; empty where none."""
        if not self.left_out:
            return ""
        windows = "1 more window" if self.left_out == 1 else f"{self.left_out:,} more windows"
        return f"The plan makes {windows}, left out because the prices have no bar in the part to choose or to try on."


def efficiency_of(rows: Sequence[WindowResult]) -> float | None:
    """Return the mean return a bar out of sample over that in sample."""
    inside = outside = 0.0
    in_bars = out_bars = 0
    for row in rows:
        chosen, result = row.chosen, row.result
        if chosen is None or chosen.metrics is None or result is None or result.metrics is None:
            continue
        inside += chosen.metrics.total_return or 0.0
        outside += result.metrics.total_return or 0.0
        in_bars, out_bars = in_bars + row.in_bars, out_bars + row.out_bars
    if inside <= 0 or not out_bars:
        return None
    return (outside / out_bars) / (inside / in_bars)
