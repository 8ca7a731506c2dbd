"""The formulas of the metrics (P4): one definition for the live form (`performance`) and the batch form (research).

A figure that is not defined is None, never NaN or infinite, so that no table, file or comparison ever meets one.
Daily returns enter as their count, mean and sums of squares, which both forms have: a running session adds to them
day by day, a backtest takes them from a whole curve at once. Figures agree with empyrical-reloaded to 1e-9.
"""

from __future__ import annotations

from collections.abc import Iterable
from math import isfinite, sqrt

from desktop.domain.market import SECOND
from desktop.domain.money import ZERO
from desktop.domain.positions import ClosedTrade

EXCHANGE_DAYS = 252  # trading days a year of an exchange
ALL_DAYS = 365  # of a market that trades around the clock
WEEKS = 52
WEEKLY = 5  # days between two bars that are at least this far apart everywhere: they are bars of weeks
SATURDAY, SUNDAY = 2, 3  # day number modulo 7: 1970-01-01 was a Thursday
LEAST_MONEY = 1e-10  # books are kept to ten decimals: what is not above this is nothing to divide by
_NOISE = 1e-12  # a deviation this small beside the mean is the rounding of equal returns


def periods_per_year(*, weekends: bool, least_gap: int) -> int:
    """Return how many returns make a year.

    Args:
        weekends: Equity is known on a Saturday or Sunday.
        least_gap: Days between the two nearest days with equity; 0 where there are no two.
    """
    if least_gap >= WEEKLY:
        return WEEKS
    return ALL_DAYS if weekends else EXCHANGE_DAYS


def total_return(begin: float, end: float) -> float | None:
    """Return the growth from `begin` to `end` as a fraction; None where there was no money to begin with."""
    return _finite(end / begin - 1) if begin > LEAST_MONEY else None


def cagr(begin: float, end: float, periods: int, periods_per_year: int) -> float | None:
    """Return the growth a year that compounds to `end`, as a fraction.

    A year is `periods_per_year` returns, not a calendar year: empyrical's convention (`annual_return`).

    Args:
        begin: Equity at the end of the first day; the first return starts from it.
        end: Equity at the end of the last day.
        periods: Daily returns between them.
        periods_per_year: 252, 365 or 52.

    Returns:
        None without a return, where equity began at or below zero or ended below it, and where the figure is beyond
        any number (a day's doubling taken to the power of a year).
    """
    if periods < 1 or begin <= LEAST_MONEY or end < 0:
        return None
    try:
        return _finite(float((end / begin) ** (periods_per_year / periods)) - 1)
    except OverflowError:
        return None


def volatility(count: int, squares: float, periods_per_year: int) -> float | None:
    """Return the standard deviation (ddof 1) of daily returns over a year; None below two returns, 0 for equal ones."""
    return _finite(_deviation(count, squares) * sqrt(periods_per_year)) if count >= 2 else None


def sharpe(count: int, mean: float, squares: float, periods_per_year: int) -> float | None:
    """Return mean over standard deviation (ddof 1) of daily returns over a year, the riskless rate taken as zero.

    Args:
        count: Daily returns.
        mean: Their mean.
        squares: Sum of the squared deviations from it.
        periods_per_year: 252, 365 or 52.

    Returns:
        None below two returns, and without variance: equal returns have no ratio, however good they are.
    """
    if count < 2:
        return None
    deviation = _deviation(count, squares)
    if deviation <= _NOISE * max(abs(mean), _NOISE):
        return None
    return _finite(mean / deviation * sqrt(periods_per_year))


def sortino(count: int, mean: float, falls: float, periods_per_year: int) -> float | None:
    """Return mean over downside deviation of daily returns over a year, the required return taken as zero.

    Args:
        count: Daily returns.
        mean: Their mean.
        falls: Sum of the squares of the negative ones; the others count as zero.
        periods_per_year: 252, 365 or 52.

    Returns:
        None below two returns, and where no day fell.
    """
    if count < 2 or falls <= 0:
        return None
    return _finite(mean / sqrt(falls / count) * sqrt(periods_per_year))


def _deviation(count: int, squares: float) -> float:
    return sqrt(max(0.0, squares) / (count - 1))


def _finite(value: float) -> float | None:
    return value if isfinite(value) else None


class TradeTally:
    """Statistics of closed trades, each a position from flat to flat; exact sums, O(1) a trade.

    Attributes:
        count: Trades.
        wins: Trades with a net gain; one that broke even is no win.
        gain: Net gains of the winning trades.
        loss: Net losses of the losing trades; positive.
        held: µs in positions, summed; None: not known of all trades.
    """

    __slots__ = ("count", "gain", "held", "loss", "wins")

    def __init__(self, trades: Iterable[ClosedTrade] = ()) -> None:
        self.count = self.wins = 0
        self.held: int | None = 0
        self.gain = self.loss = ZERO
        self._take(list(trades))

    def _take(self, trades: list[ClosedTrade]) -> None:
        """Take many closed trades: what `add` makes of them one by one."""
        results = [trade.pnl for trade in trades]
        gains = [result for result in results if result > ZERO]
        self.count, self.wins = len(results), len(gains)
        self.held = sum([trade.exit_time - trade.entry_time for trade in trades])
        self.gain = sum(gains, ZERO)
        self.loss = ZERO - sum([result for result in results if not result > ZERO], ZERO)

    def add(self, trade: ClosedTrade) -> None:
        """Take a closed trade."""
        self.count += 1
        if self.held is not None:
            self.held += trade.exit_time - trade.entry_time
        if trade.pnl > ZERO:
            self.wins += 1
            self.gain += trade.pnl
        else:
            self.loss -= trade.pnl

    @property
    def win_rate(self) -> float | None:
        """Share of trades with a net gain; None without a trade."""
        return self.wins / self.count if self.count else None

    @property
    def profit_factor(self) -> float | None:
        """Net gains over net losses; None without a loss, where it would be infinite, and without a trade."""
        return _finite(float(self.gain / self.loss)) if self.loss > ZERO else None

    @property
    def expectancy(self) -> float | None:
        """Net result of an average trade, in money; None without a trade."""
        return float((self.gain - self.loss) / self.count) if self.count else None

    @property
    def average_holding(self) -> float | None:
        """Seconds from the start of the bar of the first fill to the exit, on average; None where not known."""
        return self.held / self.count / SECOND if self.count and self.held is not None else None
