"""A file to be imported: chosen or dropped, its first rows looked at, its columns named, the rest filled in."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

from PySide6.QtCore import QCoreApplication, Qt, QTimer, Signal
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from desktop.domain.errors import AssayError, FieldError
from desktop.engine.archive import Archive
from desktop.market.history_header import FileLayout
from desktop.market.history_preview import Preview
from desktop.market.history_report import ImportRequest
from desktop.ui import work
from desktop.ui.dialogs.import_fields import ImportFields
from desktop.ui.guard import guarded
from desktop.ui.theme import ThemeStore
from desktop.ui.widgets.alive import while_alive
from desktop.ui.widgets.looks import button, label, look
from desktop.ui.widgets.preview_table import PreviewTable, meanings

_PAUSE_MS = 250  # after the last change before the file is looked at again
_FIELDS = {"timezone": "zone", "date order": "order"}  # of the engine -> of the page


def _tr(text: str) -> str:
    return QCoreApplication.translate("ImportHistory", text)


class ImportFilePage(QWidget):
    """The first page of the import dialog.

    Signals:
        checked: mistakes were looked for; whether there are any.
    """

    checked = Signal(bool)

    def __init__(self, archive: Archive, theme: ThemeStore, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._archive = archive
        self.preview: Preview | None = None
        self._turn = 0
        self._choices_kept = False  # the user named columns of this file
        self._problem = ""
        self.file = QLineEdit()
        self.file.setAccessibleName(_tr("File"))
        self.file.setPlaceholderText(_tr("A CSV or Parquet file of prices"))
        self.browse = button(_tr("Browse…"))
        self.file_mistake = label("", "error", wrap=True)
        self.facts = label("", "muted", wrap=True)
        self.table = PreviewTable(theme)
        self.table.setMinimumHeight(150)
        self.fields = ImportFields()
        self.drop = label(
            _tr("Drop a file here, or choose one with Browse.\nCSV or Parquet: bars, quotes or trades."), "drop"
        )
        self.drop.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._lay_out()
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(_PAUSE_MS)
        self._timer.timeout.connect(guarded(self.look))
        self._connect()
        self.fields.zone.fill()

    def _lay_out(self) -> None:
        top = QHBoxLayout()
        top.setSpacing(8)
        top.addWidget(self.file, 1)
        top.addWidget(self.browse)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addLayout(top)
        column.addWidget(self.file_mistake)
        column.addWidget(self.facts)
        column.addWidget(self.table, 1)
        column.addWidget(self.drop, 1)
        column.addWidget(self.fields)

    def _connect(self) -> None:
        self.file.textChanged.connect(guarded(self._on_file))
        self.file.returnPressed.connect(guarded(self._on_entered))
        self.browse.clicked.connect(guarded(self._ask_file))
        self.table.meanings_changed.connect(guarded(self._on_meanings))
        self.fields.read_changed.connect(guarded(self._later))
        self.fields.changed.connect(guarded(self.check))
        self.fields.separator.currentIndexChanged.connect(guarded(self._forget_choices))

    # choosing a file -------------------------------------------------------------------------------------------
    @property
    def path(self) -> str:
        """What is typed or chosen."""
        return self.file.text().strip()

    def _ask_file(self) -> None:
        kinds = _tr("Prices (*.csv *.txt *.tsv *.parquet);;All files (*)")
        dialog = QFileDialog(self, _tr("File of prices"), str(Path(self.file.text()).parent), kinds)
        dialog.fileSelected.connect(guarded(lambda path: self.file.setText(path)))  # noqa: PLW0108 - Qt's has no signature
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def _on_file(self) -> None:
        self.preview, self._choices_kept, self._problem = None, False, ""
        self.fields.suggest(self.path)
        self._later()
        self.check()

    def _on_entered(self) -> None:
        """Enter after a path reads the file; it must not reach the button Import before the rows were seen."""
        self.preview = None
        self.check()
        self.look()

    def _on_meanings(self) -> None:
        self._choices_kept = True
        self._later()

    def _forget_choices(self) -> None:
        self._choices_kept = False

    def _later(self) -> None:
        self._timer.start()

    # looking at it ---------------------------------------------------------------------------------------------
    def layout_(self) -> FileLayout:
        """Return how the file is to be read (FieldError: so it cannot be)."""
        now = self.fields.settings()
        columns, ignored = self.table.layout_columns() if self._choices_kept else ({}, ())
        return FileLayout(columns, now.zone, now.date_order, ignored, now.separator)

    def look(self) -> None:
        """Look at the file now."""
        self._timer.stop()
        self._turn += 1
        if not self.path or (self._choices_kept and self.table.twice()):
            self.check()
            return
        turn = self._turn
        work.run(
            self._archive.preview(self.path, self.layout_()),
            where="preview",
            on_refused=while_alive(self, lambda error: self._on_not_read(turn, error)),
            then=while_alive(self, lambda found: self._on_preview(turn, found)),
        )

    def _on_preview(self, turn: int, found: Preview) -> None:
        if turn != self._turn:
            return
        self.preview, self._problem = found, ""
        self.table.show_preview(found, keep_choices=self._choices_kept)
        self.fields.show_preview(found)
        self._order_tabs()
        self.check()

    def _order_tabs(self) -> None:
        """Let Tab go as one reads: from the file over the columns to the fields."""
        way = [self.browse, *self.table.header.pickers, self.table, self.fields.symbol]
        for before, after in pairwise(way):
            QWidget.setTabOrder(before, after)

    def _on_not_read(self, turn: int, error: AssayError) -> None:
        if turn != self._turn:
            return
        if isinstance(error, FieldError) and error.field in _FIELDS:
            self.check({_FIELDS[error.field]: error.message})
            return
        self.preview, self._problem = None, str(error)
        self.check()

    # what is wrong ---------------------------------------------------------------------------------------------
    def mistakes(self) -> dict[str, str]:
        """Return why the import cannot start, by field."""
        found = self.fields.mistakes() if self.preview is not None else {}
        twice = self.table.twice() if self.preview is not None else ""
        if not self.path:
            found["file"] = ""
        elif self._problem:
            found["file"] = self._short(self._problem)
        elif twice:
            found["file"] = _tr("Two columns are both taken for the %1. Set one of them to “not used”.").replace(
                "%1", meanings()[twice]
            )
        elif self.preview is None:
            found["file"] = ""  # it is being looked at
        elif self.preview.problem:
            found["file"] = self._short(self.preview.problem)
            if not self.preview.kind:
                found["file"] += " " + _tr("Say over the table what each column is.")
        return found

    def _short(self, sentence: str) -> str:
        """Return a sentence with the file's name in place of its path, which stands above it."""
        return sentence.replace(self.path, Path(self.path).name) if self.path else sentence

    def check(self, also: dict[str, str] | None = None) -> None:
        """Show every mistake at its field, and what the file is taken for."""
        found = self.mistakes() | (also or {})
        self.fields.show_mistakes(found)
        sentence = found.get("file", "")
        self.file_mistake.setText(sentence)
        self.file_mistake.setVisible(bool(sentence))
        look(self.file, invalid="true" if sentence else "")
        self.facts.setText(self._facts())
        self.facts.setVisible(bool(self.facts.text()))
        self.table.setVisible(self.preview is not None)
        self.fields.setVisible(self.preview is not None)
        self.drop.setVisible(self.preview is None)
        self.checked.emit(bool(found))

    def refuse(self, error: AssayError) -> bool:
        """Show a refusal at the field it names; returns whether there is one."""
        name = _FIELDS.get(error.field, error.field) if isinstance(error, FieldError) else ""
        known = {**self.fields.left.fields, **self.fields.right.fields}
        if not isinstance(error, FieldError) or name not in known:
            self.check()
            return False
        self.check({name: error.message})
        known[name].setFocus()
        return True

    def _facts(self) -> str:
        shown = self.preview
        if shown is None:
            return ""
        kinds = {"bars": _tr("Bars"), "quotes": _tr("Quotes"), "trades": _tr("Trades")}
        parts = [kinds.get(shown.kind, _tr("Say what the columns are")), shown.format]
        if shown.row_estimate:
            parts.append(_tr("about %1 rows").replace("%1", f"{shown.row_estimate:,}"))
        if shown.time_format:
            parts.append(_tr("times: %1").replace("%1", shown.time_format))
        wrong = len({error.row for error in shown.errors})
        if wrong:
            parts.append(_tr("%1 of the first rows cannot be used").replace("%1", str(wrong)))
        return "  ·  ".join(parts)

    # what is asked ---------------------------------------------------------------------------------------------
    def request(self) -> ImportRequest:
        """Return what is to be imported and how."""
        now = self.fields.settings()
        return ImportRequest(
            self._archive.directory,
            Path(self.path),
            now.symbol,
            timeframe=now.timeframe,
            layout=self.layout_(),
            currency=now.currency,
            tick=now.tick,
            lot=now.lot,
            hours=now.hours,
            existing=now.existing,
        )

    def clear(self) -> None:
        """Make ready for another file."""
        self.fields.forget()
        self.file.setText("")
        self.file.setFocus()
