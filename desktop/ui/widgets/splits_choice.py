"""Probable splits with their evidence; the user says of each what becomes of it, nothing is decided silently."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QCoreApplication, Qt, Signal
from PySide6.QtWidgets import QComboBox, QFrame, QGridLayout, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from desktop.domain.errors import AssayError
from desktop.domain.history import SeriesInfo, Split
from desktop.engine.archive import Archive
from desktop.ui import work
from desktop.ui.guard import guarded
from desktop.ui.widgets.alive import while_alive
from desktop.ui.widgets.choices import chooser
from desktop.ui.widgets.history_tables import when
from desktop.ui.widgets.looks import button, label

ADJUST, LEAVE = "adjust", "leave"


def _tr(text: str) -> str:
    return QCoreApplication.translate("SplitsChoice", text)


class SplitsChoice(QWidget):
    """Offers probable splits of one stored series.

    Signals:
        decided: with the series (`SeriesInfo`) to use from now on.
    """

    decided = Signal(object)

    def __init__(
        self, archive: Archive, info: SeriesInfo, splits: Sequence[Split], parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._archive, self._info, self.splits = archive, info, tuple(splits)
        self._busy = False
        self.choices: list[QComboBox] = []
        layout = QVBoxLayout(self)
        layout.setContentsMargins(2, 10, 2, 2)
        layout.setSpacing(8)
        self.words = label(
            _tr(
                "Prices before a split are on another scale than those after it. Undecided, gains, losses and "
                "indicators across it are not real, and every backtest and replay says so."
            ),
            "muted",
            wrap=True,
        )
        layout.addWidget(self.words)
        layout.addWidget(self._list(), 1)
        self.answer = label("", "error", wrap=True)
        self.answer.hide()
        layout.addWidget(self.answer)
        foot = QHBoxLayout()
        self.all_adjust = button(_tr("Adjust all"))
        self.all_leave = button(_tr("Leave all as they are"))
        self.record = button(_tr("Record the decision"), "primary")
        foot.addWidget(self.all_adjust)
        foot.addWidget(self.all_leave)
        foot.addStretch(1)
        foot.addWidget(self.record)
        layout.addLayout(foot)
        self.all_adjust.clicked.connect(guarded(lambda: self.choose_all(ADJUST)))
        self.all_leave.clicked.connect(guarded(lambda: self.choose_all(LEAVE)))
        self.record.clicked.connect(guarded(self._send))
        self._refresh()

    def _list(self) -> QScrollArea:
        inner = QWidget()
        grid = QGridLayout(inner)
        grid.setContentsMargins(0, 0, 8, 0)
        grid.setHorizontalSpacing(14)
        grid.setVerticalSpacing(8)
        grid.setColumnStretch(2, 1)
        top = Qt.AlignmentFlag.AlignTop
        for row, split in enumerate(self.splits):
            day = when(split.at, self._info.timeframe)
            ratio = f"{split.new}:{split.old}"
            choice = chooser(
                _tr("What becomes of the split of %1").replace("%1", day),
                ((_tr("Decide…"), ""), (_tr("Adjust prices"), ADJUST), (_tr("Leave as it is"), LEAVE)),
            )
            choice.currentIndexChanged.connect(guarded(self._refresh))
            self.choices.append(choice)
            grid.addWidget(label(day, selectable=True), row, 0, top)
            grid.addWidget(label(ratio, "heading"), row, 1, top)
            grid.addWidget(label(split.evidence, "muted", wrap=True, selectable=True), row, 2)
            grid.addWidget(choice, row, 3, top)
        grid.setRowStretch(len(self.splits), 1)
        area = QScrollArea()
        area.setWidgetResizable(True)
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setWidget(inner)
        area.setMinimumHeight(96)
        return area

    def choose_all(self, what: str) -> None:
        """Choose the same for every split; recorded is it only with the button."""
        for choice in self.choices:
            choice.setCurrentIndex(choice.findData(what))

    def chosen(self, what: str) -> tuple[Split, ...]:
        """Return the splits for which this is chosen."""
        return tuple(
            split for split, choice in zip(self.splits, self.choices, strict=True) if choice.currentData() == what
        )

    def _refresh(self) -> None:
        open_ones = len(self.splits) - len(self.chosen(ADJUST)) - len(self.chosen(LEAVE))
        self.record.setEnabled(open_ones == 0 and not self._busy)
        self.record.setToolTip(_tr("Say first what becomes of each split.") if open_ones else "")
        for widget in (*self.choices, self.all_adjust, self.all_leave):
            widget.setEnabled(not self._busy)

    def _send(self) -> None:
        self._busy = True
        self._refresh()
        self.answer.hide()
        work.run(
            self._archive.decide_splits(self._info.series_id, self.chosen(ADJUST), self.chosen(LEAVE)),
            where="splits",
            on_refused=while_alive(self, self._on_refused),
            then=while_alive(self, self._on_decided),
        )

    def _on_refused(self, error: AssayError) -> None:
        self._busy = False
        self._refresh()
        self.answer.setText(str(error))
        self.answer.show()

    def _on_decided(self, info: SeriesInfo) -> None:
        adjusted, left = len(self.chosen(ADJUST)), len(self.chosen(LEAVE))
        said = []
        if adjusted:
            said.append(
                _tr("Adjusted prices are stored as series %1; the prices as traded stay beside them.").replace(
                    "%1", str(info.series_id)
                )
            )
        if left:
            said.append(_tr("On record: %1 left as it was traded.").replace("%1", str(left)))
        self.words.setText(" ".join(said))
        for widget in (self.record, self.all_adjust, self.all_leave):
            widget.hide()
        self.decided.emit(info)
