"""A walk through trouble in live trading: python -m tests.screenshots.live_trouble_walk OUTDIR [dark|light].

The real program on a stand-in of the broker, by mouse and keys: a signal is confirmed, an order goes out by F9, one
is lost, holdings differ (adopted, ignored), the account's limit refuses, the key is revoked and replaced, the kill
switch holds over a restart, and a stop is filled at the broker while the program is away. A picture after each step.
"""

from __future__ import annotations

import asyncio
import os
import sys
import tempfile
from decimal import Decimal
from functools import partial
from pathlib import Path

if not os.environ.get("DISPLAY") and sys.platform == "linux":
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget

from desktop.app import program
from desktop.domain.broker import AccountRef
from desktop.domain.sessions import ExecutionMode
from desktop.domain.strategy_text import parse_strategy
from desktop.domain.validation import Prerequisite
from desktop.engine.api import SessionDraft
from desktop.engine.clock import SystemClock
from desktop.engine.desk import EngineDesk
from desktop.logs import configure_logs
from desktop.ui.dialogs.account_limits import AccountLimitsDialog
from desktop.ui.dialogs.arm_live import ArmDialog
from desktop.ui.dialogs.broker_accounts import BrokerAccountsDialog
from desktop.ui.dialogs.close_ticket import CloseTicket
from desktop.ui.dialogs.closing import CloseDialog
from desktop.ui.dialogs.differences import AdoptDialog, IgnoreDialog, LostDialog
from desktop.ui.dialogs.order_ticket import OrderTicket
from desktop.ui.dialogs.release_kill import ReleaseDialog
from desktop.ui.preferences import Scheme
from desktop.ui.window_app import WindowSettings, open_window, painted, run_qt
from tests.helpers import fake_keyring
from tests.helpers.standins.process import StandinProcess
from tests.screenshots.history_walk import Walk, click, pause
from tests.screenshots.live_walk import REASON, STRATEGY, account, market
from tests.screenshots.real_scenes import SIZES, until

LEFT = Qt.MouseButton.LeftButton
BROKER = "alpaca"  # real money, as far as the program knows
SYMBOLS = ("SPY", "QQQ", "AAPL")


