"""What a finished replay has to say: one JSON object, or the same set for a trader to read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

from desktop.cli.output import exact, iso, print_table
from desktop.cli.replay_data import LEFT_OUT, ReplayData
from desktop.domain.money import CURRENCY_DECIMALS
from desktop.domain.orders import Order
from desktop.domain.positions import ClosedTrade, Position
from desktop.engine.replay_run import ReplayRun

TRADES_SHOWN = 10
ROWS_SHOWN = 10  # of the rows that were left out, for each file
TINY = Decimal("0.1")  # below it an amount is shown with more decimals


def report_of(run: ReplayRun, data: ReplayData, trades: Sequence[ClosedTrade], *, run_seconds: float) -> dict[str, Any]:
    """Return the report of a run that is over: money and prices as exact text, times ISO 8601, ratios as fractions."""
    core, settings = run.unit.core, run.settings
    strategy = settings.strategy
    symbols = [item.symbol for item in settings.instruments]
    return {
        "session": settings.session_id,
        "strategy": strategy.name,
        "strategy_version": settings.strategy_version,
        "symbol": symbols[0],
        "symbols": symbols,
        "timeframe": strategy.timeframe,
        "files": [str(path) for path in data.paths],
        "from": iso(data.started_at),
        "to": iso(core.now),
        "mode": settings.mode.value,
        "fills": settings.fills.kind.value,
        "seed": settings.seed,
        "currency": settings.currency,
        "start_cash": exact(settings.cash),
        "bars": run.bars if data.bars is None else data.bars,
        "quotes": data.ticks,
        "dropped": dict(sorted(data.dropped().items())),
        "left_out": [
            {"file": item.path.name, "row": error.row, "column": error.column, "reason": error.sentence}
            for item in data.histories
            for error in item.errors[:ROWS_SHOWN]
        ],
        "signals": core.state.signals,
        "orders": core.state.ordinal,
        "blocks": dict(sorted(run.tally.blocks.items())),
        "trades": [_trade(item) for item in trades],
        "open_positions": [_position(item, core.holdings.value(symbol)) for symbol, item in core.positions.items()],
        "working_orders": [_order(item) for item in core.orders.values()],
        "cash": exact(core.cash),
        "equity": exact(core.equity),
        "fees": exact(core.holdings.ledger.fees),
        "metrics": run.tally.performance.as_dict(),
        "resumed": run.resumed,
        "run_seconds": round(run_seconds, 3),
    }


def _trade(trade: ClosedTrade) -> dict[str, Any]:
    return {
        "symbol": trade.symbol,
        "entry_time": iso(trade.entry_time),
        "entry_price": exact(trade.entry_price),
        "exit_time": iso(trade.exit_time),
        "exit_price": exact(trade.exit_price),
        "quantity": exact(trade.quantity),
        "pnl": exact(trade.pnl),
        "fees": exact(trade.fees),
        "bars_held": trade.bars_held,
        "reason": trade.reason,
    }


def _position(position: Position, value: Decimal) -> dict[str, Any]:
    return {
        "symbol": position.symbol,
        "quantity": exact(position.quantity),
        "average_price": exact(position.average),
        "cost": exact(position.cost),
        "value": exact(value),
        "unrealised": exact(value - position.cost),
        "opened": iso(position.opened_at),
        "bars_held": position.bars_held,
    }


def _order(order: Order) -> dict[str, Any]:
    return {
        "order": order.order_id,
        "symbol": order.symbol,
        "side": order.side.value,
        "kind": order.kind.value,
        "quantity": exact(order.quantity),
        "filled": exact(order.filled),
        "limit_price": None if order.limit_price is None else exact(order.limit_price),
        "stop_price": None if order.stop_price is None else exact(order.stop_price),
        "status": order.status.value,
    }


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
def print_report(report: Mapping[str, Any], *, again: bool = False) -> None:
    """Print the report as a short summary; `again`: the run was finished before and nothing was traded now."""
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
    for item in report["left_out"][:1]:
        left_out = report["dropped"].get(LEFT_OUT, 0)
        print(f"  {left_out:,} rows were left out; the first: {item['file']}, row {item['row']}: {item['reason']}")
    _print_trades(report["trades"], money)
    print()
    if again:
        print("This run was finished before: this is its stored result, nothing was traded now.")
    else:
        print(f"{report['run_seconds']:.2f} s" + (", resumed" if report["resumed"] else ""))


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
