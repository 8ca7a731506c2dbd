"""Text cells of a file as numbers, a whole column at once and row by row only where that fails."""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal

import numpy as np

from desktop.rules.columns import BoolArray, FloatArray

MOST_DECIMALS = 10
_NUMBER = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d{1,3})?")
_LONGEST = 40  # characters of a number
_NUMBER_ONLY = str.maketrans("", "", "0123456789-+.,eE")


class FloatColumn:
    """One column of numbers, collected batch by batch; remembers how many decimals were written at most."""

    __slots__ = ("_batch", "_parts", "decimals", "name")

    def __init__(self, name: str) -> None:
        self.name = name
        self.decimals = 0
        self._parts: list[FloatArray] = []
        self._batch: FloatArray = np.zeros(0)

    def read(self, cells: Sequence[str]) -> BoolArray:
        """Take a batch of cells; returns which of them are finite numbers, shape (n,)."""
        text = ",".join(cells)
        if not text.translate(_NUMBER_ONLY) and text.count(",") == len(cells) - 1:
            try:
                values = np.array(cells, dtype=np.float64)
            except ValueError:
                pass
            else:
                self._batch = values
                self._count_decimals(text)
                good: BoolArray = np.isfinite(values)
                return good
        return self._one_by_one(cells)

    def _one_by_one(self, cells: Sequence[str]) -> BoolArray:
        self._batch = np.full(len(cells), np.nan)
        for index, cell in enumerate(cells):
            stripped = cell.strip()
            if len(stripped) <= _LONGEST and _NUMBER.fullmatch(stripped):
                self._batch[index] = float(stripped)
                self._count_decimals(stripped)
        good: BoolArray = np.isfinite(self._batch)
        return good

    def take(self, values: FloatArray, decimals: int) -> None:
        """Keep a batch that is already numbers, written with at most so many decimals."""
        self._parts.append(values)
        self.decimals = min(MOST_DECIMALS, max(self.decimals, decimals))

    def keep(self, good: BoolArray) -> None:
        """Keep these rows of the batch."""
        self._parts.append(self._batch[good])

    def values(self) -> FloatArray:
        """Return all that was kept, once: the parts are let go."""
        found = np.concatenate(self._parts) if self._parts else np.zeros(0)
        self._parts.clear()
        return found

    def _count_decimals(self, text: str) -> None:
        if self.decimals >= MOST_DECIMALS:
            return
        if "e" in text or "E" in text:
            finest = max((_decimals(cell) for cell in text.split(",")), default=0)
        else:
            codes = np.frombuffer((text + ",").encode(), dtype=np.uint8)
            ends = np.flatnonzero(codes == ord(","))
            points = np.flatnonzero(codes == ord("."))
            if not len(points):
                return
            finest = int((ends[np.searchsorted(ends, points)] - points).max()) - 1
        self.decimals = min(MOST_DECIMALS, max(self.decimals, finest))


def _decimals(cell: str) -> int:
    exponent = Decimal(cell).as_tuple().exponent
    return max(0, -exponent) if isinstance(exponent, int) else 0


def finest_step(columns: Sequence[FloatColumn]) -> Decimal:
    """Return the finest decimal step written in any of the columns: 0.01 for prices such as 97.31."""
    return Decimal(1).scaleb(-max(column.decimals for column in columns))
