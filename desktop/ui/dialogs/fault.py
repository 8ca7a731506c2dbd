"""The first fault of the program is shown with what still works and where the log is; the others only in a line."""

from __future__ import annotations

import traceback

from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QDialog, QHBoxLayout, QPlainTextEdit, QVBoxLayout, QWidget

from desktop.ui.guard import Fault, guarded
from desktop.ui.widgets.looks import button, label


class FaultDialog(QDialog):
    """Says in sentences what happened; the details can be copied for a report."""

    def __init__(self, fault: Fault, log: str, parent: QWidget) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("Something went wrong in the window"))
        self.resize(620, 380)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(20, 18, 20, 16)
        layout.setSpacing(10)
        layout.addWidget(label(self.tr("A part of the window failed"), "title"))
        layout.addWidget(
            label(
                self.tr(
                    "Your sessions, orders and the kill switch are not affected: they run apart from the window. "
                    "Close and open the panel again; if it comes back, please report it with the details below."
                ),
                "muted",
                wrap=True,
            )
        )
        if log:
            layout.addWidget(
                label(self.tr("The log is in %1").replace("%1", log), "caption", wrap=True, selectable=True)
            )
        self.details = QPlainTextEdit()
        self.details.setReadOnly(True)
        self.details.setAccessibleName(self.tr("Details"))
        lines = traceback.format_exception(fault.error)
        self.details.setPlainText(f"{fault.where}\n{''.join(lines)}")
        layout.addWidget(self.details, 1)
        copy = button(self.tr("Copy details"))
        close = button(self.tr("Close"), "primary")
        close.setDefault(True)
        copy.clicked.connect(self.copy)
        close.clicked.connect(self.accept)
        foot = QHBoxLayout()
        foot.addWidget(copy)
        foot.addStretch(1)
        foot.addWidget(close)
        layout.addLayout(foot)

    @guarded
    def copy(self) -> None:
        """Put the details on the clipboard."""
        QGuiApplication.clipboard().setText(self.details.toPlainText())
