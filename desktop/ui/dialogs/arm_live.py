"""Arming a live session: by typing a word, at each launch anew, so that it is never done in passing (L7)."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtWidgets import QDialog, QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from desktop.ui.guard import guarded
from desktop.ui.widgets.looks import button, label, look


class ArmDialog(QDialog):
    """Asks for the word; `armed` is called with what was typed. Cancel has the focus until one types."""

    def __init__(
        self,
        name: str,
        account: str,
        word: str,
        armed: Callable[[str], None],
        parent: QWidget,
        *,
        real_money: bool,
        stakes: str = "",
    ) -> None:
        """Ask for `word`.

        Args:
            name: Of the session.
            account: `broker/account` it trades on.
            word: What has to be typed.
            armed: Called with the typed word.
            parent: The window.
            real_money: False: the broker's own paper endpoint.
            stakes: What it may do, as a sentence: cash, mode, limits.
        """
        super().__init__(parent)
        self.word, self._armed = word, armed
        self.setWindowTitle(self.tr("Arm a live session"))
        layout = QVBoxLayout(self)
        layout.setContentsMargins(20, 18, 20, 16)
        layout.setSpacing(10)
        badge = label(self.tr("LIVE - REAL MONEY") if real_money else self.tr("LIVE - PAPER ACCOUNT"), "badge")
        look(badge, mode="LIVE")
        top = QHBoxLayout()
        top.addWidget(label(self.tr("Arm %1?").replace("%1", name), "title"), 1)
        top.addWidget(badge)
        layout.addLayout(top)
        text = self.tr("Its orders then go to %1, until you disarm it or Assay ends.").replace("%1", account)
        layout.addWidget(label(text, wrap=True))
        if stakes:
            layout.addWidget(label(stakes, "muted", wrap=True))
        layout.addWidget(label(self.tr("Type %1 to arm it:").replace("%1", word)))
        self.field = QLineEdit()
        self.field.setAccessibleName(self.tr("Type %1 to arm the session").replace("%1", word))
        layout.addWidget(self.field)
        self.go = button(self.tr("Arm"), "danger")
        self.go.setEnabled(False)
        self.keep = button(self.tr("Leave it disarmed"))
        self.keep.setDefault(True)
        foot = QHBoxLayout()
        foot.addStretch(1)
        foot.addWidget(self.keep)
        foot.addWidget(self.go)
        layout.addSpacing(6)
        layout.addLayout(foot)
        self.field.textChanged.connect(self._on_text)
        self.go.clicked.connect(self._on_go)
        self.keep.clicked.connect(self.reject)
        self.setMinimumWidth(460)
        self.keep.setFocus()

    @guarded
    def _on_text(self, text: str) -> None:
        self.go.setEnabled(text.strip() == self.word)

    @guarded
    def _on_go(self) -> None:
        if self.go.isEnabled():
            self.accept()
            self._armed(self.field.text().strip())
