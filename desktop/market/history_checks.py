"""What rows of a file have to be beside readable: in order, without repetition, and bars that can be."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from desktop.rules.columns import BoolArray, FloatArray, IntArray


class RowReport(Protocol):
    """Who is told about rows that are left out."""

    def wrong(self, row: int, column: str, sentence: str) -> None: ...

    def repeated(self, row: int, sentence: str) -> None: ...


@dataclass(frozen=True, slots=True)
class Kept:
    """The rows that are right."""

    times: IntArray
    values: dict[str, FloatArray]
    ids: tuple[str, ...]
    duplicates: int


def check_bars(times: IntArray, lines: IntArray, values: Mapping[str, FloatArray], report: RowReport) -> Kept:
    """Leave out bars that cannot be, and bars that do not come after the one before; tells each."""
    opened, high, low, close = (values[name] for name in ("open", "high", "low", "close"))
    good: BoolArray = (low > 0) & (low <= opened) & (low <= close) & (high >= opened) & (high >= close)
    if "volume" in values:
        good &= values["volume"] >= 0
    for index in np.flatnonzero(~good).tolist():
        report.wrong(
            int(lines[index]), "", "is no bar: prices above 0, high the highest, low the lowest; it was left out."
        )
    if not good.all():
        times, lines = times[good], lines[good]
        values = {name: column[good] for name, column in values.items()}
    kept, duplicates = _in_order(times, lines, report, strict=True)
    if kept.all():  # no copies of what is right already: a million bars are 48 MB
        return Kept(times, dict(values), (), duplicates)
    return Kept(times[kept], {name: column[kept] for name, column in values.items()}, (), duplicates)


def check_ticks(
    times: IntArray, lines: IntArray, values: Mapping[str, FloatArray], ids: Sequence[str], report: RowReport
) -> Kept:
    """Leave out ticks older than the one before, and prints whose id was seen.

    Crossed or zero prices stay: a feed has them too, and the hub drops and counts them.
    """
    kept, _ = _in_order(times, lines, report, strict=False)
    duplicates = 0
    if ids:
        kept, duplicates = _new_ids(ids, kept, lines, report)
    if kept.all():
        return Kept(times, dict(values), tuple(ids), duplicates)
    rows = {name: column[kept] for name, column in values.items()}
    chosen = tuple(ids[index] for index in np.flatnonzero(kept).tolist()) if ids else ()
    return Kept(times[kept], rows, chosen, duplicates)


def _new_ids(ids: Sequence[str], kept: BoolArray, lines: IntArray, report: RowReport) -> tuple[BoolArray, int]:
    seen: set[str] = set()
    duplicates = 0
    for index in np.flatnonzero(kept).tolist():
        name = ids[index]
        if name and name in seen:
            kept[index] = False
            duplicates += 1
            report.repeated(int(lines[index]), f"repeats the trade {name[:40]!r}; it was left out.")
        seen.add(name)
    return kept, duplicates


def _in_order(times: IntArray, lines: IntArray, report: RowReport, *, strict: bool) -> tuple[BoolArray, int]:
    """Return which rows come after all before them (or, not strict, at the same time), and how many repeat a time."""
    kept: BoolArray = np.ones(len(times), dtype=np.bool_)
    if len(times) < 2:
        return kept, 0
    if bool((times[1:] > times[:-1]).all()):
        return kept, 0
    latest = np.maximum.accumulate(times)[:-1]
    kept[1:] = times[1:] > latest if strict else times[1:] >= latest
    duplicates = 0
    for index in np.flatnonzero(~kept).tolist():
        if times[index] == latest[index - 1]:
            duplicates += 1
            report.repeated(int(lines[index]), "repeats the time of the row before; it was left out.")
        else:
            report.wrong(int(lines[index]), "", "is older than the row before; it was left out.")
    return kept, duplicates
