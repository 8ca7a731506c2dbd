"""`assay history import|download|list|delete|gaps|splits`: market history in the data directory."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from desktop.cli.history_text import (
    gaps_values,
    print_gaps,
    print_report,
    report_values,
    series_values,
    split_values,
    undecided,
)
from desktop.cli.output import iso, print_json, print_table
from desktop.domain.errors import FieldError, NotFound
from desktop.market.gaps import WEEKDAYS
from desktop.market.history import FileLayout
from desktop.market.history_merge import Existing
from desktop.market.history_report import ImportRequest
from desktop.market.splits import find_splits
from desktop.store.history_add import adjust_again
from desktop.store.history_gaps import counted_series, series_gaps
from desktop.store.history_import import import_file
from desktop.store.history_shelf import HistoryShelf
from desktop.store.history_store import HistoryStore


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
        hours=options.hours, adjust_splits=options.adjust_splits, existing=existing(options), only_check=options.check,
    )  # fmt: skip
    told = _percent if sys.stderr.isatty() and not options.json else None
    report = import_file(request, told)
    if options.json:
        print_json(report_values(report))
    else:
        print_report(report)
    return 0 if options.check else undecided(report)


def existing(options: argparse.Namespace) -> Existing:
    """Return what is done where such a series is stored already.

    Raises:
        FieldError: --differing without --add.
    """
    if options.differing is not None and not options.add:
        raise FieldError("--differing", "belongs to --add: it says which bar stays where both have one.")
    if options.replace:
        return Existing.REPLACE
    if not options.add:
        return Existing.REFUSE
    return {None: Existing.ADD, "stored": Existing.ADD_KEEPING, "new": Existing.ADD_TAKING}[options.differing]


def _percent(share: float) -> None:
    print(f"\r{share:4.0%}", end="\n" if share >= 1 else "", file=sys.stderr, flush=True)


_LISTED = (
    "series", "symbol", "kind", "timeframe", "first", "last", "rows", "gaps", "missing_bars", "gaps_judged_by",
    "adjusted", "source",
)  # fmt: skip


def _list(options: argparse.Namespace) -> int:
    rows = [series_values(info) for info in counted_series(_store(options))]
    if options.json:
        print_json({"series": rows})
    elif rows:
        names = [name.replace("_", " ") for name in _LISTED]
        print_table(names, [[_cell(key, row[key]) for key in _LISTED] for row in rows])
    else:
        print("There is no market history. `assay history import FILE --symbol SYMBOL` imports some.")
    return 0


def _cell(key: str, value: Any) -> Any:
    if key == "gaps_judged_by" and value == WEEKDAYS:
        return f"{WEEKDAYS} (assumed)"
    return ("yes" if value else "no") if isinstance(value, bool) else value


def _delete(options: argparse.Namespace) -> int:
    info = _store(options).delete(options.series)
    if options.json:
        print_json({"deleted": series_values(info)})
    else:
        print(f"Series {info.series_id} ({info.symbol} {info.timeframe or info.kind}, {info.rows:,} rows) was deleted.")
    return 0


def _gaps(options: argparse.Namespace) -> int:
    gaps = series_gaps(_store(options), options.series, options.hours)
    if options.json:
        print_json(gaps_values(gaps))
    else:
        print_gaps(gaps)
    return 0


def _splits(options: argparse.Namespace) -> int:
    store = _store(options)
    stored = store.bars(options.series)
    info = stored.info
    found = tuple(split for split in find_splits(stored.columns, info.instrument) if split.at not in info.accepted)
    if (options.adjust or options.accept) and not found:
        raise NotFound("undecided split in series", str(info.series_id), "Nothing was changed.")
    if options.again:
        info = adjust_again(store, info.series_id)
    elif options.adjust:
        info = HistoryShelf(store.directory).decide_splits(info.series_id, found, ())
    elif options.accept:
        info = store.accept_splits(info.series_id, [split.at for split in found])
    if options.json:
        print_json({"splits": [split_values(split) for split in found], "series": series_values(info)})
        return 0
    for split in found:
        print(f"Probable split of {split.new}:{split.old} before {iso(split.at)}. {split.evidence}")
    if options.adjust:
        print(f"Stored as series {info.series_id}, adjusted; series {options.series} stays as it was traded.")
    elif options.again:
        print(f"Series {info.series_id} was adjusted anew: {info.rows:,} bars.")
    elif options.accept:
        print("Accepted: prices stay as they are.")
    elif not found:
        print("There are no undecided splits.")
    return 0


def _download(options: argparse.Namespace) -> int:
    from desktop.cli.history_download import download  # noqa: PLC0415 - the loop is not needed by the others

    return download(options, _directory(options), existing(options))


_ACTIONS: dict[str, Callable[[argparse.Namespace], int]] = {
    "import": _import,
    "download": _download,
    "list": _list,
    "delete": _delete,
    "gaps": _gaps,
    "splits": _splits,
}
