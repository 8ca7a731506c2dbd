"""Arming a live session: by typing a word, at each launch anew, so that it is never done in passing (L7)."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtWidgets import QDialog, QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from desktop.domain.accounts import ARM_WORD
from desktop.domain.errors import NotFound, UserMistake
from desktop.domain.sessions import SessionState
from desktop.engine.api import Desk
from desktop.engine.views import SessionRow
from desktop.ui import formats, words, work
from desktop.ui.guard import guarded
from desktop.ui.live_words import account_key, account_of, is_live
from desktop.ui.theme import ThemeStore
from desktop.ui.widgets.looks import button, label, look


class ArmDialog(QDialog):
    """Asks for the word; `armed` is called with what was typed. The word is the safeguard: Enter after it arms."""

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
        stake = words.stake(real_money=real_money)
        badge = label(words.badge_full(stake), "badge")
        look(badge, mode=stake)
        top = QHBoxLayout()
        top.addWidget(label(self.tr("Arm %1?").replace("%1", name), "title"), 1)
        top.addWidget(badge, 0, Qt.AlignmentFlag.AlignVCenter)
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
        self.keep = button(self.tr("Leave it disarmed"), "primary")
        foot = QHBoxLayout()
        foot.addStretch(1)
        foot.addWidget(self.keep)
        foot.addWidget(self.go)
        layout.addSpacing(6)
        layout.addLayout(foot)
        self.field.textChanged.connect(self._on_text)
        self.field.returnPressed.connect(self._on_go)
        self.go.clicked.connect(self._on_go)
        self.keep.clicked.connect(self.reject)
        self.setMinimumWidth(460)
        self.resize(460, layout.totalHeightForWidth(460))
        self.field.setFocus()

    @guarded
    def _on_text(self, text: str) -> None:
        self.go.setEnabled(text.strip() == self.word)

    @guarded
    def _on_go(self) -> None:
        if self.go.isEnabled():
            self.accept()
            self._armed(self.field.text().strip())


def _stakes(row: SessionRow) -> str:
    """Return what a session may do once it is armed."""
    settings = row.settings
    text = QCoreApplication.translate(
        "ArmDialog", "It trades %1 with %2 of cash. Who decides: %3. %4 Its limits and those of the account hold."
    )
    symbols = ", ".join(item.symbol for item in settings.instruments)
    cash = formats.money(row.cash, settings.currency, code=True)
    for place, value in enumerate((symbols, cash, words.mode(settings.mode), words.mode_words(settings.mode)), 1):
        text = text.replace(f"%{place}", value)
    if row.state is SessionState.PAUSED:
        paused = QCoreApplication.translate("ArmDialog", "It is paused: resume it too, then it judges its rules.")
        text = f"{text} {paused}"
    return text


def open_arm(
    desk: Desk,
    theme: ThemeStore,  # noqa: ARG001 - every dialog is opened with the same arguments
    parent: QWidget,
    *,
    session_id: str,
) -> ArmDialog:
    """Ask for the word that arms a session.

    Raises:
        NotFound: there is no such session.
        UserMistake: it trades on paper.
    """
    row = desk.session(session_id)
    if row is None:
        raise NotFound("session", session_id)
    settings = row.settings
    if not is_live(settings):
        text = QCoreApplication.translate("ArmDialog", "%1 trades on paper: there is nothing to arm.")
        raise UserMistake(text.replace("%1", settings.name))
    account = account_of(desk, settings)
    dialog = ArmDialog(
        settings.name,
        account_key(settings),
        ARM_WORD,
        lambda typed: work.run(desk.arm(session_id, typed), where="arm"),
        parent,
        real_money=account is None or account.real_money,
        stakes=_stakes(row),
    )
    dialog.open()
    return dialog
