"""The lines under the toolbar for live sessions: a lost connection, what waits for a decision, what is not armed."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject

from desktop.engine.api import Desk
from desktop.ui.guard import guarded
from desktop.ui.live_words import Notice, account_key, disarmed, rows_on, trouble
from desktop.ui.widgets.banners import Banners


class LiveLines(QObject):
    """Shows them as they are now, and leads to what they name."""

    def __init__(self, banners: Banners, show: Callable[[str], None], arm: Callable[[str], None]) -> None:
        """`show` is given the key of an account, `arm` the id of a session."""
        super().__init__(banners)
        self.desk: Desk | None = None
        self._banners, self._show, self._arm = banners, show, arm
        self._trouble = self._disarmed = Notice()
        banners.trouble_asked.connect(self._on_trouble)
        banners.arm_asked.connect(self._on_arm)

    def show(self, *, kill: bool) -> None:
        """Show what holds now; `kill`: the kill switch is engaged."""
        if self.desk is None:
            return
        accounts = self.desk.accounts()
        rows = rows_on(self.desk, accounts)
        self._trouble = trouble(accounts)
        self._disarmed = Notice() if kill else disarmed(rows)
        keys = ", ".join(sorted({account_key(row.settings) for row in rows}))
        self._banners.set_kill(latched=kill, accounts=keys)
        self._banners.set_live(self._trouble.text, self._disarmed.text, grave=self._trouble.grave)

    @guarded
    def _on_trouble(self) -> None:
        if self._trouble.account:
            self._show(self._trouble.account)

    @guarded
    def _on_arm(self) -> None:
        if self._disarmed.session_id:
            self._arm(self._disarmed.session_id)
