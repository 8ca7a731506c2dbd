"""The gaps of stored series: counted once by the hours kept with a series, and judged by others where one asks."""

from __future__ import annotations

from dataclasses import replace

from desktop.domain.history import SeriesInfo
from desktop.market.gaps import Gaps, counted, gaps_by
from desktop.store.history_file import opened, transaction
from desktop.store.history_infos import absent, series_of, text_of
from desktop.store.history_store import HistoryStore


def counted_series(store: HistoryStore) -> tuple[SeriesInfo, ...]:
    """Return what is stored; series that were stored before gaps were counted are counted now."""
    return tuple(counted_anew(store, info) for info in store.series())


def counted_anew(store: HistoryStore, info: SeriesInfo) -> SeriesInfo:
    """Return a series with its gaps counted where that was not yet done; one that has been is returned as it is."""
    if info.kind != "bars" or info.gap_count >= 0:
        return info
    return counted(info, store.bars(info.series_id).columns.start)


def series_gaps(store: HistoryStore, series_id: int, hours: str | None = None) -> Gaps:
    """Return the holes of a series of bars.

    Args:
        store: Where it is.
        series_id: Its number.
        hours: What to judge by, empty: as the bars show it; None: the hours kept with the series.

    Raises:
        NotFound: there is no such series, or it holds ticks.
        FieldError: the hours cannot be read.
    """
    stored = store.bars(series_id)
    told = stored.info.hours if hours is None else hours
    return gaps_by(stored.columns.start, stored.info.timeframe, told)


def keep_hours(store: HistoryStore, infos: tuple[SeriesInfo, ...], hours: str) -> tuple[SeriesInfo, ...]:
    """Keep other hours with series that have the same bars, and judge their gaps by them; returns them.

    Raises:
        FieldError: the hours cannot be read.
        NotFound: one of them is gone.
        StorageFault: it cannot be written.
    """
    found = gaps_by(store.bars(infos[0].series_id).columns.start, infos[0].timeframe, hours)
    told = tuple(
        replace(info, hours=hours, gaps=found.missing, gap_count=found.count, judged=found.hours) for info in infos
    )
    with opened(store.directory) as connection:
        if connection is None:
            raise absent(infos[0].series_id)
        with transaction(connection):
            for info in told:
                series_of(connection, info.series_id)
                connection.execute("UPDATE series SET info = ? WHERE series_id = ?", (text_of(info), info.series_id))
    return told
