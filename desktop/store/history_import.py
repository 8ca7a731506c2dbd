"""Importing a file into the history store: read, judged, adjusted where asked, stored; one call, in any process."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal

import numpy as np

from desktop.domain.errors import FieldError
from desktop.domain.history import SeriesInfo, Split
from desktop.domain.instruments import Instrument
from desktop.market.gaps import Gaps, gaps_by
from desktop.market.history import History, read_history
from desktop.market.history_report import ImportReport, ImportRequest
from desktop.market.spikes import find_spikes
from desktop.market.splits import find_splits
from desktop.rules.columns import FloatArray
from desktop.store.history_add import put_history
from desktop.store.history_gaps import series_gaps
from desktop.store.history_store import HistoryStore

_OFF_STEP = 1e-4  # of a price step: more is not the float nearest to a whole one
READ_SHARE = 0.9  # of the progress; the rest is storing

#: Told the share that is done, 0 to 1; what it raises ends the import and leaves nothing behind.
Progress = Callable[[float], None]


def import_file(request: ImportRequest, progress: Progress | None = None) -> ImportReport:
    """Import a file. Blocks for about a second for a million rows: in a process of its own (`ImportJob`).

    Raises:
        DataFileError: the file cannot be read as a whole, or not one of its rows is right.
        FieldError: a setting is wrong, or there is such a series already and it is to be refused.
        StorageFault: the disk does not take it; what was stored stays.
    """
    symbol = request.symbol.strip()
    if not symbol or len(symbol) > 40 or not symbol.isprintable():
        raise FieldError("symbol", "give a symbol of up to 40 characters, for example SPY or BTC/USD.")
    told = progress or (lambda _: None)
    size = max(1, request.path.stat().st_size if request.path.is_file() else 1)
    history = read_history(
        request.path, symbol=symbol, timeframe=request.timeframe, currency=request.currency, layout=request.layout,
        progress=lambda read: told(READ_SHARE * min(1.0, read / size)),
    )  # fmt: skip
    instrument = _instrument(history, request.tick, request.lot)
    gaps, splits = _judged(history, request.hours)
    told(READ_SHARE)
    series, overlap = None, None
    if not request.only_check:
        store = HistoryStore(request.directory)
        series, overlap = put_history(
            store, history, existing=request.existing, zone=request.layout.zone,
            splits=splits if request.adjust_splits else (), instrument=instrument, hours=request.hours,
        )  # fmt: skip
        if series is not None and overlap is not None:  # added to: those of the whole series, as it is listed
            gaps = series_gaps(store, series.series_id)
    told(1.0)
    return replace(_report(history, series, gaps, splits), overlap=overlap)


def _instrument(history: History, tick: Decimal | None, lot: Decimal | None) -> Instrument:
    """Return the instrument with the steps that were asked for.

    Raises:
        FieldError: a step is not above zero, or prices of the file lie between two price steps.
    """
    instrument = history.instrument
    for name, step in (("tick", tick), ("lot", lot)):
        if step is not None and not (step.is_finite() and step > 0):
            raise FieldError(name, "must be a number above zero.")
    if tick is not None and instrument.tick % tick and any(_off_step(prices, tick) for prices in _prices(history)):
        raise FieldError("tick", f"the file has prices between steps of {tick}; its own step is {instrument.tick}.")
    return replace(instrument, tick=tick or instrument.tick, lot=lot or instrument.lot)


def _prices(history: History) -> list[FloatArray]:
    if history.kind == "bars":
        columns = history.columns
        return [columns.open, columns.high, columns.low, columns.close]
    return [history.first, history.second] if history.kind == "quotes" else [history.first]


def _off_step(prices: FloatArray, tick: Decimal) -> bool:
    steps = prices / float(tick)
    return bool((np.abs(steps - np.rint(steps)) > _OFF_STEP).any())


def _judged(history: History, hours: str) -> tuple[Gaps | None, tuple[Split, ...]]:
    if history.kind != "bars":
        return None, ()
    return gaps_by(history.columns.start, history.timeframe, hours), find_splits(history.columns, history.instrument)


def _report(history: History, series: SeriesInfo | None, gaps: Gaps | None, splits: tuple[Split, ...]) -> ImportReport:
    return ImportReport(
        series=series, kind=history.kind, timeframe=history.timeframe, rows=history.rows, kept=len(history),
        first=history.begin, last=history.end, errors=history.errors, error_count=history.error_count,
        duplicates=history.duplicates, repeats=history.repeats, gaps=gaps, splits=splits, reversed=history.reversed,
        spikes=find_spikes(history.columns) if history.kind == "bars" else None,
    )  # fmt: skip
