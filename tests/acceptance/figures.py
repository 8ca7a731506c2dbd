"""The product's report against the independent re-computation, to the cent."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Any

from tests.acceptance.reference import MINUTE, Expected, from_bars, from_ticks, micros

CASH, QUANTITY = Decimal(100_000), Decimal(10)
#: file, symbol, timeframe of the session
FILES = (("spy_1h.csv", "SPY", "1h"), ("eurusd_quotes.csv", "EURUSD", "1m"), ("bac_trades.csv", "BAC", "1m"))


def expected(path: Path) -> Expected:
    """Return what the re-computation says of a file."""
    compute = from_bars if path.name.endswith("_1h.csv") else from_ticks
    return compute(path, cash=CASH, quantity=QUANTITY)


def differences(report: dict[str, Any], wanted: Expected) -> list[str]:
    """Return every figure that differs, as a sentence each; empty: the run is right."""
    found: list[str] = []

    def same(what: str, is_: object, should: object) -> None:
        if is_ != should:
            found.append(f"{what} is {is_}, should be {should}")

    same("bars", report["bars"], wanted.bars)
    same("quotes", report["quotes"], wanted.quotes)
    same("cash", Decimal(report["cash"]), wanted.cash)
    same("equity", Decimal(report["equity"]), wanted.equity)
    held = sum((Decimal(item["quantity"]) for item in report["open_positions"]), Decimal(0))
    same("open quantity", held, wanted.open_quantity)
    same("number of trades", len(report["trades"]), len(wanted.trades))
    ticks = wanted.quotes > 0
    for number, (is_, should) in enumerate(zip(report["trades"], wanted.trades, strict=False), start=1):
        for name in ("entry", "exit"):
            at = int(should[f"{name}_at"])
            at -= at % MINUTE if ticks else 0
            if name == "entry":
                same(f"trade {number} entry time", micros(is_["entry_time"]), at)
            same(f"trade {number} {name} price", Decimal(is_[f"{name}_price"]), Decimal(should[f"{name}_price"]))
        same(f"trade {number} quantity", Decimal(is_["quantity"]), Decimal(should["quantity"]))
        same(f"trade {number} P&L", Decimal(is_["pnl"]), Decimal(should["pnl"]))
        same(f"trade {number} fees", Decimal(is_["fees"]), Decimal(0))
    return found
