"""What happened to live sessions and their accounts, said in the window until it is put aside.

What was raised before the window stood (a stop that was filled while Assay was closed) is said once it stands.
"""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QCoreApplication, QObject

from desktop.domain.events import Fact, Warned
from desktop.engine.api import Desk
from desktop.ui.following import hear

SHOWN = 3  # sentences at a time
ACCOUNT = "account:"  # how records of an account at a broker begin
#: Said by a line under the toolbar or in Accounts for as long as they hold, or asked for by the user.
_ELSEWHERE = ("connection", "difference", "split", "external order", "foreign order", "credentials", "limits")


class News(QObject):
    """Keeps the sentences until they were read."""

    def __init__(self, desk: Desk, show: Callable[[str], None], parent: QObject) -> None:
        """`show` is given all of it as one text; empty: there is nothing."""
        super().__init__(parent)
        self._desk, self._show = desk, show
        self._sentences: list[str] = []
        for fact in desk.warnings():
            self._take(fact)
        hear(self, desk, self._on_fact)
        self._tell()

    def put_aside(self) -> None:
        """Take that it was read."""
        self._sentences.clear()
        self._tell()

    def _on_fact(self, fact: Fact) -> None:
        if isinstance(fact, Warned) and self._take(fact):
            self._tell()

    def _take(self, fact: Warned) -> bool:
        """Keep what concerns money at a broker and no other line says; returns whether it is kept."""
        if fact.topic in _ELSEWHERE or fact.sentence in self._sentences or not self._is_live(fact.session_id):
            return False
        self._sentences.append(fact.sentence)
        return True

    def _is_live(self, session_id: str) -> bool:
        if session_id.startswith(ACCOUNT):
            return True
        row = self._desk.session(session_id)
        return row is not None and row.settings.is_live

    def _tell(self) -> None:
        newest = self._sentences[-SHOWN:]
        older = len(self._sentences) - len(newest)
        if older:
            text = QCoreApplication.translate("News", "and %1 before that, under Log & audit")
            newest = [*newest, text.replace("%1", str(older))]
        self._show("\n".join(newest))
