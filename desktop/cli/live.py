"""`assay live`: a strategy trades on a broker's account without a window, until interrupted or the time is over."""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import signal
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from desktop.app import data_directory, program
from desktop.brokers.registry import broker_entry
from desktop.cli.output import exact, print_json
from desktop.cli.texts import read_text
from desktop.domain.accounts import ARM_WORD
from desktop.domain.errors import AssayError, FieldError, UserMistake
from desktop.domain.limits_text import parse_limits
from desktop.domain.market import FeedOrigin
from desktop.domain.risk import RiskLimits
from desktop.domain.sessions import ExecutionMode, SessionState, StopChoice
from desktop.domain.strategies import Strategy
from desktop.domain.strategy_text import parse_strategy, strategy_version
from desktop.domain.validation import Prerequisite, Verdict
from desktop.engine.api import Desk, SessionDraft
from desktop.engine.clock import SystemClock
from desktop.engine.headless import HeadlessTrader
from desktop.engine.views import SessionRow
from desktop.logs import configure_logs

_GONE = frozenset({SessionState.STOPPED, SessionState.FAILED})
PATIENCE = 15.0  # seconds that cancelling and selling at the end may take
_LOOK = 0.1


def run_live(options: argparse.Namespace) -> int:
    """Trade a strategy file on an account; prints what happens, or one JSON object at the end.

    Run again with the same data directory it goes on with the session that is there, reconciled with the broker first.

    Raises:
        BrokerNotFoundError: there is no such broker.
        PreRequisiteNotMetError: the strategy has not earned it; no session was created.
        UserMistake: a file or an option cannot be right; nothing was started.
    """
    broker_entry(options.broker)
    directory: Path = data_directory(options)
    strategy = parse_strategy(read_text(options.strategy, "strategy file"))
    limits = RiskLimits.prudent() if options.limits is None else parse_limits(read_text(options.limits, "limits file"))
    draft = _draft(options, strategy, limits)
    configure_logs(directory / "logs")
    return asyncio.run(_trade(options, directory, draft))


async def _trade(options: argparse.Namespace, directory: Path, draft: SessionDraft) -> int:
    ended = asyncio.Event()
    loop = asyncio.get_running_loop()
    for name in (signal.SIGINT, signal.SIGTERM):
        with contextlib.suppress(NotImplementedError):  # Windows has no signal handlers in a loop
            loop.add_signal_handler(name, ended.set)
    async with program(directory, clock=SystemClock(), feed_url=options.url, broker_url=options.url) as running:
        desk = running.desk
        await desk.open(demo=False)
        trader = HeadlessTrader(desk, (lambda _: None) if options.json else _say, approve=False)
        if options.check:
            return _show(await desk.check_live(draft), as_json=options.json)
        known = _known(desk, draft)
        session_id = known.session_id if known is not None else await desk.create_session(draft)
        where = f"{draft.broker}/{draft.account}"
        trader.say(
            f"{draft.strategy.name} {'goes on' if known else 'runs'} LIVE on {where}: {', '.join(draft.symbols)}. "
            "Ctrl-C ends Assay; what rests at the broker stays there."
        )
        typed = options.arm or await _typed(draft)
        begun: asyncio.Task[None] | None = None
        if typed:
            await desk.arm(session_id, typed)
            begun = asyncio.create_task(_go_on(desk, session_id, trader))
        else:
            trader.say("The session is not armed: it closes and protects, and buys nothing.")
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(ended.wait(), options.seconds)
        if begun is not None:
            begun.cancel()
        left = await _stopped(desk, session_id, StopChoice(options.stop)) if options.stop else ""
        if left:
            print(left, file=sys.stderr)
        trader.finish()
        if options.json:
            print_json(_as_json(desk, session_id))
    return 1 if left else 0


async def _go_on(desk: Desk, session_id: str, trader: HeadlessTrader) -> None:
    """Let a session of an earlier start run again once it was reconciled: it comes back paused, and was armed now."""
    while (row := desk.session(session_id)) is not None and row.state is SessionState.RECOVERING:  # noqa: ASYNC110 - a view
        await asyncio.sleep(_LOOK)
    try:
        if row is not None and row.state is SessionState.PAUSED:
            await desk.resume_session(session_id)
        elif row is not None and row.state is SessionState.CREATED:
            await desk.start_session(session_id)
    except AssayError as error:
        trader.say(f"refused  {error}")


async def _stopped(desk: Desk, session_id: str, choice: StopChoice) -> str:
    """Stop the session and wait until the broker has done what that asks of it; returns what is left after a while."""
    await desk.stop_session(session_id, choice)
    if choice is StopChoice.KEEP:
        return ""
    loop = asyncio.get_running_loop()
    end = loop.time() + PATIENCE
    while left := _left(desk, session_id, choice):
        if loop.time() > end:
            return f"Not done at the broker yet: {left}. Its market may be closed. Look at the account there."
        await asyncio.sleep(_LOOK)
    return ""


