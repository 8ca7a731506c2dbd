"""Importing a file of prices: chosen or dropped, looked at, its columns named, read with progress; what came of it."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

from PySide6.QtCore import QCoreApplication, Qt, QTimer
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QLineEdit, QProgressBar, QStackedWidget, QVBoxLayout, QWidget

from desktop.domain.errors import AssayError, FieldError
from desktop.engine.api import Desk
from desktop.engine.archive import ImportRun
from desktop.market.history_header import FileLayout
from desktop.market.history_merge import Existing
from desktop.market.history_preview import Preview
from desktop.market.history_report import ImportReport, ImportRequest
from desktop.ui import work
from desktop.ui.dialogs.form import FormDialog
from desktop.ui.dialogs.import_fields import ImportFields
from desktop.ui.dialogs.import_result import ImportResult
from desktop.ui.guard import guarded, guarded_override
from desktop.ui.theme import ThemeStore
from desktop.ui.widgets.alive import while_alive
from desktop.ui.widgets.dropped import dropped_file
from desktop.ui.widgets.looks import button, label, look
from desktop.ui.widgets.preview_table import PreviewTable, meanings

_PAUSE_MS = 250  # after the last change before the file is looked at again
_FIELDS = {"timezone": "zone", "date order": "order"}  # of the engine -> of the dialog


def _tr(text: str) -> str:
    return QCoreApplication.translate("ImportHistory", text)


class ImportHistory(FormDialog):
    """Imports one file after another; Esc closes it, and ends an import under way."""

    def __init__(self, desk: Desk, theme: ThemeStore, parent: QWidget, *, path: str = "") -> None:
        super().__init__(_tr("Import prices"), parent, width=880)
        self._archive, self._theme = desk.archive, theme
        self.preview: Preview | None = None
        self.run: ImportRun | None = None
        self.outcome: ImportResult | None = None  # of the last import, while its page is shown
        self._turn = 0
        self._choices_kept = False  # the user named columns of this file
        self._problem = ""
        self.setAcceptDrops(True)
        self._build()
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(_PAUSE_MS)
        self._timer.timeout.connect(guarded(self._look))
        self._connect()
        self.fields.zone.fill()
        self.resize(980, 660)
        if path:
            self.file.setText(path)
        self.check()
        self.browse.setFocus()

    # building --------------------------------------------------------------------------------------------------
    def _build(self) -> None:
        self.file = QLineEdit()
        self.file.setAccessibleName(_tr("File"))
        self.file.setPlaceholderText(_tr("A CSV or Parquet file of prices"))
        self.browse = button(_tr("Browse…"))
        self.file_mistake = label("", "error", wrap=True)
        self.facts = label("", "muted", wrap=True)
        self.table = PreviewTable(self._theme)
        self.table.setMinimumHeight(150)
        self.fields = ImportFields()
        self.drop = label(
            _tr("Drop a file here, or choose one with Browse.\nCSV or Parquet: bars, quotes or trades."), "drop"
        )
        self.drop.setAlignment(Qt.AlignmentFlag.AlignCenter)
        top = QHBoxLayout()
        top.setSpacing(8)
        top.addWidget(self.file, 1)
        top.addWidget(self.browse)
        page = QWidget()
        column = QVBoxLayout(page)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addLayout(top)
        column.addWidget(self.file_mistake)
        column.addWidget(self.facts)
        column.addWidget(self.table, 1)
        column.addWidget(self.drop, 1)
        column.addWidget(self.fields)
        self.pages = QStackedWidget()
        self.pages.addWidget(page)
        self.outer.addWidget(self.pages, 1)
        self.bar = QProgressBar()
        self.bar.setRange(0, 1000)
        self.bar.setTextVisible(False)
        self.bar.setAccessibleName(_tr("Progress of the import"))
        self.stage = label("", "muted")
        self.outer.addWidget(self.stage)
        self.outer.addWidget(self.bar)
        self.stage.hide()
        self.bar.hide()
        self.start = button(_tr("Import"), "primary")
        self.again = button(_tr("Import another file"))
        self.again.hide()
        self.finish(self.again, self.start)
        self.start.setDefault(True)

    def _connect(self) -> None:
        self.file.textChanged.connect(guarded(self._on_file))
        self.browse.clicked.connect(guarded(self._ask_file))
        self.table.meanings_changed.connect(guarded(self._on_meanings))
        self.fields.read_changed.connect(guarded(self._later))
        self.fields.changed.connect(guarded(self.check))
        self.fields.separator.currentIndexChanged.connect(guarded(self._forget_choices))
        self.start.clicked.connect(guarded(self._start))
        self.again.clicked.connect(guarded(self._back))
        self.cancel.clicked.disconnect()
        self.cancel.clicked.connect(guarded(self._cancel))

    # choosing a file -------------------------------------------------------------------------------------------
    def _ask_file(self) -> None:
        kinds = _tr("Prices (*.csv *.txt *.tsv *.parquet);;All files (*)")
        dialog = QFileDialog(self, _tr("File of prices"), str(Path(self.file.text()).parent), kinds)
        dialog.fileSelected.connect(guarded(lambda path: self.file.setText(path)))  # noqa: PLW0108 - Qt's has no signature
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    @guarded_override()
    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Take one file that is dragged over."""
        if self.run is None and dropped_file(event):
            event.acceptProposedAction()

    @guarded_override()
    def dropEvent(self, event: QDropEvent) -> None:
        """Look at the file that was dropped."""
        self._back()
        self.file.setText(dropped_file(event))
        event.acceptProposedAction()

    def _on_file(self) -> None:
        self.preview, self._choices_kept, self._problem = None, False, ""
        self.fields.suggest(self.file.text().strip())
        self._later()
        self.check()

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

    def _look(self) -> None:
        path = self.file.text().strip()
        self._turn += 1
        if not path or (self._choices_kept and self.table.twice()):
            self.check()
            return
        turn = self._turn
        work.run(
            self._archive.preview(path, self.layout_()),
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

    def mistakes(self) -> dict[str, str]:
        """Return why the import cannot start, by field."""
        found = self.fields.mistakes() if self.preview is not None else {}
        twice = self.table.twice() if self.preview is not None else ""
        if not self.file.text().strip():
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
        path = self.file.text().strip()
        return sentence.replace(path, Path(path).name) if path else sentence

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
        self.start.setEnabled(not found and self.run is None)

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
        if shown.errors:
            parts.append(_tr("%1 of the first rows cannot be used").replace("%1", str(len(shown.errors))))
        return "  ·  ".join(parts)

    # importing -------------------------------------------------------------------------------------------------
    def request(self) -> ImportRequest:
        """Return what is to be imported and how."""
        now = self.fields.settings()
        return ImportRequest(
            self._archive.directory,
            Path(self.file.text().strip()),
            now.symbol,
            timeframe=now.timeframe,
            layout=self.layout_(),
            currency=now.currency,
            tick=now.tick,
            lot=now.lot,
            hours=now.hours,
            existing=Existing.REPLACE if now.replacing else Existing.REFUSE,
        )

    def _start(self) -> None:
        self.check()
        if not self.start.isEnabled():
            return
        self.refuse("")
        self.run = run = self._archive.start_import(self.request(), while_alive(self, self._on_progress))
        self._show_running(running=True)
        work.run(
            run.run(),
            where="import",
            on_refused=while_alive(self, self._on_refused),
            then=while_alive(self, self._on_done),
        )

    def _show_running(self, *, running: bool) -> None:
        self.bar.setValue(0)
        self.stage.setText(_tr("Reading the file…"))
        self.bar.setVisible(running)
        self.stage.setVisible(running)
        for widget in (self.file, self.browse, self.table, self.fields):
            widget.setEnabled(not running)
        self.start.setEnabled(not running)
        self.cancel.setText(_tr("Cancel the import") if running else _tr("Close"))
        if running:
            self.cancel.setFocus()

    def _on_progress(self, share: float) -> None:
        self.bar.setValue(round(1000 * share))
        percent = f"{round(100 * share)} %"
        self.stage.setText(
            _tr("Reading the file: %1").replace("%1", percent)
            if share < 0.9
            else _tr("Storing: %1").replace("%1", percent)
        )

    def _cancel(self) -> None:
        if self.run is None:
            self.close()
            return
        self.run.cancel()
        self.stage.setText(_tr("Ending the import…"))

    def _on_refused(self, error: AssayError) -> None:
        self.run = None
        self._show_running(running=False)
        name = _FIELDS.get(error.field, error.field) if isinstance(error, FieldError) else ""
        known = {**self.fields.left.fields, **self.fields.right.fields}
        self.check({name: error.message} if isinstance(error, FieldError) and name in known else None)
        if name in known:
            known[name].setFocus()
            self.start.setEnabled(not self.mistakes())
        else:
            self.refuse(str(error))

    def _on_done(self, report: ImportReport) -> None:
        self.run = None
        self._show_running(running=False)
        self.outcome = result = ImportResult(self._archive, self._theme, self.file.text().strip(), report)
        self.pages.addWidget(result)
        self.pages.setCurrentWidget(result)
        self.start.hide()
        self.again.show()
        (result.splits.choices[0] if result.splits is not None else self.again).setFocus()

    def _back(self) -> None:
        """Go back to the first page, ready for another file."""
        while (old := self.pages.widget(1)) is not None:
            self.pages.removeWidget(old)
            old.deleteLater()
        self.outcome = None
        self.again.hide()
        self.start.show()
        self.fields.replace.setChecked(False)
        self.file.setText("")
        self.file.setFocus()

    @guarded_override()
    def reject(self) -> None:
        """Close (Esc, the frame's button), ending an import under way: it leaves nothing."""
        if self.run is not None:
            self.run.cancel()
        super().reject()


def open_import_history(desk: Desk, theme: ThemeStore, parent: QWidget, *, path: str = "") -> ImportHistory:
    """Open the dialog; `path`: the file to look at first."""
    dialog = ImportHistory(desk, theme, parent, path=path)
    dialog.show()
    return dialog
