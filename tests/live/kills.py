"""Kill the real program, `assay live`, with -9 while it trades, start it again, and compare its books with the venue's.

`python -m tests.live.kills --kills 50`: at each crash point in turn and at moments of no choosing; the venue is a
process of its own with a ledger on disk. Status 1 where an order was sent twice, one was lost, or the books differ.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path

from desktop.brokers.credentials import KeyringCredentials
from desktop.domain.broker import AccountRef
from desktop.store.storage import Storage
from tests.helpers.fake_keyring import FakeKeyring
from tests.helpers.standins.process import ROOT, StandinProcess

POINTS = (
    "before-intent", "after-intent", "while-sending", "after-send", "inside-fill", "during-cancel", "before-commit",
    "after-commit", "any moment",
)  # fmt: skip
LOSSES = (None, ("submit", "lose-answer"), ("submit", "lose-request"), ("stream", "drop-socket"), ("submit", 504))
STRATEGY = """
name = "In and out"
timeframe = "1s"
entry = "close > 0"
exit = "bars_held > 1"
[sizing]
kind = "fixed_quantity"
value = 2
[protection]
stop_loss = 5
take_profit = 10
"""
LONGEST = 45.0  # seconds until a program that did not reach its crash point is killed anyway


@dataclass
class Outcome:
    """What one kill led to."""

    number: int
    point: str
    loss: str
    reached: bool = False
    orders: int = 0
    fills: int = 0
    problems: list[str] = field(default_factory=list)


def one(number: int) -> Outcome:
    """Trade, die, come back, flatten, compare."""
    point, loss = POINTS[number % len(POINTS)], LOSSES[number // len(POINTS) % len(LOSSES)]
    found = Outcome(number, point, "-" if loss is None else f"{loss[0]}:{loss[1]}")
    folder = Path(tempfile.mkdtemp(prefix="assay-kill-"))
    try:
        with StandinProcess(folder / "ledger.jsonl", price={"SPY": "100.00,100.02"}) as venue, _market(venue):
            _trade_and_die(number, point, loss, folder, venue, found)
            _come_back(folder, venue, found)
            _compare(folder, venue, found)
    except Exception as error:  # noqa: BLE001 - a kill that breaks is a finding, not the end of the others
        found.problems.append(f"{type(error).__name__}: {error}")
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    return found


def _command(folder: Path, venue: StandinProcess, *more: str) -> list[str]:
    keyring, strategy = folder / "keyring.json", folder / "strategy.toml"
    if not strategy.exists():
        strategy.write_text(STRATEGY)
        fields = {"key_id": venue.key_id, "secret": venue.secret}
        KeyringCredentials(FakeKeyring(keyring)).save(AccountRef("alpaca-paper", "main"), fields)
    words = f"live {strategy} --broker alpaca-paper --account main --symbol SPY --url {venue.url} --mode auto".split()
    words += f"--data-dir {folder / 'data'} --hours always --confirm-limits --arm LIVE".split()
    for name in ("backtest", "paper trading"):
        words += ["--override", f"{name}=a drill on a stand-in"]
    return [sys.executable, "-m", "tests.helpers.fake_keyring", str(keyring), *words, *more]


def _trade_and_die(
    number: int,
    point: str,
    loss: tuple[str, str | int] | None,
    folder: Path,
    venue: StandinProcess,
    found: Outcome,
) -> None:
    luck = random.Random(number)
    environment = dict(os.environ)
    by_itself = point != "any moment"
    if by_itself:
        environment["ASSAY_CRASH_AT"] = f"{point}:{luck.choice((1, 1, 2, 3))}"
    if loss is not None:
        venue.tell("fault", *loss)
    child = subprocess.Popen(
        _command(folder, venue), cwd=ROOT, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        stdin=subprocess.DEVNULL,
    )  # fmt: skip
    try:
        child.wait(LONGEST if by_itself else luck.uniform(1.5, 6.0))
    except subprocess.TimeoutExpired:
        found.reached = not by_itself
        child.send_signal(signal.SIGKILL)
        child.wait()
    else:
        found.reached = child.returncode == -signal.SIGKILL
        if not found.reached:
            found.problems.append(f"it ended by itself with status {child.returncode}")


def _come_back(folder: Path, venue: StandinProcess, found: Outcome) -> None:
    """Start it again, let it trade on for a moment, and end it flat."""
    command = _command(folder, venue, "--seconds", "5", "--json")
    again = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False, timeout=90)
    if again.returncode:
        found.problems.append(f"it did not come back: {again.stderr[-300:]}")
        return
    report = json.loads(again.stdout)
    account = report["account"]
    if account is None or not account["reconciled"]:
        found.problems.append(f"it was not reconciled: {account}")
    elif account["differences"]:
        found.problems.append(f"differences: {account['differences']}")
    else:  # one that died while it was being sent may never have arrived: only the user can say so (fault 11)
        arrived = {item.client_id for item in venue.books().orders.values()}
        if there := [name for name in account["unknown_orders"] if name in arrived]:
            found.problems.append(f"unknown here although the venue has them: {there}")


def _compare(folder: Path, venue: StandinProcess, found: Outcome) -> None:
    """Compare what is stored with what the venue wrote down."""
    books = venue.books()
    try:
        books.check_no_duplicates()
    except AssertionError as error:
        found.problems.append(str(error))
    with Storage.open(folder / "data", read_only=True) as storage:
        reader = storage.reader()
        fills = [item.fill for item in reader.fills(limit=-1)]
        orders = {order.order_id: order for order in reader.orders(limit=-1)}
        held = {item.symbol: item.quantity for item in reader.positions()}
        audit = storage.verify_audit()
    found.orders, found.fills = len(books.orders), len(books.executions)
    if (ours := len({fill.execution_id for fill in fills})) != len(fills):
        found.problems.append(f"{len(fills) - ours} executions are booked twice")
    there = sum((item.quantity for item in books.executions), Decimal(0))
    here = sum((fill.quantity for fill in fills), Decimal(0))
    position = books.position("SPY")
    if (len(fills), here, held.get("SPY", Decimal(0))) != (len(books.executions), there, position):
        found.problems.append(
            f"{len(fills)} fills of {here} and a holding of {held.get('SPY', 0)} here, {len(books.executions)} of "
            f"{there} and {position} at the venue"
        )
    lost = [item.client_id for item in books.orders.values() if item.client_id.split(".c")[0] not in orders]
    if lost := [name for name in lost if not _is_leg(books, name)]:
        found.problems.append(f"orders at the venue that nobody here knows: {lost}")
    if not audit.ok:
        found.problems.append(f"audit: {audit.findings[0].sentence}")


def _is_leg(books: object, name: str) -> bool:
    """Whether an order is the second exit of a pair, which the venue names itself."""
    orders = [item for item in books.orders.values() if item.client_id == name]  # type: ignore[attr-defined]
    return all(getattr(item, "parent", None) for item in orders)


class _market:  # noqa: N801 - used as a context manager
    """Lets the venue quote anew twenty times a second."""

    def __init__(self, venue: StandinProcess) -> None:
        self._venue, self._over = venue, threading.Event()
        self._thread = threading.Thread(target=self._quote)

    def __enter__(self) -> None:
        self._thread.start()

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._thread.join()

    def _quote(self) -> None:
        ticks = 0
        while not self._over.wait(0.05):
            ticks += 1
            bid = 10_000 + ticks % 5
            with suppress(OSError):
                self._venue.tell("price", "SPY", f"{bid / 100:.2f}", f"{(bid + 2) / 100:.2f}")


def _line(outcome: Outcome) -> str:
    said = "; ".join(outcome.problems) or "ok"
    reached = "" if outcome.reached else " (not reached)"
    what = f"{outcome.orders:3} orders {outcome.fills:3} fills"
    return f"{outcome.number:4} {outcome.point:14} {outcome.loss:20} {what}{reached}: {said}"


def main() -> int:
    """Run them and print what they came to."""
    parser = argparse.ArgumentParser(prog="python -m tests.live.kills", description=__doc__)
    parser.add_argument("--kills", type=int, default=50)
    parser.add_argument("--first", type=int, default=0)
    parser.add_argument("--at-once", type=int, default=2)
    options = parser.parse_args()
    began = time.monotonic()
    with ThreadPoolExecutor(options.at_once) as pool:
        outcomes = []
        for outcome in pool.map(one, range(options.first, options.first + options.kills)):
            outcomes.append(outcome)
            print(_line(outcome), flush=True)
    bad = [item for item in outcomes if item.problems]
    reached = Counter(item.point for item in outcomes if item.reached)
    print(
        f"{len(outcomes)} kills, {sum(reached.values())} while trading {dict(reached)}, {len(bad)} with a problem,",
        end=" ",
    )
    print(f"{sum(item.orders for item in outcomes)} orders at the venue, {time.monotonic() - began:.0f} s")
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
