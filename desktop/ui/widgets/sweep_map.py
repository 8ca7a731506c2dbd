"""The map of a sweep, with the choice of its axes where more than two parameters were swept."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, Signal
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QVBoxLayout, QWidget

from desktop.research.sweep import SweepResult
from desktop.ui import work
from desktop.ui.charts.heat_map import HeatMap
from desktop.ui.charts.heat_view import HeatView
from desktop.ui.guard import guarded
from desktop.ui.theme import ThemeStore
from desktop.ui.widgets.alive import while_alive
from desktop.ui.widgets.choices import chooser
from desktop.ui.widgets.looks import label
from desktop.ui.widgets.sweep_results import heat_view


def _tr(text: str) -> str:
    return QCoreApplication.translate("Backtest", text)


class SweepMap(QWidget):
    """Shows the variants of a sweep by two of its parameters.

    Signals:
        chosen: with the number of the variant that has the cursor.
        opened: with the number of the variant to be opened.
    """

    chosen = Signal(int)
    opened = Signal(int)

    def __init__(self, theme: ThemeStore, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._result: SweepResult | None = None
        self.map = HeatMap(theme)
        self.map.chosen.connect(self.chosen)
        self.map.opened.connect(self.opened)
        self.across, self.down = chooser(_tr("Across"), []), chooser(_tr("Down"), [])
        axes = QHBoxLayout()
        axes.setContentsMargins(10, 0, 10, 0)
        self._axes = QWidget()
        self._axes.setLayout(axes)
        for name, box in ((_tr("Across"), self.across), (_tr("Down"), self.down)):
            box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
            box.activated.connect(guarded(self._show_map))
            axes.addWidget(label(name, "muted"))
            axes.addWidget(box)
        axes.addStretch(1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(2)
        layout.addWidget(self._axes)
        layout.addWidget(self.map, 1)

    def show_sweep(self, found: SweepResult) -> None:
        """Show a sweep by its first two parameters."""
        self._result = found
        names = found.grid.names
        for box, first in ((self.across, 0), (self.down, 1)):
            box.clear()
            for name in names:
                box.addItem(name, name)
            box.setCurrentIndex(first if len(names) > first else -1)
        self._axes.setVisible(len(names) > 2)
        self._show_map()

    def _show_map(self) -> None:
        """Sort the variants into cells and show them."""
        found = self._result
        if found is None:
            return
        across, down = str(self.across.currentData()), self.down.currentData()
        if down == across:
            down = next((name for name in found.grid.names if name != across), None)
        axes = (across, str(down or ""))

        def shown(view: HeatView) -> None:
            if self._result is found and (view.across, view.down) == axes:
                self.map.show_view(view)

        work.run(heat_view(found, *axes), where="heat map", then=while_alive(self, shown))
