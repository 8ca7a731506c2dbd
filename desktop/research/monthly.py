"""Returns by month and year: what compounds to the curve."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

import numpy as np

from desktop.research.trading_days import TradingDays
from desktop.rules.columns import FloatArray
from desktop.trading.ratios import total_return

MONTHS = 12
_EPOCH_YEAR = 1970


@dataclass(frozen=True, slots=True)
class YearReturns:
    """Returns of one calendar year as fractions.

    Attributes:
        year: The year.
        months: January to December; None for a month without bars, and after equity had fallen to zero.
        total: Of the whole year, what its months compound to.
    """

    year: int
    months: tuple[float | None, ...]
    total: float | None


def monthly_returns(
    equity: FloatArray, days: TradingDays, *, starting_cash: Decimal | float
) -> tuple[YearReturns, ...]:
    """Return a row for each year from the first bar to the last; all months together compound to the total return.

    A month goes from the last equity before it, which is the starting cash in the first, to the one at its end.

    Args:
        equity: Equity at the close of each bar; shape (n,).
        days: The trading days of these bars; a day's month is that of its date.
        starting_cash: Equity before the first bar.
    """
    if not len(days):
        return ()
    month = days.days.astype("datetime64[D]").astype("datetime64[M]").astype(np.int64)  # since January 1970
    last = np.append(np.flatnonzero(np.diff(month)), len(month) - 1)
    ends = dict(zip(month[last].tolist(), equity[days.ends[last]].tolist(), strict=True))
    first_year, last_year = min(ends) // MONTHS, max(ends) // MONTHS
    before, rows = float(starting_cash), []
    for year in range(first_year, last_year + 1):
        begin, months = before, []
        for number in range(year * MONTHS, (year + 1) * MONTHS):
            months.append(total_return(before, ends[number]) if number in ends else None)
            before = ends.get(number, before)
        traded = any(number in ends for number in range(year * MONTHS, (year + 1) * MONTHS))
        rows.append(YearReturns(_EPOCH_YEAR + year, tuple(months), total_return(begin, before) if traded else None))
    return tuple(rows)
