"""A desk on the fast simulator until it is killed: `python -m tests.engine.kill_child DIRECTORY`.

It prints the id of every execution once that is durable. Started again it goes on where it was stored.
"""

from __future__ import annotations

import asyncio
import sys
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

from desktop.app import program
from desktop.domain.events import Fact, FillBooked
from desktop.domain.sessions import ExecutionMode
from desktop.domain.strategies import Protection
from desktop.engine.clock import FastClock
from desktop.engine.demo import DemoMarket, demo_draft
from desktop.engine.headless import HeadlessTrader
from desktop.feeds.simulator import BENCHMARK, DEMO_SYMBOLS

SPEED = 200
LIFE = 60  # seconds, should nobody kill it


def tell(fact: Fact) -> None:
    if isinstance(fact, FillBooked):
        print(fact.fill.execution_id, flush=True)


async def main() -> None:
    """Run two sessions, one of which waits for approvals, until the parent kills this process."""
    directory = Path(sys.argv[1])
    async with program(directory, clock=FastClock(SPEED)) as running:
        desk = running.desk
        desk.on_fact(tell)
        HeadlessTrader(desk, lambda _: None)
        await desk.open(demo=False)
        if not desk.sessions():
            draft = demo_draft(DemoMarket(DEMO_SYMBOLS, BENCHMARK))
            close = Protection(stop_loss=Decimal("0.2"), take_profit=Decimal("0.3"), trailing_stop=Decimal("0.3"))
            quick = replace(draft.strategy, protection=close)
            await desk.create_session(replace(draft, name="Auto", mode=ExecutionMode.AUTO, strategy=quick))
            await desk.create_session(draft)
        print("open", flush=True)
        await asyncio.sleep(LIFE)


if __name__ == "__main__":
    asyncio.run(main())
