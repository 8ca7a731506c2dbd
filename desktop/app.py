"""The composition root: builds everything from its parts, starts it, stops it. Modes differ by what is chosen here."""

from __future__ import annotations

import asyncio
import contextlib
import gc
import sys
from contextlib import asynccontextmanager
from dataclasses import dataclass
from functools import partial
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

from desktop.companions import without
from desktop.domain.errors import AlreadyRunning, AssayError, NotFound
from desktop.engine.clock import FastClock, SystemClock
from desktop.logs import configure_logs, logger

if TYPE_CHECKING:
    import argparse
    from collections.abc import AsyncIterator, Callable, Mapping

    from desktop.brokers.keeper import BrokerAccounts
    from desktop.engine.desk import EngineDesk
    from desktop.engine.jobs import Jobs
    from desktop.market.history import History
    from desktop.market.hub import Hub
    from desktop.ports import Clock, MarketFeed
    from desktop.research.lab import ResearchLab
    from desktop.store.ownership import Ownership
    from desktop.store.storage import Storage
    from desktop.ui.main_window import MainWindow

REPLAY = "replay:"
SHOW_POLL = 0.5  # seconds between two looks whether a second start asked for this window
DEMO_SIZE = (1366, 768)


@dataclass(frozen=True, slots=True)
class Program:
    """What is running: the desk and what it stands on."""

    desk: EngineDesk
    store: Storage
    clock: Clock
    directory: Path
    accounts: BrokerAccounts


def report(error: BaseException, where: str) -> None:
    """Log an exception with where it came from; sentences for the user at a lower level than our own faults."""
    log = logger("engine")
    if isinstance(error, AssayError):
        log.warning("refused", where=where, answer=str(error))
    else:
        log.error("failed", where=where, exc_info=error)


def feed_opener(
    clock: Clock,
    cache: Path | None = None,
    url: str = "",
    accounts: BrokerAccounts | None = None,
    history: Path | None = None,
) -> Any:
    """Return the function that opens a feed by its key: the simulator, a replay of files, or one of real prices.

    Args:
        clock: The program's.
        cache: Directory for what a feed may keep between two starts.
        url: Takes the place of the addresses of feeds of real prices (a stand-in on this machine).
        accounts: Where the credentials of feeds are that need an account.
        history: Data directory whose stored prices can be replayed.
    """

    async def open_feed(key: str, position: Mapping[str, object]) -> tuple[MarketFeed, Hub]:
        from desktop.live_feeds import PUBLIC_FEEDS, open_public_feed  # noqa: PLC0415 - after the window's first paint
        from desktop.market.hub import Hub  # noqa: PLC0415 - numpy is not needed before the first paint

        feed: MarketFeed
        if key == "simulator":
            from desktop.feeds.simulator import DEMO_SEED, MarketSimulator  # noqa: PLC0415 - as above

            feed = MarketSimulator(DEMO_SEED, clock, position=position or None)
        elif key.startswith(REPLAY):
            from desktop.feeds.replay_feed import open_replay  # noqa: PLC0415 - as above

            what, stored = key.removeprefix(REPLAY), _stored(history)
            feed = await asyncio.to_thread(open_replay, what, clock, position or None, stored)
        elif key in PUBLIC_FEEDS:
            return await open_public_feed(key, clock, cache, url)
        elif key == "alpaca" and accounts is not None:
            from desktop.live_brokers import open_alpaca_feed  # noqa: PLC0415 - as above

            return await open_alpaca_feed(accounts, clock, url)
        else:
            raise NotFound("feed", key, f"There are simulator, replay:FILE, alpaca, {', '.join(PUBLIC_FEEDS)}.")
        return feed, Hub(key, feed.instruments())

    return open_feed


def _stored(directory: Path | None) -> Callable[[int], History] | None:
    """Return what reads a stored series of a data directory by its number."""
    if directory is None:
        return None
    from desktop.store.history_store import HistoryStore  # noqa: PLC0415 - after the window's first paint

    return HistoryStore(directory).history


@asynccontextmanager
async def laboratory(running: Program) -> AsyncIterator[ResearchLab]:
    """Open research on a running program, and end its work and processes in order."""
    jobs, lab = await asyncio.to_thread(_make_lab, running)
    try:
        yield lab
    finally:
        await lab.close()
        await jobs.close()


