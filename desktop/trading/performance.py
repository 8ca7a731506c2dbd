"""Live metrics in O(1) a step (P4); definitions: DESIGN, Numbers. Never NaN: None where a figure is not defined yet."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from math import sqrt
from typing import Any

from desktop.domain.money import ZERO
from desktop.domain.positions import ClosedTrade

DAYS_A_YEAR = 252  # trading days; 365 where the instruments trade around the clock
NO_DAY = -1


class Performance:
    """Return, drawdown, Sharpe ratio and trade statistics of one session.

    Attributes:
        trade_count: Positions from flat to flat.
        max_drawdown: Deepest fall below the running maximum of equity; a fraction, zero or negative.
        fees: Fees of closed trades.
    """

    def __init__(self, cash: Decimal, *, days_a_year: int = DAYS_A_YEAR) -> None:
        self._start = float(cash)
        self._days_a_year = days_a_year
        self._equity = self._peak = self._start
        self.max_drawdown = 0.0
        self._day = NO_DAY
        self._day_base = self._start  # equity at the end of the day before
        self._returns = 0
        self._mean = 0.0
        self._squares = 0.0  # sum of squared deviations (Welford)
        self.trade_count = 0
        self._wins = 0
        self._gain = self._loss = ZERO
        self.fees = ZERO

    def mark(self, at: int, equity: Decimal, day: int) -> None:
        """Take the equity of a moment; `day` is its trading day. The day before is closed with its last mark."""
        value = float(equity)
        if day != self._day:
            if self._day != NO_DAY:
                self._close_day()
            self._day = day
        self._equity = value
        self._peak = max(self._peak, value)
        if self._peak > 0:
            self.max_drawdown = min(self.max_drawdown, value / self._peak - 1)

    def _close_day(self) -> None:
        if self._day_base > 0:
            self._returns += 1
            found = self._equity / self._day_base - 1
            delta = found - self._mean
            self._mean += delta / self._returns
            self._squares += delta * (found - self._mean)
        self._day_base = self._equity

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
    def sharpe(self) -> float | None:
        """Mean over standard deviation (ddof 1) of daily returns, a year; None below two days or without variance."""
        if self._returns < 2 or self._squares <= 0:
            return None
        return self._mean / sqrt(self._squares / (self._returns - 1)) * sqrt(self._days_a_year)

    @property
    def win_rate(self) -> float | None:
        """Share of trades with a net gain."""
        return self._wins / self.trade_count if self.trade_count else None

    @property
    def profit_factor(self) -> float | None:
        """Net gains over net losses; None without a loss."""
        return float(self._gain / self._loss) if self._loss > ZERO else None

    @property
    def expectancy(self) -> float | None:
        """Net result of an average trade, in money."""
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
            "floats": [self._equity, self._peak, self.max_drawdown, self._day_base, self._mean, self._squares],
            "counts": [self._day, self._returns, self.trade_count, self._wins],
            "money": [str(self._gain), str(self._loss), str(self.fees)],
        }

    def restore(self, data: Mapping[str, Any]) -> None:
        """Take up a snapshot exactly."""
        self._equity, self._peak, self.max_drawdown, self._day_base, self._mean, self._squares = data["floats"]
        self._day, self._returns, self.trade_count, self._wins = data["counts"]
        self._gain, self._loss, self.fees = (Decimal(text) for text in data["money"])
