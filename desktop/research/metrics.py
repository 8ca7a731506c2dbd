"""The metrics of a whole equity curve (P4) in a few vector passes; the formulas are those of the live form.

Definitions, in the words of DESIGN (Numbers):

- A daily return is the equity at the end of a trading day over that of the day before; the first day has none, as there
  is no day before it. A day that follows one ended at or below zero has none either.
- Sharpe, Sortino, volatility, VaR and CAGR are those of empyrical-reloaded over these returns, to 1e-9. So a year is
  252, 365 or (bars of weeks) 52 returns, not a calendar year, and CAGR compounds from the end of the first day on,
  while `total_return` compares with the starting cash.
- The drawdown is taken at every bar, below the running maximum of equity, which begins at the starting cash.
- A trade is a position from flat to flat, its result net of fees.

What is not defined is None, never NaN: with a single day there is no daily return, and only `total_return`,
`max_drawdown` and what concerns trades and bars remain.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields
from decimal import Decimal

import numpy as np

from desktop.domain.money import ZERO
from desktop.domain.positions import ClosedTrade
from desktop.research.trading_days import TradingDays
from desktop.rules.columns import BoolArray, FloatArray
from desktop.trading import ratios
from desktop.trading.ratios import LEAST_MONEY, TradeTally

VAR_SHARE = 0.05  # of the worst daily returns, which a historical VaR of 95 % leaves out
_BLOCK = 512  # bars that are looked at together


@dataclass(frozen=True, slots=True)
class Metrics:
    """What a run was worth. Ratios are fractions (0.1 = 10 %); None: not defined for this run.

    Attributes:
        total_return: Equity at the end over the starting cash, less 1; None without starting cash.
        cagr: Growth a year. None below two days, and where equity began at or below zero or ended below it.
        sharpe: Mean over deviation of daily returns, a year. None below two returns and without variance.
        sortino: Mean over downside deviation. None below two returns and where no day fell.
        max_drawdown: Deepest fall below the running maximum; zero or negative, below -1 only where equity was negative.
        volatility: Deviation of daily returns, a year. None below two returns.
        var_95: The daily return that 5 % of the days stayed below, negative where it is a loss. None without a return.
        exposure: Share of bars that closed with a position. None without bars.
        win_rate: Share of trades with a net gain. None without a trade.
        profit_factor: Net gains over net losses. None without a losing trade (it would be infinite) or without a trade.
        expectancy: Net result of an average trade, in money. None without a trade.
        average_holding: Seconds a trade was held, on average. None without a trade.
        turnover: Money bought and sold over mean equity, in the whole run. None where mean equity is not above zero.
        trade_count: Positions from flat to flat.
        fees: Fees paid, those of a position still open included.
        return_count: Daily returns that the ratios rest on.
        periods_per_year: Daily returns in a year.
    """

    total_return: float | None
    cagr: float | None
    sharpe: float | None
    sortino: float | None
    max_drawdown: float
    volatility: float | None
    var_95: float | None
    exposure: float | None
    win_rate: float | None
    profit_factor: float | None
    expectancy: float | None
    average_holding: float | None
    turnover: float | None
    trade_count: int
    fees: Decimal
    return_count: int
    periods_per_year: int

    def as_dict(self) -> dict[str, float | int | str | None]:
        """Return every figure as JSON has it: money is exact text, everything else a number or None."""
        figures = {field.name: getattr(self, field.name) for field in fields(self)}
        return {**figures, "fees": format(self.fees, "f")}


def measure(
    equity: FloatArray,
    days: TradingDays,
    *,
    starting_cash: Decimal | float,
    trades: Sequence[ClosedTrade] = (),
    held: BoolArray | int | None = None,
    fees: Decimal = ZERO,
    traded_value: Decimal | float = 0.0,
) -> Metrics:
    """Return the metrics of a run.

    Args:
        equity: Equity at the close of each bar; shape (n,), finite.
        days: The trading days of these bars (`trading_days`); made once for many runs over the same bars.
        starting_cash: Equity before the first bar.
        trades: Closed trades.
        held: Bars at whose close there was a position, shape (n,), or just how many. None: not known, and `exposure`
            is None.
        fees: All fees paid.
        traded_value: Price times quantity of all fills, bought and sold.

    Raises:
        ValueError: the equity holds a number that is not finite, or the days belong to other bars.
    """
    if len(days) and int(days.ends[-1]) + 1 != len(equity):
        raise ValueError(f"{len(equity)} equity points, but days of {int(days.ends[-1]) + 1} bars")
    if not np.isfinite(equity).all():
        raise ValueError("the equity holds a number that is not finite")
    begin = float(starting_cash)
    returns = daily_returns(equity, days)
    count, a_year = len(returns), days.periods_per_year
    mean = float(returns.mean()) if count else 0.0
    deviations, falls = returns - mean, np.minimum(returns, 0.0)
    squares = float(deviations @ deviations)
    tally = TradeTally(trades)
    return Metrics(
        total_return=ratios.total_return(begin, float(equity[-1]) if len(equity) else begin),
        cagr=_cagr(equity, days),
        sharpe=ratios.sharpe(count, mean, squares, a_year),
        sortino=ratios.sortino(count, mean, float(falls @ falls), a_year),
        max_drawdown=max_drawdown(equity, begin),
        volatility=ratios.volatility(count, squares, a_year),
        var_95=value_at_risk(returns),
        exposure=_exposure(held, len(equity)),
        win_rate=tally.win_rate,
        profit_factor=tally.profit_factor,
        expectancy=tally.expectancy,
        average_holding=tally.average_holding,
        turnover=_turnover(equity, float(traded_value)),
        trade_count=tally.count,
        fees=fees,
        return_count=count,
        periods_per_year=a_year,
    )


def daily_returns(equity: FloatArray, days: TradingDays) -> FloatArray:
    """Return each day's equity over that of the day before, less 1; days after one at or below zero are left out.

    Args:
        equity: Equity at the close of each bar; shape (n,).
        days: The trading days of these bars; d of them.

    Returns:
        Array of at most d - 1 fractions.
    """
    ends = equity[days.ends]
    before, after = ends[:-1], ends[1:]
    sound = before > LEAST_MONEY
    if not sound.all():
        before, after = before[sound], after[sound]
    returns: FloatArray = after / before - 1
    return returns


def max_drawdown(equity: FloatArray, begin: float) -> float:
    """Return the deepest fall below the running maximum, which starts at `begin`; zero or negative.

    While nothing above zero has been reached there is nothing to fall from.

    Args:
        equity: Equity at the close of each bar; shape (n,), finite.
        begin: Equity before the first bar.
    """
    if not len(equity):
        return 0.0
    whole = len(equity) - len(equity) % _BLOCK
    if begin <= LEAST_MONEY or float(equity.min()) < 0 or not whole:
        return _deepest(equity, begin) - 1
    blocks = equity[:whole].reshape(-1, _BLOCK)
    tops = blocks.max(axis=1)
    peaks = np.maximum.accumulate(np.concatenate(([begin], tops)))
    # no fall inside a block is deeper than from the highest peak so far to its lowest point: most need no closer look
    bounds = blocks.min(axis=1) / np.maximum(peaks[:-1], tops)
    deepest = _deepest(equity[whole:], float(peaks[-1]))
    for place in np.argsort(bounds).tolist():
        if bounds[place] >= deepest:
            break
        deepest = min(deepest, _deepest(blocks[place], float(peaks[place])))
    return deepest - 1


def _deepest(equity: FloatArray, begin: float) -> float:
    """Return the least share of the running maximum, which starts at `begin`; 1 at most."""
    if not len(equity):
        return 1.0
    peak = np.maximum.accumulate(equity)
    np.maximum(peak, begin, out=peak)
    if peak[0] > LEAST_MONEY:
        np.divide(equity, peak, out=peak)
    else:
        peak = np.divide(equity, peak, out=np.ones(len(equity)), where=peak > LEAST_MONEY)
    return min(1.0, float(peak.min()))


def value_at_risk(returns: FloatArray) -> float | None:
    """Return the historical VaR of 95 %: the return at the 5th percentile, between two returns by interpolation.

    Args:
        returns: Daily returns in any order; shape (n,).

    Returns:
        A return: -0.02 says that on one day in twenty two per cent or more were lost. None without a return.
    """
    count = len(returns)
    if not count:
        return None
    place = VAR_SHARE * (count - 1)
    low = int(place)
    high = min(low + 1, count - 1)
    ordered = np.partition(returns, (low, high))
    below, above = float(ordered[low]), float(ordered[high])
    return below + (above - below) * (place - low)


def _cagr(equity: FloatArray, days: TradingDays) -> float | None:
    if not len(days):
        return None
    first, last = float(equity[days.ends[0]]), float(equity[days.ends[-1]])
    return ratios.cagr(first, last, len(days) - 1, days.periods_per_year)


def _exposure(held: BoolArray | int | None, bars: int) -> float | None:
    if held is None or not bars:
        return None
    return (held if isinstance(held, int) else int(np.count_nonzero(held))) / bars


def _turnover(equity: FloatArray, traded_value: float) -> float | None:
    mean = float(equity.mean()) if len(equity) else 0.0
    return traded_value / mean if mean > LEAST_MONEY else None
