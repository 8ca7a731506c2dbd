"""Releasing the kill switch: by typing a word, so that it is never done in passing."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QDialog, QHBoxLayout, QLabel, QLineEdit, QScrollArea, QVBoxLayout, QWidget

from desktop.ui.guard import guarded
from desktop.ui.releasing import Awaited
from desktop.ui.widgets.looks import button, label, look

_AGAIN_MS = 1_000  # what a release does follows the price
_SEEN = 8  # lines of triggers that are seen without scrolling


class ReleaseDialog(QDialog):
    """Says what a release sets free and asks for the word; `released` is called once it was typed and confirmed."""

    def __init__(
        self,
        released: Callable[[], None],
        parent: QWidget,
        *,
        armed: Sequence[str] = (),
        stops: Callable[[], Sequence[Awaited]] = tuple,
    ) -> None:
        """`armed`: names of the live sessions that may buy again at a broker; `stops`: what acts again, asked anew."""
        super().__init__(parent)
        self.setWindowTitle(self.tr("Release the kill switch"))
        self._released, self._stops = released, stops
        self.lines: dict[str, QLabel] = {}
        self.word = self.tr("RELEASE")
        layout = QVBoxLayout(self)
        layout.setContentsMargins(20, 18, 20, 16)
        layout.setSpacing(10)
        layout.addWidget(label(self.tr("Release the kill switch?"), "title"))
        text = self.tr(
            "Sessions may trade again, each in the state it is in. Orders that were cancelled do not come back, but "
            "stops and targets do: they are placed at the broker or watched again at once."
        )
        layout.addWidget(label(text, "muted", wrap=True))
        self._build_stops(layout)
        if armed:
            live = self.tr("Armed, and may buy at the broker again: %1. Disarm first what is not to.")
            warning = label(live.replace("%1", ", ".join(armed)), wrap=True)
            look(warning, tone="bad")
            layout.addWidget(warning)
        layout.addWidget(label(self.tr("Type %1 to go on:").replace("%1", self.word)))
        self.field = QLineEdit()
        self.field.setAccessibleName(self.tr("Type %1 to release the kill switch").replace("%1", self.word))
        layout.addWidget(self.field)
        self.go = button(self.tr("Release"), "danger")
        self.go.setEnabled(False)
        cancel = button(self.tr("Cancel"))
        foot = QHBoxLayout()
        foot.addStretch(1)
        foot.addWidget(cancel)
        foot.addWidget(self.go)
        layout.addSpacing(6)
        layout.addLayout(foot)
        self.field.textChanged.connect(self._on_text)
        self.field.returnPressed.connect(self._on_go)
        self.go.clicked.connect(self._on_go)
        cancel.clicked.connect(self.reject)
        self.setMinimumWidth(640 if self.lines else 420)
        self.field.setFocus()

    def _build_stops(self, layout: QVBoxLayout) -> None:
        """Add a line for each trigger; its place stays while its price moves."""
        self.warning = label("", wrap=True)
        look(self.warning, tone="bad")
        inside = QWidget()
        self._column = QVBoxLayout(inside)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(4)
        self._column.addStretch(1)
        area = QScrollArea()
        area.setWidgetResizable(True)
        area.setFrameShape(QScrollArea.Shape.NoFrame)
        area.setWidget(inside)
        layout.addWidget(self.warning)
        layout.addWidget(area)
        self.refresh()
        line = self.fontMetrics().height() * 2 + 4  # a long line is broken once
        area.setFixedHeight(line * min(len(self.lines), _SEEN))
        area.setVisible(bool(self.lines))
        keeps = self.warning.sizePolicy()
        keeps.setRetainSizeWhenHidden(bool(self.lines))  # it comes and goes with the price: nothing moves then
        self.warning.setSizePolicy(keeps)
        self._timer = QTimer(self)
        self._timer.setInterval(_AGAIN_MS)
        self._timer.timeout.connect(guarded(self.refresh))
        self._timer.start()

    def refresh(self) -> None:
        """Show what a release would do at the present prices."""
        found = self._stops()
        for key in self.lines.keys() - {item.trigger_id for item in found}:
            gone = self.lines.pop(key)
            self._column.removeWidget(gone)
            gone.deleteLater()
        for item in found:
            made = self.lines.get(item.trigger_id)
            if made is None:
                made = self.lines[item.trigger_id] = label("", wrap=True)
                self._column.insertWidget(self._column.count() - 1, made)
            made.setText(item.sentence)
            look(made, tone="bad" if item.at_once else "")
        at_once = sum(item.at_once for item in found)
        text = self.tr(
            "At the present price these act AT ONCE: %1. Cancel or move them first, under Triggers, if you do not want "
            "that: the switch lets no order of your own leave before."
        )
        self.warning.setText(text.replace("%1", str(at_once)))
        self.warning.setVisible(at_once > 0)

    @guarded
    def _on_text(self, text: str) -> None:
        self.go.setEnabled(text.strip().casefold() == self.word.casefold())

    @guarded
    def _on_go(self) -> None:
        if self.go.isEnabled():
            self.accept()
            self._released()
