"""One account in one line: whose money, connection, figures. Takes the place of a table while there is only one."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, QSize
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QWidget

from desktop.engine.views import AccountView
from desktop.ui import formats, live_words, words
from desktop.ui.guard import guarded_override
from desktop.ui.widgets.looks import label, look

_FIRST_TO_GO = ("sessions", "reconciled", "power")  # where there is no room for all
MARGIN, SPACING, BEFORE = 8, 8, 4  # pixels; `BEFORE` each figure besides
_LEAST = 300  # pixels
MARKS = {"good": "●", "warning": "◐", "bad": "✕"}


def _tr(text: str) -> str:
    return QCoreApplication.translate("AccountsPanel", text)


class AccountStrip(QWidget):
    """Figures with their names before them, in one line."""

    def __init__(self) -> None:
        super().__init__()
        self._name, self._money, self._link = label("", "heading"), label("", "badge"), label()
        layout = QHBoxLayout(self)
        layout.setContentsMargins(MARGIN, 4, MARGIN, 4)
        layout.setSpacing(SPACING)
        for widget in (self._name, self._money, self._link):
            layout.addWidget(widget)
        self._figures: dict[str, QLabel] = {}
        self._titles: dict[str, QLabel] = {}
        for key, title in (
            ("at", _tr("As of")),
            ("equity", _tr("Equity")),
            ("power", _tr("Buying power")),
            ("today", _tr("Day P&L")),
            ("reconciled", _tr("Reconciled")),
            ("sessions", _tr("Sessions")),
        ):
            layout.addSpacing(BEFORE)
            figure = label()
            self._figures[key], self._titles[key] = figure, label(title, "muted")
            layout.addWidget(self._titles[key])
            layout.addWidget(figure)
        layout.addStretch(1)

    def show_account(self, view: AccountView) -> None:
        """Show an account as it is now."""
        self._name.setText(view.key)
        stake = words.stake(real_money=view.real_money)
        self._money.setText(_tr("REAL MONEY") if view.real_money else stake)
        look(self._money, mode=stake)
        tone = live_words.link_tone(view)
        self._link.setText(f"{MARKS[tone]} {live_words.link_word(view)}")
        self._link.setToolTip(live_words.link_sentence(view))
        look(self._link, tone=tone)
        for key, text in texts_of(view).items():
            self._figures[key].setText(text)
        today = texts_of(view)["today"]
        look(self._figures["today"], tone=formats.tone(today) if live_words.day_change(view) is not None else "")
        self._figures["today"].setToolTip(live_words.day_words(view))
        self.setToolTip(
            "\n".join(f"{self._titles[key].text()}: {figure.text()}" for key, figure in self._figures.items())
        )
        self._fit()

    @guarded_override()
    def resizeEvent(self, event: QResizeEvent) -> None:
        """Show what there is room for; the rest stays in the tool tip."""
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        """Leave out what there is no room for; the arithmetic first, so that nothing is laid out for nothing."""
        fixed = (self._name, self._money, self._link)
        needed = 2 * MARGIN + sum(one.sizeHint().width() + SPACING for one in fixed)
        rooms = {key: self._room(key) for key in self._figures}
        needed += sum(rooms.values())
        for key in (*_FIRST_TO_GO, *(other for other in self._figures if other not in _FIRST_TO_GO)):
            left_out = needed > self.width() and key in _FIRST_TO_GO
            for part in (self._titles[key], self._figures[key]):
                part.setVisible(not left_out)
            if left_out:
                needed -= rooms[key]

    def _room(self, key: str) -> int:
        return BEFORE + 3 * SPACING + sum(part.sizeHint().width() for part in (self._titles[key], self._figures[key]))

    @guarded_override(QSize())
    def minimumSizeHint(self) -> QSize:
        """Return the room of what is never left out."""
        return QSize(_LEAST, super().minimumSizeHint().height())


def texts_of(view: AccountView) -> dict[str, str]:
    """Return an account's figures as they are shown."""
    info = view.info
    currency = info.currency if info is not None else ""
    armed = f"  {_tr('(%1 armed)').replace('%1', str(len(view.armed)))}" if view.armed else ""
    return {
        "equity": formats.money(info.equity if info is not None else None, currency),
        "power": formats.money(info.buying_power if info is not None else None, currency),
        "at": formats.clock(info.at) if info is not None else "",
        "today": formats.money(live_words.day_change(view), currency, signed=True),
        "reconciled": formats.clock(view.reconciled_at) if view.reconciled_at else _tr("not yet"),
        "sessions": f"{len(view.sessions)}{armed}",
    }
