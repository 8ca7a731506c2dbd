"""The history an editor works on: read in the background, refreshed as a session goes on."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, QTimer, Signal

from desktop.domain.errors import AssayError
from desktop.engine.api import Desk
from desktop.engine.views import Changes
from desktop.ui import work
from desktop.ui.following import follow
from desktop.ui.guard import guarded
from desktop.ui.widgets.alive import while_alive
from desktop.ui.widgets.histories import History, Source, series_history, session_history, titled
from desktop.ui.widgets.strategy_trial import StrategyTrial

_FOLLOW_MS = 1_000  # a session's new bars are looked at this often at most


class HistoryInHand(QObject):
    """Holds one history.

    Signals:
        changed: another history, or more bars of it.
        refused: why a history cannot be read, in a sentence.
    """

    changed = Signal()
    refused = Signal(str)

    def __init__(
        self, desk: Desk, trial: StrategyTrial, watched: Callable[[], bool], parent: QObject | None = None
    ) -> None:
        """`watched`: whether anybody sees it; else a session's new bars wait."""
        super().__init__(parent)
        self._desk, self._trial, self._watched = desk, trial, watched
        self.timer = QTimer(self)
        self.timer.setSingleShot(True)
        self.timer.setInterval(_FOLLOW_MS)
        self.timer.timeout.connect(guarded(self._on_new_bars))
        follow(self, desk, self._on_changes)
        self.source = Source()
        self.history: History | None = None

    def follow_session(self, session_id: str) -> None:
        """Take the first symbol of a session, unless a series or a file is in hand."""
        if self.source.series_id or self.source.path:
            return
        row = self._desk.session(session_id) if session_id else None
        items = row.settings.instruments if row is not None else ()
        self.take(Source(session_id, items[0].symbol) if items else Source())

    def take(self, source: Source) -> None:
        """Take another history; it comes at once or when it has been read."""
        self.source, self.history = source, None
        if source.session_id or source == Source():
            self.refresh()
            if self.history is None:
                self.changed.emit()
            return
        self.changed.emit()
        work.run(
            self._read(source),
            where="read a history",
            on_refused=while_alive(self, lambda error: self._on_refused(source, error)),
            then=while_alive(self, self._on_read),
        )

    def refresh(self) -> None:
        """Look whether a session has more bars; what is stored or in a file stays as it was read."""
        if not self.source.session_id:
            return
        now, before = session_history(self._desk, self.source), self.history
        if now is None or (before is not None and _ends(now) == _ends(before)):
            return
        self.history = now
        self.changed.emit()

    def _on_changes(self, changes: Changes) -> None:
        if (self.source.session_id, self.source.symbol) in changes.charts and not self.timer.isActive():
            self.timer.start()

    def _on_new_bars(self) -> None:
        if self._trial.busy:
            self.timer.start()  # what takes longer than a bar would never come to an end
        elif self._watched():
            self.refresh()

    async def _read(self, source: Source) -> History:
        if source.series_id:
            return await series_history(self._desk, source)
        found = await self._trial.read(source.path)
        title = titled(found.instrument.symbol, found.timeframe, found.bars)
        return History(source, title, found.instrument, found.timeframe, found.bars, warning=found.warning)

    def _on_read(self, history: History) -> None:
        if history.source == self.source:
            self.history = history
            self.changed.emit()

    def _on_refused(self, source: Source, error: AssayError) -> None:
        if source == self.source:
            self.refused.emit(str(error))


def _ends(history: History) -> tuple[int, int, str]:
    bars = history.bars
    return len(bars), int(bars.start[-1]) if len(bars) else 0, history.timeframe
