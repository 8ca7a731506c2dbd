"""A backtest kept as evidence: what was run on what, and what it came to. Run again, it must come to the same."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from decimal import Decimal
from operator import attrgetter
from typing import Any

from desktop.domain.fills import Fill
from desktop.domain.positions import ClosedTrade
from desktop.domain.sessions import SessionSettings

_SHOWN = 12  # digits of an id that people are shown


@dataclass(frozen=True, slots=True)
class Evidence:
    """The result of a backtest with everything that makes it again.

    Attributes:
        key: Hash of strategy, files and options: the same for the same run.
        settings: The session that was run; strategy, instruments, limits, fills and seed are in it.
        fingerprints: Hash of the data of each instrument, in their order.
        files: Names of the files, likewise.
        program: Version of Assay that ran it.
        began: µs UTC of the first row.
        ended: µs UTC of the last message.
        bars: Closed bars of all instruments.
        metrics: As JSON has them: ratios are fractions, money is exact text, None is not defined.
        trades: Positions from flat to flat.
        cash: At the end.
        equity: Cash and holdings at the last closes.
        fees: Of all fills.
        digest: Hash of fills, trades, cash, equity and fees (`digest_of`).
        created_at: µs UTC by the wall clock; 0 until it is stored.
        reproduced: How often the same run has come to the same since.
        warnings: Sentences to be shown with the result whenever it is looked at.
        undecided_splits: Probable splits in its prices that nobody had decided on; None: stored before this was noted.
    """

    key: str
    settings: SessionSettings
    fingerprints: tuple[str, ...]
    files: tuple[str, ...]
    program: str
    began: int
    ended: int
    bars: int
    metrics: Mapping[str, Any]
    trades: int
    cash: Decimal
    equity: Decimal
    fees: Decimal
    digest: str
    created_at: int = 0
    reproduced: int = 0
    warnings: tuple[str, ...] = ()
    undecided_splits: int | None = None

    @property
    def short_id(self) -> str:
        """The key as people are shown it."""
        return self.key[:_SHOWN]


@dataclass(frozen=True, slots=True)
class EvidenceDetail:
    """What an evidence rests on.

    Attributes:
        fills: Every execution, oldest first.
        trades: Every position from flat to flat, in the order in which they were closed.
        curve: Start of a bar (µs UTC) and equity at its close; of a long curve the highs and lows.
    """

    fills: Sequence[Fill]
    trades: Sequence[ClosedTrade]
    curve: Sequence[tuple[int, float]]


def digest_of(fills: Iterable[Fill], trades: Iterable[ClosedTrade], *amounts: Decimal) -> str:
    """Return the hash of a result to the last decimal; a number is the same however many zeros it is written with."""
    digest = hashlib.sha256()
    for kind, values in ((Fill, fills), (ClosedTrade, trades)):
        take = attrgetter(*(field.name for field in fields(kind)))
        for value in values:
            digest.update("|".join(map(_text, take(value))).encode())
            digest.update(b"\n")
    digest.update("|".join(map(_text, amounts)).encode())
    return digest.hexdigest()


def _text(value: object) -> str:
    return format(value.normalize(), "f") if isinstance(value, Decimal) else str(value)
