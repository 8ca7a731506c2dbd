"""The whole program under load: 100 sessions, some of them live at a broker, and 1,000 symbols that quote.

Run `python -m tests.benchmarks.busy_window [--seconds 60] [--rate 4000]`. It opens the real window, offscreen and,
where a display is there, on it as well, each in a process of its own; the broker is the stand-in of Alpaca in another
process, on a socket. Printed is each figure beside what is aimed at and, where there is one, the plainest way to do
the same in the same run. Nothing passes or fails on the clock; how busy the machine was is said with it.
"""

from __future__ import annotations

import argparse
import asyncio
import gc
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from decimal import Decimal
from pathlib import Path
from typing import Any

from desktop import app
from desktop.domain.accounts import ARM_WORD
from desktop.domain.broker import AccountRef
from desktop.domain.risk import RiskLimits
from desktop.domain.sessions import ExecutionMode, FillModelKind, FillSettings, SessionState
from desktop.domain.strategies import Evaluate, Protection, Sizing, SizingKind, Strategy
from desktop.domain.validation import Prerequisite
from desktop.engine.api import SessionDraft
from desktop.engine.clock import SystemClock
from desktop.engine.desk import EngineDesk
from desktop.engine.runner import SessionRunner
from desktop.logs import configure_logs
from desktop.market.hub import Hub
from desktop.ui.window_app import WindowSettings, open_window, painted, run_qt
from tests.benchmarks.busy_market import BusyMarket
from tests.benchmarks.busy_probes import Frames, Probes, storage_seconds
from tests.benchmarks.busy_table import print_table
from tests.benchmarks.load import Others, load_words
from tests.helpers import fake_keyring
from tests.helpers.standins.process import StandinProcess

D = Decimal
SESSIONS, SYMBOLS = 100, 1_000
LIVE, QUICK = 10, 10  # sessions that are live, each with a paper twin; paper sessions that only give signals
REF = AccountRef("alpaca-paper", "main")
LISTED = [f"LIV{chr(65 + number)}" for number in range(LIVE)]
PROBED = [f"PRB{chr(65 + number)}" for number in range(QUICK)]
SETTLE = 8.0  # seconds after the start-up until anything is measured
BY_SIGN = Strategy(
    "Above and below", "1m", "close > 100.5", exit="close < 99.5", evaluate=Evaluate.QUOTE,
    sizing=Sizing(SizingKind.FIXED_QUANTITY, D(1)),
)  # fmt: skip
DIP = Strategy(
    "RSI dip", "1m", "rsi(14) < 30 and close > sma(200)", exit="rsi(14) > 70", protection=Protection(D(3), D(6))
)
REASON = "a benchmark on a stand-in of the broker"
OFTEN = {"tick_interval": 100_000}  # µs: rules on quotes are judged at most once in it; a probe comes less often
LIMITS = replace(RiskLimits.prudent(), duplicate_window=0, max_orders_per_minute=None)


@dataclass(frozen=True, slots=True)
class Sessions:
    """Ids of what runs, the first two in the order of `LISTED`, the third of `PROBED`."""

    live: Sequence[str]
    twins: Sequence[str]
    quick: Sequence[str]
    others: Sequence[str]

    @property
    def all(self) -> list[str]:
        return [*self.live, *self.twins, *self.quick, *self.others]


def draft(name: str, strategy: Strategy, symbols: Sequence[str], **changes: Any) -> SessionDraft:
    """Return an automatic session that is always in hours."""
    return SessionDraft(
        name, strategy, tuple(symbols), cash=D(100_000), mode=ExecutionMode.AUTO, limits=LIMITS, hours="always",
        **{"fills": FillSettings.of(FillModelKind.IDEAL), **changes},
    )  # fmt: skip


def live_draft(symbol: str) -> SessionDraft:
    """Return a live session on the stand-in, its missing evidence overridden."""
    reasons = dict.fromkeys((Prerequisite.BACKTEST, Prerequisite.PAPER), REASON)
    return draft(
        f"Live {symbol}", BY_SIGN, [symbol], broker=REF.broker_id, account=REF.account,
        limits_confirmed=True, overrides=reasons, **OFTEN,
    )  # fmt: skip


async def create(desk: EngineDesk, plain: Sequence[str]) -> Sessions:
    """Create and start every session; the plain symbols are divided among those that trade by the usual rules."""
    live = []
    for symbol in LISTED:
        live.append(await desk.create_session(live_draft(symbol)))
        await desk.arm(live[-1], ARM_WORD)
    twins = [await desk.create_session(draft(f"Twin {symbol}", BY_SIGN, [symbol], **OFTEN)) for symbol in LISTED]
    quick = [await desk.create_session(draft(f"Quick {symbol}", BY_SIGN, [symbol], **OFTEN)) for symbol in PROBED]
    count = SESSIONS - 2 * LIVE - QUICK
    others = []
    for number in range(count):
        rules = replace(DIP, evaluate=Evaluate.QUOTE) if number % 2 else DIP
        fills = FillSettings.of(FillModelKind.REALISTIC)
        others.append(await desk.create_session(draft(f"Dip {number}", rules, plain[number::count], fills=fills)))
    return Sessions(live, twins, quick, others)


