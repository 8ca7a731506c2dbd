"""A report for a trader to read: a short summary and the last trades."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

from desktop.cli.output import print_table
from desktop.domain.money import CURRENCY_DECIMALS
from desktop.feeds.recording import LEFT_OUT

TRADES_SHOWN = 10
TINY = Decimal("0.1")  # below it an amount is shown with more decimals


class Money:
    """Amounts of one currency as text, with its decimals; tiny ones with as many as it takes."""

    def __init__(self, currency: str) -> None:
        self._currency = currency
        self._decimals = CURRENCY_DECIMALS.get(currency, 2)

    def plain(self, value: str | Decimal) -> str:
        """Return an amount with its currency."""
        return f"{Decimal(value):,.{self._decimals}f} {self._currency}"

    def signed(self, value: str | float | Decimal | None, *, unit: bool = True) -> str:
        """Return a gain or loss with its sign; a dash where there is none."""
        if value is None:
            return "-"
        amount = Decimal(str(value))
        decimals = self._decimals + 3 if amount and abs(amount) < TINY else self._decimals
        return f"{amount:+,.{decimals}f}" + (f" {self._currency}" if unit else "")


# for people ------------------------------------------------------------------------------------------------------
def print_report(report: Mapping[str, Any], *, closing: str) -> None:
    """Print a report as a short summary that ends with a sentence of its own."""
    metrics: Mapping[str, Any] = report["metrics"]
    files = ", ".join(Path(name).name for name in report["files"])
    print(f"{report['strategy']}  {', '.join(report['symbols'])}  {report['timeframe']}  {files}")
    print(f"{_day(report['from'])} to {_day(report['to'])}, {_data(report)}, fills {report['fills']}, {report['mode']}")
    print()
    gain = Decimal(report["equity"]) - Decimal(report["start_cash"])
    money = Money(report["currency"])
    _line("Equity", money.plain(report["equity"]), f"{money.signed(gain)}, {_percent(metrics['total_return'])}")
    _line("Cash", money.plain(report["cash"]), f"fees {money.plain(report['fees'])}")
    _line("Max drawdown", _percent(metrics["max_drawdown"]), f"Sharpe {_ratio(metrics['sharpe'])}")
    _line(
        "Trades",
        f"{len(report['trades']):,}",
        f"win rate {_percent(metrics['win_rate'], signed=False)}, profit factor {_ratio(metrics['profit_factor'])}, "
        f"average {money.signed(metrics['expectancy'])}",
    )
    _line("Signals", f"{report['signals']:,}", f"orders {report['orders']:,}{_blocks(report['blocks'])}")
    for item in report["open_positions"]:
        held = f"{item['quantity']} at {item['average_price']}"
        _line(f"Open {item['symbol']}", held, f"unrealised {money.signed(item['unrealised'])}")
    for item in report["working_orders"]:
        _line(f"Working {item['symbol']}", f"{item['side']} {item['quantity']} {item['kind']}", item["status"])
    for sentence in report.get("no_trades", ()):
        print(f"  {sentence}")
    for item in report["left_out"][:1]:
        left_out = report["dropped"].get(LEFT_OUT, 0)
        print(f"  {left_out:,} rows were left out; the first: {item['file']}, row {item['row']}: {item['reason']}")
    print_split_warnings(report)
    _print_trades(report["trades"], money)
    print()
    print(closing)


def tell_split_warnings(report: Mapping[str, Any]) -> None:
    """Say on standard error what `--json` says to programs only: a result across a split is never silent."""
    for item in report.get("split_warnings", ()):
        print(f"assay: {item['sentence']}", file=sys.stderr)


def print_split_warnings(report: Mapping[str, Any]) -> None:
    """Print what a trader must know before believing a result; an older report that was stored has none."""
    for item in report.get("split_warnings", ()):
        print(f"  Warning: {item['sentence']}")
        print("  --splits adjust runs on adjusted prices, --splits accept on these without this warning.")


def _print_trades(trades: Sequence[Mapping[str, Any]], money: Money) -> None:
    if not trades:
        return
    print()
    if len(trades) > TRADES_SHOWN:
        print(f"The last {TRADES_SHOWN} of {len(trades):,} trades (--json has them all):")
    print_table(
        ["entry", "symbol", "quantity", "at", "exit", "at", "P&L", "reason"],
        [
            [
                _minute(item["entry_time"]),
                item["symbol"],
                item["quantity"],
                item["entry_price"],
                _minute(item["exit_time"]),
                item["exit_price"],
                money.signed(item["pnl"], unit=False),
                item["reason"],
            ]
            for item in trades[-TRADES_SHOWN:]
        ],
    )


def _line(name: str, value: str, detail: str) -> None:
    print(f"  {name:<14}{value:>22}   {detail}".rstrip())


def _data(report: Mapping[str, Any]) -> str:
    bars = f"{report['bars']:,} bars"
    if not report["quotes"]:
        return bars
    lost = sum(report["dropped"].values()) - report["dropped"].get(LEFT_OUT, 0)
    return f"{report['quotes']:,} ticks" + (f" ({lost:,} dropped)" if lost else "") + f", {bars}"


def _blocks(blocks: Mapping[str, int]) -> str:
    return "".join(f", {count:,} x {check}" for check, count in blocks.items())


def _percent(value: float | None, *, signed: bool = True) -> str:
    return "-" if value is None else f"{value:+.2%}" if signed else f"{value:.1%}"


def _ratio(value: float | None) -> str:
    return "-" if value is None else f"{value:,.2f}"


def _day(text: str) -> str:
    return text[:10]


def _minute(text: str) -> str:
    return text[:16].replace("T", " ")
