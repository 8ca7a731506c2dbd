"""The chart of a stored series."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtWidgets import QWidget

from desktop.domain.errors import AssayError
from desktop.domain.history import SeriesInfo
from desktop.engine.api import Desk
from desktop.engine.views import ChartView
from desktop.rules.columns import Columns
from desktop.ui import work
from desktop.ui.charts.price_canvas import PriceCanvas
from desktop.ui.dialogs.form import FormDialog
from desktop.ui.guard import guarded
from desktop.ui.theme import ThemeStore
from desktop.ui.widgets.alive import while_alive
from desktop.ui.widgets.history_tables import when
from desktop.ui.widgets.looks import button, label


def _tr(text: str) -> str:
    return QCoreApplication.translate("HistoryChart", text)


class HistoryChart(FormDialog):
    """Bars of one series; nothing can be traded here."""

    def __init__(self, desk: Desk, theme: ThemeStore, parent: QWidget, info: SeriesInfo) -> None:
        super().__init__(f"{info.symbol} {info.timeframe}", parent, width=640)
        self._info = info
        self.about = label(_tr("Reading…"), "muted", wrap=True)
        self.canvas = PriceCanvas(theme)
        self.canvas.setAccessibleDescription(_tr("Arrow keys move, plus and minus zoom, End goes to the newest bars."))
        self.canvas.setMinimumHeight(300)
        self.newest = button(_tr("Newest bars"), tip=_tr("Show the newest bars again (End)"))
        self.outer.addWidget(self.about)
        self.outer.addWidget(self.canvas, 1)
        self.finish(self.newest, cancel=_tr("Close"))
        self.newest.setEnabled(False)
        self.newest.clicked.connect(guarded(self.canvas.back_to_now))
        self.canvas.follow_changed.connect(lambda following: self.newest.setEnabled(not following))
        self.setWindowFlag(Qt.WindowType.WindowMaximizeButtonHint)
        self.resize(1000, 560)
        self.canvas.setFocus()
        work.run(
            desk.archive.bars(info.series_id),
            where="chart of stored prices",
            on_refused=while_alive(self, self._on_refused),
            then=while_alive(self, self._on_bars),
        )

    def _on_bars(self, found: tuple[SeriesInfo, Columns]) -> None:
        info, columns = found
        text = _tr("%1 bars from %2 to %3, %4")
        values = (f"{len(columns):,}", when(info.first, info.timeframe), when(info.last, info.timeframe), info.source)
        for number, value in enumerate(values, 1):
            text = text.replace(f"%{number}", value)
        self.about.setText(f"{text}, {_tr('adjusted for splits')}" if info.adjusted else text)
        self.canvas.show_view(ChartView("", info.instrument, info.timeframe, columns, None, (), (), (), None, ()))

    def _on_refused(self, error: AssayError) -> None:
        self.about.setText("")
        self.refuse(str(error))


def open_history_chart(desk: Desk, theme: ThemeStore, parent: QWidget, *, info: SeriesInfo) -> HistoryChart:
    """Open the chart of a stored series of bars."""
    dialog = HistoryChart(desk, theme, parent, info)
    dialog.show()
    return dialog
