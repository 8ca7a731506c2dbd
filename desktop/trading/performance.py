"""Live metrics in O(1) a step (P4); definitions: DESIGN, Numbers. Never NaN: None where a figure is not defined yet."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from desktop.domain.fills import Fill
from desktop.domain.money import ZERO
from desktop.domain.positions import ClosedTrade
from desktop.trading import ratios
from desktop.trading.ratios import LEAST_MONEY, SATURDAY, SUNDAY, TradeTally

_NO_DAY = -1


class Performance:
    """Return, drawdown, ratios and trade statistics of one session; `research.metrics` is the same for a whole curve.

    Attributes:
        marked_at: µs UTC of the last mark; 0 before the first.
        max_drawdown: Deepest fall below the running maximum of equity; a fraction, zero or negative.
        trades: Statistics of closed trades.
        fees: Fees of all fills, those of an open position included.
    """

    def __init__(self, cash: Decimal, *, days_a_year: int = 0) -> None:
        """`days_a_year`: 252, 365 or 52; 0: 252, or 365 once equity is marked on a weekend, or 52 for bars of weeks."""
        self._start = float(cash)
        self._days_a_year = days_a_year
        self._weekends = False
        self._gap = 0  # days between the two nearest days with a mark
        self.marked_at = 0
        self._equity = self._peak = self._start
        self.max_drawdown = 0.0
        self._day = _NO_DAY
        self._days = 0  # trading days that have ended
        self._first: float | None = None  # equity at the end of the first of them
        self._day_before: float | None = None  # and of the last of them; None: there was none
        self._returns = 0
        self._mean = 0.0
        self._squares = 0.0  # sum of squared deviations (Welford)
        self._falls: float | None = 0.0  # sum of the squares of negative returns; None: stored before it was kept
        self.trades = TradeTally()
        self.fees = ZERO

    def mark(self, at: int, equity: Decimal, day: int) -> None:
        """Take the equity of a moment; `day` is its trading day (days since 1970). The last mark of a day closes it."""
        if day != self._day:
            if self._day != _NO_DAY:
                self._close_day()
                self._gap = min(self._gap or day - self._day, day - self._day)
            self._day = day
            self._weekends = self._weekends or day % 7 in (SATURDAY, SUNDAY)
        self.marked_at = at
        self._equity = value = float(equity)
        self._peak = max(self._peak, value)
        if self._peak > LEAST_MONEY:
            self.max_drawdown = min(self.max_drawdown, value / self._peak - 1)

    def _close_day(self) -> None:
        self._returns, self._mean, self._squares, self._falls = self._with_today()
        self._days += 1
        if self._days == 1:
            self._first = self._equity
        self._day_before = self._equity

    def _with_today(self) -> tuple[int, float, float, float | None]:
        """Return count, mean, squared deviations and squared falls of the daily returns, the day that runs included."""
        if self._day_before is None or self._day_before <= LEAST_MONEY:
            return self._returns, self._mean, self._squares, self._falls
        today = self._equity / self._day_before - 1
        count = self._returns + 1
        delta = today - self._mean
        mean = self._mean + delta / count
        falls = None if self._falls is None else self._falls + min(0.0, today) ** 2
        return count, mean, self._squares + delta * (today - mean), falls

    def add_fill(self, fill: Fill) -> None:
        """Take a fill."""
        self.fees += fill.fee

    def add_trade(self, trade: ClosedTrade) -> None:
        """Take a closed trade."""
        self.trades.add(trade)

    def drawdown_of(self, equity: Decimal) -> float:
        """Return how far an equity stands below the running maximum; a fraction, zero or negative."""
        return min(0.0, float(equity) / self._peak - 1) if self._peak > LEAST_MONEY else 0.0

    @property
    def total_return(self) -> float:
        """Return since the start as a fraction; 0 for a session that began without money."""
        return ratios.total_return(self._start, self._equity) or 0.0

    @property
    def days_a_year(self) -> int:
        """Periods per year of the daily returns."""
        return self._days_a_year or ratios.periods_per_year(weekends=self._weekends, least_gap=self._gap)

    @property
    def sharpe(self) -> float | None:
        """Sharpe ratio of daily returns; the day that runs ends at its last mark. None where `ratios` defines none."""
        count, mean, squares, _ = self._with_today()
        return ratios.sharpe(count, mean, squares, self.days_a_year)

    @property
    def sortino(self) -> float | None:
        """Sortino ratio of daily returns; None where `ratios` defines none."""
        count, mean, _, falls = self._with_today()
        return None if falls is None else ratios.sortino(count, mean, falls, self.days_a_year)

    @property
    def volatility(self) -> float | None:
        """Volatility of daily returns over a year, a fraction; None where `ratios` defines none."""
        count, _, squares, _ = self._with_today()
        return ratios.volatility(count, squares, self.days_a_year)

    @property
    def cagr(self) -> float | None:
        """Growth a year from the end of the first day on, a fraction; None where `ratios` defines none."""
        return None if self._first is None else ratios.cagr(self._first, self._equity, self._days, self.days_a_year)

    @property
    def trade_count(self) -> int:
        """Positions from flat to flat."""
        return self.trades.count

    @property
    def win_rate(self) -> float | None:
        """Share of trades with a net gain; None without a trade."""
        return self.trades.win_rate

    @property
    def profit_factor(self) -> float | None:
        """Net gains over net losses; None without a loss."""
        return self.trades.profit_factor

    @property
    def expectancy(self) -> float | None:
        """Net result of an average trade, in money; None without a trade."""
        return self.trades.expectancy

    def as_dict(self) -> dict[str, float | int | str | None]:
        """Return every figure; ratios are fractions, money is exact text, holding is in seconds."""
        return {
            "total_return": self.total_return,
            "cagr": self.cagr,
            "max_drawdown": self.max_drawdown,
            "sharpe": self.sharpe,
            "sortino": self.sortino,
            "volatility": self.volatility,
            "win_rate": self.win_rate,
            "profit_factor": self.profit_factor,
            "expectancy": self.expectancy,
            "average_holding": self.trades.average_holding,
            "trade_count": self.trade_count,
            "fees": format(self.fees, "f"),
        }

    # storage ---------------------------------------------------------------------------------------------------
    def snapshot(self) -> dict[str, Any]:
        """Return everything as JSON values."""
        trades = self.trades
        return {
            "floats": [self._equity, self._peak, self.max_drawdown, self._day_before, self._mean, self._squares],
            "counts": [self.marked_at, self._day, self._returns, trades.count, trades.wins],
            "weekends": self._weekends,
            "money": [str(trades.gain), str(trades.loss), str(self.fees)],
            "growth": [self._days, self._first, self._falls, trades.held, self._gap],
        }

    def restore(self, data: Mapping[str, Any]) -> None:
        """Take up a snapshot exactly. Without its `growth` (older ones) CAGR, Sortino and holding stay undefined."""
        trades = self.trades
        self._equity, self._peak, self.max_drawdown, self._day_before, self._mean, self._squares = data["floats"]
        self.marked_at, self._day, self._returns, trades.count, trades.wins = data["counts"]
        self._weekends = data["weekends"]
        trades.gain, trades.loss, self.fees = (Decimal(text) for text in data["money"])
        older = [self._returns + 1, None, None, None, 1]
        known = list(data.get("growth", older))
        self._days, self._first, self._falls, trades.held, self._gap = known + older[len(known) :]
