"""Stored market history: what there is, what it covers, what is to be decided before it is used."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QKeySequence, QShortcut, QShowEvent
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QMenu, QMessageBox, QStackedLayout, QVBoxLayout, QWidget

from desktop.domain.errors import AssayError
from desktop.engine.api import Desk
from desktop.ui import work
from desktop.ui.guard import guarded, guarded_override
from desktop.ui.intents import DecideSplits, DownloadHistory, ImportHistory, Intents, ShowGaps, ShowStored
from desktop.ui.theme import ThemeStore
from desktop.ui.widgets.alive import while_alive
from desktop.ui.widgets.blotter import Blotter
from desktop.ui.widgets.dropped import dropped_file
from desktop.ui.widgets.looks import button, label
from desktop.ui.widgets.row_table import RowTable
from desktop.ui.widgets.stored_columns import stored_columns

if TYPE_CHECKING:  # reading files takes numpy and half a library: in the archive's thread, not at the window's start
    from desktop.market.history_report import StoredSeries


def _tr(text: str) -> str:
    return QCoreApplication.translate("History", text)


class History(QWidget):
    """One row for each stored series, read anew whenever the archive says that something changed."""

    def __init__(self, desk: Desk, theme: ThemeStore, intents: Intents, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "panel")
        self._archive, self._intents = desk.archive, intents
        self._turn = 0
        self._read = False
        self.table: RowTable[StoredSeries] = RowTable(
            stored_columns(),
            key=lambda row: str(row.info.series_id),
            name="history",
            theme=theme,
            title=_tr("Stored prices"),
            empty=(_tr("Reading…"), ""),
            menu=self._fill_menu,
            activate=self._activate,
        )
        load = button(_tr("Import…"), "small", name=_tr("Import a file of prices"))
        refresh = button(_tr("Refresh"), "small", name=_tr("Read the stored prices again"))
        fetch = button(_tr("Download…"), "small", name=_tr("Download prices from a feed"))
        fetch.clicked.connect(guarded(lambda: self._intents.ask(DownloadHistory())))
        load.clicked.connect(guarded(lambda: self._intents.ask(ImportHistory())))
        refresh.clicked.connect(self.reload)
        self.blotter = Blotter(self.table, (fetch, load, refresh))
        self.answer = label("", "error", wrap=True)
        self.answer.setContentsMargins(8, 3, 8, 3)
        self.answer.hide()
        body = QWidget()
        self._stack = QStackedLayout(body)
        self._stack.addWidget(self.blotter)
        self._stack.addWidget(self._make_empty())
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self.answer)
        layout.addWidget(body, 1)
        self.setFocusProxy(self.table)
        self.setAcceptDrops(True)
        self._dialog: QWidget | None = None
        delete = QShortcut(QKeySequence(Qt.Key.Key_Delete), self.table)
        delete.setContext(Qt.ShortcutContext.WidgetShortcut)
        delete.activated.connect(guarded(self._ask_delete_selected))
        end = self._archive.follow(self._on_changed)
        self.destroyed.connect(lambda *_: end())

    @property
    def title_tools(self) -> list[QWidget]:
        """What the dock shows in its title line."""
        return self.blotter.tools

    def _make_empty(self) -> QWidget:
        page = QWidget()
        column = QVBoxLayout(page)
        column.setSpacing(6)
        column.addStretch(1)
        head = label(_tr("No prices are stored yet"), "heading")
        hint = label(
            _tr("Backtests and charts of the past run on imported files (CSV or Parquet) and on bars from a feed."),
            "muted",
        )
        for text in (head, hint):
            text.setAlignment(Qt.AlignmentFlag.AlignHCenter)
            column.addWidget(text)
        self.first_import = button(_tr("Import a file…"), "primary")
        self.first_import.clicked.connect(guarded(lambda: self._intents.ask(ImportHistory())))
        self.first_download = button(_tr("Download…"))
        self.first_download.clicked.connect(guarded(lambda: self._intents.ask(DownloadHistory())))
        line = QHBoxLayout()
        line.setSpacing(8)
        line.addStretch(1)
        line.addWidget(self.first_import)
        line.addWidget(self.first_download)
        line.addStretch(1)
        column.addLayout(line)
        column.addStretch(1)
        return page

    # reading ---------------------------------------------------------------------------------------------------
    @guarded_override()
    def showEvent(self, event: QShowEvent) -> None:
        """Read when it is first looked at."""
        super().showEvent(event)
        if not self._read:
            self.reload()

    @guarded
    def _on_changed(self) -> None:
        if self._read:
            self.reload()

    @guarded
    def reload(self) -> None:
        """Read what is stored."""
        self._read = True
        self._turn += 1
        turn = self._turn
        work.run(
            self._archive.series(),
            where="stored prices",
            on_refused=while_alive(self, self._on_refused),
            then=while_alive(self, lambda rows: self._show(turn, rows)),
        )

    def _show(self, turn: int, rows: Sequence[StoredSeries]) -> None:
        if turn != self._turn:
            return  # overtaken by a later reading
        self.answer.hide()
        self.table.put_all(rows)
        self._stack.setCurrentIndex(0 if rows else 1)

    def _on_refused(self, error: AssayError) -> None:
        self.answer.setText(str(error))
        self.answer.show()

    # a file dropped here is imported -----------------------------------------------------------------------------
    @guarded_override()
    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Take one file that is dragged over."""
        if dropped_file(event):
            event.acceptProposedAction()

    @guarded_override()
    def dropEvent(self, event: QDropEvent) -> None:
        """Open the import with the file that was dropped."""
        event.acceptProposedAction()
        self._intents.ask(ImportHistory(dropped_file(event)))

    # what can be done ------------------------------------------------------------------------------------------
    def _activate(self, row: StoredSeries) -> None:
        if row.pending:
            self._intents.ask(DecideSplits(row.info, row.pending))
        elif row.info.kind == "bars":
            self._intents.ask(ShowStored(row.info))

    def _fill_menu(self, menu: QMenu, rows: list[StoredSeries]) -> None:
        row = rows[0]
        bars = row.info.kind == "bars"
        chart = menu.addAction(_tr("Show chart"), lambda: self._intents.ask(ShowStored(row.info)))
        gaps = menu.addAction(_tr("Show gaps…"), lambda: self._intents.ask(ShowGaps(row.info)))
        splits = menu.addAction(
            _tr("Decide on splits…"), lambda: self._intents.ask(DecideSplits(row.info, row.pending))
        )
        chart.setEnabled(bars)
        gaps.setEnabled(bars)
        splits.setEnabled(bool(row.pending))
        if row.outdated:
            menu.addAction(_tr("Adjust again"), guarded(lambda: self._adjust_again(row.info.series_id)))
        menu.addAction(_tr("Export prices…"), guarded(lambda: self._ask_export(row)))
        menu.addSeparator()
        menu.addAction(_tr("Import…"), lambda: self._intents.ask(ImportHistory()))
        menu.addAction(_tr("Download…"), lambda: self._intents.ask(DownloadHistory(row.info.symbol)))
        menu.addAction(_tr("Refresh"), self.reload)
        delete = menu.addAction(_tr("Delete…"), guarded(lambda: self._ask_delete(row)))
        delete.setShortcut(QKeySequence(Qt.Key.Key_Delete))

    def _adjust_again(self, series_id: int) -> None:
        work.run(
            self._archive.adjust_again(series_id),
            where="adjust again",
            on_refused=while_alive(self, self._on_refused),
        )

    def _ask_export(self, row: StoredSeries) -> None:
        info = row.info
        name = f"{info.symbol.replace('/', '')}_{info.timeframe or info.kind}{'_adjusted' if info.adjusted else ''}.csv"
        dialog = QFileDialog(self, _tr("Export prices"), name, "CSV (*.csv)")
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setDefaultSuffix("csv")
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.fileSelected.connect(guarded(lambda path: self._export(info.series_id, path)))
        self._dialog = dialog
        dialog.open()

    def _export(self, series_id: int, path: str) -> None:
        work.run(
            self._archive.export(series_id, path),
            where="export prices",
            on_refused=while_alive(self, self._on_refused),
        )

    def _ask_delete_selected(self) -> None:
        row = self.table.current_row()
        if row is not None:
            self._ask_delete(row)

    def _ask_delete(self, row: StoredSeries) -> None:
        info = row.info
        box = QMessageBox(self)
        box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        box.setIcon(QMessageBox.Icon.NoIcon)
        box.setWindowTitle(_tr("Delete stored prices"))
        what = f"{info.symbol} {info.timeframe or info.kind}"
        box.setText(_tr("Delete %1, %2 rows?").replace("%1", what).replace("%2", f"{info.rows:,}"))
        box.setInformativeText(
            _tr("It came from %1 and can be had from there again. Backtests that ran on it stay on record.").replace(
                "%1", info.source
            )
        )
        go = box.addButton(_tr("Delete"), QMessageBox.ButtonRole.DestructiveRole)
        box.setDefaultButton(box.addButton(QMessageBox.StandardButton.Cancel))
        go.clicked.connect(guarded(lambda: self._delete(info.series_id)))
        self._dialog = box
        box.open()

    def _delete(self, series_id: int) -> None:
        work.run(
            self._archive.delete(series_id),
            where="delete stored prices",
            on_refused=while_alive(self, self._on_refused),
        )
