"""Small generated files of bars, quotes and trades on which an RSI strategy trades."""

from __future__ import annotations

import math
import random
from datetime import UTC, datetime, timedelta
from pathlib import Path

BEGIN = datetime(2024, 3, 4, 9, 30, tzinfo=UTC)  # a Monday
STRATEGY = """\
name = "RSI swing"
timeframe = "{timeframe}"
entry = "{entry}"
exit = "{exit}"
evaluate = "{evaluate}"

[sizing]
kind = "fixed_quantity"
value = {quantity}
{more}
"""


def write_strategy(
    folder: Path,
    timeframe: str = "1h",
    *,
    entry: str = "rsi(14) < 30",
    leave: str = "rsi(14) > 70",
    evaluate: str = "bar",
    quantity: int = 10,
    more: str = "",
    name: str = "swing.toml",
) -> Path:
    """Write a strategy file and return its path."""
    path = folder / name
    text = STRATEGY.format(
        timeframe=timeframe, entry=entry, exit=leave, evaluate=evaluate, quantity=quantity, more=more
    )
    path.write_text(text)
    return path


def stamp(moment: datetime) -> str:
    """Return a time as the data files have it."""
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def price(step: float, seed: int, wave: float) -> float:
    """Return a price that swings widely enough to be oversold and overbought."""
    return 100 + 12 * math.sin(step / wave + seed) + 3 * math.sin(step / wave * 3.1 + 2 * seed)


def write_bars(folder: Path, *, count: int = 600, seed: int = 1, name: str = "bars.csv", hours: int = 1) -> Path:
    """Write hourly bars, some hours missing."""
    draw = random.Random(seed)
    lines = ["time,open,high,low,close,volume"]
    at, last = BEGIN.replace(minute=0), price(0, seed, 9)
    for step in range(count):
        opened = last + draw.uniform(-0.2, 0.2)
        close = price(step, seed, 9) + draw.uniform(-0.8, 0.8)
        high, low = max(opened, close) + draw.uniform(0, 0.6), min(opened, close) - draw.uniform(0, 0.6)
        lines.append(f"{stamp(at)},{opened:.2f},{high:.2f},{low:.2f},{close:.2f},{draw.randrange(1_000, 50_000)}")
        at += timedelta(hours=hours * (1 if draw.random() > 0.05 else 3))
        last = close
    path = folder / name
    path.write_text("\n".join(lines) + "\n")
    return path


def write_quotes(folder: Path, *, minutes: int = 400, seed: int = 1, name: str = "quotes.csv") -> Path:
    """Write quotes of which one in ten is crossed, some minutes silent."""
    draw = random.Random(seed)
    lines = ["time,bid,ask"]
    for minute in range(minutes):
        if draw.random() < 0.04:
            continue
        for second in sorted(draw.sample(range(60_000), draw.randint(2, 9))):
            at = BEGIN + timedelta(minutes=minute, milliseconds=second)
            bid = round(price(minute + second / 60_000, seed, 9) + draw.uniform(-0.3, 0.3), 3)
            spread = -0.002 if draw.random() < 0.1 else draw.choice((0.001, 0.002, 0.005))
            lines.append(f"{stamp(at)},{bid:.3f},{bid + spread:.3f}")
    path = folder / name
    path.write_text("\n".join(lines) + "\n")
    return path


def write_trades(folder: Path, *, minutes: int = 400, seed: int = 1, name: str = "trades.csv") -> Path:
    """Write prints, several at one instant among them."""
    draw = random.Random(seed)
    lines = ["time,price,size"]
    for minute in range(minutes):
        for second in sorted(draw.choices(range(60_000), k=draw.randint(1, 8))):
            at = BEGIN + timedelta(minutes=minute, milliseconds=second)
            paid = price(minute + second / 60_000, seed, 9) + draw.uniform(-0.3, 0.3)
            lines.extend(f"{stamp(at)},{paid:.2f},{draw.randrange(1, 900)}" for _ in range(draw.randint(1, 2)))
    path = folder / name
    path.write_text("\n".join(lines) + "\n")
    return path
