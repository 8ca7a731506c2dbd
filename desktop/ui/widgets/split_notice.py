"""Says that a file to be replayed shows splits nobody has decided on; it is read in a process of its own."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QCoreApplication, QTimer
from PySide6.QtWidgets import QLabel, QWidget

from desktop.domain.errors import AssayError
from desktop.domain.history import SplitWarning
from desktop.engine.archive import Archive, ImportRun
from desktop.market.history_report import ImportReport, ImportRequest
from desktop.ui import work
from desktop.ui.guard import guarded
from desktop.ui.widgets.alive import while_alive
from desktop.ui.widgets.looks import look

_PAUSE_MS = 500  # after the last letter of a path


def _tr(text: str) -> str:
    return QCoreApplication.translate("SplitNotice", text)


class SplitNotice(QLabel):
    """Hidden unless there is something to say. What cannot be read is told by who uses the file, not here."""

    def __init__(self, archive: Archive, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._archive = archive
        self._paths: tuple[str, ...] = ()
        self._waiting: list[str] = []
        self._run: ImportRun | None = None
        self.warnings: dict[str, SplitWarning] = {}
        self.setWordWrap(True)
        look(self, tone="warning")
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(_PAUSE_MS)
        self._timer.timeout.connect(guarded(self._next))
        self.destroyed.connect(lambda *_: self._stop())
        self.hide()

    def look_at(self, text: str) -> None:
        """Look at the file, or the files with commas between, once the text has stood still for a moment."""
        paths = tuple(part.strip() for part in text.split(",") if part.strip())
        if paths == self._paths:
            return
        self._stop()
        self._paths = paths
        self.warnings = {}
        self._show()
        self._waiting = [path for path in paths if Path(path).suffix]  # the rest is still being typed
        self._timer.start()

    def _stop(self) -> None:
        run, self._run = self._run, None
        if run is not None:
            run.cancel()

    def _next(self) -> None:
        if self._run is not None or not self._waiting:
            return
        path = self._waiting.pop(0)
        symbol = Path(path).stem.partition("_")[0].upper()[:40] or "FILE"
        request = ImportRequest(self._archive.directory, Path(path), symbol, only_check=True)
        self._run = run = self._archive.start_import(request)
        work.run(
            run.run(),
            where="splits of a file",
            on_refused=while_alive(self, lambda error: self._on_refused(run, error)),
            then=while_alive(self, lambda report: self._on_read(run, path, symbol, report)),
        )

    def _on_read(self, run: ImportRun, path: str, symbol: str, report: ImportReport) -> None:
        if run is not self._run:
            return
        self._run = None
        if report.splits:
            self.warnings[path] = SplitWarning(symbol, report.splits)
        self._show()
        self._next()

    def _on_refused(self, run: ImportRun, _: AssayError) -> None:
        if run is self._run:
            self._run = None
            self._next()

    def _show(self) -> None:
        said = [warning.sentence for warning in self.warnings.values()]
        if said:
            said.append(_tr("Import the file to adjust it (Ctrl+Shift+I); the session runs on it as it is."))
        self.setText(" ".join(said))
        self.setVisible(bool(said))
