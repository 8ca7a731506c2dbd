"""What is imported and how, what became of it, and a stored series with what is to be known before it is used."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path

import numpy as np

from desktop.domain.history import Gap, SeriesInfo, Split
from desktop.domain.market import DAY, timeframe_us
from desktop.market.gaps import Gaps
from desktop.market.history_header import FileLayout
from desktop.market.history_merge import Existing, Overlap
from desktop.market.history_rows import RowError
from desktop.market.spikes import Spikes
from desktop.rules.columns import IntArray

MOST_HOLES = 500
_LONGEST_CLOSURE = 4 * DAY  # a weekend with holidays
_USUAL = 20  # times the usual distance between rows is a hole where there is trade all week
_WEEKEND_SHARE = 0.15  # of all rows: there is trade all week


@dataclass(frozen=True, slots=True)
class ImportRequest:
    """What to import and how.

    Attributes:
        directory: Data directory of the store.
        path: CSV or Parquet file.
        symbol: What it is of.
        timeframe: Of bars; None: as their distances show it.
        layout: Columns, zone and order of dates where the file does not say them itself.
        currency: Currency of the prices.
        tick: Smallest price step; None: the finest decimal in the file.
        lot: Smallest quantity step; None: one.
        hours: Trading hours that gaps are judged by: always, XNYS, XKRX or HH:MM-HH:MM@Zone; empty: the timeframe.
        adjust_splits: Adjust for all probable splits.
        existing: What is done where such a series is stored already.
        only_check: Read and judge the file, store nothing.
    """

    directory: Path
    path: Path
    symbol: str
    timeframe: str | None = None
    layout: FileLayout = field(default_factory=FileLayout)
    currency: str = "USD"
    tick: Decimal | None = None
    lot: Decimal | None = None
    hours: str = ""
    adjust_splits: bool = False
    existing: Existing = Existing.REFUSE
    only_check: bool = False


@dataclass(frozen=True, slots=True)
class ImportReport:
    """What a file held and what became of it.

    Attributes:
        series: As it is stored; None: only looked at.
        kind: "bars", "quotes" or "trades".
        timeframe: Of bars.
        rows: Rows in the file.
        kept: Rows that are right.
        first: µs UTC of the first one.
        last: µs UTC of the last one.
        errors: The first rows that were left out, and why.
        error_count: How many were left out, repeated ones included.
        duplicates: How many of them repeat the one before.
        repeats: The first of these.
        gaps: Holes between bars; None for ticks.
        splits: Probable splits in the bars as they were traded.
        reversed: The file was written newest first.
        overlap: What was found in the series that was stored already; None: there was none, or it was not looked at.
            With no `series` nothing was stored: the user has to choose what is done.
        spikes: Bars that stand alone on another scale; they were kept. None: there is none.
    """

    series: SeriesInfo | None
    kind: str
    timeframe: str
    rows: int
    kept: int
    first: int
    last: int
    errors: tuple[RowError, ...]
    error_count: int
    duplicates: int
    repeats: tuple[RowError, ...]
    gaps: Gaps | None
    splits: tuple[Split, ...]
    reversed: bool
    overlap: Overlap | None = None
    spikes: Spikes | None = None

    @property
    def undecided(self) -> tuple[Split, ...]:
        """Probable splits that prices were not adjusted for: offer them."""
        return () if self.series is not None and self.series.adjusted else self.splits


@dataclass(frozen=True, slots=True)
class StoredSeries:
    """A stored series as it is listed.

    Attributes:
        info: What is stored.
        pending: Probable splits that nobody has decided on.
        holes: Holes longer than any night, weekend or run of holidays; oldest first, at most `MOST_HOLES`.
        adjusted_as: The series of the same prices, adjusted for splits; 0: there is none.
        outdated: It was adjusted from prices that are stored no more: the series as traded has other ones by now.
    """

    info: SeriesInfo
    pending: tuple[Split, ...]
    holes: tuple[Gap, ...]
    adjusted_as: int = 0
    outdated: bool = False


def real_holes(times: IntArray, timeframe: str = "") -> tuple[Gap, ...]:
    """Return holes that are longer than any usual closure, for a picture of what a series covers.

    Args:
        times: µs UTC of each row, rising.
        timeframe: Of bars; empty: ticks.
    """
    if len(times) < 2:
        return ()
    length = timeframe_us(timeframe) if timeframe else 0
    steps = np.diff(times)
    weekend = np.isin((times // DAY + 3) % 7, (5, 6))  # 1970-01-01 was a Thursday; 0 = Monday
    always = bool(weekend.mean() > _WEEKEND_SHARE)
    least = max(_USUAL * int(np.median(steps)), 1) if always else _LONGEST_CLOSURE
    least = max(least, 2 * length) if always else max(least, length + _LONGEST_CLOSURE)
    holes = np.flatnonzero(steps >= least)[:MOST_HOLES]
    return tuple(
        Gap(begin + length, end, round((end - begin) / length) - 1 if length else 0)
        for begin, end in zip(times[holes].tolist(), times[holes + 1].tolist(), strict=True)
    )
