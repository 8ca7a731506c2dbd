"""The report out of here: as CSV files into a folder, or as one HTML page."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import PurePath
from typing import Any

from PySide6.QtCore import QCoreApplication, QObject, Qt
from PySide6.QtWidgets import QFileDialog, QWidget

from desktop.domain.errors import AssayError
from desktop.research.api import Lab, Work
from desktop.research.lab_views import ReportView
from desktop.ui import work
from desktop.ui.guard import guarded
from desktop.ui.widgets.alive import while_alive
from desktop.ui.widgets.looks import button, label, look


def _tr(text: str) -> str:
    return QCoreApplication.translate("Backtest", text)


class ReportExports(QObject):
    """Two buttons, and the words that say what was written.

    Args:
        lab: Writes the files.
        refused: Told what could not be written.
        parent: Of the dialogs.
    """

    def __init__(self, lab: Lab, refused: Callable[[AssayError], None], parent: QWidget) -> None:
        super().__init__(parent)
        self._lab, self._refused, self._window = lab, refused, parent
        self._view: ReportView | None = None
        self.csv = button(_tr("CSV…"), "small", name=_tr("Export trades, fills, equity and monthly returns as CSV"))
        self.html = button(_tr("HTML…"), "small", name=_tr("Export the report as one page"))
        self.said = label("", "caption")
        self.csv.clicked.connect(guarded(self._ask_csv))
        self.html.clicked.connect(guarded(self._ask_html))
        self.show_report(None)

    def show_report(self, view: ReportView | None) -> None:
        """Offer to export a report; None: there is none yet."""
        self._view = view
        self.said.clear()
        whole = view is not None and bool(view.place)
        part = view is not None and not whole
        for widget, tip in ((self.csv, self.csv.accessibleName()), (self.html, self.html.accessibleName())):
            widget.setVisible(view is not None)
            widget.setEnabled(whole)
            only = _tr("Only a part of this backtest is stored. Reproduce it, then export it.")
            widget.setToolTip(only if part else tip)

    def _ask_csv(self) -> None:
        dialog = QFileDialog(self._window, _tr("Folder for the CSV files"))
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.setFileMode(QFileDialog.FileMode.Directory)
        dialog.fileSelected.connect(guarded(self.export_csv))
        dialog.open()

    def _ask_html(self) -> None:
        name = self._view.evidence.settings.strategy.name.lower().replace(" ", "-") if self._view is not None else ""
        dialog = QFileDialog(self._window, _tr("Export the report"), f"{name}.html", "HTML (*.html)")
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setDefaultSuffix("html")
        dialog.fileSelected.connect(guarded(self.export_html))
        dialog.open()

    def export_csv(self, folder: str) -> None:
        """Write the shown report as CSV files."""
        if self._view is not None:
            self._write(self._lab.export_csv(self._view, folder))

    def export_html(self, path: str) -> None:
        """Write the shown report as one page."""
        if self._view is not None:
            self._write(self._lab.export_html(self._view, path))

    def _write(self, doing: Work[tuple[str, ...]]) -> None:
        work.run(
            _result(doing),
            where="export",
            on_refused=while_alive(self._window, self._refused),
            then=while_alive(self._window, self._on_written),
        )

    def _on_written(self, paths: tuple[str, ...]) -> None:
        names = ", ".join(PurePath(path).name for path in paths)
        folder = PurePath(paths[0]).parent.name if paths else ""
        self.said.setText(_tr("Written to %1: %2").replace("%1", folder).replace("%2", names))
        self.said.setToolTip("\n".join(paths))
        look(self.said, tone="good")


async def _result(doing: Work[Any]) -> Any:
    return await doing
