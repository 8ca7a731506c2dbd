"""`assay history import|list|delete|gaps|splits`: market history in the data directory."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from desktop.cli.output import exact, iso, print_json, print_table
from desktop.domain.errors import FieldError, NotFound
from desktop.domain.history import SeriesInfo, Split
from desktop.market.gaps import Gaps, find_gaps
from desktop.market.history import FileLayout, RowError
from desktop.market.history_report import ImportReport, ImportRequest
from desktop.market.splits import find_splits
from desktop.store.history_import import import_file
from desktop.store.history_store import HistoryStore

_SHOWN = 20  # gaps and wrong rows in text


def history(options: argparse.Namespace) -> int:
    """Do what one of the actions asks for; returns the exit status.

    Raises:
        UserMistake: the file, a setting or the series cannot be used.
        StorageFault: the history cannot be read or written.
    """
    return _ACTIONS[options.action](options)


def _directory(options: argparse.Namespace) -> Path:
    directory: Path | None = options.data_dir
    if directory is None:
        from desktop.config import default_data_dir  # noqa: PLC0415 - only without --data-dir

        directory = default_data_dir()
    return directory


def _store(options: argparse.Namespace) -> HistoryStore:
    return HistoryStore(_directory(options))


def _mapping(text: str) -> dict[str, str]:
    """Return the columns of `--map time=Date,close=#5`.

    Raises:
        FieldError: a part is not NAME=COLUMN.
    """
    found = {}
    for part in filter(None, (part.strip() for part in text.split(","))):
        what, equals, name = (piece.strip() for piece in part.partition("="))
        if not (what and equals and name):
            raise FieldError("--map", f"{part[:40]!r} is not NAME=COLUMN, for example close=Last or close=#5.")
        found[what] = name
    return found


def _import(options: argparse.Namespace) -> int:
    request = ImportRequest(
        directory=_directory(options), path=options.file, symbol=options.symbol, timeframe=options.timeframe,
        layout=FileLayout(_mapping(options.map), options.timezone, options.date_order), currency=options.currency,
        hours=options.hours, adjust_splits=options.adjust_splits, replacing=options.replace, only_check=options.check,
    )  # fmt: skip
    told = _percent if sys.stderr.isatty() and not options.json else None
    report = import_file(request, told)
    if options.json:
        print_json(_report_json(report))
    else:
        _print_report(report)
    return 0


def _percent(share: float) -> None:
    print(f"\r{share:4.0%}", end="\n" if share >= 1 else "", file=sys.stderr, flush=True)


def _report_json(report: ImportReport) -> dict[str, Any]:
    return {
        "series": None if report.series is None else _series_json(report.series),
        "kind": report.kind,
        "timeframe": report.timeframe or None,
        "rows": report.rows,
        "kept": report.kept,
        "first": iso(report.first),
        "last": iso(report.last),
        "left_out": report.error_count,
        "errors": [_error_json(error) for error in report.errors],
        "duplicates": report.duplicates,
        "repeats": [_error_json(error) for error in report.repeats],
        "gaps": None if report.gaps is None else _gaps_json(report.gaps),
        "splits": [_split_json(split) for split in report.splits],
        "undecided_splits": len(report.undecided),
        "newest_first": report.reversed,
    }


def _error_json(error: RowError) -> dict[str, Any]:
    return {"row": error.row, "column": error.column or None, "sentence": error.sentence}


def _gaps_json(gaps: Gaps) -> dict[str, Any]:
    first = [{"begin": iso(gap.begin), "end": iso(gap.end), "missing": gap.missing} for gap in gaps.first]
    return {"missing": gaps.missing, "count": gaps.count, "hours": gaps.hours or None, "first": first}


def _split_json(split: Split) -> dict[str, Any]:
    return {"at": iso(split.at), "new": split.new, "old": split.old, "evidence": split.evidence}


def _series_json(info: SeriesInfo) -> dict[str, Any]:
    return {
        "series": info.series_id,
        "symbol": info.symbol,
        "kind": info.kind,
        "timeframe": info.timeframe or None,
        "first": iso(info.first),
        "last": iso(info.last),
        "rows": info.rows,
        "gaps": info.gaps,
        "duplicates": info.duplicates,
        "left_out": info.errors,
        "adjusted": info.adjusted,
        "splits": [_split_json(split) for split in info.splits],
        "accepted_splits": [iso(at) for at in info.accepted],
        "feed": info.feed,
        "source": info.source,
        "timezone": info.zone,
        "currency": info.instrument.currency,
        "tick": exact(info.instrument.tick),
        "fingerprint": info.fingerprint,
        "imported_at": iso(info.imported_at),
    }


def _print_report(report: ImportReport) -> None:
    what = f"{report.kind} of {report.timeframe}" if report.timeframe else report.kind
    print(f"{report.kept:,} {what} from {iso(report.first)} to {iso(report.last)}, of {report.rows:,} rows.")
    if report.error_count:
        print(f"{report.error_count:,} rows were left out, {report.duplicates:,} of them because they repeat another:")
        _print_first([_error_text(error) for error in report.errors], report.error_count)
    if report.gaps is not None:
        _print_gaps(report.gaps)
    for split in report.splits:
        print(f"Probable split of {split.new}:{split.old} before {iso(split.at)}. {split.evidence}")
    if report.undecided:
        print("Prices were not adjusted. --adjust-splits adjusts them; `assay history splits` decides it later.")
    if report.series is None:
        print("Nothing was stored.")
    else:
        print(f"Stored as series {report.series.series_id}.")


def _error_text(error: RowError) -> str:
    return f"  row {error.row}" + (f", {error.column}" if error.column else "") + f": {error.sentence}"


def _print_first(lines: Sequence[str], count: int) -> None:
    for line in lines[:_SHOWN]:
        print(line)
    if count > _SHOWN:
        print(f"  ... and {count - min(len(lines), _SHOWN):,} more.")


def _print_gaps(gaps: Gaps) -> None:
    judged = f"by the hours {gaps.hours}" if gaps.hours else "by the timeframe alone: nights and weekends count"
    if not gaps.count:
        print(f"No bars are missing ({judged}).")
        return
    print(f"{gaps.missing:,} bars are missing, gaps: {gaps.count:,} ({judged}).")
    _print_first([f"  {iso(gap.begin)} to {iso(gap.end)}: {gap.missing:,}" for gap in gaps.first], gaps.count)


def _list(options: argparse.Namespace) -> int:
    rows = [_series_json(info) for info in _store(options).series()]
    if options.json:
        print_json({"series": rows})
    elif rows:
        keys = ("series", "symbol", "kind", "timeframe", "first", "last", "rows", "gaps", "adjusted", "source")
        print_table(list(keys), [[_cell(row[key]) for key in keys] for row in rows])
    else:
        print("There is no market history. `assay history import FILE --symbol SYMBOL` imports some.")
    return 0


def _cell(value: Any) -> Any:
    return ("yes" if value else "no") if isinstance(value, bool) else value


def _delete(options: argparse.Namespace) -> int:
    info = _store(options).delete(options.series)
    if options.json:
        print_json({"deleted": _series_json(info)})
    else:
        print(f"Series {info.series_id} ({info.symbol} {info.timeframe or info.kind}, {info.rows:,} rows) was deleted.")
    return 0


def _gaps(options: argparse.Namespace) -> int:
    from desktop.market.calendars import trading_hours  # noqa: PLC0415 - an exchange's calendar takes seconds to build

    stored = _store(options).bars(options.series)
    hours = trading_hours(options.hours) if options.hours else None
    gaps = find_gaps(stored.columns.start, stored.info.timeframe, hours)
    if options.json:
        print_json(_gaps_json(gaps))
    else:
        _print_gaps(gaps)
    return 0


def _splits(options: argparse.Namespace) -> int:
    store = _store(options)
    stored = store.bars(options.series)
    info = stored.info
    found = tuple(split for split in find_splits(stored.columns, info.instrument) if split.at not in info.accepted)
    if (options.adjust or options.accept) and not found:
        raise NotFound("undecided split in series", str(info.series_id), "Nothing was changed.")
    if options.adjust:
        info = store.adjust(info.series_id, found)
    elif options.accept:
        info = store.accept_splits(info.series_id, [split.at for split in found])
    if options.json:
        print_json({"splits": [_split_json(split) for split in found], "series": _series_json(info)})
        return 0
    for split in found:
        print(f"Probable split of {split.new}:{split.old} before {iso(split.at)}. {split.evidence}")
    if options.adjust:
        print(f"Stored as series {info.series_id}, adjusted; series {options.series} stays as it was traded.")
    elif options.accept:
        print("Accepted: prices stay as they are.")
    elif not found:
        print("There are no undecided splits.")
    return 0


_ACTIONS: dict[str, Callable[[argparse.Namespace], int]] = {
    "import": _import,
    "list": _list,
    "delete": _delete,
    "gaps": _gaps,
    "splits": _splits,
}
