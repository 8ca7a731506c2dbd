"""Pictures of live trading: python -m tests.screenshots.live_scenes OUTDIR.

Credentials, prerequisites, an armed session beside its twin, what asks for a decision, kill switch, lost connection.
"""

from __future__ import annotations

import asyncio
import os
import sys
from itertools import product
from pathlib import Path

if not os.environ.get("DISPLAY") and sys.platform == "linux":
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtWidgets import QDialog

from desktop.domain.broker import AccountRef
from desktop.domain.validation import Prerequisite
from desktop.engine.views import Changes, Table
from desktop.logs import configure_logs
from desktop.ui import intents, work
from desktop.ui.dialogs.account_limits import open_account_limits
from desktop.ui.dialogs.arm_live import open_arm
from desktop.ui.dialogs.broker_accounts import open_broker_accounts
from desktop.ui.dialogs.close_ticket import open_close_ticket
from desktop.ui.dialogs.differences import open_adopt, open_declare_lost, open_ignore
from desktop.ui.dialogs.new_session import NewSession, open_new_session
from desktop.ui.dialogs.order_ticket import open_order_ticket
from desktop.ui.main_window import MainWindow
from desktop.ui.preferences import Scheme
from desktop.ui.window_app import run_qt
from tests.helpers import live_rows
from tests.helpers.fake_desk import FakeDesk, as_desk
from tests.helpers.fake_keeper import FakeKeeper
from tests.screenshots.__main__ import SETTLE, SIZES, Album

PATIENCE = 100  # looks for the evidence
PAPER = AccountRef("alpaca-paper", "practice")


async def _live_window(album: Album, desk: FakeDesk, size: tuple[int, int], scheme: Scheme) -> MainWindow:
    desk.go_live()
    window = await album.window(desk, size, scheme)
    window.intents.follow_session(live_rows.LIVE.session_id)
    await asyncio.sleep(SETTLE)
    return window


async def _evidence(dialog: NewSession) -> None:
    """Wait until the evidence of what is filled in is shown."""
    for _ in range(PATIENCE):
        await asyncio.sleep(0.1)
        await work.settle()
        if dialog.live_page.status.text() and "…" not in dialog.live_page.status.text():
            return


async def credentials_scene(album: Album, window: MainWindow, name: str) -> None:
    """No account, an account that was tested, a locked keyring."""
    desk = FakeDesk()
    empty = open_broker_accounts(as_desk(desk), window.theme, window, keeper=FakeKeeper())
    await work.settle()
    await album.take(empty, f"live-credentials-empty-{name}")
    empty.close()
    dialog = open_broker_accounts(as_desk(desk), window.theme, window, keeper=FakeKeeper(live_rows.REF, PAPER))
    await work.settle()
    dialog.list.setCurrentRow(0)
    dialog.test.click()
    await work.settle()
    await album.take(dialog, f"live-credentials-tested-{name}")
    dialog.close()
    locked = FakeKeeper(live_rows.REF)
    locked.locked = (
        "The keyring is locked. Nothing was read and nothing is kept elsewhere. Unlock it (log in again, or open your "
        "password manager), then open this again."
    )
    dialog = open_broker_accounts(as_desk(desk), window.theme, window, keeper=locked)
    await work.settle()
    await album.take(dialog, f"live-credentials-locked-{name}")
    dialog.close()


async def prerequisites_scene(album: Album, window: MainWindow, name: str) -> None:
    """Go live: failing, overridden by a reason, passing."""
    desk = FakeDesk()
    desk.verdicts = live_rows.verdicts(met=False)
    dialog = open_new_session(as_desk(desk), window.theme, window, keeper=FakeKeeper(live_rows.REF, PAPER))
    dialog.live.setChecked(True)
    await _evidence(dialog)
    await album.take(dialog, f"live-prerequisites-failing-{name}")
    dialog.live_page.confirm.setChecked(True)
    for prerequisite in (Prerequisite.BACKTEST, Prerequisite.PAPER):
        row = dialog.live_page.list.rows[prerequisite]
        row.override.click()
        row.reason.setText("I have traded this by hand for three years")
    await _evidence(dialog)
    await album.take(dialog, f"live-prerequisites-overridden-{name}")
    dialog.close()
    desk.verdicts = live_rows.verdicts()
    dialog = open_new_session(as_desk(desk), window.theme, window, keeper=FakeKeeper(live_rows.REF, PAPER))
    dialog.live.setChecked(True)
    dialog.live_page.confirm.setChecked(True)
    await _evidence(dialog)
    await album.take(dialog, f"live-prerequisites-passing-{name}")
    dialog.close()


