"""From a backtest's result to the evidence that is kept of it."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from desktop import __version__
from desktop.domain.evidence import Evidence, EvidenceDetail, digest_of
from desktop.domain.history import SplitWarning
from desktop.research.metrics import Metrics
from desktop.research.result import BacktestResult
from desktop.rules.columns import FloatArray, IntArray

CURVE_POINTS = 4_000  # that are kept of a long equity curve, about


def evidence_of(
    result: BacktestResult,
    metrics: Metrics,
    *,
    key: str,
    files: Sequence[str],
    began: int,
    splits: Sequence[SplitWarning],
) -> tuple[Evidence, EvidenceDetail]:
    """Return what is stored of a backtest.

    Args:
        result: The backtest.
        metrics: Of it.
        key: Hash of strategy, files and options.
        files: Names of its files, in the order of its instruments.
        began: µs UTC of the first row.
        splits: Probable splits in its prices that nobody has decided on.
    """
    equity = result.final_equity
    evidence = Evidence(
        key=key,
        settings=result.settings,
        fingerprints=result.fingerprints,
        files=tuple(files),
        program=__version__,
        began=began,
        ended=result.ended_at,
        bars=result.bars,
        metrics=metrics.as_dict(),
        trades=len(result.trades),
        cash=result.cash,
        equity=equity,
        fees=result.fees,
        digest=digest_of(result.fills, result.trades, result.cash, equity, result.fees),
        warnings=(*(warning.sentence for warning in splits), *result.warnings),
        undecided_splits=sum(len(warning.splits) for warning in splits),
    )
    return evidence, EvidenceDetail(result.fills, result.trades, thinned(result.start, result.equity))


def thinned(start: IntArray, equity: FloatArray, most: int = CURVE_POINTS) -> list[tuple[int, float]]:
    """Return the points of a curve, of a long one the lowest and highest of each stretch, the first and the last.

    Args:
        start: µs UTC, start of each bar; shape (n,).
        equity: Equity at its close; shape (n,).
        most: About how many points.
    """
    count = len(start)
    if count <= most:
        return list(zip(start.tolist(), equity.tolist(), strict=True))
    edges = np.linspace(0, count, most // 2 + 1).astype(np.int64)
    kept = {0, count - 1}
    for begin, end in zip(edges[:-1].tolist(), edges[1:].tolist(), strict=True):
        part = equity[begin:end]
        kept.update((begin + int(part.argmin()), begin + int(part.argmax())))
    places = sorted(kept)
    return list(zip(start[places].tolist(), equity[places].tolist(), strict=True))
