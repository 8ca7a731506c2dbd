"""The bars of a download: of its pages those that count, put together, each once."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from desktop.domain.market import Bar
from desktop.market.history_rows import RowError
from desktop.rules.columns import Columns

_MOST_ERRORS = 1_000  # that are listed


class WrongBars:
    """Collects bars that cannot be."""

    def __init__(self) -> None:
        self.errors: list[RowError] = []
        self.count = 0

    def wrong(self, row: int, column: str, sentence: str) -> None:
        self.count += 1
        if len(self.errors) < _MOST_ERRORS:
            self.errors.append(RowError(row, column, sentence))

    def repeated(self, row: int, sentence: str) -> None:
        self.wrong(row, "", sentence)


def whole_bars(
    page: Sequence[Bar], begin: int, end: int, now: int, open_at: Callable[[int], bool] | None = None
) -> Columns:
    """Return the bars of a page that start in [begin, end) and are over: a running one changes yet.

    With hours those that have a part in them: a feed's bar of an hour may begin half an hour before the market opens.
    """
    whole = [bar for bar in page if begin <= bar.start < end and bar.end <= now]
    if open_at is not None:
        whole = [bar for bar in whole if open_at(bar.start) or open_at(bar.end - 1)]
    return Columns.of(whole)


def joined(pages: Sequence[Columns]) -> Columns:
    """Return all pages as one, oldest first; of bars that came twice the later one."""
    if not pages:
        return Columns.of(())
    names = ("start", "open", "high", "low", "close", "volume")
    start, *values = (np.concatenate([getattr(page, name) for page in pages]) for name in names)
    _, places = np.unique(start[::-1], return_index=True)
    last = len(start) - 1 - places
    return Columns(start[last], *(column[last] for column in values))


def between_steps(prices: np.ndarray[tuple[int], np.dtype[np.float64]], step: float) -> bool:
    """Whether a price lies between two steps."""
    ratio = prices / step
    return bool((np.abs(ratio - np.rint(ratio)) > 1e-4 * np.maximum(1.0, np.abs(ratio) * 1e-9)).any())
