"""Releasing the kill switch: by typing a word, so that it is never done in passing."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtWidgets import QDialog, QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from desktop.ui.guard import guarded
from desktop.ui.widgets.looks import button, label, look


class ReleaseDialog(QDialog):
    """Asks for the word; `released` is called once it was typed and confirmed."""

    def __init__(self, released: Callable[[], None], parent: QWidget, *, armed: Sequence[str] = ()) -> None:
        """`armed`: names of the live sessions that may buy again at a broker."""
        super().__init__(parent)
        self.setWindowTitle(self.tr("Release the kill switch"))
        self._released = released
        self.word = self.tr("RELEASE")
        layout = QVBoxLayout(self)
        layout.setContentsMargins(20, 18, 20, 16)
        layout.setSpacing(10)
        layout.addWidget(label(self.tr("Release the kill switch?"), "title"))
        text = self.tr("Sessions may trade again, each in the state it is in. Nothing that was cancelled comes back.")
        layout.addWidget(label(text, "muted", wrap=True))
        if armed:
            live = self.tr("Armed, and may buy at the broker again: %1. Disarm first what is not to.")
            warning = label(live.replace("%1", ", ".join(armed)), wrap=True)
            look(warning, tone="bad")
            layout.addWidget(warning)
        layout.addWidget(label(self.tr("Type %1 to go on:").replace("%1", self.word)))
        self.field = QLineEdit()
        self.field.setAccessibleName(self.tr("Type %1 to release the kill switch").replace("%1", self.word))
        layout.addWidget(self.field)
        self.go = button(self.tr("Release"), "danger")
        self.go.setEnabled(False)
        cancel = button(self.tr("Cancel"))
        foot = QHBoxLayout()
        foot.addStretch(1)
        foot.addWidget(cancel)
        foot.addWidget(self.go)
        layout.addSpacing(6)
        layout.addLayout(foot)
        self.field.textChanged.connect(self._on_text)
        self.field.returnPressed.connect(self._on_go)
        self.go.clicked.connect(self._on_go)
        cancel.clicked.connect(self.reject)
        self.setMinimumWidth(420)

    @guarded
    def _on_text(self, text: str) -> None:
        self.go.setEnabled(text.strip().casefold() == self.word.casefold())

    @guarded
    def _on_go(self) -> None:
        if self.go.isEnabled():
            self.accept()
            self._released()
