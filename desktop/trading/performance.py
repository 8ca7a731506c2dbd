"""Live metrics in O(1) a step (P4); definitions: DESIGN, Numbers. Never NaN: None where a figure is not defined yet."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from math import sqrt
from typing import Any

from desktop.domain.money import ZERO
from desktop.domain.positions import ClosedTrade

EXCHANGE_DAYS = 252  # trading days a year of an exchange
ALL_DAYS = 365  # of a market that trades around the clock
_NO_DAY = -1
_SATURDAY, _SUNDAY = 2, 3  # day number modulo 7: 1970-01-01 was a Thursday
_NOISE = 1e-12  # a deviation this small beside the mean is the rounding of equal returns


class Performance:
    """Return, drawdown, Sharpe ratio and trade statistics of one session.

    Attributes:
        marked_at: µs UTC of the last mark; 0 before the first.
        trade_count: Positions from flat to flat.
        max_drawdown: Deepest fall below the running maximum of equity; a fraction, zero or negative.
        fees: Fees of closed trades.
    """

    def __init__(self, cash: Decimal, *, days_a_year: int = 0) -> None:
        """`days_a_year`: 252 or 365; 0: 252 until equity is marked on a day of a weekend, then 365."""
        self._start = float(cash)
        self._days_a_year = days_a_year
        self._weekends = False
        self.marked_at = 0
        self._equity = self._peak = self._start
        self.max_drawdown = 0.0
        self._day = _NO_DAY
        self._day_before: float | None = None  # equity at the end of the trading day before; None: there was none
        self._returns = 0
        self._mean = 0.0
        self._squares = 0.0  # sum of squared deviations (Welford)
        self.trade_count = 0
        self._wins = 0
        self._gain = self._loss = ZERO
        self.fees = ZERO

    def mark(self, at: int, equity: Decimal, day: int) -> None:
        """Take the equity of a moment; `day` is its trading day (days since 1970). The last mark of a day closes it."""
        if day != self._day:
            if self._day != _NO_DAY:
                self._close_day()
            self._day = day
            self._weekends = self._weekends or day % 7 in (_SATURDAY, _SUNDAY)
        self.marked_at = at
        self._equity = value = float(equity)
        self._peak = max(self._peak, value)
        if self._peak > 0:
            self.max_drawdown = min(self.max_drawdown, value / self._peak - 1)

    def _close_day(self) -> None:
        self._returns, self._mean, self._squares = self._with_today()
        self._day_before = self._equity

    def _with_today(self) -> tuple[int, float, float]:
        """Return count, mean and squared deviations of the daily returns, the day that runs included."""
        if self._day_before is None or self._day_before <= 0:
            return self._returns, self._mean, self._squares
        today = self._equity / self._day_before - 1
        count = self._returns + 1
        delta = today - self._mean
        mean = self._mean + delta / count
        return count, mean, self._squares + delta * (today - mean)

    def add_trade(self, trade: ClosedTrade) -> None:
        """Take a closed trade."""
        self.trade_count += 1
        self.fees += trade.fees
        if trade.pnl > ZERO:
            self._wins += 1
            self._gain += trade.pnl
        else:
            self._loss -= trade.pnl

    def drawdown_of(self, equity: Decimal) -> float:
        """Return how far an equity stands below the running maximum; a fraction, zero or negative."""
        return min(0.0, float(equity) / self._peak - 1) if self._peak > 0 else 0.0

    @property
    def total_return(self) -> float:
        """Return since the start as a fraction."""
        return self._equity / self._start - 1 if self._start else 0.0

    @property
    def days_a_year(self) -> int:
        """Periods per year of the daily returns."""
        return self._days_a_year or (ALL_DAYS if self._weekends else EXCHANGE_DAYS)

    @property
    def sharpe(self) -> float | None:
        """Mean over standard deviation (ddof 1) of daily returns, a year; None below two returns or without variance.

        A return is the equity at the end of a day over that of the day before; the day that runs ends at its last mark.
        """
        count, mean, squares = self._with_today()
        if count < 2:
            return None
        deviation = sqrt(max(0.0, squares) / (count - 1))
        if deviation <= _NOISE * max(abs(mean), _NOISE):
            return None
        return mean / deviation * sqrt(self.days_a_year)

    @property
    def win_rate(self) -> float | None:
        """Share of trades with a net gain; None without a trade."""
        return self._wins / self.trade_count if self.trade_count else None

    @property
    def profit_factor(self) -> float | None:
        """Net gains over net losses; None without a loss."""
        return float(self._gain / self._loss) if self._loss > ZERO else None

    @property
    def expectancy(self) -> float | None:
        """Net result of an average trade, in money; None without a trade."""
        return float((self._gain - self._loss) / self.trade_count) if self.trade_count else None

    def as_dict(self) -> dict[str, float | int | str | None]:
        """Return every figure; ratios are fractions, money is exact text."""
        return {
            "total_return": self.total_return,
            "max_drawdown": self.max_drawdown,
            "sharpe": self.sharpe,
            "win_rate": self.win_rate,
            "profit_factor": self.profit_factor,
            "expectancy": self.expectancy,
            "trade_count": self.trade_count,
            "fees": format(self.fees, "f"),
        }

    # storage ---------------------------------------------------------------------------------------------------
    def snapshot(self) -> dict[str, Any]:
        """Return everything as JSON values."""
        return {
            "floats": [self._equity, self._peak, self.max_drawdown, self._day_before, self._mean, self._squares],
            "counts": [self.marked_at, self._day, self._returns, self.trade_count, self._wins],
            "weekends": self._weekends,
            "money": [str(self._gain), str(self._loss), str(self.fees)],
        }

    def restore(self, data: Mapping[str, Any]) -> None:
        """Take up a snapshot exactly."""
        self._equity, self._peak, self.max_drawdown, self._day_before, self._mean, self._squares = data["floats"]
        self.marked_at, self._day, self._returns, self.trade_count, self._wins = data["counts"]
        self._weekends = data["weekends"]
        self._gain, self._loss, self.fees = (Decimal(text) for text in data["money"])
