"""The strategy on a history: its bars, indicators and signals, and the figures of the quick test above them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QStackedLayout, QVBoxLayout, QWidget

from desktop.domain.market import timeframe_us
from desktop.engine.views import ChartView
from desktop.rules.columns import Columns
from desktop.rules.explain import Explanation
from desktop.ui.charts.history_canvas import HistoryCanvas
from desktop.ui.charts.pane import clock_text, day_text
from desktop.ui.charts.signal_marks import Fills, Runs
from desktop.ui.guard import guarded, guarded_override
from desktop.ui.theme import ThemeStore
from desktop.ui.widgets.looks import label
from desktop.ui.widgets.quick_strip import QuickStrip

if TYPE_CHECKING:
    from desktop.engine.preview import RuleOnHistory, StrategyOnHistory
    from desktop.research.quick_test import QuickResult
    from desktop.ui.widgets.histories import History


def _tr(text: str) -> str:
    return QCoreApplication.translate("StrategyEditor", text)


_LOW = 190  # pixels of height


class TrialPane(QWidget):
    """Shows what a `StrategyTrial` found.

    Signals:
        moment: the rules are to be explained anew: another bar, or other results.
    """

    moment = Signal()

    def __init__(self, theme: ThemeStore) -> None:
        super().__init__()
        self.strip = QuickStrip(theme)
        self.canvas = HistoryCanvas(theme)
        self.empty = label("", "muted", wrap=True)
        self.empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.empty.setContentsMargins(24, 0, 24, 0)
        body = QWidget()
        self._stack = QStackedLayout(body)
        self._stack.addWidget(self.canvas)
        self._stack.addWidget(self.empty)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(2)
        layout.addWidget(self.strip)
        layout.addWidget(body, 1)
        self._history: History | None = None
        self._found: StrategyOnHistory | None = None
        self._result: QuickResult | None = None
        self._bars: Columns | None = None
        self._bar = -1  # pointed at
        self.canvas.pointed.connect(self._on_pointed)
        self.strip.before.clicked.connect(guarded(lambda: self.canvas.go_to_signal(forward=False)))
        self.strip.after.clicked.connect(guarded(lambda: self.canvas.go_to_signal(forward=True)))
        self.show_nothing()

    @guarded_override()
    def resizeEvent(self, event: QResizeEvent) -> None:
        """Leave the height to the chart where there is little."""
        super().resizeEvent(event)
        self.strip.be_compact(event.size().height() < _LOW)

    # what is shown ---------------------------------------------------------------------------------------------
    def show_nothing(self, sentence: str = "", *, bad: bool = False) -> None:
        """Show no history, and say why."""
        self._history = self._found = self._result = self._bars = None
        self.strip.offer("")
        self.canvas.show_history(None)
        self.strip.offer_steps(there=False)
        self.empty.setText(
            sentence or _tr("Choose a history above: a session's symbol, a stored series or a file of bars.")
        )
        self._stack.setCurrentWidget(self.empty)
        self.strip.forget()
        self.strip.say(sentence, bad=bad)
        self.moment.emit()

    def shows(self, history: History) -> bool:
        """Return whether an earlier state of this history is shown: it stays until more of it is known."""
        return self._history is not None and self._history.source == history.source and len(history.bars) > 0

    def show_bars(self, history: History) -> None:
        """Show a history's bars at once; the rest follows."""
        if not len(history.bars):
            self.show_nothing(_tr("No bar of this history has closed yet."))
            return
        self._history, self._found, self._result, self._bars = history, None, None, history.bars
        self._show(history.bars, history.timeframe)
        self.moment.emit()

    def show_looked(self, history: History, found: StrategyOnHistory) -> None:
        """Show indicators and signals of the rules."""
        self._history, self._found = history, found
        self.strip.offer("")
        self._bars = history.bars if found.bars is None else found.bars
        self._show(self._bars, found.entry.rule.timeframe)
        self.moment.emit()

    def show_tested(self, history: History, result: QuickResult) -> None:
        """Show the figures and trades of a quick test."""
        self._result = result
        fills = result.fills
        self.canvas.show_fills(Fills(fills.bar, fills.price, fills.buys))
        self.strip.offer_steps(there=len(self.canvas.signals()) > 0)
        self.strip.show_result(result, history.title)
        if history.warning:
            self.strip.say(f"{history.warning} {self.strip.about.text()}", bad=True)
        self.moment.emit()

    def forget(self) -> None:
        """Show the bars alone: another strategy was opened, and what is seen is not of it."""
        self._found = self._result = None
        history = self._history
        self.strip.offer("")
        self.strip.forget()
        self.strip.say("")
        if history is not None and len(history.bars):
            self._bars = history.bars
            self._show(history.bars, history.timeframe)
        self.canvas.show_fills(None)
        self.moment.emit()

    def show_busy(self) -> None:
        """Show that what is seen is older than what was typed."""
        self.strip.say("")  # a refusal was of what stood there before
        self.strip.age(_tr("Testing…"))

    def show_waiting(self) -> None:
        """Show that the strategy cannot be tried as it is; what is seen was before the mistake."""
        self.strip.age(_tr("before the mistake") if self._result is not None else "")

    def show_refused(self, sentence: str, timeframe: str) -> None:
        """Say why there is no result on the strategy's timeframe; the bars stay."""
        self._found = self._result = None
        history = self._history
        fits = history is None or timeframe_us(timeframe) % timeframe_us(history.timeframe) == 0
        self.strip.offer("" if fits or history is None else history.timeframe)
        if history is not None and len(history.bars):
            self._show(history.bars, history.timeframe)
        self.canvas.show_fills(None)
        self.strip.forget()
        self.strip.say(sentence, bad=True)
        self.moment.emit()

    def _show(self, bars: Columns, timeframe: str) -> None:
        history, found = self._history, self._found
        if history is None:
            return
        view = ChartView(
            session_id=f"{history.source}/{timeframe}",
            instrument=history.instrument,
            timeframe=timeframe,
            bars=bars,
            forming=None,
            indicators=found.indicators if found is not None else (),
            fills=(),
            triggers=(),
            position=None,
            working=(),
        )
        entry = _runs(found.entry) if found is not None else None
        leave = _runs(found.exit) if found is not None and found.exit is not None else None
        self._stack.setCurrentWidget(self.canvas)
        self.canvas.show_history(view, entry, leave)
        self.strip.offer_steps(there=len(self.canvas.signals()) > 0)

    # the rules at a bar ----------------------------------------------------------------------------------------
    def explained(self, name: str) -> tuple[str, Explanation] | None:
        """Return the moment in words and what a rule ("entry", "exit") said then; None: not known."""
        found, bars = self._found, self._bars
        if found is None or bars is None or not len(bars):
            return None
        rule = found.entry if name == "entry" else found.exit
        if rule is None:
            return None
        index = self._bar if 0 <= self._bar < len(bars) else len(bars) - 1
        if not rule.rule.uses_position or self._result is None:
            return self._moment(bars, index), rule.explain(index)
        return self._moment(bars, index), rule.explain(index, self._result.holdings.at(index, bars))

    def _moment(self, bars: Columns, index: int) -> str:
        symbol = self._history.instrument.symbol if self._history is not None else ""
        if index == len(bars) - 1 and self._bar < 0:
            return _tr("%1, last bar").replace("%1", symbol)
        at = int(bars.start[index])
        return f"{symbol}, {day_text(at)} {clock_text(at)}"

    def _on_pointed(self, index: int) -> None:
        self._bar = index
        self.moment.emit()


def _runs(rule: RuleOnHistory) -> Runs | None:
    return None if rule.rule.uses_position else Runs(rule.begins, rule.lengths)