class Trouble:
    """The program, the venue, and the hands."""

    def __init__(self, walk: Walk, desk: EngineDesk, venue: StandinProcess) -> None:
        self.walk, self.desk, self.venue = walk, desk, venue
        self.window = walk.window

    async def tell(self, verb: str, *args: object, **kwargs: object) -> None:
        await asyncio.to_thread(partial(self.venue.tell, verb, *args, **kwargs))

    async def press_cell(self, key: str, column: str) -> None:
        """Press a button in the table of the accounts dock."""
        panel = self.window.show_panel("accounts")
        await until(key, lambda: panel.table.rows.place(key) >= 0)
        table = panel.table
        place = next(number for number, item in enumerate(table.columns) if item.key == column)
        cell = table.rows.index(table.rows.place(key), place)
        table.scrollTo(cell)
        QTest.mouseClick(table.viewport(), LEFT, pos=table.visualRect(cell).center())

    # steps -----------------------------------------------------------------------------------------------------
    async def begin(self) -> None:
        """A manual session on the account, armed by its word."""
        await self.desk.save_strategy(parse_strategy(STRATEGY))
        strategy = next(item for item in self.desk.strategies() if item.name == "Always in")
        draft = SessionDraft(
            "Hand over hand",
            strategy,
            SYMBOLS,
            feed="alpaca",
            cash=Decimal(100_000),
            hours="always",
            broker=BROKER,
            account="main",
            mode=ExecutionMode.MANUAL,
            limits_confirmed=True,
            overrides={Prerequisite.BACKTEST: REASON, Prerequisite.PAPER: REASON},
        )
        session = await self.desk.create_session(draft)
        self.window.intents.follow_session(session)
        await until("the line", self.window.banners.disarmed.isVisible)
        click(self.window.banners.disarmed.button)
        dialog = await self.walk.opened(ArmDialog)
        QTest.keyClicks(dialog.field, "LIVE")
        click(dialog.go)
        await until("the arming", lambda: bool(account(self.desk).armed))

    async def confirming(self) -> None:
        """A signal is approved, asked again, and filled."""
        panel = self.window.show_panel("signals")
        await until("a card", lambda: any(card.card.session.broker == BROKER for card in panel.cards.values()))
        card = next(card for card in panel.cards.values() if card.card.session.broker == BROKER)
        symbol = card.card.signal.symbol
        panel.show_card(card.signal_id)
        await pause(0.3)
        await self.walk.take("t1-signal")
        click(card.approve)
        await self.walk.take("t2-asked-again")
        click(card.confirm.send)
        await until("a fill", lambda: any(row.position.symbol == symbol for row in self.desk.positions()))
        await pause(2.0)
        self.window.show_panel("triggers")
        await self.walk.take("t3-filled")

    async def ticket(self) -> None:
        """F9: a live order is asked for again and sent."""
        self.window.activateWindow()
        QTest.keyClick(self.window, Qt.Key.Key_F9)
        ticket = await self.walk.opened(OrderTicket)
        await self.walk.take("t4-ticket", ticket)
        ticket.quantity.setFocus()
        ticket.quantity.selectAll()
        QTest.keyClicks(ticket.quantity, "1")
        click(ticket.send)
        await self.walk.take("t5-ticket-asked-again", ticket)
        click(ticket.confirm.send)
        await until("the ticket's end", lambda: not _seen(ticket))
        await pause(1.0)
        self.window.show_panel("orders")
        await self.walk.take("t6-orders")

    async def limited(self) -> None:
        """The account's limit refuses the next order in words."""
        panel = self.window.show_panel("accounts")
        click(panel.limits)
        dialog = await self.walk.opened(AccountLimitsDialog)
        dialog.fields["max_order_value"].setFocus()
        QTest.keyClicks(dialog.fields["max_order_value"], "50")
        await self.walk.take("t7-account-limits", dialog)
        click(dialog.save)
        await until("the limits", lambda: account(self.desk).limits.max_order_value is not None)
        QTest.keyClick(self.window, Qt.Key.Key_F9)
        ticket = await self.walk.opened(OrderTicket)
        ticket.quantity.setFocus()
        ticket.quantity.selectAll()
        QTest.keyClicks(ticket.quantity, "3")
        await pause(0.3)
        await self.walk.take("t8-limit-refuses", ticket)
        click(ticket.cancel)
        click(panel.limits)
        dialog = await self.walk.opened(AccountLimitsDialog)
        dialog.fields["max_order_value"].selectAll()
        QTest.keyClick(dialog.fields["max_order_value"], Qt.Key.Key_Delete)
        click(dialog.save)
        await until("no limits", lambda: account(self.desk).limits.max_order_value is None)

    async def differing(self) -> None:
        """What nobody explains is adopted, and ignored."""
        await self.tell("hold", "AAPL", 4, "50.00")
        await self.tell("hold", "QQQ", 3, "80.00")
        await self.desk.reconcile(account(self.desk).key)
        await until("the differences", lambda: sum(bool(item.difference) for item in account(self.desk).holdings) >= 2)
        await pause(1.2)
        self.window.show_panel("accounts")
        await self.walk.take("t9-differences")
        await self.press_cell("difference/AAPL", "decide")
        adopt = await self.walk.opened(AdoptDialog)
        await self.walk.take("t10-adopt", adopt)
        click(adopt.go)
        await until("the adoption", lambda: not _seen(adopt))
        await self.press_cell("difference/QQQ", "ignore")
        ignore = await self.walk.opened(IgnoreDialog)
        await self.walk.take("t11-ignore", ignore)
        click(ignore.go)
        await until("no difference", lambda: not any(item.difference for item in account(self.desk).holdings))
        await pause(1.2)
        await self.walk.take("t12-decided")

    async def losing(self) -> None:
        """An order that never arrived is declared lost by its word."""
        await self.tell("fault", "submit", "lose-request")
        QTest.keyClick(self.window, Qt.Key.Key_F9)
        ticket = await self.walk.opened(OrderTicket)
        ticket.quantity.setFocus()
        ticket.quantity.selectAll()
        QTest.keyClicks(ticket.quantity, "2")
        click(ticket.send)
        click(ticket.confirm.send)
        await until("an unknown order", lambda: bool(account(self.desk).unknown))
        await pause(1.2)
        self.window.show_panel("accounts")
        await self.walk.take("t13-unknown")
        order = account(self.desk).unknown[0].order_id
        await self.press_cell(f"unknown/{order}", "decide")
        dialog = await self.walk.opened(LostDialog)
        QTest.keyClicks(dialog.field, "LOST")
        await self.walk.take("t14-lost", dialog)
        click(dialog.go)
        await until("the declaration", lambda: not account(self.desk).unknown)

    async def revoked(self) -> None:
        """The key is revoked while it runs, and replaced."""
        await self.tell("revoke")
        await self.tell("drop_sockets")
        await until("the refusal", lambda: account(self.desk).state.value == "refused")
        await pause(1.5)
        await self.walk.take("t15-revoked")
        panel = self.window.show_panel("accounts")
        click(panel.keys)
        dialog = await self.walk.opened(BrokerAccountsDialog)
        await until("the account", lambda: dialog.list.count() == 1)
        dialog.list.setCurrentRow(0)
        QTest.keyClicks(dialog.fields["key_id"], self.venue.key_id)
        QTest.keyClicks(dialog.fields["secret"], self.venue.secret)
        click(dialog.test)
        await until("an answer", lambda: dialog.outcome.property("tone") == "bad")
        click(dialog.save)
        await self.walk.take("t16-refused-key", dialog)
        click(dialog.confirm.back)
        await self.tell("restore")
        click(dialog.test)
        await until("an answer", lambda: dialog.outcome.property("tone") == "good")
        click(dialog.save)
        await until("the connection", lambda: account(self.desk).ready)
        await until("its prices", lambda: all(lamp.text != "no prices" for lamp in self.desk.status().feeds))
        await pause(1.0)
        await self.walk.take("t17-replaced", dialog)
        click(dialog.cancel)
        await self.walk.take("t18-connected-again")
        await self.desk.resume_all()

    async def closing_by_hand(self) -> None:
        """The close ticket of an automatic session."""
        row = next(row for row in self.desk.positions() if row.session.broker == BROKER)
        await self.desk.set_mode(row.session.session_id, ExecutionMode.AUTO)
        panel = self.window.show_panel("positions")
        panel.table.select_key(row.key)
        QTest.keyClick(panel.table, Qt.Key.Key_Return)
        ticket = await self.walk.opened(CloseTicket)
        await self.walk.take("t19-close-ticket", ticket)
        click(ticket.cancel)
        await self.desk.set_mode(row.session.session_id, ExecutionMode.MANUAL)

    async def killing(self) -> None:
        """The switch is held, and the window is closed over it."""
        button = self.window.toolbar.kill
        QTest.mousePress(button, LEFT)
        await until("the switch", lambda: self.desk.status().kill)
        QTest.mouseRelease(button, LEFT)
        await pause(2.0)
        self.window.show_panel("triggers")
        await self.walk.take("t20-killed")
        await self.leave("t21-closing")

    async def leave(self, name: str) -> None:
        """Close the window, pausing."""
        self.window.close()
        dialog = self.window.dialog
        if isinstance(dialog, CloseDialog):
            await self.walk.take(name, dialog)
            QTest.mouseClick(dialog.pause, LEFT, pos=dialog.pause.rect().topLeft() + _MARK)
            click(dialog.go)
        await asyncio.wait_for(self.window.closed.wait(), 30)

    async def released(self) -> None:
        """The switch holds over the restart; its word releases it; protection goes back to the broker."""
        await until("the account", lambda: bool(self.desk.accounts()) and account(self.desk).ready)
        await pause(1.2)
        self.window.show_panel("triggers")
        await self.walk.take("t22-killed-still")
        click(self.window.banners.kill.button)
        dialog = self.window.dialog
        assert isinstance(dialog, ReleaseDialog)
        QTest.keyClicks(dialog.field, "RELEASE")
        click(dialog.go)
        await until("the release", lambda: not self.desk.status().kill)
        await until("protection at the broker", self._rests)
        await pause(1.2)
        await self.walk.take("t23-released")
        await self.leave("t24-closing")

    def _rests(self) -> bool:
        rows = [row for row in self.desk.triggers() if row.session.broker == BROKER]
        return any(row.trigger.guard.value == "broker" for row in rows)

    async def stopped_out(self) -> None:
        """What was filled meanwhile is said."""
        await until("the account", lambda: bool(self.desk.accounts()) and account(self.desk).ready)
        await until("the news", self.window.banners.news.isVisible)
        await pause(1.0)
        self.window.show_panel("trades")
        await self.walk.take("t25-filled-while-away")