def _make_lab(running: Program) -> tuple[Jobs, ResearchLab]:
    """Import and build what research stands on; nothing of it is needed before the window is usable."""
    from desktop.engine.jobs import Jobs  # noqa: PLC0415 - see above
    from desktop.engine.replay_key import run_key, session_of  # noqa: PLC0415
    from desktop.feeds.listings import LISTINGS  # noqa: PLC0415
    from desktop.feeds.simulated_history import simulated_history  # noqa: PLC0415
    from desktop.research.lab import ResearchLab  # noqa: PLC0415
    from desktop.research.lab_data import Workshop  # noqa: PLC0415
    from desktop.store.evidence_store import StoredEvidence  # noqa: PLC0415
    from desktop.store.history_store import HistoryStore  # noqa: PLC0415

    jobs = Jobs()
    workshop = Workshop(HistoryStore(running.directory), simulated_history, run_key, session_of)
    items = [listing.instrument for listing in LISTINGS]
    simulated = [(item.symbol, item.name, item.currency) for item in items]
    return jobs, ResearchLab(jobs, StoredEvidence(running.store), workshop, simulated)


@asynccontextmanager
async def program(
    directory: Path,
    *,
    clock: SystemClock | FastClock,
    ownership: Ownership | None = None,
    resume: bool = True,
    feed_url: str = "",
    broker_url: str = "",
) -> AsyncIterator[Program]:
    """Open storage and desk in a data directory that this process owns, and close both in order.

    Message time goes on from where it was stored, whatever the computer's clock says now. `feed_url` and
    `broker_url` take the place of the addresses of feeds of real prices and of brokers (stand-ins on this machine).

    Raises:
        AlreadyRunning: another process owns the directory.
        NewerDatabase: the directory belongs to a newer Assay; nothing was touched.
        StorageFault: the database cannot be opened.
    """
    store = await _opened(directory, ownership)
    from desktop.engine.demo import DemoMarket  # noqa: PLC0415 - after the window's first paint
    from desktop.engine.desk import EngineDesk  # noqa: PLC0415 - as above
    from desktop.feeds.simulator import BENCHMARK, DEMO_SYMBOLS  # noqa: PLC0415 - as above
    from desktop.history_feeds import HistoryFeeds  # noqa: PLC0415 - as above
    from desktop.live_brokers import account_feeds, broker_accounts, evidence_gate  # noqa: PLC0415 - as above
    from desktop.live_feeds import public_choices  # noqa: PLC0415 - as above
    from desktop.store.archive import FileArchive  # noqa: PLC0415 - as above
    from desktop.store.crash_points import reach  # noqa: PLC0415 - as above

    try:
        clock.not_before(await asyncio.to_thread(store.last_message_time))
        accounts = broker_accounts(clock, directory / "cache", broker_url)
        desk = EngineDesk(
            store=store,
            clock=clock,
            open_feed=feed_opener(clock, directory / "cache", feed_url, accounts, directory),
            public_feeds=(*public_choices(), *account_feeds()),
            kill_path=directory / "kill-switch",
            archive=FileArchive(directory, HistoryFeeds(clock, directory / "cache", feed_url, lambda: accounts)),
            demo=DemoMarket(DEMO_SYMBOLS, BENCHMARK),
            on_error=report,
            resume=resume,
            recovering=partial(reach, "during-recovery"),
            open_broker=accounts.open,
            readable=accounts.readable,
            reach=reach,
            gate=evidence_gate(store, accounts),
        )
        try:
            yield Program(desk, store, clock, directory, accounts)
        finally:
            await desk.close()
    finally:
        await asyncio.to_thread(store.close)


async def _opened(directory: Path, ownership: Ownership | None) -> Storage:
    """Open the storage while a thread imports the engine: one waits for the disk, the other for the processor.

    Nothing that blocks runs in the loop meanwhile, so that the window that stands already keeps answering.
    """
    imports = asyncio.get_running_loop().create_task(asyncio.to_thread(_import_engine), name="imports")
    try:
        store = await asyncio.to_thread(_open_storage, directory, ownership)
    except BaseException:
        await asyncio.wait([imports])  # a thread cannot be ended; its own error would only hide this one
        raise
    try:
        await imports
    except BaseException:
        await asyncio.to_thread(store.close)
        raise
    return store


def _open_storage(directory: Path, ownership: Ownership | None) -> Storage:
    from desktop.data_place import open_storage  # noqa: PLC0415 - slow, in its thread

    return open_storage(directory, ownership=ownership)


def _import_engine() -> None:
    """Import what takes longest."""
    with without("pandas", "polars"):  # TA-Lib would wrap its functions to take their series; ours are given arrays
        import_module("talib")
    import_module("desktop.engine.desk")


def data_directory(options: argparse.Namespace) -> Path:
    """Return the data directory of the command line, or the platform's."""
    from desktop.config import default_data_dir  # noqa: PLC0415 - not needed by every command

    chosen: Path | None = options.data_dir
    return chosen if chosen is not None else default_data_dir()


