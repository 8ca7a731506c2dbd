"""Closed bars as columns: what indicators are computed from."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from desktop.domain.market import Bar

FloatArray: TypeAlias = np.ndarray[tuple[int], np.dtype[np.float64]]
IntArray: TypeAlias = np.ndarray[tuple[int], np.dtype[np.int64]]
BoolArray: TypeAlias = np.ndarray[tuple[int], np.dtype[np.bool_]]


@dataclass(frozen=True, slots=True, eq=False)
class Columns:
    """Closed bars of one symbol and timeframe, oldest first; every array has shape (n,).

    Attributes:
        start: µs UTC, start of each bar, strictly rising.
        open: Price of the first trade.
        high: Highest price.
        low: Lowest price.
        close: Price of the last trade.
        volume: Units traded.
    """

    start: IntArray
    open: FloatArray
    high: FloatArray
    low: FloatArray
    close: FloatArray
    volume: FloatArray

    def __post_init__(self) -> None:
        lengths = {len(self.start), len(self.open), len(self.high), len(self.low), len(self.close), len(self.volume)}
        if len(lengths) != 1:
            raise ValueError(f"the columns of bars differ in length: {sorted(lengths)}")

    def __len__(self) -> int:
        return len(self.start)

    def first(self, count: int) -> Columns:
        """Return the first `count` bars (views, no copy)."""
        return self.part(0, count)

    def part(self, begin: int, end: int) -> Columns:
        """Return bars `begin` up to and without `end` (views, no copy)."""
        cut = slice(begin, end)
        return Columns(
            self.start[cut], self.open[cut], self.high[cut], self.low[cut], self.close[cut], self.volume[cut]
        )

    @staticmethod
    def of(bars: Sequence[Bar]) -> Columns:
        """Return the columns of a sequence of bars, oldest first."""
        start = np.fromiter((bar.start for bar in bars), dtype=np.int64, count=len(bars))
        prices = np.array([bar[3:8] for bar in bars], dtype=np.float64).reshape(len(bars), 5)
        opened, high, low, close, volume = (np.ascontiguousarray(prices[:, field]) for field in range(5))
        return Columns(start, opened, high, low, close, volume)
