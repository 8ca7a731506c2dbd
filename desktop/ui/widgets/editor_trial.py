"""The side of the editor that tries the strategy: the history in hand, the trial on it, and the pane that shows it."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, Signal

from desktop.domain.strategies import Strategy
from desktop.engine.api import Desk
from desktop.ports import BackgroundJobs
from desktop.ui.guard import guarded
from desktop.ui.theme import ThemeStore
from desktop.ui.widgets.histories import HistoryChoice, Source
from desktop.ui.widgets.history_in_hand import HistoryInHand
from desktop.ui.widgets.strategy_trial import StrategyTrial, loop_runs
from desktop.ui.widgets.trial_pane import TrialPane


class EditorTrial(QObject):
    """Connects the choice of a history, its bars, the trial and the pane.

    Signals:
        changed: another history, or more bars of it: the strategy is to be judged anew.
        fits: a timeframe on which the strategy could be judged, when the user takes it.
    """

    changed = Signal()
    fits = Signal(str)

    def __init__(
        self,
        desk: Desk,
        theme: ThemeStore,
        choice: HistoryChoice,
        make_jobs: Callable[[], BackgroundJobs],
        *,
        seen: Callable[[], bool],
        timeframe: Callable[[], str],
        parent: QObject,
    ) -> None:
        """`seen`: whether anybody looks; `timeframe`: that of the strategy as it is."""
        super().__init__(parent)
        self._choice, self._seen = choice, seen
        self._restored, self._instead = Source(), ""
        self.pane = pane = TrialPane(theme)
        self.trial = trial = StrategyTrial(self, make_jobs)
        self.hand = HistoryInHand(desk, trial, seen, self)
        choice.chosen.connect(guarded(self.hand.take))
        self.hand.changed.connect(guarded(self._on_history))
        self.hand.refused.connect(guarded(self._on_refused))
        trial.began.connect(guarded(pane.show_busy))
        trial.looked.connect(guarded(pane.show_looked))
        trial.tested.connect(guarded(pane.show_tested))
        trial.refused.connect(guarded(lambda text: pane.show_refused(text, timeframe())))
        pane.strip.fit.clicked.connect(guarded(self._on_fit))

    def follow_session(self, session_id: str) -> None:
        """Follow the session that everyone follows; a series or file that was chosen stays."""
        self.hand.follow_session(session_id)
        self._choice.choose(self.hand.source)

    def restore(self, source: Source, session_id: str) -> None:
        """Take what was chosen when the program ended; where it is gone, the session takes its place."""
        if loop_runs() and (source.series_id or source.path):
            self._restored, self._instead = source, session_id
            self.hand.take(source)

    def _on_refused(self, sentence: str) -> None:
        if self.hand.source == self._restored:
            self.hand.take(Source())
            self.follow_session(self._instead)
        else:
            self.pane.show_nothing(sentence, bad=True)

    def look(self) -> None:
        """Begin to look: list what is stored, and take the bars that came meanwhile."""
        if loop_runs():
            self._choice.ask_for_series()
        self.hand.refresh()

    def forget(self) -> None:
        """Show nothing of the strategy that was tried: another one is opened."""
        self.trial.ask(None, None)
        self.pane.forget()

    def ask(self, strategy: Strategy | None) -> None:
        """Try a strategy on the history in hand; None: it cannot be tried as it is."""
        if self._seen():
            self.trial.ask(strategy, self.hand.history)
        if strategy is None:
            self.pane.show_waiting()

    def _on_history(self) -> None:
        history = self.hand.history
        self._choice.choose(self.hand.source)
        if history is None:
            self.trial.ask(None, None)
            self.pane.show_nothing()
        elif not self.pane.shows(history):
            self.pane.show_bars(history)
        self.changed.emit()

    def _on_fit(self) -> None:
        history = self.hand.history
        if history is not None:
            self.fits.emit(history.timeframe)
