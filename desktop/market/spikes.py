"""Bars that stand alone, several times above or below both neighbours: a slipped decimal point, seldom a market.

They are told and never dropped: what a price was is not for a program to decide.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from desktop.rules.columns import Columns

_APART = 5.0  # times: a slipped decimal point is ten; no market does half of that and takes it all back at once


@dataclass(frozen=True, slots=True)
class Spikes:
    """Bars whose four prices are on another scale than those of the bar before and the bar after.

    Attributes:
        count: How many there are; 1 or more.
        first: µs UTC, start of the first of them.
    """

    count: int
    first: int


def find_spikes(columns: Columns) -> Spikes | None:
    """Return the bars that stand alone, of any timeframe; None: there is none. Three bars are needed to see one."""
    if len(columns) < 3:
        return None
    high, low = columns.high, columns.low
    above = low[1:-1] >= _APART * np.maximum(high[:-2], high[2:])
    below = _APART * high[1:-1] <= np.minimum(low[:-2], low[2:])
    found = np.flatnonzero(above | below) + 1
    return Spikes(len(found), int(columns.start[found[0]])) if len(found) else None
