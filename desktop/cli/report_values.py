"""What every report says of a run, as JSON values: money and prices exact text, times ISO 8601, ratios fractions."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from desktop.cli.output import exact, iso
from desktop.domain.evidence import Evidence
from desktop.domain.history import SplitWarning
from desktop.domain.orders import Order
from desktop.domain.positions import ClosedTrade, Position
from desktop.domain.sessions import SessionSettings
from desktop.feeds.recording import Recording

ROWS_SHOWN = 10  # of the rows that were left out, for each file


def run_values(settings: SessionSettings, data: Recording, *, ended_at: int, bars: int) -> dict[str, Any]:
    """Return what was run on what.

    Args:
        settings: The session.
        data: Its files, read to their end.
        ended_at: µs UTC of the last message.
        bars: Bars that closed; where the files hold bars, theirs are reported.
    """
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
        "to": iso(ended_at),
        "mode": settings.mode.value,
        "fills": settings.fills.kind.value,
        "seed": settings.seed,
        "currency": settings.currency,
        "start_cash": exact(settings.cash),
        "bars": bars if data.bars is None else data.bars,
        "quotes": data.ticks,
        "dropped": dict(sorted(data.dropped().items())),
        "left_out": [
            {"file": item.path.name, "row": error.row, "column": error.column, "reason": error.sentence}
            for item in data.histories
            for error in item.errors[:ROWS_SHOWN]
        ],
        "split_warnings": [warning_value(warning) for warning in data.warnings],
        "warnings": [warning.sentence for warning in data.warnings],
    }


def warning_value(warning: SplitWarning) -> dict[str, Any]:
    """Return a warning about splits that the run traded through."""
    splits = [
        {"time": iso(item.at), "ratio": f"{item.new}:{item.old}", "evidence": item.evidence} for item in warning.splits
    ]
    return {"symbol": warning.symbol, "sentence": warning.sentence, "splits": splits}


def trade_value(trade: ClosedTrade) -> dict[str, Any]:
    """Return a closed trade."""
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


def position_value(position: Position, value: Decimal) -> dict[str, Any]:
    """Return what is held; `value` is what it would bring."""
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


def order_value(order: Order) -> dict[str, Any]:
    """Return an order that is still open."""
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


def evidence_values(evidence: Evidence) -> dict[str, Any]:
    """Return a stored backtest without what it rests on."""
    settings = evidence.settings
    return {
        "evidence": evidence.key,
        "created_at": iso(evidence.created_at),
        "reproduced": evidence.reproduced,
        "strategy": settings.strategy.name,
        "strategy_version": settings.strategy_version,
        "symbols": [item.symbol for item in settings.instruments],
        "timeframe": settings.strategy.timeframe,
        "files": list(evidence.files),
        "fingerprints": list(evidence.fingerprints),
        "from": iso(evidence.began),
        "to": iso(evidence.ended),
        "bars": evidence.bars,
        "fills": settings.fills.kind.value,
        "seed": settings.seed,
        "program": evidence.program,
        "trades": evidence.trades,
        "currency": settings.currency,
        "cash": exact(evidence.cash),
        "equity": exact(evidence.equity),
        "fees": exact(evidence.fees),
        "metrics": dict(evidence.metrics),
        "warnings": list(evidence.warnings),
        "undecided_splits": evidence.undecided_splits,
    }
