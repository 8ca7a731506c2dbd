"""A walk through live trading with mouse and keys: python -m tests.screenshots.live_walk OUTDIR.

The real program on a data directory, a keyring and a broker of its own (a stand-in in its own process): an account is
added and tested, a live session is created and armed, it buys; the broker goes and comes back, an order is placed
elsewhere, the kill switch is held, and the window is closed. A picture after each step.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import sys
import tempfile
import threading
from collections.abc import Iterator
from functools import partial
from pathlib import Path

if not os.environ.get("DISPLAY") and sys.platform == "linux":
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QToolButton

from desktop.app import program
from desktop.domain.sessions import ExecutionMode
from desktop.domain.strategy_text import parse_strategy
from desktop.domain.validation import Prerequisite
from desktop.engine.clock import SystemClock
from desktop.engine.desk import EngineDesk
from desktop.engine.views import AccountView, Health
from desktop.logs import configure_logs
from desktop.ui.dialogs.arm_live import ArmDialog
from desktop.ui.dialogs.broker_accounts import BrokerAccountsDialog
from desktop.ui.dialogs.closing import CloseDialog
from desktop.ui.dialogs.new_session import NewSession
from desktop.ui.dialogs.release_kill import ReleaseDialog
from desktop.ui.preferences import Scheme
from desktop.ui.window_app import WindowSettings, open_window, painted, run_qt
from tests.helpers import fake_keyring
from tests.helpers.standins.process import StandinProcess
from tests.screenshots.history_walk import Walk, click, pause
from tests.screenshots.real_scenes import SIZES, until

LEFT = Qt.MouseButton.LeftButton
STRATEGY = """
name = "Always in"
timeframe = "1s"
entry = "close > 0"
exit = "bars_held > 10000"
[sizing]
kind = "fixed_quantity"
value = 2
[protection]
stop_loss = 3
take_profit = 6
"""
REASON = "a drill on a stand-in of the broker"


@contextlib.contextmanager
def market(venue: StandinProcess) -> Iterator[None]:
    """Let the venue quote anew some times a second, as a market does."""
    over = threading.Event()

    def quote() -> None:
        ticks = 0
        while not over.wait(0.2):
            ticks += 1
            bid = 10_000 + ticks * 7 % 40
            with contextlib.suppress(OSError):  # the venue is away
                venue.tell("price", "SPY", f"{bid / 100:.2f}", f"{(bid + 2) / 100:.2f}")

    thread = threading.Thread(target=quote)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()


def account(desk: EngineDesk) -> AccountView:
    """Return the one account."""
    return desk.accounts()[0]


async def adding(walk: Walk, venue: StandinProcess) -> None:
    """An account by its API key, tested with a wrong one first."""
    walk.window.actions_by_name["broker-accounts"].trigger()
    dialog = await walk.opened(BrokerAccountsDialog)
    await pause(0.5)
    QTest.keyClicks(dialog.name, "main")
    QTest.keyClicks(dialog.fields["key_id"], venue.key_id)
    QTest.keyClicks(dialog.fields["secret"], "not-the-secret")
    click(dialog.test)
    await until("a refusal", lambda: dialog.outcome.property("tone") == "bad")
    await walk.take("1-credentials-refused", dialog)
    dialog.fields["secret"].clear()
    QTest.keyClicks(dialog.fields["secret"], venue.secret)
    click(dialog.test)
    await until("an answer", lambda: dialog.outcome.property("tone") == "good")
    await walk.take("2-credentials-accepted", dialog)
    click(dialog.save)
    await until("the account", lambda: dialog.list.count() == 1)
    click(dialog.cancel)


async def creating(walk: Walk) -> None:
    """A live session: evidence that is missing, reasons, confirmed limits."""
    click(next(item for item in walk.window.findChildren(QToolButton) if item.text() == "New session"))
    dialog = await walk.opened(NewSession)
    place = next(number for number, item in enumerate(dialog.strategies) if item.name == "Always in")
    dialog.strategy.setCurrentIndex(dialog.strategy.findData(place))
    dialog.hours.setCurrentIndex(dialog.hours.findData("always"))
    dialog.mode.setCurrentIndex(dialog.mode.findData(ExecutionMode.AUTO))
    QTest.mouseClick(dialog.live, LEFT)
    dialog.live.setChecked(True)
    await until("the account", lambda: dialog.live_page.ref is not None)
    dialog.tabs.setCurrentIndex(0)
    dialog.symbols.selectAll()
    QTest.keyClicks(dialog.symbols, "SPY")
    dialog.cash.selectAll()
    QTest.keyClicks(dialog.cash, "100000")
    dialog.tabs.setCurrentWidget(dialog.live_page)
    await until("the evidence", lambda: "Missing" in dialog.live_page.status.text())
    await walk.take("3-prerequisites-missing", dialog)
    QTest.keyClick(dialog.live_page.confirm, Qt.Key.Key_Space)
    for name in (Prerequisite.BACKTEST, Prerequisite.PAPER):
        row = dialog.live_page.list.rows[name]
        click(row.override)
        QTest.keyClicks(row.reason, REASON)
    await until("everything", dialog.start.isEnabled)
    await walk.take("4-prerequisites-overridden", dialog)
    click(dialog.start)


async def arming(walk: Walk, desk: EngineDesk) -> None:
    """The word is typed; then it buys."""
    await until("the live session", walk.window.banners.disarmed.isVisible)
    await walk.take("5-not-armed")
    click(walk.window.banners.disarmed.button)
    dialog = await walk.opened(ArmDialog)
    QTest.keyClicks(dialog.field, "LIVE")
    await walk.take("6-arm", dialog)
    click(dialog.go)
    await until("a position", lambda: any(row.session.broker == "alpaca-paper" for row in desk.positions()))
    await pause(3.0)
    await walk.take("7-filled")
    walk.window.show_panel("triggers")
    await walk.take("8-triggers")
    walk.window.show_panel("accounts")
    await until("the account reconciled", lambda: account(desk).ready)
    await walk.take("9-accounts")


async def losing(walk: Walk, desk: EngineDesk, venue: StandinProcess) -> None:
    """The broker goes and comes back; an order of another place appears."""
    await asyncio.to_thread(venue.stop)
    await until("the loss", lambda: desk.status().broker.health is Health.BAD)
    await pause(1.2)
    await walk.take("10-lost")
    await asyncio.to_thread(venue.start)
    await until("the connection", lambda: account(desk).ready)
    elsewhere = {"symbol": "SPY", "side": "buy", "quantity": 5, "kind": "limit", "limit_price": "90.00"}
    await asyncio.to_thread(partial(venue.tell, "place_elsewhere", **elsewhere))
    await until("the external order", lambda: bool(account(desk).external))
    await pause(1.2)
    await walk.take("11-back-with-an-external-order")


async def killing(walk: Walk, desk: EngineDesk, venue: StandinProcess) -> None:
    """The switch is held; what Assay has at the broker is cancelled, what others have stays."""
    button = walk.window.toolbar.kill
    QTest.mousePress(button, LEFT)
    await until("the switch", lambda: desk.status().kill)
    QTest.mouseRelease(button, LEFT)
    await pause(2.0)
    await walk.take("12-killed")
    working = [row for row in desk.orders() if row.session.broker == "alpaca-paper" and row.order.is_open]
    print("at work after the switch:", [(row.order.order_id, row.order.status.value) for row in working], flush=True)
    books = await asyncio.to_thread(venue.books)
    books.check_no_duplicates()
    print("at the venue:", [(one.client_id, one.status) for one in books.orders.values()], flush=True)


async def closing(walk: Walk) -> None:
    """What stays at the broker is said."""
    walk.window.close()
    dialog = walk.window.dialog
    if isinstance(dialog, CloseDialog):
        await walk.take("13-closing", dialog)
        dialog.pause.setChecked(True)
        click(dialog.go)
        await asyncio.wait_for(walk.window.closed.wait(), 30)


async def next_launch(walk: Walk, desk: EngineDesk) -> None:
    """The switch still holds and is released by its word; the session is there, not armed."""
    await until("the account", lambda: bool(desk.accounts()) and account(desk).ready)
    await pause(1.2)
    await walk.take("14-next-launch")
    click(walk.window.banners.kill.button)
    dialog = walk.window.dialog
    assert isinstance(dialog, ReleaseDialog)
    QTest.keyClicks(dialog.field, "RELEASE")
    click(dialog.go)
    await until("the release", lambda: not desk.status().kill)
    await until("the line", walk.window.banners.disarmed.isVisible)
    await walk.take("15-not-armed-after-a-launch")


async def launch(
    pictures: Path, folder: Path, venue: StandinProcess, size: tuple[int, int], scheme: Scheme, *, again: bool
) -> None:
    """Start the program and walk; `again`: on what the first walk left."""
    window = open_window(WindowSettings(folder / "window.ini", data=str(folder)))
    await painted()
    walk = Walk(window, pictures, size, scheme)
    async with program(folder, clock=SystemClock(), feed_url=venue.url, broker_url=venue.url) as running:
        desk = running.desk
        await desk.open()
        await desk.save_strategy(parse_strategy(STRATEGY))
        window.attach_accounts(running.accounts)
        await window.attach(desk)
        try:
            if again:
                await next_launch(walk, desk)
            else:
                await adding(walk, venue)
                await creating(walk)
                await arming(walk, desk)
                await losing(walk, desk, venue)
                await killing(walk, desk, venue)
                await closing(walk)
        finally:
            window.end()


async def live_walk(pictures: Path, folder: Path, venue: StandinProcess, size: tuple[int, int], scheme: Scheme) -> int:
    """Walk through two launches."""
    for again in (False, True):
        await launch(pictures, folder, venue, size, scheme, again=again)
    return 0


def main(arguments: list[str]) -> int:
    """Walk in both sizes and themes, or in the one that is named: dark | light."""
    if not arguments:
        print("usage: python -m tests.screenshots.live_walk OUTDIR [dark|light]", file=sys.stderr)
        return 2
    pictures = Path(arguments[0])
    pictures.mkdir(parents=True, exist_ok=True)
    configure_logs(pictures / "logs")
    number = 1 if arguments[1:] == ["light"] else 0
    size, scheme = SIZES[1 - number], (Scheme.DARK, Scheme.LIGHT)[number]
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        fake_keyring.install(Path(folder) / "keyring.json")
        with StandinProcess(Path(folder) / "ledger.jsonl", price={"SPY": "100.00,100.02"}) as venue, market(venue):
            return run_qt(lambda: live_walk(pictures, Path(folder) / "data", venue, size, scheme), ["assay"])


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
