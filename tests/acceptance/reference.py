"""An independent re-computation of the RSI strategy: csv module, numpy and Decimal, nothing of the product.

Buys `quantity` at the first price after a bar with RSI(14) under 30, sells at the first price after one over 70.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

MINUTE = 60_000_000


@dataclass(frozen=True)
class Expected:
    """What the product must report."""

    bars: int
    quotes: int
    trades: list[dict[str, str]]
    cash: Decimal
    equity: Decimal
    open_quantity: Decimal
    dropped: int


def micros(text: str) -> int:
    """Return µs UTC of an ISO time."""
    moment = datetime.fromisoformat(text)
    return round(moment.timestamp() * 1_000_000)


def rsi(close: np.ndarray, length: int = 14) -> np.ndarray:
    """Return Wilder's RSI; NaN for the first `length` bars; 0 where nothing moved."""
    out = np.full(len(close), np.nan)
    if len(close) <= length:
        return out
    gain = loss = 0.0
    for index in range(1, length + 1):
        change = close[index] - close[index - 1]
        if change < 0:
            loss -= change
        else:
            gain += change
    gain /= length
    loss /= length
    out[length] = 100 * gain / (gain + loss) if gain + loss else 0.0
    for index in range(length + 1, len(close)):
        change = close[index] - close[index - 1]
        loss *= length - 1
        gain *= length - 1
        if change < 0:
            loss -= change
        else:
            gain += change
        loss /= length
        gain /= length
        out[index] = 100 * gain / (gain + loss) if gain + loss else 0.0
    return out


def rows(path: Path) -> Iterable[list[str]]:
    """Yield the rows of a file without its header."""
    with path.open(newline="") as stream:
        lines = csv.reader(stream)
        next(lines)
        yield from lines


class Book:
    """Cash and one position, in Decimal."""

    def __init__(self, cash: Decimal, quantity: Decimal) -> None:
        self.cash, self.quantity = cash, quantity
        self.entry: tuple[int, Decimal] | None = None
        self.trades: list[dict[str, str]] = []

    def buy(self, at: int, price: Decimal) -> None:
        self.cash -= price * self.quantity
        self.entry = (at, price)

    def sell(self, at: int, price: Decimal) -> None:
        assert self.entry is not None
        self.cash += price * self.quantity
        began, paid = self.entry
        self.trades.append(
            {
                "entry_at": str(began),
                "entry_price": str(paid),
                "exit_at": str(at),
                "exit_price": str(price),
                "quantity": str(self.quantity),
                "pnl": str((price - paid) * self.quantity),
            }
        )
        self.entry = None


def from_bars(path: Path, *, cash: Decimal, quantity: Decimal) -> Expected:
    """Trade a file of bars at the next bar's open."""
    found = list(rows(path))
    starts = [micros(row[0]) for row in found]
    opens = [Decimal(row[1]) for row in found]
    closes = [Decimal(row[4]) for row in found]
    values = rsi(np.array([float(row[4]) for row in found]))
    book = Book(cash, quantity)
    for index in range(len(found) - 1):
        if book.entry is None and values[index] < 30:
            book.buy(starts[index + 1], opens[index + 1])
        elif book.entry is not None and values[index] > 70:
            book.sell(starts[index + 1], opens[index + 1])
    held = quantity if book.entry else Decimal(0)
    return Expected(len(found), 0, book.trades, book.cash, book.cash + held * closes[-1], held, 0)


def from_ticks(path: Path, *, cash: Decimal, quantity: Decimal) -> Expected:
    """Trade a file of quotes or trades on one-minute bars at the first price after the bar."""
    ticks: list[tuple[int, Decimal, Decimal, float]] = []
    dropped = count = 0
    with path.open(newline="") as stream:
        quotes = "bid" in next(csv.reader(stream))
    for row in rows(path):
        count += 1
        bid = Decimal(row[1])
        ask = Decimal(row[2]) if quotes else bid
        if bid > ask:
            dropped += 1
            continue
        price = (float(row[1]) + float(row[2])) / 2 if quotes else float(row[1])
        ticks.append((micros(row[0]), bid, ask, price))
    closes: list[float] = []
    last_tick: list[int] = []  # index of each bar's last tick
    minute = -1
    for index, (at, _, _, price) in enumerate(ticks):
        if at // MINUTE != minute:
            minute = at // MINUTE
            closes.append(price)
            last_tick.append(index)
        closes[-1], last_tick[-1] = price, index
    closed = len(closes) - 1  # the last bar is still forming when the file ends
    values = rsi(np.array(closes[:closed]))
    book = Book(cash, quantity)
    for bar in range(closed):
        at, bid, ask, _ = ticks[last_tick[bar] + 1]
        if book.entry is None and values[bar] < 30:
            book.buy(at, ask)
        elif book.entry is not None and values[bar] > 70:
            book.sell(at, bid)
    held = quantity if book.entry else Decimal(0)
    return Expected(closed, count, book.trades, book.cash, book.cash + held * ticks[-1][1], held, dropped)
