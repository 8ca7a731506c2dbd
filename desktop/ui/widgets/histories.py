"""Histories a strategy can be looked at on: symbols of sessions, stored series, files."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import PurePath
from typing import Any

from PySide6.QtCore import QCoreApplication, Qt, Signal
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import QComboBox, QFileDialog, QWidget

from desktop.domain.errors import NotFound
from desktop.domain.history import adjusted_first
from desktop.domain.instruments import Instrument
from desktop.domain.sessions import SessionSettings
from desktop.engine.api import Desk
from desktop.rules.columns import Columns
from desktop.ui import formats, work
from desktop.ui.guard import guarded, guarded_override
from desktop.ui.widgets.alive import while_alive
from desktop.ui.widgets.eliding_box import ElidingBox


def _tr(text: str) -> str:
    return QCoreApplication.translate("StrategyEditor", text)


@dataclass(frozen=True, slots=True)
class Source:
    """Where a history comes from; one of the three ways.

    Attributes:
        session_id: With `symbol`: the bars a session has.
        series_id: A stored series.
        path: A file.
    """

    session_id: str = ""
    symbol: str = ""
    series_id: int = 0
    path: str = ""


@dataclass(frozen=True, slots=True, eq=False)
class History:
    """Bars to look at a strategy on.

    Attributes:
        source: Where they come from.
        title: "SPY 1h, 40,832 bars, 2 Jan 1998 to 31 Mar 2021".
        instrument: What they are prices of.
        timeframe: Of the bars.
        bars: Closed ones, oldest first.
        zone: Of the exchange.
        session: Settings of the session whose bars they are.
        warning: What is to be known about them; empty: nothing.
    """

    source: Source
    title: str
    instrument: Instrument
    timeframe: str
    bars: Columns
    zone: str = "UTC"
    session: SessionSettings | None = None
    warning: str = ""


def titled(symbol: str, timeframe: str, bars: Columns) -> str:
    """Return what a history is, in a line."""
    count = formats.number(len(bars), 0)
    text = _tr("%1 %2, %3 bars").replace("%1", symbol).replace("%2", timeframe).replace("%3", count)
    if not len(bars):
        return text
    first, last = (formats.date_time(int(at)).rpartition(" ")[0] for at in (bars.start[0], bars.start[-1]))
    return f"{text}, {first}" if first == last else f"{text}, {first} – {last}"


def session_history(desk: Desk, source: Source) -> History | None:
    """Return the bars of a session's symbol as they are now; None: the session or symbol is gone."""
    row, held = desk.session(source.session_id), desk.bars(source.session_id, source.symbol)
    if row is None or held is None:
        return None
    title = titled(source.symbol, held.timeframe, held.bars)
    return History(source, title, held.instrument, held.timeframe, held.bars, held.zone, row.settings)


async def series_history(desk: Desk, source: Source) -> History:
    """Return a stored series (NotFound: it is gone; StorageFault: it cannot be read)."""
    info, bars = await desk.archive.bars(source.series_id)
    title = titled(info.symbol, info.timeframe, bars)
    return History(source, title, info.instrument, info.timeframe, bars, info.zone)


class HistoryChoice(ElidingBox):
    """Sessions' symbols, stored series, files that were opened, and the way to open one.

    Signals:
        chosen: a `Source`.
        refused: why the stored series cannot be listed.
    """

    chosen = Signal(object)
    refused = Signal(str)

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._desk = desk
        self._series: list[tuple[str, Source]] = []
        self._files: list[Source] = []
        self._now = Source()
        self.setAccessibleName(_tr("History the rules are judged on"))
        self.setMinimumWidth(96)
        self.setMinimumContentsLength(8)
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.activated.connect(guarded(self._on_activated))
        self._follow_archive()
        self.fill()

    def _follow_archive(self) -> None:
        with suppress(NotFound):  # a desk without a data directory
            end = self._desk.archive.follow(guarded(self.ask_for_series))
            self.destroyed.connect(lambda *_: end())

    @property
    def source(self) -> Source:
        """What is chosen."""
        return self._now

    def choose(self, source: Source) -> None:
        """Show a source as the chosen one; nothing is emitted."""
        self._now = source
        if source.path and source not in self._files:
            self._files.append(source)
        self.fill()

    def fill(self) -> None:
        """List what there is now."""
        self.clear()
        for row in self._desk.sessions():
            for item in row.settings.instruments:
                self.addItem(f"{item.symbol} · {row.settings.name}", Source(row.session_id, item.symbol))
        self._group(self._series)
        self._group([(PurePath(source.path).name, source) for source in self._files])
        if self.count():
            self.insertSeparator(self.count())
        self.addItem(_tr("Open a file…"), None)
        self.setCurrentIndex(next((place for place in range(self.count()) if self.itemData(place) == self._now), -1))
        self.setPlaceholderText(_tr("No history"))

    def _group(self, entries: Sequence[tuple[str, Source]]) -> None:
        if entries and self.count():
            self.insertSeparator(self.count())
        for text, source in entries:
            self.addItem(text, source)
            self.setItemData(self.count() - 1, source.path or None, Qt.ItemDataRole.ToolTipRole)

    @guarded_override()
    def wheelEvent(self, event: QWheelEvent) -> None:
        """Leave the wheel alone: it would read one history after the other."""
        event.ignore()

    @guarded_override()
    def showPopup(self) -> None:  # noqa: N802 - Qt's name
        self.fill()
        super().showPopup()

    def ask_for_series(self) -> None:
        """Read in the background which series are stored."""
        try:
            listing = self._desk.archive.series()
        except NotFound:
            return  # a desk without a data directory
        work.run(
            listing,
            where="list stored series",
            on_refused=while_alive(self, lambda error: self.refused.emit(str(error))),
            then=while_alive(self, self._on_series),
        )

    def _on_series(self, stored: Sequence[Any]) -> None:
        infos = adjusted_first(item.info for item in stored if item.info.kind == "bars")
        self._series = [
            (
                f"{info.symbol} {info.timeframe}{_tr(' adjusted') if info.adjusted else ''} · {info.source}",
                Source(series_id=info.series_id),
            )
            for info in infos
        ]
        if not self.view().isVisible():
            self.fill()

    def _on_activated(self) -> None:
        source = self.currentData()
        if isinstance(source, Source):
            self._now = source
            self.chosen.emit(source)
            return
        self.fill()  # the way to a file is no history itself
        dialog = QFileDialog(self, _tr("Open a history"), "", _tr("Prices (*.csv *.txt *.parquet);;All files (*)"))
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.fileSelected.connect(guarded(self.open_file))
        dialog.open()

    def open_file(self, path: str) -> None:
        """Take a file as the history."""
        self.choose(Source(path=path))
        self.chosen.emit(self._now)
