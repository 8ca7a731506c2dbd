"""The files of a replay: read, checked against the options, and handed out message by message."""

from __future__ import annotations

import argparse
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from desktop.domain.errors import FieldError
from desktop.domain.instruments import Instrument
from desktop.domain.messages import Message
from desktop.feeds.replay import replay_hub, replay_messages
from desktop.market.history import History, read_history
from desktop.market.hub import Hub

LEFT_OUT = "row left out"  # of the file: unreadable, or not what a bar or tick can be
BARS, TRADES = "bars", "trades"


@dataclass(frozen=True, slots=True)
class ReplayData:
    """What a replay is made of.

    Attributes:
        histories: One for each symbol, in the order of the symbols.
        instruments: As the files show them, with the lot that was asked for.
        timeframe: Of the session.
        hub: Checks the ticks and counts what it drops.
        zones: Zone of each symbol's exchange.
    """

    histories: tuple[History, ...]
    instruments: tuple[Instrument, ...]
    timeframe: str
    hub: Hub
    zones: Mapping[str, str]

    @property
    def paths(self) -> list[Path]:
        """The files."""
        return [item.path for item in self.histories]

    @property
    def fingerprints(self) -> list[str]:
        """Hash of each file's content."""
        return [item.fingerprint for item in self.histories]

    @property
    def rows(self) -> int:
        """Rows that are replayed."""
        return sum(map(len, self.histories))

    @property
    def ticks(self) -> int:
        """Rows of quotes or trades in the files; 0 where they hold bars."""
        return sum(item.rows for item in self.histories if item.kind != BARS)

    @property
    def bars(self) -> int | None:
        """Bars in the files; None where they hold ticks."""
        return None if self.histories[0].kind != BARS else self.rows

    @property
    def prints(self) -> bool:
        """Whether the files hold trades."""
        return self.histories[0].kind == TRADES

    @property
    def started_at(self) -> int:
        """µs UTC of the first row."""
        return min(item.begin for item in self.histories)

    def messages(self) -> Iterator[tuple[int, Message]]:
        """Yield (rows consumed, message) from the first row on; to be called once."""
        return replay_messages(self.histories, self.timeframe, hub=self.hub, zones=self.zones)

    def dropped(self) -> Mapping[str, int]:
        """Return how many rows were not traded on, by reason, as far as the replay has come."""
        found: Counter[str] = Counter()
        for item in self.histories:
            if self.hub.is_watched(item.symbol):
                found.update(self.hub.cache(item.symbol).check.dropped)
        left_out = sum(item.error_count for item in self.histories)
        if left_out:
            found[LEFT_OUT] += left_out
        return found


def read_data(options: argparse.Namespace, timeframe: str, zone: str) -> ReplayData:
    """Read the files of `--replay`.

    Raises:
        FieldError: files and symbols do not match.
        DataFileError: a file cannot be read or cannot make bars of the strategy's timeframe.
    """
    symbols: list[str] = [symbol.strip() for symbol in options.symbol]
    if len(options.replay) != len(symbols):
        raise FieldError(
            "--replay", f"there are {len(options.replay)} files for {len(symbols)} symbols; give one for each --symbol."
        )
    if not all(symbols) or len(set(symbols)) != len(symbols):
        raise FieldError("--symbol", "name each symbol once.")
    histories = tuple(
        read_history(path, symbol=symbol, currency=options.currency)
        for path, symbol in zip(options.replay, symbols, strict=True)
    )
    kinds = sorted({item.kind for item in histories})
    if len(kinds) > 1:
        raise FieldError("--replay", f"the files hold {' and '.join(kinds)}; replay one kind at a time.")
    instruments = tuple(
        item.instrument if options.lot is None else replace(item.instrument, lot=options.lot) for item in histories
    )
    zones = dict.fromkeys(symbols, zone)
    return ReplayData(histories, instruments, timeframe, replay_hub(histories, zones), zones)