def run_window(options: argparse.Namespace) -> int:
    """Open the window; a second start on the same data brings the first window to the front instead (fault 28)."""
    from desktop.store.ownership import DataDirectory, request_show  # noqa: PLC0415 - not needed by every command

    directory = data_directory(options)
    configure_logs(directory / "logs")
    try:
        ownership = DataDirectory.claim(directory)
    except AlreadyRunning as error:
        request_show(directory)
        print(f"assay: {error}", file=sys.stderr)  # noqa: T201 - the user's terminal
        return 0
    from desktop.ui.window_app import run_qt  # noqa: PLC0415 - Qt only where there is a window

    gc.disable()  # until the window is filled: while modules load, collections find nothing and cost a sixth of it
    try:
        with ownership:
            url = options.broker_url
            return run_qt(lambda: _window(directory, ownership, smoke=options.smoke, url=url), ["assay"])
    finally:
        gc.enable()


async def _window(directory: Path, ownership: Ownership, *, smoke: bool, url: str = "") -> int:
    """Show the window at once, start the engine behind it, and end both when the user closes it.

    `url` takes the place of the addresses of brokers and their feeds (a stand-in on this machine).
    """
    from desktop.config import load_settings  # noqa: PLC0415 - not needed by every command
    from desktop.ui.window_app import WindowSettings, open_window, painted, until_closed  # noqa: PLC0415 - Qt

    window = open_window(
        WindowSettings(directory / "window.ini", data=str(directory), log=str(directory / "logs" / "assay.log"))
    )
    await painted()
    say = _say if smoke else _say_nothing
    say("window open")  # what the smoke test waits for
    settings = await asyncio.to_thread(load_settings, directory)
    try:
        async with program(
            directory,
            clock=SystemClock(),
            ownership=ownership,
            resume=settings.settings.resume_on_start,
            feed_url=url,
            broker_url=url,
        ) as running:
            watch = asyncio.get_running_loop().create_task(_show_when_asked(ownership, window), name="show")
            try:
                await running.desk.open()
                window.attach_accounts(running.accounts)
                await window.attach(running.desk, usable=partial(say, "window usable"))
                _collect_again()
                if not smoke:
                    async with laboratory(running) as lab:
                        await window.attach_lab(lab)
                        await until_closed(window, lab.stop, running.desk.archive.stop)
            finally:
                running.desk.archive.stop()  # also where a signal ends the program
                watch.cancel()
    finally:
        window.end()
    return 0


def _collect_again() -> None:
    """Let the garbage collector work again; what stands by now stays, so it need not be looked through each time."""
    if not gc.isenabled():
        gc.freeze()
        gc.enable()


async def _show_when_asked(ownership: Ownership, window: MainWindow) -> None:
    """Bring the window to the front when Assay is started a second time."""
    while True:
        await asyncio.sleep(SHOW_POLL)
        if ownership.show_requested():
            window.come_to_front()


def run_demo(options: argparse.Namespace) -> int:
    """Open the window on the demo, or run the demo without one, printing what happens."""
    options.smoke = False
    if not options.headless:
        return run_window(options)
    from tempfile import TemporaryDirectory  # noqa: PLC0415 - only here

    from desktop.ui.window_app import run_qt  # noqa: PLC0415 - Qt only where there is a window

    with TemporaryDirectory(prefix="assay-demo-", ignore_cleanup_errors=True) as temporary:
        directory = options.data_dir or Path(temporary)
        configure_logs(directory / "logs")
        return run_qt(lambda: _demo(options, directory), ["assay"])


async def _demo(options: argparse.Namespace, directory: Path) -> int:
    """Run the demo at high speed on a window that nobody sees, answer its signals, and take a picture of it."""
    from desktop.engine.headless import HeadlessTrader  # noqa: PLC0415 - only here
    from desktop.ui.window_app import WindowSettings, show_window  # noqa: PLC0415 - Qt

    async with program(directory, clock=FastClock(options.speed)) as running:
        desk = running.desk
        trader = HeadlessTrader(desk, _say)
        trader.say(
            f"DEMO - simulated prices, {options.speed:g} times as fast as real time. Every signal is approved for you."
        )
        await desk.open()
        window = await show_window(desk, WindowSettings(data=str(directory)))
        window.resize(*DEMO_SIZE)
        try:
            with contextlib.suppress(asyncio.CancelledError):
                await asyncio.sleep(options.minutes * 60)
            if options.picture is not None:
                options.picture.parent.mkdir(parents=True, exist_ok=True)
                if not window.grab().save(str(options.picture)):
                    trader.say(f"The picture could not be written to {options.picture}.")
                    return 1
                trader.say(f"The window is pictured in {options.picture}.")
            trader.finish()
        finally:
            window.end()
    return 0


def _say(line: str) -> None:
    print(line, flush=True)  # noqa: T201 - this is what the user asked to see


def _say_nothing(_: str) -> None:
    pass
