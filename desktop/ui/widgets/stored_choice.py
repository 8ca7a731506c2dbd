"""A button that offers the stored series of prices to choose from."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, QPoint, Signal
from PySide6.QtWidgets import QMenu, QPushButton, QWidget

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
    """Return what a series is, in a line."""
    info = row.info
    parts = [f"{info.symbol} {info.timeframe or info.kind}", info.source]
    if info.adjusted:
        parts.append(_tr("adjusted"))
    return "  \u00b7  ".join(parts)


def series_words(row: StoredSeries) -> str:
    """Return what is to be known of a series before it is replayed."""
    info = row.info
    text = _tr("%1: %2 rows, %3 to %4.")
    span = (when(at, info.timeframe) for at in (info.first, info.last))
    for place, value in enumerate((series_title(row), formats.number(info.rows, 0), *span), 1):
        text = text.replace(f"%{place}", value)
    if row.pending:
        text += " " + _tr("Its probable splits are not decided on: prices before one are on another scale.")
    elif row.outdated:
        text += " " + _tr("It is out of date: other prices are stored as traded by now.")
    return text


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
        for row in rows:
            self.menu_.addAction(series_title(row), guarded(lambda row=row: self.chosen.emit(row)))
        if not rows:
            self.menu_.addAction(_tr("No prices are stored yet")).setEnabled(False)
        self.menu_.popup(self.mapToGlobal(QPoint(0, self.height())))
