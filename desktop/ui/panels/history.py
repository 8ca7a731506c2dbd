"""Stored market history: what there is, what it covers, what is to be decided before it is used."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QKeySequence, QShortcut, QShowEvent
from PySide6.QtWidgets import QFileDialog, QMenu, QMessageBox, QStackedLayout, QVBoxLayout, QWidget

from desktop.domain.errors import AssayError
from desktop.domain.market import DAY
from desktop.engine.api import Desk
from desktop.ui import formats, work
from desktop.ui.guard import guarded, guarded_override
from desktop.ui.intents import DecideSplits, ImportHistory, Intents, ShowGaps, ShowStored
from desktop.ui.theme import ThemeStore
from desktop.ui.widgets.alive import while_alive
from desktop.ui.widgets.blotter import Blotter
from desktop.ui.widgets.columns import Column, Kind
from desktop.ui.widgets.coverage import Span
from desktop.ui.widgets.dropped import dropped_file
from desktop.ui.widgets.history_tables import when
from desktop.ui.widgets.looks import button, label
from desktop.ui.widgets.row_table import RowTable

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
            _columns(),
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
        load.clicked.connect(guarded(lambda: self._intents.ask(ImportHistory())))
        refresh.clicked.connect(self.reload)
        self.blotter = Blotter(self.table, (load, refresh))
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
            _tr("Backtests and charts of the past run on imported files: CSV or Parquet, bars, quotes or trades."),
            "muted",
        )
        for text in (head, hint):
            text.setAlignment(Qt.AlignmentFlag.AlignHCenter)
            column.addWidget(text)
        self.first_import = button(_tr("Import a file…"), "primary")
        self.first_import.clicked.connect(guarded(lambda: self._intents.ask(ImportHistory())))
        column.addWidget(self.first_import, 0, Qt.AlignmentFlag.AlignHCenter)
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
        menu.addAction(_tr("Export prices…"), guarded(lambda: self._ask_export(row)))
        menu.addSeparator()
        menu.addAction(_tr("Import…"), lambda: self._intents.ask(ImportHistory()))
        menu.addAction(_tr("Refresh"), self.reload)
        delete = menu.addAction(_tr("Delete…"), guarded(lambda: self._ask_delete(row)))
        delete.setShortcut(QKeySequence(Qt.Key.Key_Delete))

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
            _tr(
                "The file %1 is not touched; it can be imported again. Backtests that ran on it stay on record."
            ).replace("%1", info.source)
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


def splits_words(row: StoredSeries) -> str:
    """Return what is known and decided about splits in a series."""
    info = row.info
    if row.pending:
        return _tr("%1 to decide").replace("%1", str(len(row.pending)))
    if info.adjusted:
        return _tr("adjusted")
    if row.adjusted_as:
        return _tr("adjusted in %1").replace("%1", str(row.adjusted_as))
    return _tr("left as traded") if info.accepted else formats.NOTHING


def _splits_tip(row: StoredSeries) -> str:
    shown = row.pending or row.info.splits
    return "\n".join(
        f"{when(split.at, row.info.timeframe)}  {split.new}:{split.old}  {split.evidence}" for split in shown
    )


def _holes_tip(row: StoredSeries) -> str:
    if not row.holes:
        return _tr("No hole is longer than a weekend with holidays.")
    lines = [
        _tr("%1 to %2 (%3 days)")
        .replace("%1", when(hole.begin, row.info.timeframe))
        .replace("%2", when(hole.end, row.info.timeframe))
        .replace("%3", str(round((hole.end - hole.begin) / DAY)))
        for hole in row.holes[:8]
    ]
    if len(row.holes) > len(lines):
        lines.append(_tr("and %1 more").replace("%1", str(len(row.holes) - len(lines))))
    return "\n".join(lines)


def _span(row: StoredSeries) -> Span:
    return Span(row.info.first, row.info.last, row.holes)


def _columns() -> list[Column[StoredSeries]]:
    return [
        Column("symbol", _tr("Symbol"), lambda row: row.info.symbol, kind=Kind.TONED, width=88, tone=lambda _: "text"),
        Column("timeframe", _tr("Prices"), lambda row: row.info.timeframe or row.info.kind, width=62),
        Column(
            "first",
            _tr("First"),
            lambda row: row.info.first,
            lambda row: when(row.info.first, row.info.timeframe),
            width=126,
        ),
        Column(
            "last",
            _tr("Last"),
            lambda row: row.info.last,
            lambda row: when(row.info.last, row.info.timeframe),
            width=126,
        ),
        Column("rows", _tr("Rows"), lambda row: row.info.rows, lambda row: f"{row.info.rows:,}", Kind.NUMBER, 80),
        Column(
            "coverage",
            _tr("Coverage"),
            lambda row: _span(row).covered,
            lambda row: formats.percent(_span(row).covered, signed=False, decimals=1),
            Kind.SPAN,
            170,
            tip=_holes_tip,
            span=_span,
        ),
        Column("gaps", _tr("Gaps"), lambda row: len(row.holes), None, Kind.NUMBER, 54, tip=_holes_tip),
        Column(
            "duplicates",
            _tr("Duplicates"),
            lambda row: row.info.duplicates,
            lambda row: f"{row.info.duplicates:,}",
            Kind.NUMBER,
            78,
            tip=lambda _: _tr("Rows dropped because they repeat another"),
        ),
        Column(
            "errors",
            _tr("Left out"),
            lambda row: row.info.errors,
            lambda row: f"{row.info.errors:,}",
            Kind.NUMBER,
            66,
            tip=lambda _: _tr("Rows of the file that could not be used, duplicates included"),
        ),
        Column(
            "splits",
            _tr("Splits"),
            splits_words,
            kind=Kind.TONED,
            width=104,
            tone=lambda row: "warning" if row.pending else "text_muted",
            tip=_splits_tip,
        ),
        Column("source", _tr("Source"), lambda row: row.info.source, width=140),
        Column("zone", _tr("Time zone"), lambda row: row.info.zone, width=120),
        Column("currency", _tr("Currency"), lambda row: row.info.instrument.currency, width=64, hidden=True),
        Column("tick", _tr("Price step"), lambda row: row.info.instrument.tick, None, Kind.NUMBER, 76, hidden=True),
        Column(
            "missing",
            _tr("Bars missing"),
            lambda row: row.info.gaps,
            lambda row: f"{row.info.gaps:,}",
            Kind.NUMBER,
            90,
            tip=lambda _: _tr("By the timeframe alone: nights and weekends count"),
            hidden=True,
        ),
        Column(
            "imported",
            _tr("Imported"),
            lambda row: row.info.imported_at,
            lambda row: formats.date_time(row.info.imported_at),
            width=126,
            hidden=True,
        ),
        Column("number", _tr("Series"), lambda row: row.info.series_id, None, Kind.NUMBER, 56),
    ]
