"""What a map of a sweep shows: cells by two parameters, or by one."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from enum import Enum
from functools import cached_property
from math import nan

import numpy as np


class Shade(Enum):
    """How a cell is painted."""

    FIGURE = "figure"
    NO_FIGURE = "no figure"  # it ran, but has no such figure: it never traded, say
    REFUSED = "refused"
    NOT_TRIED = "not tried"


@dataclass(frozen=True, slots=True)
class HeatCell:
    """One cell. Texts are made when they are looked at: of a map of thousands of cells few are read.

    Attributes:
        number: The variant's number in the sweep.
        score: The higher the better; None: no figure.
        text: Returns the figure as it is shown.
        tip: Returns the variant and its figures, for the tool tip and screen readers.
        refused: Whether it could not run.
    """

    number: int
    score: float | None
    text: Callable[[], str]
    tip: Callable[[], str]
    refused: bool = False


@dataclass(frozen=True)
class HeatView:
    """What a map shows.

    Attributes:
        across: Name of the parameter from left to right.
        down: Name of the one from bottom to top; empty: there is one parameter only.
        columns: Values across, as texts.
        rows: Values down, as texts, the lowest first; one empty text where there is one parameter only.
        cells: By row and column; None: no variant was tried there.
        metric: Name of the figure.
    """

    across: str
    down: str
    columns: tuple[str, ...]
    rows: tuple[str, ...]
    cells: tuple[tuple[HeatCell | None, ...], ...] = field(repr=False)
    metric: str

    def placed(self) -> Iterator[tuple[int, int, HeatCell]]:
        """Yield row, column and cell of every variant."""
        for row, line in enumerate(self.cells):
            for column, cell in enumerate(line):
                if cell is not None:
                    yield row, column, cell

    @cached_property
    def places(self) -> dict[int, tuple[int, int]]:
        """Row and column by the number of the variant."""
        return {cell.number: (row, column) for row, column, cell in self.placed()}

    @cached_property
    def scores(self) -> np.ndarray[tuple[int, int], np.dtype[np.float64]]:
        """Scores by row and column, shape (rows, columns); NaN where there is none."""
        lines = [[nan if cell is None or cell.score is None else cell.score for cell in line] for line in self.cells]
        return np.array(lines, dtype=np.float64).reshape(len(self.rows), len(self.columns))

    @cached_property
    def best(self) -> tuple[int, int] | None:
        """Row and column of the best variant; None where none has a figure."""
        if not self.scores.size or bool(np.isnan(self.scores).all()):
            return None
        row, column = divmod(int(np.nanargmax(self.scores)), len(self.columns))
        return row, column

    @cached_property
    def bounds(self) -> tuple[float, float]:
        """Scores of the palest and the deepest colour; a few bad cells leave not all others alike."""
        known = np.sort(self.scores[np.isfinite(self.scores)])
        if not len(known):
            return 0.0, 1.0
        return float(known[len(known) // 10 if self.down else 0]), float(known[-1])

    @cached_property
    def ends(self) -> tuple[HeatCell, HeatCell] | None:
        """The cells with the lowest and the highest finite score; None where none has one."""
        known = np.where(np.isfinite(self.scores), self.scores, nan)
        if not known.size or bool(np.isnan(known).all()):
            return None
        low, high = (divmod(int(place), len(self.columns)) for place in (np.nanargmin(known), np.nanargmax(known)))
        one, other = self.cells[low[0]][low[1]], self.cells[high[0]][high[1]]
        return None if one is None or other is None else (one, other)

    @cached_property
    def counts(self) -> dict[Shade, int]:
        """How many cells are painted in which way."""
        found = Counter(shade_of(cell) for line in self.cells for cell in line)
        return {shade: found[shade] for shade in Shade}


def shade_of(cell: HeatCell | None) -> Shade:
    """Return how a cell is painted."""
    if cell is None:
        return Shade.NOT_TRIED
    if cell.refused:
        return Shade.REFUSED
    return Shade.NO_FIGURE if cell.score is None else Shade.FIGURE
