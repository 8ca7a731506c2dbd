"""The first rows of a file in a table; over each column stands what it is taken for, to be chosen otherwise."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from PySide6.QtCore import QCoreApplication, QSize, Qt, Signal
from PySide6.QtGui import QColor
from PySide6.QtWidgets import (
    QAbstractItemView,
    QComboBox,
    QHeaderView,
    QTableWidget,
    QTableWidgetItem,
    QWidget,
)

from desktop.market.history_header import NAMES, plain_name
from desktop.market.history_preview import Preview
from desktop.ui.guard import guarded, guarded_override
from desktop.ui.theme import ThemeStore
from desktop.ui.widgets.cell_delegate import ROW_HEIGHT
from desktop.ui.widgets.choices import chooser

_PICKER = 30  # pixels of height for the choices under the names
_TINT = 52  # of 255: behind a wrong cell
_NARROWEST, _WIDEST = 104, 220


def _tr(text: str) -> str:
    return QCoreApplication.translate("PreviewTable", text)


def meanings() -> dict[str, str]:
    """Return what a column can be, and its name for people; empty: it is not read."""
    return {
        "": _tr("not used"),
        "time": _tr("time"),
        "clock": _tr("time of day"),
        "open": _tr("open"),
        "high": _tr("high"),
        "low": _tr("low"),
        "close": _tr("close"),
        "volume": _tr("volume"),
        "bid": _tr("bid"),
        "ask": _tr("ask"),
        "bid_size": _tr("bid size"),
        "ask_size": _tr("ask size"),
        "price": _tr("price"),
        "size": _tr("size"),
        "trade_id": _tr("trade id"),
    }


def guessed(names: Sequence[str]) -> list[str]:
    """Return what some columns seem to be where not all that is needed was found: a start to go on from."""
    found: list[str] = []
    for name in names:
        plain = plain_name(name)
        known = (what for what in ("time", "open", "high", "low", "close", "volume") if plain in NAMES[what])
        meaning = next(known, "")
        found.append("" if meaning in found else meaning)
    return found


def _is_number(text: str) -> bool:
    """Whether a cell is a plain number: numbers stand at the right, one below the other."""
    try:
        float(text)
    except ValueError:
        return False
    return True


class MeaningHeader(QHeaderView):
    """A header with a choice under each name."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(Qt.Orientation.Horizontal, parent)
        self.pickers: list[QComboBox] = []
        self.setSectionsClickable(False)
        self.setHighlightSections(False)
        self.setStretchLastSection(False)
        self.setMinimumSectionSize(_NARROWEST)
        self.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        self.sectionResized.connect(self._on_resized)

    def put_pickers(self, pickers: Sequence[QComboBox]) -> None:
        """Show these instead of those that are there."""
        for old in self.pickers:
            old.hide()
            old.deleteLater()
        self.pickers = list(pickers)
        for picker in self.pickers:
            picker.setParent(self)
            picker.show()
        self.updateGeometries()
        self.place()

    @guarded_override(QSize())
    def sizeHint(self) -> QSize:
        """Return the header's size with room for the choices."""
        size = super().sizeHint()
        return QSize(size.width(), size.height() + (_PICKER if self.pickers else 0))

    @guarded_override()
    def updateGeometries(self) -> None:  # noqa: N802 - Qt's name
        """Leave room for the choices under the names."""
        self.setViewportMargins(0, 0, 0, _PICKER if self.pickers else 0)
        super().updateGeometries()
        self.place()

    def place(self) -> None:
        """Put each choice under the name of its column (resized, scrolled)."""
        top = self.height() - _PICKER
        for number, picker in enumerate(self.pickers):
            left = self.sectionViewportPosition(number)
            picker.setGeometry(left + 3, top + 1, self.sectionSize(number) - 6, _PICKER - 4)

    @guarded
    def _on_resized(self) -> None:
        self.place()


