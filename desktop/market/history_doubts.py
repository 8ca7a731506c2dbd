"""Values in the first rows of a file that can be read but cannot be, cell by cell, before anything is imported."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise

import numpy as np

from desktop.market.history_checks import bar_faults
from desktop.market.history_rows import Reading, RowError

_LEFT_OUT = "the row will be left out."


def impossible(reading: Reading, kind: str) -> list[RowError]:
    """Return the cells of rows that will be left out, though each can be read; the column is what it is taken for.

    Crossed or zero quotes are no such rows: they are kept, and dropped and counted when they are traded on.
    """
    lines = np.concatenate(reading.lines).tolist() if reading.lines else []
    times = np.concatenate(reading.times).tolist() if reading.times else []
    values = {number.name: number.values().tolist() for number in reading.numbers}
    found: list[RowError] = []
    if kind == "bars":
        for place, line in enumerate(lines):
            found.extend(_bar(line, {name: column[place] for name, column in values.items()}))
    out = {error.row for error in found}
    left = [(line, at) for line, at in zip(lines, times, strict=True) if line not in out]  # as an import does it
    return [*found, *_in_time([line for line, _ in left], [at for _, at in left], strict=kind == "bars")]


def _bar(row: int, cells: dict[str, float]) -> Iterator[RowError]:
    """Yield what cannot be in a bar, in the words an import says it with."""
    for column, why in bar_faults(cells):
        yield RowError(row, column, f"{why[:1].upper()}{why[1:]}; {_LEFT_OUT}")


def _in_time(lines: Sequence[int], times: Sequence[int], *, strict: bool) -> Iterator[RowError]:
    """Yield the rows that are not after the one before; a file may be written newest first."""
    steps = [after - before for before, after in pairwise(times)]
    backwards = bool(steps) and all(step <= 0 for step in steps) and any(step < 0 for step in steps)
    latest = times[0] if times else 0
    for line, before, at in zip(lines[1:], times, times[1:], strict=False):
        if at == (before if backwards else latest) and strict:
            yield RowError(line, "time", f"The time repeats that of the row before; {_LEFT_OUT}")
        elif at < latest and not backwards:
            yield RowError(line, "time", f"The time is older than that of the row before; {_LEFT_OUT}")
        latest = max(latest, at)
