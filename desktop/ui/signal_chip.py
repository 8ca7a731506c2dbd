"""Signals that wait while one researches: counted in the status bar, over nothing; a click shows them."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QToolButton, QWidget

from desktop.ui.guard import guarded
from desktop.ui.widgets.toast import Toasts

SETTLED_MS = 200  # until the docks of another workspace stand, and the panel is seen where it belongs to it


class SignalChip(QToolButton):
    """Stands in the status bar while signals are kept out of the way."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setProperty("role", "chip")
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setToolTip(self.tr("Show the waiting signals over the window (Alt+A leads to the first)"))
        self._toasts: Toasts | None = None
        self.clicked.connect(guarded(self._on_clicked))
        self.hide()

    def follow(self, toasts: Toasts, quiet: Callable[[], bool]) -> None:
        """Count the signals of `toasts` while `quiet` says that they are to cover nothing."""
        self._toasts = toasts
        toasts.quiet = quiet
        toasts.kept_back.connect(guarded(self.show_count))
        toasts.refresh()

    def refresh(self) -> None:
        """Look again whether they are to cover nothing: another workspace is open."""
        QTimer.singleShot(SETTLED_MS, self, self._look)

    @guarded
    def _look(self) -> None:
        if self._toasts is not None:
            self._toasts.refresh()

    def show_count(self, count: int) -> None:
        """Show how many are kept back; none: the chip is gone."""
        text = self.tr("1 signal waits") if count == 1 else self.tr("%1 signals wait").replace("%1", str(count))
        self.setText(text)
        self.setAccessibleName(text)
        self.setVisible(count > 0)

    def _on_clicked(self) -> None:
        if self._toasts is not None:
            self._toasts.show_now()