class PreviewTable(QTableWidget):
    """Shows a `Preview`.

    Signals:
        meanings_changed: the user said what a column is.
    """

    meanings_changed = Signal()

    def __init__(self, theme: ThemeStore, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self.setAccessibleName(_tr("First rows of the file"))
        self.header = MeaningHeader(self)
        self.setHorizontalHeader(self.header)
        self.verticalHeader().hide()
        self.verticalHeader().setDefaultSectionSize(ROW_HEIGHT)
        self.verticalHeader().setMinimumSectionSize(ROW_HEIGHT)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setSelectionMode(QAbstractItemView.SelectionMode.NoSelection)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setTabKeyNavigation(False)
        self.horizontalScrollBar().valueChanged.connect(guarded(self.header.place))
        self._shown: tuple[str, ...] = ()

    def show_preview(self, preview: Preview, *, keep_choices: bool) -> None:
        """Show the rows; the choices too, unless the user's are kept."""
        names = preview.columns
        self.setColumnCount(len(names))
        self.setRowCount(len(preview.rows))
        if not keep_choices or len(self.header.pickers) != len(names):
            self._make_pickers(names, preview.meanings if any(preview.meanings) else guessed(names))
        self._shown = names
        self.setHorizontalHeaderLabels([f" {name}" for name in names])
        wrong = self._wrong_cells(preview)
        bad = QColor(self._theme.tokens.bad)
        for row, cells in enumerate(preview.rows):
            for column in range(len(names)):
                item = QTableWidgetItem(cells[column] if column < len(cells) else "")
                if _is_number(item.text()):
                    item.setTextAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
                sentence = wrong.get((row, column), "")
                if sentence:
                    self._mark(item, bad, sentence)
                self.setItem(row, column, item)
        self.dim()
        for column in range(len(names)):
            self.setColumnWidth(column, min(max(self.sizeHintForColumn(column) + 18, _NARROWEST), _WIDEST))
        self.header.place()

    @staticmethod
    def _mark(item: QTableWidgetItem, bad: QColor, sentence: str) -> None:
        """Mark a cell as wrong: in colour, on a tint, underlined for those who see no colour; the sentence on hover."""
        tint = QColor(bad)
        tint.setAlpha(_TINT)
        font = item.font()
        font.setUnderline(True)
        item.setFont(font)
        item.setForeground(bad)
        item.setBackground(tint)
        item.setToolTip(sentence)

    def _make_pickers(self, names: Sequence[str], chosen: Sequence[str]) -> None:
        entries = [(text, key) for key, text in meanings().items()]
        pickers = []
        for name, meaning in zip(names, chosen, strict=True):
            picker = chooser(_tr("What column %1 is").replace("%1", name), entries, meaning)
            picker.currentIndexChanged.connect(guarded(self._on_chosen))
            pickers.append(picker)
        self.header.put_pickers(pickers)

    def _wrong_cells(self, preview: Preview) -> dict[tuple[int, int], str]:
        """Return the sentence of each cell that is wrong; a row that is wrong as a whole is so in every cell."""
        first = 1 if preview.columns[:1] == ("#1",) else 2  # the number of the first row of data
        places = {meaning: place for place, meaning in enumerate(preview.meanings) if meaning}
        places |= {name: place for place, name in enumerate(preview.columns)}
        found: dict[tuple[int, int], str] = {}
        for error in preview.errors:
            row = error.row - first
            if error.column in places:
                found[row, places[error.column]] = error.sentence
            else:
                found |= {(row, column): error.sentence for column in range(len(preview.columns))}
        return found

    @guarded
    def _on_chosen(self) -> None:
        self.dim()
        self.meanings_changed.emit()

    def dim(self) -> None:
        """Show the columns that are not used in a quieter colour."""
        tokens = self._theme.tokens
        for column, meaning in enumerate(self.chosen()):
            for row in range(self.rowCount()):
                item = self.item(row, column)
                if item is not None and not item.toolTip():
                    item.setForeground(QColor(tokens.text if meaning else tokens.text_disabled))

    def chosen(self) -> list[str]:
        """Return what each column is taken for; empty: it is not used."""
        return [str(picker.currentData() or "") for picker in self.header.pickers]

    def layout_columns(self) -> tuple[Mapping[str, str], tuple[str, ...]]:
        """Return what is read from which column ("close" -> "#5"), and the columns that are not read."""
        chosen = self.chosen()
        columns = {meaning: f"#{number}" for number, meaning in enumerate(chosen, 1) if meaning}
        return columns, tuple(f"#{number}" for number, meaning in enumerate(chosen, 1) if not meaning)

    def twice(self) -> str:
        """Return what two columns are both taken for; empty: nothing."""
        chosen = [meaning for meaning in self.chosen() if meaning]
        return next((meaning for meaning in chosen if chosen.count(meaning) > 1), "")
