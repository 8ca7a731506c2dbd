"""The files named on the command line: read, and checked against the options."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from desktop.domain.errors import FieldError
from desktop.feeds.recording import Recording
from desktop.market.history import History, read_history
from desktop.market.history_range import cut, period
from desktop.market.splits import adjusted_history, pending_splits

SERIES = "series:"  # names a stored series where a file is asked for


def read_data(options: argparse.Namespace, timeframe: str, zone: str, *, files: Sequence[Path], flag: str) -> Recording:
    """Read the files of `--replay` or `--bars`; "series:3" is the third series of the history store.

    Args:
        options: With `symbol`, `currency`, `lot` and `splits`; `begin` and `end` where a part can be taken.
        timeframe: Of the strategy.
        zone: Of the trading hours.
        files: One for each symbol.
        flag: The option that named them, for the sentences.

    Raises:
        FieldError: files and symbols do not match, or a file has nothing between --from and --to.
        DataFileError: a file cannot be read.
        NotFound: there is no such series.
    """
    symbols: list[str] = [symbol.strip() for symbol in options.symbol]
    if len(files) != len(symbols):
        raise FieldError(flag, f"there are {len(files)} files for {len(symbols)} symbols; give one for each --symbol.")
    if not all(symbols) or len(set(symbols)) != len(symbols):
        raise FieldError("--symbol", "name each symbol once.")
    read = [_read(options, path, symbol) for path, symbol in zip(files, symbols, strict=True)]
    histories = tuple(history for history, _ in read)
    if options.splits == "adjust":
        histories = tuple(map(adjusted_history, histories))
    begin, end = period_of(options)
    histories = tuple(cut(item, begin, end) for item in histories)
    kinds = sorted({item.kind for item in histories})
    if len(kinds) > 1:
        raise FieldError(flag, f"the files hold {' and '.join(kinds)}; give one kind at a time.")
    instruments = tuple(
        item.instrument if options.lot is None else replace(item.instrument, lot=options.lot) for item in histories
    )
    accept = options.splits == "accept"
    found = (
        pending_splits(item.columns, item.instrument, decided=decided, accept=accept)
        for item, decided in zip(histories, (accepted for _, accepted in read), strict=True)
    )
    warnings = tuple(warning for warning in found if warning is not None)
    return Recording(histories, instruments, timeframe, dict.fromkeys(symbols, zone), warnings)


def period_of(options: argparse.Namespace) -> tuple[int | None, int | None]:
    """Return --from and --to as µs UTC, None where they are not given or the command has none."""
    return period(getattr(options, "begin", ""), getattr(options, "end", ""), fields=("--from", "--to"))


def is_series(text: str) -> bool:
    """Whether what was given in the place of a file names a stored series."""
    return text.startswith(SERIES) and text.removeprefix(SERIES).isdecimal()


def _read(options: argparse.Namespace, path: Path, symbol: str) -> tuple[History, tuple[int, ...]]:
    """Return a file or a stored series, and the splits in it that the user has accepted."""
    number = str(path).removeprefix(SERIES)
    if not is_series(str(path)):
        return read_history(path, symbol=symbol, currency=options.currency), ()
    from desktop.store.history_store import HistoryStore  # noqa: PLC0415 - files are read without the store

    store = HistoryStore(_history_directory(options))
    info = store.get(int(number))
    if info.symbol != symbol:
        raise FieldError("--symbol", f"series {number} holds {info.symbol}, not {symbol}.")
    return store.history(info.series_id), info.accepted


def _history_directory(options: argparse.Namespace) -> Path:
    """Return the named data directory where it has history, else the usual one: a replay has a directory of its own."""
    from desktop.store.history_file import FILE  # noqa: PLC0415 - as above

    named: Path | None = getattr(options, "data_dir", None)
    if named is not None and (named / FILE).is_file():
        return named
    from desktop.config import default_data_dir  # noqa: PLC0415 - only without history in --data-dir

    return default_data_dir()
