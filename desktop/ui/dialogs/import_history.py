"""Importing a file of prices: looked at, its columns named, read with progress; what came of it."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import QCoreApplication
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QWidget

from desktop.domain.errors import AssayError
from desktop.engine.api import Desk
from desktop.engine.archive import ImportRun
from desktop.market.history_merge import Existing
from desktop.market.history_report import ImportReport
from desktop.ui import work
from desktop.ui.dialogs.history_work import HistoryWork, asked
from desktop.ui.dialogs.import_file_page import ImportFilePage
from desktop.ui.guard import guarded, guarded_override
from desktop.ui.theme import ThemeStore
from desktop.ui.widgets.alive import while_alive
from desktop.ui.widgets.dropped import dropped_file

_STORING = 0.9  # of the progress: then the file is read


def _tr(text: str) -> str:
    return QCoreApplication.translate("ImportHistory", text)


class ImportHistory(HistoryWork):
    """Imports one file after another; Esc closes it, and ends an import under way: it leaves nothing."""

    def __init__(self, desk: Desk, theme: ThemeStore, parent: QWidget, *, path: str = "") -> None:
        super().__init__(
            _tr("Import prices"), desk, theme, parent, start=_tr("Import"), again=_tr("Import another file"),
            stop=_tr("Cancel the import"),
        )  # fmt: skip
        self.run: ImportRun | None = None
        self.page = ImportFilePage(desk.archive, theme)
        self.put_form(self.page)
        self.setAcceptDrops(True)
        self.page.checked.connect(guarded(self._on_checked))
        if path:
            self.page.file.setText(path)
        self.page.check()
        self.page.browse.setFocus()

    def _on_checked(self, wrong: bool) -> None:  # noqa: FBT001 - a Qt signal's value
        if self.question is None:
            self.start.setEnabled(not wrong and not self.busy)

    @guarded_override()
    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Take one file that is dragged over."""
        if not self.busy and dropped_file(event):
            event.acceptProposedAction()

    @guarded_override()
    def dropEvent(self, event: QDropEvent) -> None:
        """Look at the file that was dropped."""
        self.back()
        self.page.file.setText(dropped_file(event))
        event.acceptProposedAction()

    # importing -------------------------------------------------------------------------------------------------
    def can_start(self) -> bool:
        """Whether the form is right."""
        return not self.page.mistakes()

    def begin(self, existing: Existing | None) -> None:
        """Import the file."""
        request = self.page.request()
        if existing is not None:
            request = replace(request, existing=existing)
        self.run = run = self.archive.start_import(request, while_alive(self, self._on_progress))
        self.show_running(running=True, stage=_tr("Reading the file…"))
        work.run(
            run.run(),
            where="import",
            on_refused=while_alive(self, self._on_refused),
            then=while_alive(self, self._on_done),
        )

    def stop_work(self) -> None:
        """End the import."""
        if self.run is not None:
            self.run.cancel()

    def _on_progress(self, share: float) -> None:
        self.bar.setValue(round(1000 * share))
        text = _tr("Reading the file: %1") if share < _STORING else _tr("Storing: %1")
        self.stage.setText(text.replace("%1", f"{round(100 * share)} %"))

    def _on_refused(self, error: AssayError) -> None:
        self.run = None
        if self.question is not None:
            self.back()
        self.show_running(running=False)
        if not self.page.refuse(error):
            self.refuse(str(error))
        self.start.setEnabled(self.can_start())

    def _on_done(self, report: ImportReport) -> None:
        self.run = None
        self.show_running(running=False)
        if not asked(report, self.ask):
            self.show_result(report, self.page.path, _tr("Import another file"))

    def on_again(self) -> None:
        """Make the form ready for the next file."""
        self.page.clear()


def open_import_history(desk: Desk, theme: ThemeStore, parent: QWidget, *, path: str = "") -> ImportHistory:
    """Open the dialog; `path`: the file to look at first."""
    dialog = ImportHistory(desk, theme, parent, path=path)
    dialog.show()
    return dialog
