"""A process that stores steps until it is killed: `python -m tests.store.crash_child DIRECTORY [LAST [PAGES]]`.

Step k adds order k, its fill, and a position of 10 k; it prints k once the step is durable. Started again it goes on.
With PAGES the write-ahead log is brought into the file whenever so many have come to it.
"""

from __future__ import annotations

import sys
from concurrent.futures import Future
from decimal import Decimal
from functools import partial
from pathlib import Path

from desktop.domain.events import PositionChanged
from desktop.domain.market import Bar
from desktop.domain.positions import Position
from desktop.ports import Batch, EquityPoint
from desktop.store import checkpoints
from desktop.store.storage import Storage
from tests.store import values as v

S = v.SESSION


def step(number: int) -> Batch:
    """Return the batch of a step; every seventh must survive a power cut."""
    position = Position(S, "paper", "SPY", Decimal(10 * number), Decimal("712.5") * number)
    return Batch(
        S,
        number,
        facts=[v.order_changed(number), v.booked(number), PositionChanged(S, number, position)],
        state={"step": number, "padding": "x" * (number * 997 % 5_000)},
        feed_position={"rows": number},
        bars=[Bar("SPY", "1m", number, 1.0, 2.0, 0.5, 1.5, 9.0)],
        equity=[EquityPoint(S, number, Decimal(number), Decimal(1), 0.0)],
        settings=v.SETTINGS if number == 1 else None,
        sync_full=number % 7 == 0,
    )


def main() -> None:
    """Store steps without end, up to five under way at a time."""
    if len(sys.argv) > 3:
        pages, make = int(sys.argv[3]), checkpoints.CheckpointedDatabase
        checkpoints.CheckpointedDatabase = partial(make, after=pages, longest=10 * pages)  # type: ignore[misc,assignment]  # this process only
    storage = Storage.open(Path(sys.argv[1]))
    last = int(sys.argv[2]) if len(sys.argv) > 2 else 1_000_000
    loaded = storage.load(S)
    number = int(loaded.state["step"]) if loaded is not None else 0
    under_way: list[tuple[int, Future[None]]] = []
    while number < last:
        number += 1
        under_way.append((number, storage.commit(step(number))))
        if len(under_way) == 5:
            done, future = under_way.pop(0)
            future.result()
            print(done, flush=True)
    storage.close()


if __name__ == "__main__":
    main()
