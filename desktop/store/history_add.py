"""Rows for the history store where a series of the same kind may be stored already: compared, added, all or nothing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import partial

from desktop.domain.errors import FieldError, StorageFault
from desktop.domain.history import SeriesInfo, Split
from desktop.domain.instruments import Instrument
from desktop.market.gaps import counted, holes
from desktop.market.history import History
from desktop.market.history_merge import Existing, Overlap, compare, content_fingerprint, finer_tick, merge
from desktop.market.splits import adjust_splits
from desktop.rules.columns import Columns
from desktop.store.crash_points import reach
from desktop.store.history_blocks import bar_arrays, blocks_of
from desktop.store.history_file import opened, transaction
from desktop.store.history_gaps import keep_hours
from desktop.store.history_infos import absent, series_of, text_of
from desktop.store.history_store import HistoryStore

_MOST_SOURCE = 120  # characters that name where the rows of a series come from

Put = tuple[SeriesInfo | None, Overlap | None]


def put_history(
    store: HistoryStore,
    history: History,
    *,
    existing: Existing,
    zone: str = "UTC",
    splits: Sequence[Split] = (),
    instrument: Instrument | None = None,
    hours: str = "",
) -> Put:
    """Store what a file holds; see `put_bars`. Quotes and trades can be refused, replaced or asked about, not added."""
    save = partial(store.save, history, splits=splits, zone=zone, instrument=instrument, hours=hours)
    if existing in {Existing.REFUSE, Existing.REPLACE}:
        return save(replacing=existing is Existing.REPLACE), None
    there = stored_as(store, history.symbol, history.kind, history.timeframe, "file", adjusted=bool(splits))
    if there is None:
        return save(), None
    if splits:
        raise FieldError(
            "splits", "prices are adjusted after they were added: add them as they were traded, then decide on splits."
        )
    if history.kind == "bars":
        info = _described(history, zone, instrument or history.instrument)
        return put_bars(store, replace(info, hours=hours), history.columns, existing=existing)
    if existing is not Existing.ASK:
        raise FieldError("existing", f"{history.kind} cannot be told apart one by one, so they can only be replaced.")
    return None, Overlap(there, len(history), history.begin, history.end)


def put_bars(store: HistoryStore, info: SeriesInfo, columns: Columns, *, existing: Existing) -> Put:
    """Store bars as `existing` says; returns the series, and what was found in the one that was there.

    No series and an overlap: nothing was stored, the user has to choose. Bars that are all stored already change
    nothing. A series that is added to keeps its number; the one adjusted from it is adjusted anew with it.

    Raises:
        FieldError: there are no bars, there is such a series and it is refused, or its currency is another one.
        StorageFault: the disk does not take it, or the series changed meanwhile; what was stored stays.
    """
    there = stored_as(store, info.symbol, "bars", info.timeframe, info.feed, adjusted=False)
    if there is None or existing in {Existing.REFUSE, Existing.REPLACE}:
        told = counted(info, columns.start)
        return store.save_bars(told, columns, replacing=existing is Existing.REPLACE), None
    stored = store.bars(there.series_id).columns
    overlap = compare(there, stored, columns)
    if overlap.nothing_new:
        if existing is not Existing.ASK and info.hours not in {"", there.hours}:
            return keep_hours(store, (there, *_twins(store, there)), info.hours)[0], overlap
        return there, overlap
    if existing is Existing.ASK or (existing is Existing.ADD and overlap.different):
        return None, overlap
    if info.instrument.currency != there.instrument.currency:
        raise FieldError(
            "currency", f"is {info.instrument.currency}, but the stored prices are in {there.instrument.currency}."
        )
    both = merge(stored, columns, take_offered=existing is Existing.ADD_TAKING)
    told = _together(there, info, both)
    changes = [(told, both)]
    seen = {there.series_id: there.fingerprint}
    for twin in _twins(store, there):
        scaled, instrument = adjust_splits(both, told.instrument, twin.splits)
        fresh = replace(
            told, series_id=twin.series_id, instrument=instrument, splits=twin.splits, accepted=twin.accepted
        )
        changes.append((fresh, scaled))
        seen[twin.series_id] = twin.fingerprint
    return rewrite(store, changes, seen)[0], overlap


def stored_as(
    store: HistoryStore, symbol: str, kind: str, timeframe: str, feed: str, *, adjusted: bool
) -> SeriesInfo | None:
    """Return the series that is stored of this symbol, kind, timeframe, feed and adjustment; None: there is none."""
    key = (symbol, kind, timeframe, feed, adjusted)
    return next(
        (info for info in store.series() if (info.symbol, info.kind, info.timeframe, info.feed, info.adjusted) == key),
        None,
    )


def adjust_again(store: HistoryStore, series_id: int) -> SeriesInfo:
    """Adjust a series anew for the splits it was adjusted for, from what is stored as traded now.

    Raises:
        NotFound: there is no such series, or none as traded beside it.
        FieldError: it is not adjusted.
        StorageFault: the disk does not take it.
    """
    info = store.get(series_id)
    if not info.adjusted:
        raise FieldError("series", f"{series_id} holds prices as traded; there is nothing to adjust again.")
    traded = store.find(info.symbol, info.timeframe, adjusted=False, feed=info.feed)
    columns, instrument = adjust_splits(store.bars(traded.series_id).columns, traded.instrument, info.splits)
    told = replace(traded, series_id=series_id, instrument=instrument, splits=info.splits, accepted=info.accepted)
    return rewrite(store, [(told, columns)], {series_id: info.fingerprint})[0]


def rewrite(
    store: HistoryStore, changes: Sequence[tuple[SeriesInfo, Columns]], seen: Mapping[int, str]
) -> list[SeriesInfo]:
    """Put other bars into stored series, which keep their numbers: into all of them or into none.

    Args:
        store: Where they are.
        changes: Each series as it is to be, with its bars; coverage and time are filled in here.
        seen: Fingerprints of the series when they were read, by number.

    Raises:
        NotFound: one is gone.
        StorageFault: one has changed since it was read, or the disk does not take it; what was stored stays.
    """
    at = store.now()
    done = [
        replace(info, imported_at=at, first=int(bars.start[0]), last=int(bars.start[-1]), rows=len(bars))
        for info, bars in changes
    ]
    with opened(store.directory) as connection:
        if connection is None:
            raise absent(done[0].series_id)
        with transaction(connection):
            for info, (_, columns) in zip(done, changes, strict=True):
                number = info.series_id
                if series_of(connection, number).fingerprint != seen[number]:
                    raise StorageFault(
                        f"Series {number} was changed by somebody else meanwhile. Nothing was stored; try again."
                    )
                connection.execute("DELETE FROM blocks WHERE series_id = ?", (number,))
                connection.execute("UPDATE series SET info = ? WHERE series_id = ?", (text_of(info), number))
                for block in blocks_of(bar_arrays(columns)):
                    connection.execute("INSERT INTO blocks VALUES (?, ?, ?, ?, ?, ?, ?)", (number, *block))
                    reach("inside-import")
    reach("after-import")
    return done


def _twins(store: HistoryStore, there: SeriesInfo) -> list[SeriesInfo]:
    """Return the series that were adjusted from this one as it is now."""
    mine = (there.symbol, there.timeframe, there.feed, there.fingerprint)
    return [
        info
        for info in store.series()
        if info.adjusted and (info.symbol, info.timeframe, info.feed, info.fingerprint) == mine
    ]


def _described(history: History, zone: str, instrument: Instrument) -> SeriesInfo:
    """Return the series a file would become."""
    return SeriesInfo(
        series_id=0, symbol=history.symbol, kind="bars", timeframe=history.timeframe, feed="file",
        source=history.path.name, zone=zone, instrument=instrument, fingerprint=history.fingerprint, imported_at=0,
        first=0, last=0, rows=0, gaps=history.gaps, longest_gap=history.longest_gap, duplicates=history.duplicates,
        errors=history.error_count,
    )  # fmt: skip


def _together(there: SeriesInfo, info: SeriesInfo, both: Columns) -> SeriesInfo:
    """Return what is known of a series after bars were added to it; bars that both have are no defect of it."""
    _, longest = holes(both.start, there.timeframe)
    tick = finer_tick(there.instrument.tick, info.instrument.tick)
    told = replace(
        there, source=_sources(there.source, info.source), fingerprint=content_fingerprint(both),
        longest_gap=longest, instrument=replace(there.instrument, tick=tick),
        duplicates=there.duplicates + info.duplicates, errors=there.errors + info.errors,
        hours=info.hours or there.hours,
    )  # fmt: skip
    return counted(told, both.start)


def _sources(there: str, more: str) -> str:
    """Return the names of both sources, each once; the newest where there are many."""
    names = [*dict.fromkeys([*there.split(" + "), more])]
    while len(names) > 1 and len(" + ".join(names)) > _MOST_SOURCE:
        names = ["…", *names[2:]] if names[0] == "…" else ["…", *names[1:]]
    return " + ".join(names)
