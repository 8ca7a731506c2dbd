"""What happened to live sessions and their accounts, and orders that were refused, said until it is put aside.

What was raised before the window stood (a stop that was filled while Assay was closed) is said once it stands.
"""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QCoreApplication, QObject

from desktop.domain.events import Fact, OrderChanged, Warned
from desktop.domain.orders import Order, OrderStatus, Purpose
from desktop.domain.sessions import ExecutionMode
from desktop.engine.api import Desk
from desktop.ui import words
from desktop.ui.fired import Fired
from desktop.ui.following import hear

SHOWN = 3  # sentences at a time
ACCOUNT = "account:"  # how records of an account at a broker begin
#: Said by a line under the toolbar or in Accounts for as long as they hold, or asked for by the user.
_ELSEWHERE = ("connection", "difference", "split", "external order", "foreign order", "credentials", "limits")
_REFUSED = frozenset({OrderStatus.DENIED, OrderStatus.REJECTED})
_WARNED_OF = frozenset({Purpose.GUARD, Purpose.CLOSE, Purpose.FLATTEN})  # the session itself warns of their refusal


class News(QObject):
    """Keeps the sentences until they were read."""

    def __init__(self, desk: Desk, show: Callable[[str], None], parent: QObject) -> None:
        """`show` is given all of it as one text; empty: there is nothing."""
        super().__init__(parent)
        self._desk, self._show = desk, show
        self._sentences: list[str] = []
        self._fired = Fired(desk)
        for fact in desk.warnings():
            self._take(fact)
        hear(self, desk, self._on_fact)
        self._tell()

    def put_aside(self) -> None:
        """Take that it was read."""
        self._sentences.clear()
        self._tell()

    def _on_fact(self, fact: Fact) -> None:
        fired = self._fired.sentence_of(fact)
        if fired is not None:
            sentence, before = fired
            self._sentences = [*(item for item in self._sentences if item != before), sentence]
            self._tell()
        if isinstance(fact, OrderChanged):
            if fact.order.status in _REFUSED and self._take_order(fact.order):
                self._tell()
        elif isinstance(fact, Warned) and self._take(fact):
            self._tell()

    def _take_order(self, order: Order) -> bool:
        """Keep that an order was refused: who approved it waits for a position. Returns whether it is kept.

        Of paper sessions that trade by themselves nobody waits for one: Orders and the log have it.
        """
        row = self._desk.session(order.session_id)
        if row is None:
            return False
        live = row.settings.is_live
        if live and order.status is OrderStatus.REJECTED and order.purpose in _WARNED_OF:
            return False
        by_itself = bool(order.signal_id or order.trigger_id)
        if not live and by_itself and row.settings.mode is ExecutionMode.AUTO:
            return False
        text = QCoreApplication.translate("News", "%1: the order to %2 %3 %4 was refused. %5")
        parts = row.settings.name, words.side(order.side).lower(), f"{order.quantity:f}", order.symbol, order.reason
        for number, part in enumerate(parts, 1):
            text = text.replace(f"%{number}", part)
        if (sentence := text.rstrip()) in self._sentences:
            return False
        self._sentences.append(sentence)
        return True

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