def resident() -> float:
    """Return the memory of this process in MB; nan where the system does not say."""
    found = Path("/proc/self/statm")
    if not found.exists():
        return float("nan")
    return int(found.read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 1e6


@asynccontextmanager
async def opened(folder: Path, market: BusyMarket, url: str, frames: Frames) -> AsyncIterator[app.Program]:
    """Open window and program on the market; the feed is the one thing that is not the program's own."""

    async def open_feed(key: str, position: Any) -> Any:
        return market, Hub(key, market.instruments())

    app.feed_opener = lambda *_: open_feed  # this process only
    frames.watch_painting()
    window = open_window(WindowSettings(folder / "window.ini", data=str(folder)))
    window.resize(1920, 1080)
    await painted()
    try:
        async with app.program(folder, clock=SystemClock(), broker_url=url) as running:
            await running.desk.open(demo=False)
            await running.accounts.save(REF, {"key_id": StandinProcess.key_id, "secret": StandinProcess.secret})
            window.attach_accounts(running.accounts)
            await window.attach(running.desk)
            yield running
    finally:
        window.end()


async def drive(probes: Probes, ids: Sessions, runner: SessionRunner, desk: EngineDesk, seconds: float) -> None:
    """Give signals one after the other, look at the risk and ask for a promotion, while all else goes on."""
    end, number = time.monotonic() + seconds, 0
    while time.monotonic() < end:
        place = number // 4 % LIVE
        if number % 4 == 0:  # 150 orders a minute: an account at Alpaca may ask 200 times
            probes.signal(LISTED[place], [ids.twins[place]], [ids.live[place]])
        else:
            place = number % QUICK
            probes.signal(PROBED[place], [ids.quick[place]], [])
        probes.check_risk(runner, LISTED[0])
        if number % 20 == 10:
            begin = time.perf_counter()
            await desk.check_live(live_draft(LISTED[0]))
            probes.add("promotion decision", time.perf_counter() - begin)
        number += 1
        await asyncio.sleep(0.1)


def attach_probes(running: app.Program, market: BusyMarket, ids: Sessions, frames: Frames) -> Probes:
    """Wrap the measurements round the program's own calls."""
    desk = running.desk
    probes = Probes(desk, running.store, market)
    runners = {session_id: desk._manager.runner(session_id) for session_id in ids.all}
    probes.watch_verdicts(list(runners.values()))
    for session_id in (*ids.twins, *ids.quick):
        probes.watch_execution(runners[session_id])
    for session_id in ids.twins:
        probes.watch_twin(runners[session_id])
    probes.watch_broker(desk._accounts.opened(REF.key).broker)
    probes.watch_storage()
    frames.watch_telling(desk)
    return probes


async def measure(folder: Path, url: str, seconds: float, rate: int) -> int:
    """Run the program under load and print what was found."""
    plain = [f"S{number:03d}" for number in range(SYMBOLS - LIVE - QUICK)]
    market, frames = BusyMarket(SystemClock(), plain, [*LISTED, *PROBED], rate), Frames()
    async with opened(folder, market, url, frames) as running:
        desk = running.desk
        await asyncio.sleep(2.0)
        gc.collect()
        before, begin = resident(), time.monotonic()
        ids = await create(desk, plain)
        print(f"{SESSIONS} sessions on {SYMBOLS} symbols created in {time.monotonic() - begin:.1f} s", flush=True)
        gc.collect()
        gc.freeze()  # as the program does once its window is filled
        probes = attach_probes(running, market, ids, frames)
        beat = asyncio.get_running_loop().create_task(probes.watch_loop())
        await asyncio.sleep(SETTLE)
        per_session = (resident() - before) / SESSIONS
        probes.on = frames.on = True
        market.spent = probes.found["quote to cache"]
        others, counted, stored, begin = Others(), market.count, storage_seconds(), time.monotonic()
        await drive(probes, ids, desk._manager.runner(ids.live[0]), desk, seconds)
        took = time.monotonic() - begin
        spent, market.spent = others.words(), None
        probes.on = frames.on = False
        beat.cancel()
        share = (storage_seconds() - stored) * probes.twin_commits / max(1, probes.commits)
        twin = (probes.twin_seconds + share) / LIVE / took
        running_now = sum(1 for row in desk.sessions() if row.state is SessionState.RUNNING)
        print(
            f"{running_now} sessions running, {LIVE} of them live; {(market.count - counted) / took:,.0f} quotes and "
            f"{probes.commits / took:,.0f} commits a second for {took:.0f} s; {spent}"
        )
        print_table(probes.found, frames, per_session, twin, folder)
        print(f"signals that nothing came of within the last round: {probes.unanswered}")
    return 0


def run_here(seconds: float, rate: int) -> int:
    """Run it on the platform of this process."""
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as name:
        folder = Path(name)
        configure_logs(folder / "logs")
        fake_keyring.install(folder / "keyring.json")
        prices = dict.fromkeys(LISTED, "100.00,100.02")
        with StandinProcess(folder / "ledger.jsonl", price=prices) as venue:
            for symbol in LISTED:
                venue.tell("list_asset", symbol)
            print(load_words(), flush=True)
            status = run_qt(lambda: measure(folder / "data", venue.url, seconds, rate), ["assay"])
            venue.books().check_no_duplicates()
    print(f"afterwards {load_words()}", flush=True)
    return status


def main() -> int:
    """Run it offscreen and, where there is a display, on it."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=float, default=60.0)
    parser.add_argument("--rate", type=int, default=4_000, help="quotes a second")
    parser.add_argument("--platform", help="of Qt; left out: each there is, in a process of its own")
    options = parser.parse_args()
    if options.platform:
        return run_here(options.seconds, options.rate)
    status = 0
    for platform in ("offscreen", "xcb") if os.environ.get("DISPLAY") else ("offscreen",):
        print(f"\n--- {platform}", flush=True)
        command = [sys.executable, "-m", "tests.benchmarks.busy_window", "--platform", platform]
        command += ["--seconds", str(options.seconds), "--rate", str(options.rate)]
        status |= subprocess.run(command, env={**os.environ, "QT_QPA_PLATFORM": platform}, check=False).returncode
    return status


if __name__ == "__main__":
    sys.exit(main())
