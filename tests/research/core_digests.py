"""Digests of random sessions, one line each: the compiled core and the interpreted one have to print the same.

Run `python -m tests.research.core_digests SEEDS`; which core it is depends on the folder it is run in. A line holds the
seed, the digest of a backtest's result, and that of all facts, answers and snapshots of the same session taken message
by message, with commands of a user in between.
"""

from __future__ import annotations

import hashlib
import json
import random
import sys
from dataclasses import replace

from desktop.domain.commands import ClosePosition, Pause, Resume, Start
from desktop.domain.messages import Asked, BarsClosed, ClockTick, Message
from desktop.domain.sessions import ExecutionMode
from desktop.rules.stream import StreamEvaluator
from desktop.trading.unit import Step, build_unit
from tests.research.random_runs import Run, random_run

MODES = (ExecutionMode.AUTO, ExecutionMode.AUTO, ExecutionMode.MANUAL, ExecutionMode.SEMI_AUTO)


def of_backtest(run: Run) -> str:
    """Return the digest of everything a backtest comes to."""
    found = run.skipped()
    parts = (
        found.fills, found.trades, found.positions, found.values, found.working, found.signals, found.orders,
        found.blocks, found.warnings, found.cash, found.fees, found.equity.tobytes(),
    )  # fmt: skip
    return hashlib.sha256(repr(parts).encode()).hexdigest()[:16]


def asked_between(draw: random.Random, symbols: list[str], at: int) -> list[Message]:
    """Return what a user or the clock puts between two messages, mostly nothing."""
    chance = draw.random()
    if chance < 0.02:
        return [ClockTick(at)]
    if chance < 0.03:
        return [Asked(at, ClosePosition(draw.choice(symbols)), by="user")]
    if chance < 0.04:
        return [Asked(at, Pause(), by="user")]
    return [Asked(at, Resume(), by="user")] if chance < 0.08 else []


def of_session(run: Run, draw: random.Random) -> str:
    """Return the digest of every step of a session, and of its snapshots on the way and at the end."""
    settings = replace(run.settings, mode=draw.choice(MODES))
    run = replace(run, settings=settings)
    hours, symbols = run.market().hours, [item.symbol for item in settings.instruments]
    judges = {name: StreamEvaluator(timeframe=settings.strategy.timeframe, zone=hours[name].zone) for name in symbols}
    unit, digest = build_unit(settings, judges, hours), hashlib.sha256()

    def eat(step: Step) -> None:
        digest.update(repr((step.facts, step.refusal)).encode())

    eat(unit.step(Asked(min(int(bars.start[0]) for bars in run.columns.values()), Start(), by="user")))
    for count, (_, message) in enumerate(run.messages()):
        if isinstance(message, BarsClosed):
            for bar in message.bars:
                judges[bar.symbol].update(bar)
        eat(unit.step(message))
        for more in asked_between(draw, symbols, message.at):
            eat(unit.step(more))
        if count % 7 == 0:
            digest.update(json.dumps(unit.snapshot(), sort_keys=True).encode())
    digest.update(json.dumps(unit.snapshot(), sort_keys=True).encode())
    return digest.hexdigest()[:16]


def main() -> None:
    """Print a line for each seed."""
    for seed in range(int(sys.argv[1])):
        run = random_run(random.Random(seed))
        print(seed, of_backtest(run), of_session(run, random.Random(seed)))


if __name__ == "__main__":
    main()
