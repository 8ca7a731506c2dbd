"""Asks again in words before something large, unusual or real is sent."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from desktop.ui.guard import guarded
from desktop.ui.widgets.looks import button, label


class ConfirmStrip(QFrame):
    """A question in place, hidden until it is asked; the way back has the focus.

    Signals:
        sent: the user confirmed.
        dropped: the user went back.
    """

    sent = Signal()
    dropped = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "banner")
        self.sentence = label("", wrap=True)
        self.send = button(self.tr("Send it"), "danger")
        self.back = button(self.tr("Back"))
        layout = QVBoxLayout(self)
        layout.setContentsMargins(10, 8, 10, 8)
        layout.addWidget(self.sentence)
        buttons = QHBoxLayout()
        buttons.addStretch(1)
        buttons.addWidget(self.back)
        buttons.addWidget(self.send)
        layout.addLayout(buttons)
        self.send.clicked.connect(guarded(self._on_send))
        self.back.clicked.connect(guarded(self._on_back))
        self.hide()

    def ask(self, sentence: str, action: str) -> None:
        """Ask; `action` says on the button what will be sent."""
        self.sentence.setText(sentence)
        self.send.setText(action)
        self.send.setAccessibleName(action)
        self.show()
        self.back.setFocus()

    def _on_send(self) -> None:
        self.hide()
        self.sent.emit()

    def _on_back(self) -> None:
        self.hide()
        self.dropped.emit()
