"""Bars that are to go where bars are stored already: held against them, and put together with them."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

import numpy as np

from desktop.domain.history import SeriesInfo
from desktop.rules.columns import BoolArray, Columns, IntArray

MOST_DIFFERENCES = 1_000  # that are listed

Prices = tuple[float, float, float, float, float]  # open, high, low, close, volume


class Existing(StrEnum):
    """What is done where a series of the same symbol, timeframe and feed is stored already."""

    REFUSE = "refuse"  # say so and change nothing
    ASK = "ask"  # compare, change nothing, and let the user choose one of those below
    REPLACE = "replace"  # put the new rows in the place of the stored ones
    ADD = "add"  # add what is missing; where bars differ, compare only, as ASK does
    ADD_KEEPING = "add, keep stored"  # add what is missing; where bars differ, the stored ones stay
    ADD_TAKING = "add, take new"  # add what is missing; where bars differ, the new ones take their place


@dataclass(frozen=True, slots=True)
class Difference:
    """One bar that is stored with other values than the one that is offered."""

    at: int  # µs UTC, start of the bar
    stored: Prices
    offered: Prices


@dataclass(frozen=True, slots=True)
class Overlap:
    """New rows held against what is stored.

    Attributes:
        stored: The series that is there.
        offered: Rows that are offered.
        first: µs UTC of the first of them.
        last: µs UTC of the last of them.
        new: Bars that are not stored yet.
        same: Bars that are stored with the same values: duplicates.
        different: Bars that are stored with other values.
        differences: The first of these, oldest first.
    """

    stored: SeriesInfo
    offered: int
    first: int
    last: int
    new: int = 0
    same: int = 0
    different: int = 0
    differences: tuple[Difference, ...] = ()

    @property
    def comparable(self) -> bool:
        """Whether rows can be told apart one by one: bars can, quotes and trades cannot."""
        return self.stored.kind == "bars"

    @property
    def nothing_new(self) -> bool:
        """Whether all that is offered is stored already, as it is."""
        return self.comparable and not self.new and not self.different


def compare(info: SeriesInfo, stored: Columns, offered: Columns) -> Overlap:
    """Return what is new, the same and different in bars that are offered.

    Args:
        info: The stored series.
        stored: Its bars.
        offered: The new bars; at least one.
    """
    _, here, there = _shared(stored, offered)
    unlike: BoolArray = np.zeros(len(here), dtype=np.bool_)
    for mine, other in zip(_values(stored), _values(offered), strict=True):
        unlike |= mine[here] != other[there]
    shown = np.flatnonzero(unlike)[:MOST_DIFFERENCES]
    count = int(unlike.sum())
    differences = tuple(
        Difference(int(stored.start[one]), _row(stored, one), _row(offered, other))
        for one, other in zip(here[shown].tolist(), there[shown].tolist(), strict=True)
    )
    return Overlap(
        info, len(offered), int(offered.start[0]), int(offered.start[-1]), len(offered) - len(here),
        len(here) - count, count, differences,
    )  # fmt: skip


def merge(stored: Columns, offered: Columns, *, take_offered: bool) -> Columns:
    """Return both together, oldest first; `take_offered`: where both have a bar, the offered one is taken."""
    base, more = (offered, stored) if take_offered else (stored, offered)
    _, _, again = _shared(base, more)
    fresh: BoolArray = np.ones(len(more), dtype=np.bool_)
    fresh[again] = False
    start = np.concatenate([base.start, more.start[fresh]])
    order = np.argsort(start, kind="stable")
    values = (
        np.concatenate([mine, other[fresh]])[order] for mine, other in zip(_values(base), _values(more), strict=True)
    )
    return Columns(start[order], *values)


def finer_tick(one: Decimal, other: Decimal) -> Decimal:
    """Return a price step that both steps are whole multiples of."""
    small, large = sorted((one, other))
    if not large % small:
        return small
    exponents = (int(step.normalize().as_tuple().exponent) for step in (one, other))
    return Decimal(1).scaleb(min(exponents))


def content_fingerprint(columns: Columns) -> str:
    """Return the SHA-256 of bars that come from no single file."""
    digest = hashlib.sha256(b"bars")
    for column in (columns.start, *_values(columns)):
        digest.update(column.astype(column.dtype.newbyteorder("<"), copy=False).tobytes())
    return digest.hexdigest()


def _shared(one: Columns, other: Columns) -> tuple[IntArray, IntArray, IntArray]:
    """Return the times both have, and their places in each."""
    times, here, there = np.intersect1d(one.start, other.start, assume_unique=True, return_indices=True)
    return times, here, there


def _values(columns: Columns) -> tuple[np.ndarray[tuple[int], np.dtype[np.float64]], ...]:
    return columns.open, columns.high, columns.low, columns.close, columns.volume


def _row(columns: Columns, place: int) -> Prices:
    opened, high, low, close, volume = (float(column[place]) for column in _values(columns))
    return opened, high, low, close, volume
