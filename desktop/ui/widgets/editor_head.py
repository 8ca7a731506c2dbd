"""The line above the editor: which strategy, on which history, and what can be done with it."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QHBoxLayout, QMenu, QWidget

from desktop.domain.strategies import Strategy
from desktop.engine.api import Desk
from desktop.ui.theme import ThemeStore
from desktop.ui.widgets.elided import ElidedLabel
from desktop.ui.widgets.histories import HistoryChoice
from desktop.ui.widgets.looks import button, label
from desktop.ui.widgets.strategy_choice import StrategyChoice
from desktop.ui.widgets.strategy_drafts import Drafts


def _tr(text: str) -> str:
    return QCoreApplication.translate("StrategyEditor", text)


class EditorHead(QWidget):
    """Choices and buttons; the panel connects them."""

    def __init__(
        self, desk: Desk, theme: ThemeStore, samples: Callable[[], Sequence[Strategy]], drafts: Drafts
    ) -> None:
        super().__init__()
        self.choice = StrategyChoice(theme, samples, drafts)
        self.history = HistoryChoice(desk)
        self.state = ElidedLabel("muted")
        self.new = button(_tr("New"))
        self.more = button(_tr("File"), name=_tr("Import, export, versions"))
        menu = QMenu(self.more)
        self.load = menu.addAction(_tr("Import…"))
        self.export = menu.addAction(_tr("Export…"))
        menu.addSeparator()
        self.versions = menu.addAction(_tr("Versions…"))
        self.more.setMenu(menu)
        self.test = button(_tr("Backtest…"), tip=_tr("Test it on past prices, with a report"))
        self.start = button(_tr("New session…"))
        self.save = button(_tr("Save version"), "primary", tip=_tr("Save the change as a new version (Ctrl+S)"))
        line = QHBoxLayout(self)
        line.setContentsMargins(8, 6, 8, 4)
        line.setSpacing(6)
        line.addWidget(self.choice, 2)
        line.addWidget(self.new)
        line.addWidget(self.state, 1)
        on = label(_tr("On"), "muted")
        on.setBuddy(self.history)
        line.addWidget(on)
        line.addWidget(self.history, 2)
        self.room = button(_tr("More room"), tip=_tr("Open the Research workspace, where the editor is large"))
        self.room.hide()
        for widget in (self.room, self.more, self.test, self.start, self.save):
            line.addWidget(widget)
