"""What a sweep tries and how: the ranges of parameters, every combination or walk-forward, best by what, workers."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, QTimer, Signal
from PySide6.QtWidgets import QCheckBox, QGridLayout, QHBoxLayout, QLineEdit, QScrollArea, QVBoxLayout, QWidget

from desktop.domain.strategies import Strategy
from desktop.research.crew import usual_workers
from desktop.research.grid import MAX_VARIANTS
from desktop.research.ranking import METRICS
from desktop.ui import formats
from desktop.ui.guard import guarded
from desktop.ui.widgets.choices import chooser
from desktop.ui.widgets.looks import label
from desktop.ui.widgets.metric_tiles import metric_names
from desktop.ui.widgets.sweep_ranges import SweepRanges

_USUAL = {"": "2000/500", "d": "365/90"}  # lengths by unit
_MOST = 190  # pixels of height at most


def _tr(text: str) -> str:
    return QCoreApplication.translate("Backtest", text)


class SweepInputs(QScrollArea):
    """Ranges at the left, settings at the right; as high as they need, but leaving room for results.

    Signals:
        changed: something was ticked, typed or chosen, or another strategy is shown.
    """

    changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.ranges = SweepRanges()
        self.kind = chooser(_tr("Kind of sweep"), [(_tr("Every combination"), False), (_tr("Walk-forward"), True)])
        names = metric_names()
        self.best_by = chooser(_tr("Best by"), [(names.get(name, name), name) for name in METRICS])
        most = usual_workers()
        self.workers = chooser(_tr("Worker processes"), [(str(count), count) for count in range(1, most + 1)], most)
        self.plan = QLineEdit(_USUAL[""])
        self.plan.setAccessibleName(_tr("Length in and out of sample"))
        self.plan.setToolTip(_tr("2000/500: choose on 2,000, try on the next 500, move on by 500, and again."))
        self.plan.setMinimumWidth(76)
        self.unit = chooser(_tr("Unit of these lengths"), [(_tr("bars"), ""), (_tr("days"), "d")])
        self.anchored = QCheckBox(_tr("From the start each time"))
        self._inner = QWidget()
        across = QHBoxLayout(self._inner)
        across.setContentsMargins(10, 6, 10, 2)
        across.setSpacing(22)
        left = QVBoxLayout()
        left.addWidget(self.ranges)
        left.addStretch(1)
        across.addLayout(left, 3)
        across.addLayout(self._settings(), 2)
        self.setWidgetResizable(True)
        self.setWidget(self._inner)
        self.ranges.changed.connect(guarded(self._on_ranges))
        self.kind.currentIndexChanged.connect(guarded(self._on_kind))
        self.unit.activated.connect(guarded(self._on_unit))
        for box in (self.best_by, self.workers):
            box.activated.connect(guarded(self._tell))
        self.anchored.toggled.connect(guarded(self._tell))
        self.plan.textEdited.connect(guarded(self._tell))
        self._on_kind()

    def _tell(self) -> None:
        self.changed.emit()

    def _settings(self) -> QGridLayout:
        settings = QGridLayout()
        settings.setHorizontalSpacing(8)
        settings.setVerticalSpacing(4)
        settings.setColumnStretch(1, 1)
        self._plan_title = label(_tr("Choose / try on"), "muted")
        self._lengths = QWidget()
        across = QHBoxLayout(self._lengths)
        across.setContentsMargins(0, 0, 0, 0)
        across.setSpacing(6)
        across.addWidget(self.plan, 1)
        across.addWidget(self.unit)
        lines: tuple[tuple[QWidget, QWidget], ...] = (
            (label(_tr("Kind"), "muted"), self.kind),
            (label(_tr("Best by"), "muted"), self.best_by),
            (label(_tr("Workers"), "muted"), self.workers),
            (self._plan_title, self._lengths),
        )
        for row, (title, field) in enumerate(lines):
            settings.addWidget(title, row, 0)
            settings.addWidget(field, row, 1)
        settings.addWidget(self.anchored, 4, 0, 1, 2)
        settings.setRowStretch(5, 1)
        return settings

    @property
    def walks(self) -> bool:
        """Whether a walk-forward is asked for."""
        return bool(self.kind.currentData())

    @property
    def lengths(self) -> str:
        """How a walk-forward divides the bars: "2000/500", or in days "365d/90d"."""
        text, unit = self.plan.text().strip(), str(self.unit.currentData())
        if not unit or unit in text.casefold():
            return text
        return "/".join(f"{part.strip()}{unit}" for part in text.split("/"))

    @property
    def ranked_by(self) -> str:
        """What variants are ranked by."""
        return str(self.best_by.currentData())

    @property
    def count(self) -> int | None:
        """How many variants these are; None where none can be run."""
        count = self.ranges.count()
        wanted = bool(self.ranges.ranges()) and count is not None and count <= MAX_VARIANTS
        return count if wanted else None

    @property
    def count_words(self) -> str:
        """How many variants these are, or why none can be run."""
        count = self.ranges.count()
        if not self.ranges.lines:
            return _tr("This strategy has no parameters: name numbers in its rules in the strategy editor.")
        if not self.ranges.ranges():
            return _tr("Tick at least one parameter.")
        if count is None:
            return _tr("Each range needs three numbers: from the smaller to the larger one, in steps above zero.")
        text = _tr("%1 variants").replace("%1", formats.number(count, 0))
        if count > MAX_VARIANTS:
            text += _tr(", the most is %1").replace("%1", formats.number(MAX_VARIANTS, 0))
        return text

    def show_strategy(self, strategy: Strategy | None) -> None:
        """Show the parameters of a strategy."""
        self.ranges.show_strategy(strategy)
        self._on_ranges()

    def _on_kind(self) -> None:
        for widget in (self._plan_title, self._lengths, self.anchored):
            widget.setVisible(self.walks)
        self._fit()
        self.changed.emit()

    def _on_unit(self) -> None:
        """Offer lengths that suit the unit, unless others were typed."""
        if self.plan.text().strip() in _USUAL.values():
            self.plan.setText(_USUAL[str(self.unit.currentData())])
        self.changed.emit()

    def _on_ranges(self) -> None:
        QTimer.singleShot(0, self, self._fit)
        self.ranges.show_mistake("")
        self.changed.emit()

    def _fit(self) -> None:
        """Take the height that ranges and settings need, but not so much that no room is left for results."""
        self._inner.adjustSize()
        self.setFixedHeight(min(_MOST, self._inner.sizeHint().height() + 4))