_MARK = QPoint(8, 8)  # where a radio button takes clicks


def _seen(widget: QWidget) -> bool:
    try:
        return widget.isVisible()
    except RuntimeError:  # deleted with its closing
        return False


async def launch(pictures: Path, folder: Path, venue: StandinProcess, number: int, look: tuple[object, ...]) -> None:
    """Start the program and walk; `number`: which launch it is."""
    size, scheme = look
    window = open_window(WindowSettings(folder / "window.ini", data=str(folder)))
    await painted()
    walk = Walk(window, pictures, size, scheme)  # type: ignore[arg-type]  # as SIZES has them
    async with program(folder, clock=SystemClock(), feed_url=venue.url, broker_url=venue.url) as running:
        await running.accounts.save(AccountRef(BROKER, "main"), {"key_id": venue.key_id, "secret": venue.secret})
        await running.desk.open()
        window.attach_accounts(running.accounts)
        await window.attach(running.desk)
        trouble = Trouble(walk, running.desk, venue)
        steps = (
            (
                trouble.begin,
                trouble.confirming,
                trouble.ticket,
                trouble.limited,
                trouble.differing,
                trouble.losing,
                trouble.revoked,
                trouble.closing_by_hand,
                trouble.killing,
            ),
            (trouble.released,),
            (trouble.stopped_out,),
        )[number]
        try:
            for step in steps:
                print(step.__name__, flush=True)
                await step()
        except TimeoutError:
            await walk.take("failed")
            raise
        finally:
            window.end()


