"""A button that offers the stored series of prices to choose from."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, QPoint, Signal
from PySide6.QtWidgets import QMenu, QPushButton, QWidget

from desktop.domain.history import adjusted_first
from desktop.engine.archive import Archive
from desktop.ui import formats, work
from desktop.ui.guard import guarded
from desktop.ui.widgets.alive import while_alive
from desktop.ui.widgets.history_tables import when

if TYPE_CHECKING:  # as in the panel of stored prices
    from desktop.market.history_report import StoredSeries


def _tr(text: str) -> str:
    return QCoreApplication.translate("StoredChoice", text)


def series_title(row: StoredSeries) -> str:
    """Return what a series is, in a line; adjusted prices and those they were made of are told apart first."""
    info = row.info
    scale = _tr("adjusted") if info.adjusted else _tr("as traded") if row.adjusted_as else ""
    what = " ".join(part for part in (info.symbol, info.timeframe or info.kind, scale) if part)
    return f"{what}  \u00b7  {info.source}"


def series_doubts(row: StoredSeries) -> str:
    """Return why prices are not to be traded on as they are; empty: nothing is known against it."""
    if row.pending:
        text = _tr("Probable splits not decided on: %1. Prices before one are on another scale.")
        return text.replace("%1", str(len(row.pending)))
    if row.adjusted_as:
        text = _tr(
            "Splits are in these prices as traded: prices before one are on another scale. Series %1 is adjusted."
        )
        return text.replace("%1", str(row.adjusted_as))
    return _tr("It is out of date: other prices are stored as traded by now.") if row.outdated else ""


def series_words(row: StoredSeries) -> str:
    """Return what is to be known of a series before it is replayed."""
    info = row.info
    text = _tr("%1: %2 rows, %3 to %4.")
    span = (when(at, info.timeframe) for at in (info.first, info.last))
    for place, value in enumerate((series_title(row), formats.number(info.rows, 0), *span), 1):
        text = text.replace(f"%{place}", value)
    return f"{text} {series_doubts(row)}".rstrip()


class StoredChoice(QPushButton):
    """Reads what is stored when it is pressed.

    Signals:
        chosen: a `StoredSeries`.
        refused: why what is stored cannot be read.
    """

    chosen = Signal(object)
    refused = Signal(str)

    def __init__(self, archive: Archive, parent: QWidget | None = None) -> None:
        super().__init__(_tr("Stored\u2026"), parent)
        self.setAccessibleName(_tr("Choose stored prices"))
        self._archive = archive
        self.menu_ = QMenu(self)
        self.clicked.connect(guarded(self.ask))

    def ask(self) -> None:
        """Read what is stored and offer it."""
        work.run(
            self._archive.series(),
            where="list stored series",
            on_refused=while_alive(self, lambda error: self.refused.emit(str(error))),
            then=while_alive(self, self._offer),
        )

    def _offer(self, rows: Sequence[StoredSeries]) -> None:
        self.menu_.clear()
        by_number = {row.info.series_id: row for row in rows}
        for row in (by_number[info.series_id] for info in adjusted_first(row.info for row in rows)):
            self.menu_.addAction(series_title(row), guarded(lambda row=row: self.chosen.emit(row)))
        if not rows:
            self.menu_.addAction(_tr("No prices are stored yet")).setEnabled(False)
        self.menu_.popup(self.mapToGlobal(QPoint(0, self.height())))
