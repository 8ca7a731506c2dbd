"""The strategy editor: rules checked while they are typed, seen and tried on a history, saved as versions."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress

from PySide6.QtCore import QCoreApplication, Qt, QTimer
from PySide6.QtGui import QHideEvent, QKeySequence, QResizeEvent, QShortcut, QShowEvent
from PySide6.QtWidgets import QLabel, QSplitter, QVBoxLayout, QWidget

from desktop.domain.errors import AssayError, FieldError
from desktop.domain.strategies import Strategy
from desktop.engine.api import Desk
from desktop.engine.demo import sample_strategies
from desktop.ports import BackgroundJobs
from desktop.ui import work
from desktop.ui.guard import guarded, guarded_override
from desktop.ui.intents import BacktestStrategy, EditStrategy, Intents, NewSession, ShowRuleHelp
from desktop.ui.theme import ThemeStore
from desktop.ui.widgets.alive import while_alive
from desktop.ui.widgets.editor_fields import EditorFields
from desktop.ui.widgets.editor_head import EditorHead
from desktop.ui.widgets.editor_library import EditorLibrary
from desktop.ui.widgets.editor_trial import EditorTrial
from desktop.ui.widgets.looks import label, look
from desktop.ui.widgets.rule_field import Assistance
from desktop.ui.widgets.strategy_drafts import Drafts
from desktop.ui.widgets.strategy_trial import own_jobs

_CHECK_MS = 220
_LITTLE = 300  # pixels of height


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
        self._as_it_came: Strategy | None = None  # a new one that nobody has touched is worth no keeping
        self.fields = EditorFields(theme, provider)
        self.sections, self.form, self.parameters = self.fields.sections, self.fields.form, self.fields.parameters
        self.entry, self.exit = self.fields.entry, self.fields.exit
        self.drafts = Drafts(theme.preferences)
        self.head = EditorHead(desk, theme, sample_strategies, self.drafts)
        self.choice, self.state, self.save = self.head.choice, self.head.state, self.head.save
        self.on_history = EditorTrial(
            desk,
            theme,
            self.head.history,
            make_jobs,
            seen=self.isVisible,
            timeframe=lambda: str(self.form.timeframe.currentData()),
            parent=self,
        )
        self.pane, self.trial, self.hand = self.on_history.pane, self.on_history.trial, self.on_history.hand
        self.library = EditorLibrary(desk, self, now=self.strategy, take=self._take_version, say=self._say)
        self.setFocusProxy(self.entry)
        self._lay_out()
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(_CHECK_MS)
        self._timer.timeout.connect(guarded(self.check))
        self._connect()
        self.on_history.follow_session(intents.session_id)
        self.on_history.restore(self.drafts.source, intents.session_id)
        self._begin()

    # building --------------------------------------------------------------------------------------------------
    def _connect(self) -> None:
        self.fields.edited.connect(self._timer.start)
        self.fields.help_asked.connect(guarded(lambda name: self._intents.ask(ShowRuleHelp(name))))
        head, tried = self.head, self.on_history
        head.choice.chosen.connect(guarded(self._on_chosen))
        head.history.chosen.connect(guarded(self.drafts.keep_source))
        head.history.refused.connect(self._say)
        head.new.clicked.connect(guarded(self._on_new))
        head.load.triggered.connect(guarded(self.library.ask_import))
        head.export.triggered.connect(guarded(lambda: self.library.ask_export(self.form.name.text())))
        head.versions.triggered.connect(guarded(self._on_versions))
        head.test.clicked.connect(guarded(self._on_test))
        head.start.clicked.connect(guarded(self._on_start))
        head.save.clicked.connect(guarded(self._on_save))
        keys = QShortcut(QKeySequence(QKeySequence.StandardKey.Save), self)
        keys.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        keys.activated.connect(head.save.click)
        head.room.clicked.connect(guarded(lambda: self._intents.ask(EditStrategy())))
        self._intents.session_changed.connect(guarded(tried.follow_session))
        tried.changed.connect(guarded(self.check))
        tried.fits.connect(guarded(self._on_fit))
        tried.pane.moment.connect(guarded(lambda: self.fields.explain(self.pane)))

    def _lay_out(self) -> None:
        self.split = QSplitter(Qt.Orientation.Horizontal)
        self.split.setChildrenCollapsible(False)
        self.split.addWidget(self.fields)
        self.split.addWidget(self.pane)
        self.split.setStretchFactor(0, 2)
        self.split.setStretchFactor(1, 3)
        self.split.setSizes([450, 550])
        self.answer: QLabel = label("", "error", wrap=True)
        self.answer.setContentsMargins(10, 0, 10, 4)
        self.answer.hide()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self.head)
        layout.addWidget(self.answer)
        layout.addWidget(self.split, 1)

    def _begin(self) -> None:
        """Open what was left unsaved, else what was chosen last, else the followed session's, else a saved one."""
        edited, row = self.drafts.edited, self._desk.session(self._intents.session_id)
        self.fill_choices()
        if edited is not None:
            self._show_unsaved(edited)
        else:
            kept = self._saved_as(self.drafts.chosen)
            usual = [row.settings.strategy] if row is not None else self._desk.strategies()[:1]
            for strategy in usual if kept is None else [kept]:
                self.show_strategy(strategy)

    # the history -----------------------------------------------------------------------------------------------
    def _on_fit(self, timeframe: str) -> None:
        """Judge the strategy on the timeframe of the history."""
        self.form.timeframe.setCurrentIndex(self.form.timeframe.findData(timeframe))

    @guarded_override()
    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.on_history.look()
        self._timer.start()

    @guarded_override()
    def resizeEvent(self, event: QResizeEvent) -> None:
        """Offer more room where there is little."""
        super().resizeEvent(event)
        self.head.room.setVisible(event.size().height() < _LITTLE)

    @guarded_override()
    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self.trial.rest()  # nothing is tried that nobody sees

    # what is shown ---------------------------------------------------------------------------------------------
    def edit(self, session_id: str = "", name: str = "") -> None:
        """Open the strategy of a session, or a saved one by its name."""
        row = self._desk.session(session_id) if session_id else None
        if row is not None:
            self.on_history.follow_session(session_id)
            self._put_aside(row.settings.strategy)
            self.show_strategy(row.settings.strategy)
        elif name:
            found = self._saved_as(name)
            if found is not None:
                self._put_aside(found)
                self.show_strategy(found)
                self.drafts.keep_chosen(name)
        self.entry.setFocus()

    def fill_choices(self) -> None:
        """List the saved strategies and the samples."""
        self.choice.fill(self._desk.strategies(), self.form.name.text())

    def show_strategy(self, strategy: Strategy) -> None:
        """Fill everything from a strategy that is saved, or that a session runs."""
        self._saved, self._as_it_came = strategy, None
        self.fields.show_strategy(strategy)
        self._turn_to(strategy)
        self.check()

    def _turn_to(self, strategy: Strategy) -> None:
        self.on_history.forget()
        self.choice.show_name(strategy.name)
        self.choice.setToolTip(strategy.description)

    def strategy(self) -> Strategy:
        """Return what is in the fields.

        Raises:
            FieldError: a value that cannot be; names the field.
        """
        return self.fields.strategy()

    def check(self) -> None:
        """Judge rules and fields as they are now, and try them when they are right."""
        self._timer.stop()
        found = self.fields.judge(self._desk)
        self._say(found.elsewhere)
        changed = found.made != self._saved
        self.save.setEnabled(found.ready and changed)
        for control in (self.head.export, self.head.start, self.head.test):
            control.setEnabled(found.ready)
        unsaved = _tr("not saved yet") if self._saved is None else _tr("changed, not saved")
        self.state.setText(unsaved if changed else _tr("saved"))
        look(self.state, tone="warning" if changed else "")
        if found.made is not None:
            self.drafts.keep_edited(found.made if changed and found.made != self._as_it_came else None)
        self.on_history.ask(found.made if found.ready else None)

    def _say(self, sentence: str) -> None:
        self.answer.setText(sentence)
        self.answer.setVisible(bool(sentence))

    def _saved_as(self, name: str) -> Strategy | None:
        return next((item for item in self._desk.strategies() if item.name == name), None)

    def _put_aside(self, instead: Strategy) -> None:
        """Keep what was changed and not saved before another strategy is shown."""
        with suppress(FieldError):  # what is no strategy yet cannot be kept
            now = self.strategy()
            if now not in (self._saved, self._as_it_came, instead):
                self.drafts.put_aside(now)
        self.fill_choices()

    def _show_unsaved(self, strategy: Strategy, as_it_came: Strategy | None = None) -> None:
        """Show a strategy that is not saved as it is; the one that is saved by its name says what has changed."""
        self._saved, self._as_it_came = self._saved_as(strategy.name), as_it_came
        self.fields.show_strategy(strategy)
        self._turn_to(strategy)
        self.fill_choices()
        self.check()

    def _on_chosen(self, strategy: Strategy) -> None:
        """Edit another strategy; what was changed and not saved is kept aside."""
        if self.drafts.aside.get(strategy.name) == strategy:
            self.drafts.forget(strategy.name)
        self._put_aside(strategy)
        self._show_unsaved(strategy)
        self.drafts.keep_chosen(strategy.name)

    # what is done ----------------------------------------------------------------------------------------------
    def _on_new(self) -> None:
        names = {item.name for item in self._desk.strategies()} | set(self.drafts.aside) | {self.form.name.text()}
        number = next(place for place in range(1, 10_000) if f"Strategy {place}" not in names)
        history = self.hand.history
        timeframe = history.timeframe if history is not None else "1h"
        made = Strategy(f"Strategy {number}", timeframe, "rsi(14) < 30", "rsi(14) > 70")
        self._put_aside(made)
        self._show_unsaved(made, as_it_came=made)
        self.form.name.setFocus()
        self.form.name.selectAll()

    def _on_versions(self) -> None:
        self.library.ask_versions(self._saved.name if self._saved is not None else self.form.name.text().strip())

    def _take_version(self, strategy: Strategy) -> None:
        self._put_aside(strategy)
        self._show_unsaved(strategy)

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
        self.drafts.forget(strategy.name)
        self.drafts.keep_chosen(strategy.name)
        self.fill_choices()
        self.check()
        self.state.setText(_tr("saved as version %1").replace("%1", version))

    def _on_refused(self, error: AssayError) -> None:
        self.check()
        self._say(str(error))

    def _on_test(self) -> None:
        source = self.hand.source
        prices = f"series:{source.series_id}" if source.series_id else f"file:{source.path}" if source.path else ""
        self._intents.ask(BacktestStrategy(self.strategy(), prices))

    def _on_start(self) -> None:
        self._intents.ask(NewSession(self.strategy()))
