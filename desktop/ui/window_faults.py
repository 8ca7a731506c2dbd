"""What the window shows of faults and refusals: a sentence under the toolbar, and the first fault in a dialog."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QDialog, QWidget

from desktop.ui.guard import Fault, on_fault


class Faults:
    """Hears every fault until `end`."""

    def __init__(
        self, window: QWidget, say: Callable[..., None], open_dialog: Callable[[QDialog], None], log: str
    ) -> None:
        """`say(text, bad=)` shows a sentence; `log`: where the log is, as shown in the dialog."""
        self._window, self._say, self._open, self._log = window, say, open_dialog, log
        self._first = True
        self.end = end = on_fault(self._on_fault)
        window.destroyed.connect(lambda *_: end())

    def _on_fault(self, fault: Fault) -> None:
        if fault.refused:
            self._say(str(fault.error), bad=True)
            return
        text = QCoreApplication.translate("MainWindow", "A part of the window failed: %1. The engine goes on.")
        self._say(text.replace("%1", str(fault.error)), bad=True)
        if self._first and self._window.isVisible():
            from desktop.ui.dialogs.fault import FaultDialog  # noqa: PLC0415 - once, if ever

            self._first = False
            self._open(FaultDialog(fault, self._log, self._window))
