"""The icon in the system's tray; not there on desktops that have none."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QIcon
from PySide6.QtWidgets import QMenu, QSystemTrayIcon, QWidget

from desktop.resources import resource_path


class Tray(QObject):
    """Brings the window back, pauses all, quits."""

    show_asked = Signal()
    pause_asked = Signal()
    quit_asked = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._menu = QMenu(parent)
        self._menu.addAction(self.tr("Show Assay")).triggered.connect(self.show_asked)
        self._menu.addAction(self.tr("Pause all sessions")).triggered.connect(self.pause_asked)
        self._menu.addSeparator()
        self._menu.addAction(self.tr("Quit…")).triggered.connect(self.quit_asked)
        self._icon: QSystemTrayIcon | None = None
        if QSystemTrayIcon.isSystemTrayAvailable():
            self._icon = QSystemTrayIcon(QIcon(str(resource_path("icons/assay-64.png"))), self)
            self._icon.setToolTip("Assay")
            self._icon.setContextMenu(self._menu)
            self._icon.activated.connect(self._on_activated)
            self._icon.show()

    @property
    def available(self) -> bool:
        """Whether the desktop has a tray."""
        return self._icon is not None

    def message(self, title: str, text: str) -> bool:
        """Show a message; returns whether there was a tray to show it."""
        if self._icon is None:
            return False
        self._icon.showMessage(title, text, self._icon.icon())
        return True

    def hide(self) -> None:
        """Take the icon away (the program ends)."""
        if self._icon is not None:
            self._icon.hide()

    def _on_activated(self, reason: QSystemTrayIcon.ActivationReason) -> None:
        if reason is QSystemTrayIcon.ActivationReason.Trigger:
            self.show_asked.emit()
