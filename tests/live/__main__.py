"""Run schedules of crashes and losses, print what they covered; status 1 where an order was lost or sent twice."""

from __future__ import annotations

import argparse
import asyncio
import logging
import os
import shutil
import sys
import tempfile
import time
from collections import Counter
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from pathlib import Path

from tests.live.schedule import LOSSES, POINTS, Outcome, run
from tests.live.world import KINDS

LEAST = 10  # how often every crash point has to meet every kind of loss in a full run
FULL = 1_000


def one(number: int, kind: str = "alpaca") -> Outcome:
    """Live through one schedule in a folder of its own, in memory where the system has such a place."""
    logging.disable(logging.CRITICAL)
    place = "/dev/shm" if os.path.isdir("/dev/shm") else None  # noqa: PTH112 - a folder that is memory
    folder = Path(tempfile.mkdtemp(prefix="assay-schedule-", dir=place))
    try:
        return asyncio.run(_one(number, folder, kind))
    finally:
        shutil.rmtree(folder, ignore_errors=True)


async def _one(number: int, folder: Path, kind: str) -> Outcome:
    asyncio.get_running_loop().set_exception_handler(lambda *_: None)  # ends of programs are told there
    try:
        async with asyncio.timeout(60):
            return await run(number, folder, kind)
    except Exception as error:  # noqa: BLE001 - a schedule that breaks is a finding, not the end of the others
        return Outcome(number, problems=[f"{type(error).__name__}: {error}"])


def table(outcomes: list[Outcome]) -> tuple[str, int]:
    """Return how often each crash point met each kind of loss, as text, and the smallest of these numbers."""
    seen = Counter(pair for outcome in outcomes for pair in outcome.pairs())
    names = [f"{where}:{kind}" for where, kind in LOSSES]
    width = max(map(len, names))
    lines = [" " * width + "".join(f"{point:>17}" for point in POINTS)]
    lines += [f"{name:<{width}}" + "".join(f"{seen[point, name]:>17}" for point in POINTS) for name in names]
    return "\n".join(lines), min(seen[point, name] for name in names for point in POINTS)


def main() -> int:
    """Run them on all cores, for each stand-in."""
    parser = argparse.ArgumentParser(prog="python -m tests.live", description=__doc__)
    parser.add_argument("--schedules", type=int, default=FULL, help="how many for each stand-in")
    parser.add_argument("--first", type=int, default=0, help="number of the first one")
    parser.add_argument("--standin", choices=[*KINDS, "all"], default="all")
    parser.add_argument("--workers", type=int, default=os.cpu_count() or 1)
    options = parser.parse_args()
    numbers = range(options.first, options.first + options.schedules)
    kinds = list(KINDS) if options.standin == "all" else [options.standin]
    return max(_all_of(kind, numbers, options.workers) for kind in kinds)


def _all_of(kind: str, numbers: range, workers: int) -> int:
    """Run schedules on one stand-in and say what came of them; 1 where something is wrong."""
    began = time.monotonic()
    with ProcessPoolExecutor(workers) as pool:
        outcomes = list(pool.map(partial(one, kind=kind), numbers, chunksize=4))
    text, least = table(outcomes)
    bad = [outcome for outcome in outcomes if outcome.problems]
    print(f"{kind}\n{text}")
    for outcome in bad[:20]:
        print(f"schedule {outcome.number}: {'; '.join(outcome.problems)}")
    orders, unknown = sum(item.orders for item in outcomes), sum(item.unknown for item in outcomes)
    print(
        f"{len(outcomes)} schedules, {orders} orders ({unknown} of them never arrived and stayed unknown), "
        f"{len(bad)} schedules with problems, every pair at least {least} times, {time.monotonic() - began:.0f} s",
        flush=True,
    )
    thin = len(numbers) >= FULL and least < LEAST
    if thin:
        print(f"Some pairs came up fewer than {LEAST} times.")
    return 1 if bad or thin else 0


if __name__ == "__main__":
    sys.exit(main())
