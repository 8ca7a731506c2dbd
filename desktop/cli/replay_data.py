"""The files named on the command line: read, and checked against the options."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from desktop.domain.errors import FieldError
from desktop.feeds.recording import Recording
from desktop.market.history import read_history
from desktop.market.splits import adjusted_history, pending_splits


def read_data(options: argparse.Namespace, timeframe: str, zone: str, *, files: Sequence[Path], flag: str) -> Recording:
    """Read the files of `--replay` or `--bars`.

    Args:
        options: With `symbol`, `currency`, `lot` and `splits`.
        timeframe: Of the strategy.
        zone: Of the trading hours.
        files: One for each symbol.
        flag: The option that named them, for the sentences.

    Raises:
        FieldError: files and symbols do not match.
        DataFileError: a file cannot be read.
    """
    symbols: list[str] = [symbol.strip() for symbol in options.symbol]
    if len(files) != len(symbols):
        raise FieldError(flag, f"there are {len(files)} files for {len(symbols)} symbols; give one for each --symbol.")
    if not all(symbols) or len(set(symbols)) != len(symbols):
        raise FieldError("--symbol", "name each symbol once.")
    histories = tuple(
        read_history(path, symbol=symbol, currency=options.currency)
        for path, symbol in zip(files, symbols, strict=True)
    )
    if options.splits == "adjust":
        histories = tuple(map(adjusted_history, histories))
    kinds = sorted({item.kind for item in histories})
    if len(kinds) > 1:
        raise FieldError(flag, f"the files hold {' and '.join(kinds)}; give one kind at a time.")
    instruments = tuple(
        item.instrument if options.lot is None else replace(item.instrument, lot=options.lot) for item in histories
    )
    accept = options.splits == "accept"
    found = (pending_splits(item.columns, item.instrument, accept=accept) for item in histories)
    warnings = tuple(warning for warning in found if warning is not None)
    return Recording(histories, instruments, timeframe, dict.fromkeys(symbols, zone), warnings)