async def dialog_scenes(album: Album, window: MainWindow, desk: FakeDesk, name: str) -> None:
    """What is asked before anything is done."""
    key, shown = live_rows.REF.key, as_desk(desk)
    session = live_rows.LIVE.session_id
    desk.put(Table.ACCOUNTS, live_rows.troubled())
    unknown = live_rows.unknown_order().order_id
    made: dict[str, QDialog] = {
        "arm": open_arm(shown, window.theme, window, session_id=session),
        "adopt": open_adopt(shown, window.theme, window, account=key, symbol="NORD"),
        "ignore": open_ignore(shown, window.theme, window, account=key, symbol="NORD"),
        "lost-order": open_declare_lost(shown, window.theme, window, account=key, order_id=unknown),
        "account-limits": open_account_limits(shown, window.theme, window, account=key),
        "ticket": open_order_ticket(shown, window.theme, window, session_id=session, symbol="ACME"),
        "close-ticket": open_close_ticket(shown, window.theme, window, session_id=session, symbol="NORD"),
    }
    for what, dialog in made.items():
        await album.take(dialog, f"live-{what}-{name}")
        dialog.close()
    window.close()
    if window.dialog is not None:
        await album.take(window.dialog, f"live-closing-{name}")
        window.dialog.close()


async def window_scenes(album: Album, scheme: Scheme, size: tuple[int, int]) -> None:
    """The whole window: armed beside its twin, not armed, trouble, lost connection, kill switch."""
    name = f"{scheme.value}-{size[0]}x{size[1]}"
    desk = FakeDesk()
    window = await _live_window(album, desk, size, scheme)
    await album.take(window, f"live-armed-{name}")
    window.show_panel("triggers")
    await album.take(window, f"live-triggers-{name}")
    await desk.disarm(live_rows.LIVE.session_id)
    await album.take(window, f"live-disarmed-{name}")
    await desk.arm(live_rows.LIVE.session_id, "LIVE")
    window.show_panel("accounts")
    await album.take(window, f"live-accounts-{name}")
    desk.put(Table.ACCOUNTS, live_rows.troubled())
    desk.emit(Changes(status=True))
    await album.take(window, f"live-accounts-trouble-{name}")
    desk.put(Table.ACCOUNTS, live_rows.lost())
    desk.emit(Changes(status=True))
    await album.take(window, f"live-lost-{name}")
    desk.put(Table.ACCOUNTS, live_rows.account())
    await desk.engage_kill()
    await album.take(window, f"live-kill-{name}")
    window.commands.ask_release()
    if window.dialog is not None:
        await album.take(window.dialog, f"live-release-{name}")
        window.dialog.close()
    await desk.release_kill()
    await dialog_scenes(album, window, desk, name)
    await album.close(window)


async def live_scenes(album: Album) -> int:
    """Make every picture of live trading."""
    for scheme, size in product((Scheme.DARK, Scheme.LIGHT), SIZES):
        name = f"{scheme.value}-{size[0]}x{size[1]}"
        window = await album.window(FakeDesk(), size, scheme)
        await credentials_scene(album, window, name)
        await prerequisites_scene(album, window, name)
        window.intents.ask(intents.SelectSession("s-demo"))
        window.show_panel("accounts")
        await album.take(window, f"live-accounts-empty-{name}")
        await album.close(window)
        await window_scenes(album, scheme, size)
    return 0


def main(arguments: list[str]) -> int:
    """Make every picture."""
    if len(arguments) != 1:
        print("usage: python -m tests.screenshots.live_scenes OUTDIR", file=sys.stderr)
        return 2
    folder = Path(arguments[0])
    configure_logs(folder / "logs")
    return run_qt(lambda: live_scenes(Album(folder)), ["assay"])


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
