"""`assay paper --feed`: a strategy on a running feed without a window, until it is interrupted or the time is over."""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import signal
from pathlib import Path
from typing import Any

from desktop.app import data_directory, program
from desktop.cli.fill_options import fills_of
from desktop.cli.output import exact, print_json
from desktop.cli.texts import read_text
from desktop.domain.limits_text import parse_limits
from desktop.domain.risk import RiskLimits
from desktop.domain.sessions import ExecutionMode, StopChoice
from desktop.domain.strategies import Strategy
from desktop.domain.strategy_text import parse_strategy
from desktop.engine.api import SessionDraft
from desktop.engine.clock import FastClock, SystemClock
from desktop.engine.headless import HeadlessTrader
from desktop.engine.views import SessionRow
from desktop.logs import configure_logs

DEFAULT_CURRENCY = "USD"


def run_paper_feed(options: argparse.Namespace) -> int:
    """Trade a strategy file on a running feed; prints what happens, or one JSON object at the end.

    Raises:
        UserMistake: a file or an option cannot be right; nothing was started.
    """
    directory: Path = data_directory(options)
    strategy = parse_strategy(read_text(options.strategy, "strategy file"))
    limits = RiskLimits() if options.limits is None else parse_limits(read_text(options.limits, "limits file"))
    configure_logs(directory / "logs")
    return asyncio.run(_trade(options, directory, strategy, limits))


async def _trade(options: argparse.Namespace, directory: Path, strategy: Strategy, limits: RiskLimits) -> int:
    clock = FastClock(options.speed) if options.speed not in {0.0, 1.0} else SystemClock()
    ended = asyncio.Event()
    loop = asyncio.get_running_loop()
    for name in (signal.SIGINT, signal.SIGTERM):
        with contextlib.suppress(NotImplementedError):  # Windows has no signal handlers in a loop
            loop.add_signal_handler(name, ended.set)
    async with program(directory, clock=clock, feed_url=options.feed_url) as running:
        desk = running.desk
        await desk.open(demo=False)
        trader = HeadlessTrader(desk, (lambda _: None) if options.json else print, approve=False)
        session_id = await desk.create_session(_draft(options, strategy, limits))
        trader.say(f"{strategy.name} runs on paper on {', '.join(options.symbol)}, {options.feed}. Ctrl-C stops it.")
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(ended.wait(), options.seconds)
        row = desk.session(session_id)
        await desk.stop_session(session_id, StopChoice.KEEP)
        trader.finish()
        if options.json and row is not None:
            print_json(_as_json(row))
    return 0


def _draft(options: argparse.Namespace, strategy: Strategy, limits: RiskLimits) -> SessionDraft:
    return SessionDraft(
        name=strategy.name,
        strategy=strategy,
        symbols=tuple(options.symbol),
        feed=options.feed,
        cash=options.cash,
        currency=options.currency or _currency_of(options.symbol[0]),
        mode=ExecutionMode(options.mode),
        limits=limits,
        hours=options.hours,
        fills=fills_of(options),
        seed=options.seed,
    )


def _currency_of(symbol: str) -> str:
    """Return what a symbol is priced in where none was named: the second half of a pair, else dollars."""
    return symbol.partition("/")[2] or DEFAULT_CURRENCY


def _as_json(row: SessionRow) -> dict[str, Any]:
    return {
        "session": row.session_id,
        "strategy_version": row.settings.strategy_version,
        "cash": exact(row.cash),
        "equity": exact(row.equity),
        "fees": exact(row.fees),
        "trades": row.trades,
        "open_positions": row.positions,
        "pending_signals": row.pending_signals,
    }