def _left(desk: Desk, session_id: str, choice: StopChoice) -> str:
    """Return what a stop has not brought to its end: orders that work, and positions where they are to be sold."""
    orders = sorted({item.order.symbol for item in desk.orders() if item.order.session_id == session_id
                     and item.order.is_open})  # fmt: skip
    held = sorted({item.position.symbol for item in desk.positions() if item.position.session_id == session_id})
    found = [f"orders in {', '.join(orders)} work"] if orders else []
    if choice is StopChoice.FLATTEN and held:
        found.append(f"{', '.join(held)} not sold")
    return " and ".join(found)


async def _typed(draft: SessionDraft) -> str:
    """Ask for the word where somebody sits at the terminal."""
    if not sys.stdin.isatty():
        return ""
    question = f"Type {ARM_WORD} to let {draft.name} buy on {draft.broker}/{draft.account}, or press Enter: "
    return (await asyncio.to_thread(input, question)).strip()


def _draft(options: argparse.Namespace, strategy: Strategy, limits: RiskLimits) -> SessionDraft:
    return SessionDraft(
        name=options.name or f"{strategy.name} live",
        strategy=strategy,
        symbols=tuple(options.symbol),
        feed=options.feed or broker_entry(options.broker).choice.feed,
        cash=options.cash,
        currency=options.currency or options.symbol[0].partition("/")[2] or "USD",
        mode=ExecutionMode(options.mode),
        limits=limits,
        hours=options.hours,
        broker=options.broker,
        account=options.account,
        limits_confirmed=options.confirm_limits,
        overrides=_overrides(options.override),
    )


def _overrides(texts: list[str]) -> Mapping[Prerequisite, str]:
    found: dict[Prerequisite, str] = {}
    for text in texts:
        name, _, reason = text.partition("=")
        try:
            found[Prerequisite(name.strip())] = reason.strip()
        except ValueError:
            known = ", ".join(item.value for item in Prerequisite)
            raise FieldError("--override", f"{name!r} is none of {known}. Write NAME=REASON.") from None
    return found


def _known(desk: Desk, draft: SessionDraft) -> SessionRow | None:
    """Return the session of an earlier start that this command means.

    Raises:
        UserMistake: there is one of this strategy on the account with other symbols or another version.
    """
    version = strategy_version(draft.strategy)
    for row in desk.sessions():
        settings = row.settings
        if (settings.broker, settings.account, settings.name) != (draft.broker, draft.account, draft.name):
            continue
        if row.state in _GONE:
            continue
        symbols = tuple(item.symbol for item in settings.instruments)
        if settings.strategy_version != version or symbols != draft.symbols:
            raise UserMistake(
                f"{settings.name} trades on {draft.broker}/{draft.account} already, on {', '.join(symbols)} and "
                f"version {settings.strategy_version} of its strategy. Nothing was started. Stop it first, or give "
                "this one another --name."
            )
        return row
    return None


def _show(verdicts: list[Verdict] | Any, *, as_json: bool) -> int:
    """Print prerequisites with their evidence; returns 0 where all pass, else 2."""
    passed = all(item.passes for item in verdicts)
    if as_json:
        rows = [
            {"prerequisite": item.prerequisite.value, "met": item.met, "found": item.value, "needed": item.needed,
             "evidence": item.sentence, "override": item.override}
            for item in verdicts
        ]  # fmt: skip
        print_json({"passed": passed, "prerequisites": rows})
    else:
        for item in verdicts:
            mark = "met" if item.met else "overridden" if item.override else "NOT MET"
            print(f"{item.prerequisite.value:14} {mark:10} {item.sentence}")
    return 0 if passed else 2


def _as_json(desk: Desk, session_id: str) -> dict[str, Any]:
    row = desk.session(session_id)
    if row is None:
        return {"session": session_id}
    account = next((item for item in desk.accounts() if session_id in item.sessions), None)
    orders = [item.order for item in desk.orders() if item.order.session_id == session_id]
    return {
        "session": session_id,
        "state": row.state.value,
        "strategy_version": row.settings.strategy_version,
        "capital": exact(row.settings.cash),
        "cash": exact(row.cash),
        "equity": exact(row.equity),
        "fees": exact(row.fees),
        "trades": row.trades,
        "open_positions": row.positions,
        "pending_signals": row.pending_signals,
        "orders": [{"id": item.order_id, "status": item.status.value, "filled": exact(item.filled)} for item in orders],
        "real_time": row.settings.origin == FeedOrigin.REAL_TIME,
        "account": None
        if account is None
        else {
            "key": account.key,
            "link": account.state.value,
            "reconciled": account.ready,
            "unknown_orders": [item.order_id for item in account.unknown],
            "differences": {item.symbol: exact(item.difference) for item in account.holdings if item.difference},
        },
    }


def _say(line: str) -> None:
    print(line, flush=True)
