"""What rows of a file have to be beside readable: in order, without repetition, and bars that can be."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from desktop.rules.columns import BoolArray, FloatArray, IntArray

_PRICES = ("open", "high", "low", "close")


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


def bar_faults(bar: Mapping[str, float]) -> Iterator[tuple[str, str]]:
    """Yield (column, what is wrong with it) of a bar that cannot be, the plainest first; nothing: it can be.

    Args:
        bar: open, high, low, close and, where there is one, volume.
    """
    high, low = bar["high"], bar["low"]
    for name in _PRICES:
        if not bar[name] > 0:
            yield name, f"the {name} {bar[name]:.10g} is not above 0"
    if high < low:
        yield "high", f"the high {high:.10g} is below the low {low:.10g}"
    for name in ("open", "close"):
        if bar[name] > high >= low:
            yield "high", f"the high {high:.10g} is below the {name} {bar[name]:.10g}"
        if 0 < bar[name] < low <= high:
            yield "low", f"the low {low:.10g} is above the {name} {bar[name]:.10g}"
    if not bar.get("volume", 0.0) >= 0:
        yield "volume", f"the volume {bar['volume']:.10g} is below 0"


def check_bars(
    times: IntArray,
    lines: IntArray,
    values: Mapping[str, FloatArray],
    report: RowReport,
    names: Mapping[str, str] | None = None,
) -> Kept:
    """Leave out bars that cannot be, and bars that do not come after the one before; tells each.

    Args:
        times: µs UTC of each bar.
        lines: Row of each in its file.
        values: open, high, low, close and, where there is one, volume.
        report: Told what is left out.
        names: What the file calls these columns; None: as they are called here.
    """
    opened, high, low, close = (values[name] for name in ("open", "high", "low", "close"))
    good: BoolArray = (low > 0) & (low <= opened) & (low <= close) & (high >= opened) & (high >= close)
    if "volume" in values:
        good &= values["volume"] >= 0
    for index in np.flatnonzero(~good).tolist():
        column, why = next(bar_faults({name: float(column[index]) for name, column in values.items()}))
        report.wrong(int(lines[index]), (names or {}).get(column, column), f"{why}; the row was left out.")
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
