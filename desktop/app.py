"""The composition root: builds everything from its parts, starts it, stops it. Modes differ by what is chosen here."""

from __future__ import annotations

import asyncio
import sys
from contextlib import asynccontextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from desktop.domain.errors import AlreadyRunning, AssayError, NotFound
from desktop.engine.clock import FastClock, SystemClock
from desktop.logs import configure_logs, logger

if TYPE_CHECKING:
    import argparse
    from collections.abc import AsyncIterator, Mapping

    from desktop.engine.desk import EngineDesk
    from desktop.market.hub import Hub
    from desktop.ports import Clock, MarketFeed
    from desktop.store.ownership import Ownership
    from desktop.store.storage import Storage

REPLAY = "replay:"


@dataclass(frozen=True, slots=True)
class Program:
    """What is running: the desk and what it stands on."""

    desk: EngineDesk
    store: Storage
    clock: Clock
    directory: Path


def report(error: BaseException, where: str) -> None:
    """Log an exception with where it came from; sentences for the user at a lower level than our own faults."""
    log = logger("engine")
    if isinstance(error, AssayError):
        log.warning("refused", where=where, answer=str(error))
    else:
        log.error("failed", where=where, exc_info=error)


def feed_opener(clock: Clock, speed: float) -> Any:
    """Return the function that opens a feed by its key: the simulator, or a replay of files."""

    async def open_feed(key: str, position: Mapping[str, object]) -> tuple[MarketFeed, Hub]:
        from desktop.market.hub import Hub  # noqa: PLC0415 - numpy is not needed before the first paint

        feed: MarketFeed
        if key == "simulator":
            from desktop.feeds.simulator import DEMO_SEED, MarketSimulator  # noqa: PLC0415

            feed = MarketSimulator(DEMO_SEED, clock, speed=speed, position=position or None)
        elif key.startswith(REPLAY):
            from desktop.feeds.replay import open_replay  # noqa: PLC0415

            feed = await asyncio.to_thread(open_replay, key.removeprefix(REPLAY), clock, position or None)
        else:
            raise NotFound("feed", key, "There are simulator and replay:FILE.")
        return feed, Hub(key, feed.instruments(), clock=clock)

    return open_feed


@asynccontextmanager
async def program(
    directory: Path, *, clock: Clock, ownership: Ownership | None = None, resume: bool = True
) -> AsyncIterator[Program]:
    """Open storage and desk in a data directory that this process owns, and close both in order.

    Raises:
        NewerDatabase: the directory belongs to a newer Assay; nothing was touched.
        StorageFault: the database cannot be opened.
    """
    from desktop.engine.desk import EngineDesk  # noqa: PLC0415 - after the window's first paint
    from desktop.store.storage import Storage  # noqa: PLC0415

    store = await asyncio.to_thread(partial(Storage.open, directory, ownership=ownership))
    try:
        desk = EngineDesk(
            store=store,
            clock=clock,
            open_feed=feed_opener(clock, 1.0),
            kill_path=directory / "kill-switch",
            on_error=report,
            resume=resume,
        )
        try:
            yield Program(desk, store, clock, directory)
        finally:
            await desk.close()
    finally:
        await asyncio.to_thread(store.close)


def data_directory(options: argparse.Namespace) -> Path:
    """Return the data directory of the command line, or the platform's."""
    from desktop.config import default_data_dir  # noqa: PLC0415

    chosen: Path | None = options.data_dir
    return chosen if chosen is not None else default_data_dir()


def run_window(options: argparse.Namespace) -> int:
    """Open the window; a second start on the same data brings the first window to the front instead."""
    from desktop.store.ownership import DataDirectory  # noqa: PLC0415

    directory = data_directory(options)
    configure_logs(directory / "logs")
    try:
        ownership = DataDirectory.claim(directory)
    except AlreadyRunning as error:
        print(f"assay: {error}", file=sys.stderr)  # noqa: T201 - the user's terminal
        return 0
    with ownership:
        from desktop.ui.window_app import run_application  # noqa: PLC0415

        return run_application(
            lambda: program(directory, clock=SystemClock(), ownership=ownership),
            ownership=ownership,
            directory=directory,
            smoke=options.smoke,
        )


def run_demo(options: argparse.Namespace) -> int:
    """Open the window on the demo, or run the demo without one, printing what happens."""
    if not options.headless:
        options.smoke = False
        return run_window(options)
    from tempfile import TemporaryDirectory  # noqa: PLC0415

    with TemporaryDirectory(prefix="assay-demo-") as temporary:
        directory = options.data_dir or Path(temporary)
        configure_logs(directory / "logs")
        from desktop.engine.headless import HeadlessTrader  # noqa: PLC0415
        from desktop.ui.window_app import run_offscreen  # noqa: PLC0415

        clock = FastClock(options.speed)
        return run_offscreen(
            lambda: program(directory, clock=clock),
            seconds=options.minutes * 60,
            picture=options.picture,
            on_open=HeadlessTrader,
        )
