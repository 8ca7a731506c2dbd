"""How the window is left: at once when nothing runs, else by the user's choice (fault 30)."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Collection, Sequence
from typing import Protocol

from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QDialog, QWidget

from desktop.domain.errors import UserMistake
from desktop.domain.sessions import StopChoice
from desktop.engine.api import Desk
from desktop.ui import work
from desktop.ui.dialogs.closing import Close, CloseDialog, exposed
from desktop.ui.live_words import ALIVE, live_rows

PATIENCE = 15.0  # seconds that selling everything may take before the window says what is left
_LOOK = 0.1


class TrayPort(Protocol):
    """What leaving needs of the tray."""

    @property
    def available(self) -> bool: ...
    def message(self, title: str, text: str) -> bool: ...


class Leaving:
    """Decides with the user what becomes of the sessions, then lets the window close."""

    def __init__(
        self, window: QWidget, tray: TrayPort, show: Callable[[QDialog], None], close: Callable[[], None]
    ) -> None:
        """`show` opens a dialog over the window; `close` closes it for good."""
        self._window, self._tray, self._show, self._close = window, tray, show, close

    def ask(self, desk: Desk) -> None:
        """Close at once when no session runs and nothing is left at a broker, else ask once."""
        left = exposed(desk)
        if left.asks:
            self._show(
                CloseDialog(
                    left,
                    tray=self._tray.available,
                    chosen=lambda what, stop: self._chosen(desk, what, stop),
                    parent=self._window,
                )
            )
        else:
            self._close()

    def _chosen(self, desk: Desk, what: Close, stop: StopChoice) -> None:
        if what is Close.KEEP_RUNNING:
            self._step_back()
        else:
            # A refusal is shown by the window, which then stays open.
            work.run(self._end_sessions(desk, what, stop), where="close", then=lambda _: self._close())

    def _step_back(self) -> None:
        if self._tray.available:
            self._window.hide()
            text = QCoreApplication.translate("Leaving", "Sessions go on. Click the icon to bring the window back.")
            self._tray.message("Assay", text)
        else:
            self._window.showMinimized()

    @staticmethod
    async def _end_sessions(desk: Desk, what: Close, stop: StopChoice) -> None:
        if what is Close.PAUSE:
            await desk.pause_all()
            return
        stopped = [row.session_id for row in desk.sessions() if row.state in ALIVE]
        live = {row.session_id for row in live_rows(desk)}
        for session_id in stopped:
            await desk.stop_session(session_id, stop)
        if stop is StopChoice.FLATTEN:
            await _sold(desk, stopped)
        if stop is not StopChoice.KEEP:
            await _cancelled(desk, live)


async def _sold(desk: Desk, sessions: Sequence[str]) -> None:
    """Wait for the fills of what is being sold: with the program gone nobody would fill or see them.

    Raises:
        UserMistake: names what is still held after a while.
    """
    end = time.monotonic() + PATIENCE
    while held := sorted({row.position.symbol for row in desk.positions() if row.position.session_id in sessions}):
        if time.monotonic() > end:
            text = QCoreApplication.translate(
                "Leaving",
                "Not sold yet: %1. Its market may be closed. The sessions are stopped and Assay stays open, so that "
                "the orders can fill; close it again to leave them as they are.",
            )
            raise UserMistake(text.replace("%1", ", ".join(held)))
        await asyncio.sleep(_LOOK)


async def _cancelled(desk: Desk, sessions: Collection[str]) -> None:
    """Wait until the brokers have taken the cancels: with the program gone nobody would ask again.

    Raises:
        UserMistake: names what still works at a broker after a while.
    """
    end = time.monotonic() + PATIENCE
    while left := sorted(
        {row.order.symbol for row in desk.orders() if row.order.is_open and row.order.session_id in sessions}
    ):
        if time.monotonic() > end:
            text = QCoreApplication.translate(
                "Leaving",
                "Not cancelled yet at the broker: orders in %1. It may be out of reach. The sessions are stopped and "
                "Assay stays open and goes on asking; close it again to leave those orders as they are.",
            )
            raise UserMistake(text.replace("%1", ", ".join(left)))
        await asyncio.sleep(_LOOK)
