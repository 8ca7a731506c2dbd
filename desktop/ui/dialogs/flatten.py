"""While the kill switch holds: sell everything, asked once more in words (K5)."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QWidget

from desktop.engine.api import Desk
from desktop.engine.views import PositionRow
from desktop.ui import formats
from desktop.ui.dialogs.decision import Decision
from desktop.ui.live_words import ALIVE, account_key, is_live, stake_of
from desktop.ui.widgets.looks import label

_NAMED = 6  # positions


def _tr(text: str) -> str:
    return QCoreApplication.translate("Flatten", text)


def _held(desk: Desk) -> list[PositionRow]:
    alive = {row.session_id for row in desk.sessions() if row.state in ALIVE}
    return [row for row in desk.positions() if row.position.session_id in alive]


def _named(rows: list[PositionRow]) -> str:
    said = [f"{formats.quantity(row.position.quantity, row.instrument)} {row.position.symbol}" for row in rows[:_NAMED]]
    more = _tr("and %1 more").replace("%1", str(len(rows) - _NAMED)) if len(rows) > _NAMED else ""
    return ", ".join(said) + (f" {more}" if more else "")


class FlattenDialog(Decision):
    """Market sells for what every session holds; the switch stays engaged."""

    def __init__(self, desk: Desk, parent: QWidget) -> None:
        held = _held(desk)
        live = [row for row in held if is_live(row.session)]
        facts = []
        if live:
            accounts = ", ".join(sorted({account_key(row.session) for row in live}))
            text = _tr("At the broker, on %1: %2.")
            facts.append(text.replace("%1", accounts).replace("%2", _named(live)))
        if len(held) > len(live):
            simulated = [row for row in held if not is_live(row.session)]
            facts.append(_tr("Simulated: %1.").replace("%1", _named(simulated)))
        text = "\n".join(facts) or _tr("No session holds anything.")
        super().__init__(
            _tr("Sell everything?"), parent, text, _tr("Sell everything"), stake=stake_of(row.session for row in live)
        )
        self._desk = desk
        hint = _tr(
            "Market sells for all of it, stopped by no limit. The kill switch stays engaged. Where a market is closed "
            "or a broker out of reach, the sell follows as soon as it can. What you hold outside Assay is not touched."
        )
        self.outer.addWidget(label(hint, "muted", wrap=True))
        self.foot()
        self.go.setEnabled(bool(held))

    def send(self) -> None:
        self.ask(self._desk.engage_kill(flatten=True), "flatten")
