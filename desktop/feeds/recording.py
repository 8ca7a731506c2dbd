"""Recorded files as one thing: what a replay and a backtest run on."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from desktop.domain.history import SplitWarning
from desktop.domain.instruments import Instrument
from desktop.domain.messages import Message
from desktop.market.history import History
from desktop.rules.columns import Columns

if TYPE_CHECKING:
    from desktop.market.hub import Hub

LEFT_OUT = "row left out"  # of the file: unreadable, or not what a bar or tick can be
BARS, TRADES = "bars", "trades"


@dataclass(slots=True)
class Recording:
    """The files of a session, one kind of data in all of them.

    Attributes:
        histories: One for each symbol, in the order of the symbols.
        instruments: As the files show them, with the lot that was asked for.
        timeframe: Of the session.
        zones: Zone of each symbol's exchange.
        warnings: Probable splits in the bars that nobody has decided on; to be shown with every result.
    """

    histories: tuple[History, ...]
    instruments: tuple[Instrument, ...]
    timeframe: str
    zones: Mapping[str, str]
    warnings: tuple[SplitWarning, ...] = ()
    _hub: Hub | None = field(default=None, repr=False)  # checks the ticks and counts what it drops

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

    @property
    def columns(self) -> dict[str, Columns]:
        """The bars by symbol where all files hold bars of the session's timeframe; empty where they hold others."""
        if any(item.kind != BARS or item.timeframe != self.timeframe for item in self.histories):
            return {}
        return {item.symbol: item.columns for item in self.histories}

    def messages(self) -> Iterator[tuple[int, Message]]:
        """Yield (rows consumed, message) from the first row on; to be called once.

        Raises:
            DataFileError: the files cannot make bars of the session's timeframe.
        """
        from desktop.feeds.replay import replay_hub, replay_messages  # noqa: PLC0415 - whole columns need no messages

        self._hub = replay_hub(self.histories, self.zones)
        return replay_messages(self.histories, self.timeframe, hub=self._hub, zones=self.zones)

    def dropped(self) -> Mapping[str, int]:
        """Return how many rows were not traded on, by reason, as far as the replay has come."""
        found: Counter[str] = Counter()
        for item in self.histories:
            if self._hub is not None and self._hub.is_watched(item.symbol):
                found.update(self._hub.cache(item.symbol).check.dropped)
        left_out = sum(item.error_count for item in self.histories)
        if left_out:
            found[LEFT_OUT] += left_out
        return found
