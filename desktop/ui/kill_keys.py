"""Ctrl+Shift+K, held: works whatever has the focus, also in a dialog that is open."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QGuiApplication, QKeyEvent, QWindow

from desktop.ui.guard import guarded, guarded_override
from desktop.ui.widgets.hold_button import HoldButton

_KEYS = (Qt.Key.Key_K, Qt.Key.Key_Control, Qt.Key.Key_Shift)
_BOTH = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier


class KillKeys(QObject):
    """Listens to the keys of the window that has the focus only: a filter on the whole application costs each event."""

    def __init__(self, button: HoldButton, parent: QObject) -> None:
        super().__init__(parent)
        self._button = button
        self._window: QWindow | None = None
        application = QGuiApplication.instance()
        if isinstance(application, QGuiApplication):
            application.focusWindowChanged.connect(self.watch)
            self.watch(application.focusWindow())

    @guarded
    def watch(self, window: QWindow | None) -> None:
        """Listen to this window from now on; another one getting the focus lets go of the keys."""
        if self._window is not None:
            self._window.removeEventFilter(self)
            self._window.destroyed.disconnect(self._forget)
        self._window = window
        self._button.end()
        if window is not None:
            window.installEventFilter(self)
            window.destroyed.connect(self._forget)

    @guarded
    def _forget(self) -> None:
        self._window = None

    @guarded_override(answer=False)
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Hold the button while the three keys are down."""
        if isinstance(event, QKeyEvent):
            kind = event.type()
            modifiers = event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
            if kind == QEvent.Type.KeyPress and event.key() == Qt.Key.Key_K and modifiers == _BOTH:
                if not event.isAutoRepeat():
                    self._button.begin()
                return True
            if kind == QEvent.Type.KeyRelease and event.key() in _KEYS and not event.isAutoRepeat():
                self._button.end()
        return super().eventFilter(watched, event)
