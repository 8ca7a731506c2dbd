"""The question before stored backtests are deleted."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtWidgets import QMessageBox, QWidget

from desktop.ui.guard import guarded


def _tr(text: str) -> str:
    return QCoreApplication.translate("Backtest", text)


def ask_delete(parent: QWidget, keys: Sequence[str], delete: Callable[[Sequence[str]], None]) -> None:
    """Ask whether to delete some; `delete` is called with them when the user wants it."""
    box = QMessageBox(parent)
    box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    box.setIcon(QMessageBox.Icon.NoIcon)
    box.setWindowTitle(_tr("Delete backtests"))
    box.setText(_tr("Delete %1 stored backtests?").replace("%1", str(len(keys))))
    box.setInformativeText(_tr("The audit trail keeps that they were there and what they came to."))
    go = box.addButton(_tr("Delete"), QMessageBox.ButtonRole.DestructiveRole)
    box.setDefaultButton(box.addButton(QMessageBox.StandardButton.Cancel))
    go.clicked.connect(guarded(lambda: delete(keys)))
    box.open()
