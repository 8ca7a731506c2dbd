"""What the lab keeps of a run while it is open: the whole report, and bars and fills that a chart reads a part of."""

from __future__ import annotations

import pickle
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np

from desktop.domain.errors import NotFound
from desktop.domain.fills import Fill
from desktop.research.lab_views import MOST_BARS
from desktop.research.report import BacktestReport
from desktop.rules.columns import Columns, IntArray

_REPORT = "report.pickle"
_NO_HINT = "Run it again: then its bars can be shown."


def keep(report: BacktestReport, columns: Mapping[str, Columns], place: Path) -> None:
    """Write a report with its bars into a directory; blocks on the disk."""
    place.mkdir(parents=True, exist_ok=True)
    with (place / _REPORT).open("wb") as file:
        pickle.dump(report, file, protocol=5)
    for number, item in enumerate(report.result.settings.instruments):
        bars = columns[item.symbol]
        np.save(place / f"{number}-times.npy", bars.start)
        np.save(place / f"{number}-prices.npy", [bars.open, bars.high, bars.low, bars.close, bars.volume])
        _keep_fills([fill for fill in report.result.fills if fill.symbol == item.symbol], place, number)


def _keep_fills(fills: Sequence[Fill], place: Path, number: int) -> None:
    """Write fills one after the other, and where each begins: a chart needs a handful of many."""
    ordered = sorted(fills, key=_bar)
    offsets = [0]
    with (place / f"{number}-fills.bin").open("wb") as file:
        for fill in ordered:
            offsets.append(offsets[-1] + file.write(pickle.dumps(fill)))
    np.save(place / f"{number}-fill-times.npy", np.array([_bar(fill) for fill in ordered], dtype=np.int64))
    np.save(place / f"{number}-fill-places.npy", np.array(offsets, dtype=np.int64))


def _bar(fill: Fill) -> int:
    return fill.bar_start or fill.at


def kept_report(place: Path) -> BacktestReport:
    """Return a kept report; blocks on the disk (NotFound: it is gone)."""
    try:
        with (place / _REPORT).open("rb") as file:
            report: BacktestReport = pickle.load(file)  # noqa: S301 - written by our own process
    except OSError as error:
        raise NotFound("result", place.name, "Run the backtest again.") from error
    return report


def kept_part(place: Path, number: int, begin: int, end: int) -> tuple[Columns, tuple[Fill, ...]]:
    """Return bars and fills of one symbol in [begin, end], µs UTC; at most MOST_BARS bars. Blocks on the disk.

    Args:
        place: Where the run was kept.
        number: Of the symbol, in the session's order.
        begin: µs UTC; from the bar that contains it on.
        end: µs UTC.

    Raises:
        NotFound: it is gone.
    """
    try:
        times: IntArray = np.load(place / f"{number}-times.npy", mmap_mode="r")
        prices = np.load(place / f"{number}-prices.npy", mmap_mode="r")
        first = max(0, int(np.searchsorted(times, begin, side="right")) - 1)
        last = min(int(np.searchsorted(times, end, side="right")), first + MOST_BARS)
        bars = Columns(np.array(times[first:last]), *(np.array(row[first:last]) for row in prices))
        return bars, _kept_fills(place, number, bars.start)
    except OSError as error:
        raise NotFound("bars of", place.name, _NO_HINT) from error


def _kept_fills(place: Path, number: int, start: IntArray) -> tuple[Fill, ...]:
    if not len(start):
        return ()
    times = np.load(place / f"{number}-fill-times.npy", mmap_mode="r")
    offsets = np.load(place / f"{number}-fill-places.npy", mmap_mode="r")
    first, last = np.searchsorted(times, start[0]), np.searchsorted(times, start[-1], side="right")
    with (place / f"{number}-fills.bin").open("rb") as file:
        file.seek(int(offsets[first]))
        return tuple(pickle.load(file) for _ in range(first, last))  # noqa: S301 - written by our own process
