"""The strategy editor: rules checked while they are typed, seen and tried on a history, saved as versions."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress

from PySide6.QtCore import QCoreApplication, Qt, QTimer
from PySide6.QtGui import QHideEvent, QShowEvent
from PySide6.QtWidgets import QLabel, QSplitter, QVBoxLayout, QWidget

from desktop.domain.errors import AssayError, FieldError
from desktop.domain.strategies import Evaluate, Strategy
from desktop.engine.api import Desk
from desktop.engine.demo import sample_strategies
from desktop.ports import BackgroundJobs
from desktop.rules.nodes import Role
from desktop.ui import work
from desktop.ui.guard import guarded, guarded_override
from desktop.ui.intents import BacktestStrategy, Intents, NewSession
from desktop.ui.theme import ThemeStore
from desktop.ui.widgets.alive import while_alive
from desktop.ui.widgets.choices import chosen
from desktop.ui.widgets.editor_body import EditorBody
from desktop.ui.widgets.editor_head import EditorHead
from desktop.ui.widgets.history_in_hand import HistoryInHand
from desktop.ui.widgets.looks import label, look
from desktop.ui.widgets.rule_field import Assistance, RuleField
from desktop.ui.widgets.rule_section import RuleSection
from desktop.ui.widgets.strategy_files import ask_to_read, ask_to_write, read_strategy, write_strategy
from desktop.ui.widgets.strategy_form import Parameters, StrategyForm
from desktop.ui.widgets.strategy_trial import StrategyTrial, loop_runs, own_jobs
from desktop.ui.widgets.trial_pane import TrialPane

_CHECK_MS = 220


def _tr(text: str) -> str:
    return QCoreApplication.translate("StrategyEditor", text)


class StrategyEditor(QWidget):
    """Edits one strategy; a saved change is a new version, running sessions keep theirs."""

    def __init__(
        self,
        desk: Desk,
        theme: ThemeStore,
        intents: Intents,
        parent: QWidget | None = None,
        *,
        provider: Assistance | None = None,
        make_jobs: Callable[[], BackgroundJobs] = own_jobs,
    ) -> None:
        super().__init__(parent)
        self.setProperty("role", "panel")
        self._desk, self._intents = desk, intents
        self._saved: Strategy | None = None
        self._description = ""
        self.sections = {
            "entry": RuleSection(theme, Role.ENTRY, _tr("Buy when"), _tr("Entry rule"), provider),
            "exit": RuleSection(theme, Role.EXIT, _tr("Sell when"), _tr("Exit rule"), provider),
        }
        self.entry, self.exit = self.sections["entry"].field, self.sections["exit"].field
        self.form, self.parameters = StrategyForm(), Parameters()
        self.head = EditorHead(desk, theme, sample_strategies)
        self.choice, self.state, self.save = self.head.choice, self.head.state, self.head.save
        self.pane = TrialPane(theme)
        self.trial = StrategyTrial(self, make_jobs)
        self.hand = HistoryInHand(desk, self.trial, self.isVisible, self)
        self._lay_out()
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(_CHECK_MS)
        self._timer.timeout.connect(guarded(self.check))
        self._connect()
        self._on_session(intents.session_id)
        self.fill_choices()
        row = desk.session(intents.session_id)
        first = [row.settings.strategy] if row is not None else desk.strategies()[:1]
        for strategy in first:
            self.show_strategy(strategy)

    # building --------------------------------------------------------------------------------------------------
    def _connect(self) -> None:
        for signal in (self.entry.edited, self.exit.edited, self.form.changed, self.parameters.changed):
            signal.connect(self._timer.start)
        head, trial, pane = self.head, self.trial, self.pane
        head.choice.chosen.connect(guarded(self._on_chosen))
        head.history.chosen.connect(guarded(self.hand.take))
        head.history.refused.connect(self._say)
        head.new.clicked.connect(guarded(self._on_new))
        head.load.triggered.connect(guarded(self._on_import))
        head.export.triggered.connect(guarded(self._on_export))
        head.test.clicked.connect(guarded(self._on_test))
        head.start.clicked.connect(guarded(self._on_start))
        head.save.clicked.connect(guarded(self._on_save))
        self.hand.changed.connect(guarded(self._on_history))
        self.hand.refused.connect(guarded(lambda text: pane.show_nothing(text, bad=True)))
        self._intents.session_changed.connect(guarded(self._on_session))
        trial.began.connect(guarded(pane.show_busy))
        trial.looked.connect(guarded(pane.show_looked))
        trial.tested.connect(guarded(pane.show_tested))
        trial.refused.connect(guarded(lambda text: pane.show_refused(text, str(self.form.timeframe.currentData()))))
        pane.strip.fit.clicked.connect(guarded(self._on_fit))
        pane.moment.connect(guarded(self._explain))

    def _lay_out(self) -> None:
        rules = QWidget()
        column = QVBoxLayout(rules)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(3)
        for section in self.sections.values():
            column.addWidget(section)
        self.body = EditorBody(rules, self.form, self.parameters)
        self.split = QSplitter(Qt.Orientation.Horizontal)
        self.split.setChildrenCollapsible(False)
        self.split.addWidget(self.body)
        self.split.addWidget(self.pane)
        self.split.setStretchFactor(0, 1)
        self.split.setStretchFactor(1, 1)
        self.split.setSizes([500, 500])
        self.answer: QLabel = label("", "error", wrap=True)
        self.answer.setContentsMargins(10, 0, 10, 4)
        self.answer.hide()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self.head)
        layout.addWidget(self.answer)
        layout.addWidget(self.split, 1)

    # the history -----------------------------------------------------------------------------------------------
    def _on_session(self, session_id: str) -> None:
        """Follow the session that everyone follows; a series or file that was chosen stays."""
        self.hand.follow_session(session_id)
        self.head.history.choose(self.hand.source)

    def _on_history(self) -> None:
        history = self.hand.history
        self.head.history.choose(self.hand.source)
        if history is None:
            self.trial.ask(None, None)
            self.pane.show_nothing()
        elif not self.pane.shows(history):
            self.pane.show_bars(history)
        self.check()

    def _on_fit(self) -> None:
        """Judge the strategy on the timeframe of the history."""
        history = self.hand.history
        if history is not None:
            self.form.timeframe.setCurrentIndex(self.form.timeframe.findData(history.timeframe))

    def _explain(self) -> None:
        for name, section in self.sections.items():
            found = self.pane.explained(name)
            section.show_moment("", None) if found is None else section.show_moment(*found)

    @guarded_override()
    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if loop_runs():
            self.head.history.ask_for_series()
        self.hand.refresh()
        self._timer.start()

    @guarded_override()
    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self.trial.rest()  # nothing is tried that nobody sees

    # what is shown ---------------------------------------------------------------------------------------------
    def edit(self, session_id: str = "", name: str = "") -> None:
        """Open the strategy of a session, or a saved one by its name."""
        row = self._desk.session(session_id) if session_id else None
        if row is not None:
            self._on_session(session_id)
            self.show_strategy(row.settings.strategy)
        elif name:
            found = next((item for item in self._desk.strategies() if item.name == name), None)
            if found is not None:
                self.show_strategy(found)
        self.entry.setFocus()

    def fill_choices(self) -> None:
        """List the saved strategies and the samples."""
        self.choice.fill(self._desk.strategies(), self.form.name.text())

    def show_strategy(self, strategy: Strategy) -> None:
        """Fill everything from a strategy."""
        self._saved, self._description = strategy, strategy.description
        self.form.show_strategy(strategy)
        self.parameters.show_values(strategy.parameters)
        self.entry.setPlainText(strategy.entry)
        self.exit.setPlainText(strategy.exit)
        self.choice.show_name(strategy.name)
        self.choice.setToolTip(strategy.description)
        self.check()

    def strategy(self) -> Strategy:
        """Return what is in the fields.

        Raises:
            FieldError: a value that cannot be; names the field.
        """
        return self.form.strategy(
            entry=self.entry.text.strip(),
            leave=self.exit.text.strip(),
            parameters=self.parameters.values(),
            description=self._description,
        )

    def check(self) -> None:
        """Judge rules and fields as they are now, and try them when they are right."""
        self._timer.stop()
        parameters = self.parameters.values()
        for field in (self.entry, self.exit):
            if tuple(parameters) != field.parameters:
                field.set_parameters(parameters)
        right = all([self._check_rule("entry", self.entry), self._check_rule("exit", self.exit)])
        found = self.form.mistakes()
        try:
            made: Strategy | None = self.strategy()
        except FieldError as error:
            made = None
            found.setdefault(error.field, error.message)
        self.form.rows.show_mistakes(found)
        elsewhere = [
            text for name, text in found.items() if name not in self.form.rows.fields and name not in ("entry", "exit")
        ]
        self._say(self.parameters.mistake() or " ".join(elsewhere))
        changed = made != self._saved
        ready = right and made is not None and not self.parameters.mistake() and not found
        self.save.setEnabled(ready and changed)
        self.head.export.setEnabled(ready)
        self.head.start.setEnabled(ready)
        self.head.test.setEnabled(ready)
        self.state.setText(_tr("changed, not saved") if changed else _tr("saved"))
        look(self.state, tone="warning" if changed else "")
        if self.isVisible():
            self.trial.ask(made if ready else None, self.hand.history)
        if not ready:
            self.pane.show_waiting()

    def _check_rule(self, name: str, field: RuleField) -> bool:
        found = self._desk.check_rule(
            field.text,
            role=name,
            parameters=self.parameters.values(),
            timeframe=str(self.form.timeframe.currentData()),
            on_quotes=chosen(self.form.evaluate, Evaluate) is Evaluate.QUOTE,
        )
        self.sections[name].show_check(found)
        return found.ok

    def _say(self, sentence: str) -> None:
        self.answer.setText(sentence)
        self.answer.setVisible(bool(sentence))

    def _on_chosen(self, strategy: Strategy) -> None:
        """Edit another strategy; what was changed and not saved is kept aside."""
        with suppress(FieldError):  # what is no strategy yet cannot be kept
            now = self.strategy()
            if now not in (self._saved, strategy):
                self.choice.put_aside(now)
        self.choice.forget(strategy.name)
        self.show_strategy(strategy)
        self._saved = next((item for item in self._desk.strategies() if item.name == strategy.name), None)
        self.fill_choices()
        self.check()

    # what is done ----------------------------------------------------------------------------------------------
    def _on_new(self) -> None:
        names = {item.name for item in self._desk.strategies()}
        number = next(place for place in range(1, 10_000) if f"Strategy {place}" not in names)
        history = self.hand.history
        timeframe = history.timeframe if history is not None else "1h"
        self.show_strategy(Strategy(f"Strategy {number}", timeframe, "rsi(14) < 30", "rsi(14) > 70"))
        self._saved = None
        self.check()
        self.form.name.setFocus()
        self.form.name.selectAll()

    def _on_save(self) -> None:
        strategy = self.strategy()
        self.save.setEnabled(False)
        work.run(
            self._desk.save_strategy(strategy),
            where="save strategy",
            on_refused=while_alive(self, self._on_refused),
            then=while_alive(self, lambda version: self._on_saved(strategy, str(version))),
        )

    def _on_saved(self, strategy: Strategy, version: str) -> None:
        self._saved = strategy
        self.choice.forget(strategy.name)
        self.fill_choices()
        self.check()
        self.state.setText(_tr("saved as version %1").replace("%1", version))

    def _on_refused(self, error: AssayError) -> None:
        self.check()
        self._say(str(error))

    def _on_test(self) -> None:
        self._intents.ask(BacktestStrategy(self.strategy()))

    def _on_start(self) -> None:
        self._intents.ask(NewSession(self.strategy()))

    def _on_import(self) -> None:
        ask_to_read(self, self.import_file)

    def import_file(self, path: str) -> None:
        """Read a strategy file into the fields; nothing is saved yet."""
        try:
            strategy = read_strategy(path)
        except AssayError as error:
            self._say(str(error))
            return
        self.show_strategy(strategy)
        self._saved = None
        self.check()

    def _on_export(self) -> None:
        ask_to_write(self, self.form.name.text(), self.export_file)

    def export_file(self, path: str) -> None:
        """Write the strategy as a text file."""
        try:
            write_strategy(path, self.strategy())
        except AssayError as error:
            self._say(str(error))
