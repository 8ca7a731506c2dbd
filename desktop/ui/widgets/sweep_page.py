"""Sweeps and walk-forwards: what is tried above, progress, then what came of it."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QCoreApplication, Signal
from PySide6.QtWidgets import QHBoxLayout, QProgressBar, QStackedLayout, QVBoxLayout, QWidget

from desktop.domain.errors import AssayError, FieldError
from desktop.research.api import BacktestDraft, Lab, Work, WorkCancelled
from desktop.research.lab_views import WalkForwardView
from desktop.research.sweep import SweepProgress, SweepResult
from desktop.ui import formats, work
from desktop.ui.guard import guarded
from desktop.ui.theme import ThemeStore
from desktop.ui.widgets.alive import while_alive
from desktop.ui.widgets.elided import QuietLabel
from desktop.ui.widgets.lab_form import BacktestForm
from desktop.ui.widgets.looks import button, label
from desktop.ui.widgets.sweep_inputs import SweepInputs
from desktop.ui.widgets.sweep_invitation import SweepInvitation
from desktop.ui.widgets.sweep_memory import SweepMemory
from desktop.ui.widgets.sweep_outcome import SweepOutcome
from desktop.ui.widgets.sweep_results import figure_text, left_words, parameters_text


def _tr(text: str) -> str:
    return QCoreApplication.translate("Backtest", text)


class SweepPage(QWidget):
    """Tries many values of a strategy's parameters on the prices of the form.

    Signals:
        variant_asked: with the strategy of a variant that is to be run as a backtest.
        edit_asked: with the name of a strategy that is to be opened in the editor.
        done: a sweep or walk-forward has come to its end, or was cancelled; what was tried is on record.
    """

    variant_asked = Signal(object)
    edit_asked = Signal(str)
    done = Signal()

    def __init__(self, lab: Lab, theme: ThemeStore, form: BacktestForm, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._lab, self._form = lab, form
        self._run: Work[Any] | None = None
        self._draft: BacktestDraft | None = None  # that is swept
        self._walking = False  # it is a walk-forward
        self.inputs = SweepInputs()
        self._memory = SweepMemory(theme.preferences)
        self._named = ""  # the strategy that is shown
        self._filling = False  # with suggestions or what was kept: nobody chose it now
        self.outcome = SweepOutcome(theme)
        self.outcome.variant_asked.connect(self.variant_asked)
        self.invitation = SweepInvitation()
        self.invitation.edit_asked.connect(guarded(self._on_edit))
        self._lay_out()
        self.inputs.changed.connect(guarded(self._on_inputs))
        form.strategy_changed.connect(guarded(self._on_strategy))
        self._on_strategy()

    def _lay_out(self) -> None:
        self.count = label("", "muted")
        self.start = button(_tr("Run sweep"), "primary")
        self.stop = button(_tr("Cancel"))
        self.stop.hide()
        self.progress = QProgressBar()
        self.progress.setAccessibleName(_tr("Progress of the sweep"))
        self.progress.setTextVisible(False)
        self.progress.setRange(0, 1000)
        self.now = QuietLabel("caption")  # its text changes while a sweep runs: nothing is to be laid out anew for it
        self.answer = label("", "error", wrap=True)
        self.answer.hide()
        self.start.clicked.connect(guarded(self.run))
        self.stop.clicked.connect(guarded(self.cancel))
        go = QHBoxLayout()
        go.setContentsMargins(10, 4, 10, 4)
        go.setSpacing(10)
        for widget in (self.start, self.stop, self.count):
            go.addWidget(widget)
        go.addWidget(self.progress, 2)
        go.addWidget(self.now, 3)
        self.progress.hide()
        self.answer.setContentsMargins(10, 0, 10, 4)
        self._course = QWidget()
        layout = QVBoxLayout(self._course)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self.inputs)
        layout.addLayout(go)
        layout.addWidget(self.answer)
        layout.addWidget(self.outcome, 1)
        self._stack = QStackedLayout(self)
        self._stack.addWidget(self._course)
        self._stack.addWidget(self.invitation)

    # what is asked ---------------------------------------------------------------------------------------------
    def _on_strategy(self) -> None:
        strategy = self._form.chosen_strategy
        self._filling = True
        self.inputs.show_strategy(strategy)
        if strategy is not None and strategy.name != self._named:
            self._memory.restore(self.inputs, strategy.name)
        self._named = "" if strategy is None else strategy.name
        self._on_inputs()
        self._filling = False
        if strategy is not None and not strategy.parameters and self._run is None:
            self.invitation.show_strategy(strategy)
            self._stack.setCurrentWidget(self.invitation)
        else:
            self._stack.setCurrentWidget(self._course)

    def _on_edit(self) -> None:
        strategy = self._form.chosen_strategy
        if strategy is not None:
            self.edit_asked.emit(strategy.name)

    def _on_inputs(self) -> None:
        self.count.setText(self.inputs.count_words)
        self.start.setEnabled(self.inputs.count is not None)
        self.start.setText(_tr("Run walk-forward") if self.inputs.walks else _tr("Run sweep"))
        if not self._filling and self._named:
            self._memory.keep(self.inputs, self._named)

    def run(self) -> None:
        """Start what is filled in."""
        draft = self._form.draft()
        if draft is None or self._run is not None:
            return
        if not self._form.check():
            self._say(_tr("The form at the left has a mistake."))
            return
        self._say("")
        self._draft = draft
        self._busy(busy=True)
        told = while_alive(self, self._on_progress)
        inputs = self.inputs
        metric, workers, ranges = inputs.ranked_by, int(inputs.workers.currentData()), inputs.ranges.ranges()
        self._walking = inputs.walks
        if self._walking:
            self._run = self._lab.start_walk_forward(
                draft, ranges, inputs.lengths, anchored=inputs.anchored.isChecked(), metric=metric,
                workers=workers, on_progress=told,
            )  # fmt: skip
        else:
            self._run = self._lab.start_sweep(draft, ranges, metric=metric, workers=workers, on_progress=told)
        work.run(
            _result(self._run),
            where="sweep",
            on_refused=while_alive(self, self._on_refused),
            then=while_alive(self, self._on_result),
        )

    def cancel(self) -> None:
        """End what runs."""
        if self._run is not None:
            self._run.cancel()

    def _busy(self, *, busy: bool) -> None:
        had_focus = self.start.hasFocus() or self.stop.hasFocus()
        self.start.setVisible(not busy)
        self.stop.setVisible(busy)
        self.progress.setValue(0)
        self.progress.setVisible(busy)
        self.now.setText(_tr("Reading prices, starting workers…") if busy else "")
        if had_focus:
            (self.stop if busy else self.start).setFocus()

    def _on_progress(self, now: SweepProgress) -> None:
        self.progress.setValue(round(1000 * now.done / max(1, now.total)))
        text = _tr("%1 of %2").replace("%1", formats.number(now.done, 0)).replace("%2", formats.number(now.total, 0))
        if now.left is not None:
            text += f"   {left_words(now.left)}"
        if now.best is not None:
            best = figure_text(now.best, self.inputs.ranked_by, "USD")
            text += f"   {_tr('best')} {best}: {parameters_text(now.best)}"
        self.now.setText(text)

    def _say(self, sentence: str) -> None:
        self.answer.setText(sentence)
        self.answer.setVisible(bool(sentence))

    def _on_refused(self, error: AssayError) -> None:
        self._run = None
        self._busy(busy=False)
        if isinstance(error, WorkCancelled):
            said = _tr("Cancelled. No result is kept.")
            if not self._walking:
                said = _tr("Cancelled. No result is kept; variants that finished count as tried.")
            self.now.setText(said)
            self.done.emit()
        elif isinstance(error, FieldError) and (error.field in self.inputs.ranges.lines or error.field == "ranges"):
            self.inputs.ranges.show_mistake(error.message, "" if error.field == "ranges" else error.field)
        else:
            self._say(str(error))

    def _on_result(self, found: SweepResult | WalkForwardView) -> None:
        self._run = None
        self._busy(busy=False)
        if self._draft is not None:
            self.now.setText(self.outcome.show_result(found, self._draft.strategy))
        self.done.emit()


async def _result(doing: Work[Any]) -> Any:
    return await doing
