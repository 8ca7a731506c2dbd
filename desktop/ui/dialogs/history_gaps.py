"""The gaps of a stored series, judged by the hours one chooses."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QWidget

from desktop.domain.errors import AssayError, FieldError
from desktop.domain.history import SeriesInfo
from desktop.engine.api import Desk
from desktop.market.gaps import Gaps
from desktop.ui import work
from desktop.ui.dialogs.form import FormDialog
from desktop.ui.guard import guarded
from desktop.ui.theme import ThemeStore
from desktop.ui.widgets.alive import while_alive
from desktop.ui.widgets.choices import chooser
from desktop.ui.widgets.history_tables import gaps_table, gaps_words
from desktop.ui.widgets.looks import button, label


def _tr(text: str) -> str:
    return QCoreApplication.translate("HistoryGaps", text)


def gap_hours() -> QComboBox:
    """Return the choice of hours that gaps are judged by; own hours can be typed."""
    made = chooser(
        _tr("Trading hours"),
        (
            (_tr("Not known: as the bars show it"), ""),
            (_tr("Around the clock"), "always"),
            (_tr("New York (XNYS)"), "XNYS"),
            (_tr("Seoul (XKRX)"), "XKRX"),
        ),
    )
    made.setEditable(True)
    return made


def chosen_gap_hours(box: QComboBox) -> str:
    """Return the hours as the archive reads them."""
    place = box.findText(box.currentText())
    return str(box.itemData(place) or "") if place >= 0 else box.currentText().strip()


def show_gap_hours(box: QComboBox, hours: str) -> None:
    """Choose hours as the archive writes them, own ones too."""
    place = box.findData(hours)
    if place >= 0:
        box.setCurrentIndex(place)
    else:
        box.setEditText(hours)


class HistoryGaps(FormDialog):
    """Lists the gaps of one series of bars."""

    def __init__(self, desk: Desk, theme: ThemeStore, parent: QWidget, info: SeriesInfo) -> None:
        title = _tr("Gaps of %1 %2").replace("%1", info.symbol).replace("%2", info.timeframe)
        super().__init__(title, parent, width=560)
        self._archive, self._info = desk.archive, info
        self._turn = 0
        self.hours = gap_hours()
        show_gap_hours(self.hours, info.hours)
        self.judge = button(_tr("Judge"))
        self.summary = label("", "muted", wrap=True, selectable=True)
        self.table = gaps_table(theme, info.timeframe)
        self.table.setMinimumHeight(260)
        line = QHBoxLayout()
        line.setSpacing(8)
        line.addWidget(label(_tr("Judged by"), "muted"))
        line.addWidget(self.hours, 1)
        line.addWidget(self.judge)
        self.outer.addLayout(line)
        self.outer.addWidget(self.summary)
        self.outer.addWidget(self.table, 1)
        export = button(_tr("Export as CSV…"))
        export.clicked.connect(guarded(self.table.ask_export))
        self.finish(export, cancel=_tr("Close"))
        self.judge.clicked.connect(guarded(self.look))
        self.hours.activated.connect(guarded(self.look))
        self.look()

    def look(self) -> None:
        """Judge by the hours chosen; an exchange's calendar takes some seconds to build, elsewhere."""
        self._turn += 1
        turn = self._turn
        self.refuse("")
        self.summary.setText(_tr("Looking for gaps…"))
        work.run(
            self._archive.gaps(self._info.series_id, chosen_gap_hours(self.hours)),
            where="gaps",
            on_refused=while_alive(self, lambda error: self._on_refused(turn, error)),
            then=while_alive(self, lambda found: self._on_found(turn, found)),
        )

    def _on_found(self, turn: int, found: Gaps) -> None:
        if turn != self._turn:
            return
        text = gaps_words(found)
        if len(found.first) < found.count:
            text += " " + _tr("The first %1 are listed.").replace("%1", f"{len(found.first):,}")
        self.summary.setText(text)
        self.table.put_all(found.first)

    def _on_refused(self, turn: int, error: AssayError) -> None:
        if turn == self._turn:
            self.summary.setText("")
            self.table.put_all(())
            self.refuse(error.message if isinstance(error, FieldError) else str(error))


def open_history_gaps(desk: Desk, theme: ThemeStore, parent: QWidget, *, info: SeriesInfo) -> HistoryGaps:
    """Open the gaps of a stored series."""
    dialog = HistoryGaps(desk, theme, parent, info)
    dialog.show()
    return dialog
