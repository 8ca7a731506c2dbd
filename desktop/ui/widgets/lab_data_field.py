"""What a backtest runs on: one line for each symbol, with the prices it is tested on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import QCoreApplication, Qt, Signal
from PySide6.QtWidgets import QComboBox, QFileDialog, QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from desktop.research.api import SIMULATED, DataChoice, DataRef
from desktop.ui import formats
from desktop.ui.guard import guarded
from desktop.ui.widgets.eliding_box import ElidingBox
from desktop.ui.widgets.looks import button, label


def _tr(text: str) -> str:
    return QCoreApplication.translate("Backtest", text)


class DataLine(QWidget):
    """One symbol and its prices.

    Signals:
        changed: something else is chosen or typed.
        removed: the line is no longer wanted.
    """

    changed = Signal()
    removed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.symbol = QLineEdit()
        self.symbol.setAccessibleName(_tr("Symbol"))
        self.symbol.setFixedWidth(62)
        self.choice = ElidingBox()
        self.choice.setAccessibleName(_tr("Prices"))
        self.choice.setMinimumWidth(90)
        self.choice.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.choice.setMinimumContentsLength(12)
        self.remove = button("×", "quiet", name=_tr("Remove this symbol"))
        self.remove.setFixedWidth(26)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(4)
        layout.addWidget(self.choice, 1)
        layout.addWidget(self.symbol)
        layout.addWidget(self.remove)
        self.choice.activated.connect(guarded(self._on_choice))
        self.symbol.textEdited.connect(self.changed)
        self.remove.clicked.connect(self.removed)

    def offer(self, choices: Sequence[DataChoice]) -> None:
        """List what there is, keeping what was chosen; prices that were adjusted since take the place of theirs."""
        before = self.chosen
        known = {item.ref for item in map(self.choice.itemData, range(self.choice.count()))}
        self.choice.clear()
        for item in choices:
            self.choice.addItem(item.title, item)
            self.choice.setItemData(self.choice.count() - 1, item.title, Qt.ItemDataRole.ToolTipRole)
        if before is not None and any(item.ref == before.ref for item in choices):
            since = (item for item in choices if item.ref not in known and _adjusts(item, before))
            self.choose(replace(next(since, before).ref, symbol=self.symbol.text()))  # which may be typed
        elif choices:
            self.choose(choices[0].ref)

    @property
    def chosen(self) -> DataChoice | None:
        """What is chosen."""
        found = self.choice.currentData()
        return found if isinstance(found, DataChoice) else None

    def choose(self, ref: DataRef) -> None:
        """Choose prices by where they come from; the symbol follows."""
        for place in range(self.choice.count()):
            item = self.choice.itemData(place)
            same = item.ref.source == ref.source and (ref.source != SIMULATED or item.ref.symbol == ref.symbol)
            if same:
                self.choice.setCurrentIndex(place)
                self.symbol.setText(ref.symbol)
                self.symbol.setReadOnly(ref.source == SIMULATED)
                self.choice.setToolTip(item.title)
                return

    def _on_choice(self) -> None:
        found = self.chosen
        if found is not None:
            self.choose(found.ref)
            self.changed.emit()

    @property
    def ref(self) -> DataRef | None:
        """What a draft names; None: nothing is chosen."""
        found = self.chosen
        return None if found is None else replace(found.ref, symbol=self.symbol.text().strip())


def _adjusts(item: DataChoice, traded: DataChoice) -> bool:
    """Whether stored prices are those of another stored series, adjusted for splits."""
    stored = all(one.ref.source.startswith("series:") for one in (item, traded))
    same = (item.ref.symbol, item.kind, item.timeframe) == (traded.ref.symbol, traded.kind, traded.timeframe)
    return stored and same and item.adjusted and not traded.adjusted


class DataField(QWidget):
    """The symbols of a backtest.

    Signals:
        changed: something else is chosen or typed.
        file_chosen: with the path of a file to be looked at.
    """

    changed = Signal()
    file_chosen = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._choices: list[DataChoice] = []
        self.lines: list[DataLine] = []
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(0, 0, 0, 0)
        self._layout.setSpacing(4)
        self.about = label("", "caption", wrap=True)
        self.add = button(_tr("Add symbol"), "small")
        self.file = button(_tr("File…"), "small", name=_tr("Choose a CSV or Parquet file of prices"))
        foot = QHBoxLayout()
        foot.setSpacing(6)
        foot.addWidget(self.file)
        foot.addWidget(self.add)
        foot.addStretch(1)
        self._layout.addWidget(self.about)
        self._layout.addLayout(foot)
        self.add.clicked.connect(guarded(self.add_line))
        self.file.clicked.connect(guarded(self.ask_file))
        self.setFocusProxy(self.file)
        self.add_line()

    def add_line(self) -> DataLine:
        """Add a line for another symbol."""
        line = DataLine()
        line.offer(self._choices)
        used = {item.ref for item in self.lines if item.ref is not None}
        free = next((item for item in self._choices if item.ref not in used), None)
        if free is not None:
            line.choose(free.ref)
        self.lines.append(line)
        self._layout.insertWidget(len(self.lines) - 1, line)
        line.changed.connect(self._on_changed)
        line.removed.connect(guarded(lambda: self._on_removed(line)))
        self._on_changed()
        return line

    def _on_removed(self, line: DataLine) -> None:
        self.lines.remove(line)
        line.deleteLater()
        self._on_changed()

    def offer(self, choices: Sequence[DataChoice]) -> None:
        """List what there is; files that were looked at stay."""
        known = {(item.ref.source, item.ref.symbol) for item in choices}
        own = [item for item in self._choices if item.ref.source.startswith("file:")]
        self._choices = [*(item for item in own if (item.ref.source, item.ref.symbol) not in known), *choices]
        for line in self.lines:
            line.offer(self._choices)
        self._on_changed()

    def choose(self, source: str) -> None:
        """Choose the prices of a source for the only symbol; several symbols are a choice of the user's and stay."""
        found = next((item for item in self._choices if source and item.ref.source == source), None)
        if found is not None and len(self.lines) == 1:
            self.lines[0].choose(found.ref)
            self._on_changed()

    def add_file(self, choice: DataChoice) -> None:
        """Offer a file that was looked at, and choose it where one would expect it."""
        self._choices = [choice, *(item for item in self._choices if item.ref.source != choice.ref.source)]
        for line in self.lines:
            line.offer(self._choices)
        if not self.lines:
            self.add_line()
        self.lines[-1].choose(choice.ref)
        self._on_changed()

    def show_refs(self, refs: Sequence[DataRef], timeframe: str, currency: str) -> None:
        """Show the symbols of a backtest that was run.

        Args:
            refs: Its prices; a file that was not looked at yet is offered, a series that is gone is left out.
            timeframe: Of its bars.
            currency: Of its prices.
        """
        known = {item.ref.source for item in self._choices}
        for ref in refs:
            if ref.source.startswith("file:") and ref.source not in known:
                title = f"{ref.symbol} {timeframe}, {Path(ref.source).name}"
                self._choices.insert(0, DataChoice(ref, title, "bars", timeframe, currency))
        for line in tuple(self.lines):
            self._on_removed(line)
        for ref in refs:
            self.add_line().choose(ref)
        self._on_changed()

    @property
    def refs(self) -> tuple[DataRef, ...]:
        """What a draft names."""
        return tuple(ref for ref in (line.ref for line in self.lines) if ref is not None)

    @property
    def first(self) -> DataChoice | None:
        """The prices of the first symbol."""
        return self.lines[0].chosen if self.lines else None

    def _on_changed(self) -> None:
        for line in self.lines:
            line.remove.setVisible(len(self.lines) > 1)
        first = self.first
        self.about.setText("" if first is None else about(first))
        self.changed.emit()

    def ask_file(self) -> QFileDialog:
        """Ask for a file of prices; returns the open dialog."""
        first = self.first
        now = first.ref.source.removeprefix("file:") if first is not None else ""
        folder = str(Path(now).parent) if now.startswith("/") else ""
        kinds = _tr("Prices (*.csv *.parquet);;All files (*)")
        dialog = QFileDialog(self, _tr("Prices to test on"), folder, kinds)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.fileSelected.connect(self.file_chosen)
        dialog.open()
        return dialog


def about(choice: DataChoice) -> str:
    """Return what is to be known about prices, in a sentence or two."""
    if choice.ref.source == SIMULATED:
        return _tr("5,000 simulated bars of the strategy's timeframe: to try things, not to learn from.")
    if not choice.rows:
        return choice.ref.source.removeprefix("file:")
    text = _tr("%1 rows, %2 to %3")
    span = (formats.bar_time(at, choice.timeframe) for at in (choice.first, choice.last))
    values = (formats.number(choice.rows, 0), *span)
    for place, value in enumerate(values, 1):
        text = text.replace(f"%{place}", value)
    return f"{text}\n{choice.warning}" if choice.warning else text
