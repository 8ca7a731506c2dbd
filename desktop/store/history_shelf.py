"""The stored series as they are listed and decided on: judged once, kept. Blocks: in a thread of its own."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from desktop.domain.errors import EnvironmentFault, FieldError
from desktop.domain.history import Gap, SeriesInfo, Split
from desktop.market.gaps import Gaps, gaps_by
from desktop.market.history_report import StoredSeries, real_holes
from desktop.market.splits import find_splits
from desktop.rules.columns import Columns
from desktop.store.elsewhere import Elsewhere
from desktop.store.history_add import adjust_again
from desktop.store.history_csv import unfinished, write_csv
from desktop.store.history_gaps import counted_anew
from desktop.store.history_store import HistoryStore


@dataclass(frozen=True, slots=True)
class _Judged:
    """What the rows of a series show; they never change."""

    splits: tuple[Split, ...]
    holes: tuple[Gap, ...]


class HistoryShelf:
    """The series of one data directory."""

    def __init__(self, directory: Path) -> None:
        self._directory, self._store = directory, HistoryStore(directory)
        self._elsewhere = Elsewhere()
        self._judged: dict[tuple[int, str], _Judged] = {}  # by series and fingerprint
        self._counts: dict[tuple[int, str], SeriesInfo] = {}  # of series that were stored before gaps were counted

    def series(self) -> Sequence[StoredSeries]:
        """Return what is stored, by symbol and timeframe."""
        infos = tuple(map(self._counted, self._store.series()))
        twins = {_prices_of(info): info for info in infos if info.adjusted}
        listed = []
        for info in infos:
            judged = self._judge(info)
            twin = None if info.adjusted else twins.get(_prices_of(info))
            decided = {*info.accepted, *(split.at for split in (twin.splits if twin is not None else ()))}
            pending = tuple(split for split in judged.splits if split.at not in decided)
            number = twin.series_id if twin is not None else 0
            listed.append(StoredSeries(info, pending, judged.holes, number, _is_outdated(info, infos)))
        return listed

    def _counted(self, info: SeriesInfo) -> SeriesInfo:
        """Return a series with its gaps counted."""
        key = (info.series_id, info.fingerprint)
        if info.kind != "bars" or info.gap_count >= 0:
            return info
        if key not in self._counts:
            self._counts[key] = counted_anew(self._store, info)
        count = self._counts[key]
        return replace(info, gaps=count.gaps, gap_count=count.gap_count, judged=count.judged)

    def _judge(self, info: SeriesInfo) -> _Judged:
        key = (info.series_id, info.fingerprint)
        found = self._judged.get(key)
        if found is None:
            if info.kind == "bars":
                columns = self._store.bars(info.series_id).columns
                found = _Judged(find_splits(columns, info.instrument), real_holes(columns.start, info.timeframe))
            else:
                found = _Judged((), real_holes(self._store.ticks(info.series_id).at))
            self._judged[key] = found
        return found

    def bars(self, series_id: int) -> tuple[SeriesInfo, Columns]:
        """Return the bars of a series (NotFound: there is none, or it holds ticks)."""
        stored = self._store.bars(series_id)
        return stored.info, stored.columns

    def gaps(self, series_id: int, hours: str | None = None) -> Gaps:
        """Return the holes of a series by these hours; an exchange's calendar is built in a process of its own.

        No hours: those kept with the series. Empty ones: as the bars show it.

        Raises:
            FieldError: the hours cannot be read.
            NotFound: there is no such series, or it holds ticks.
            EnvironmentFault: the process ended by itself.
        """
        info, columns = self.bars(series_id)
        told = info.hours if hours is None else hours
        if told in {"", "always"}:
            return gaps_by(columns.start, info.timeframe, told)
        return self._elsewhere.run(gaps_by, columns.start, info.timeframe, told)

    def decide_splits(self, series_id: int, adjust: Sequence[Split], leave: Sequence[Split]) -> SeriesInfo:
        """Record what becomes of probable splits; returns the series to use from now on.

        An adjusted series of an earlier import of the same symbol is replaced: it was made of prices that are no more.

        Raises:
            NotFound: there is no such series of bars.
            FieldError: it is adjusted already, or nothing was decided.
            StorageFault: the disk does not take it; what was stored stays.
        """
        if not adjust and not leave:
            raise FieldError("splits", "none was decided on.")
        used = self._traded(self._store.get(series_id))
        series_id = used.series_id
        if adjust:
            done = [one for info in self._store.series() if info.adjusted and _prices_of(info) == _prices_of(used)
                    for one in info.splits]  # fmt: skip
            used = self._store.adjust(series_id, [*done, *adjust], replacing=True)
        if leave:
            for target in sorted({series_id, used.series_id}):
                used = self._store.accept_splits(target, [split.at for split in leave])
        return used

    def _traded(self, info: SeriesInfo) -> SeriesInfo:
        """Return the series as traded of which a series holds the adjusted prices; itself where there is none."""
        same = (one for one in self._store.series() if not one.adjusted and _prices_of(one) == _prices_of(info))
        return next(same, info) if info.adjusted else info

    def adjust_again(self, series_id: int) -> SeriesInfo:
        """Adjust an outdated series anew from the prices as traded; returns it."""
        return adjust_again(self._store, series_id)

    def export(self, series_id: int, path: Path) -> int:
        """Write a series as a CSV file, in a process of its own; returns its rows.

        Raises:
            NotFound: there is no such series.
            EnvironmentFault: the file cannot be written; nothing of it is left.
        """
        self._store.get(series_id)
        try:
            return self._elsewhere.run(_write, self._directory, series_id, path)
        except EnvironmentFault:
            unfinished(path).unlink(missing_ok=True)  # of a process that was ended half-way
            raise

    def stop(self) -> None:
        """End what runs in processes of their own: the program is ending."""
        self._elsewhere.stop()

    def delete(self, series_id: int) -> SeriesInfo:
        """Delete a series and return what it was (NotFound: there is none)."""
        return self._store.delete(series_id)


def _is_outdated(info: SeriesInfo, infos: Sequence[SeriesInfo]) -> bool:
    """Whether a series was adjusted from prices of which there are others by now."""
    if not info.adjusted:
        return False
    traded = [one for one in infos if not one.adjusted and _prices_of(one)[:3] == _prices_of(info)[:3]]
    return bool(traded) and all(one.fingerprint != info.fingerprint for one in traded)


def _prices_of(info: SeriesInfo) -> tuple[str, str, str, str]:
    """Return what a series and its adjusted one have in common."""
    return info.symbol, info.timeframe, info.feed, info.fingerprint


def _write(directory: Path, series_id: int, path: Path) -> int:
    return write_csv(HistoryStore(directory).history(series_id), path)