async def trouble_walk(pictures: Path, folder: Path, venue: StandinProcess, look: tuple[object, ...]) -> int:
    """Walk through three launches."""
    with market(venue):
        for number in (0, 1):
            await launch(pictures, folder, venue, number, look)
    for symbol in SYMBOLS:  # the market falls through every stop while nobody is there
        await asyncio.to_thread(partial(venue.tell, "price", symbol, "40.00", "40.02"))
    await launch(pictures, folder, venue, 2, look)
    return 0


def main(arguments: list[str]) -> int:
    """Walk in the theme that is named: dark (1920x1080) or light (1366x768)."""
    if not arguments:
        print("usage: python -m tests.screenshots.live_trouble_walk OUTDIR [dark|light]", file=sys.stderr)
        return 2
    pictures = Path(arguments[0])
    pictures.mkdir(parents=True, exist_ok=True)
    configure_logs(pictures / "logs")
    light = arguments[1:] == ["light"]
    look = (SIZES[0], Scheme.LIGHT) if light else (SIZES[1], Scheme.DARK)
    prices = {"SPY": "100.00,100.02", "QQQ": "80.00,80.02", "AAPL": "50.00,50.02"}
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        fake_keyring.install(Path(folder) / "keyring.json")
        with StandinProcess(Path(folder) / "ledger.jsonl", price=prices) as venue:
            return run_qt(lambda: trouble_walk(pictures, Path(folder) / "data", venue, look), ["assay"])


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
