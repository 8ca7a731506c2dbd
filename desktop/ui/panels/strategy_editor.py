"""The strategy editor: rules checked while they are typed, judged on a running session's symbol, saved as versions."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, QTimer
from PySide6.QtWidgets import (
    QComboBox,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from desktop.domain.errors import AssayError, FieldError
from desktop.domain.strategies import Evaluate, Strategy
from desktop.engine.api import Desk
from desktop.rules.nodes import Role
from desktop.ui import work
from desktop.ui.guard import guarded
from desktop.ui.intents import Intents, NewSession
from desktop.ui.theme import ThemeStore
from desktop.ui.widgets.alive import while_alive
from desktop.ui.widgets.choices import chosen
from desktop.ui.widgets.looks import button, label, look
from desktop.ui.widgets.rule_field import Assistance, RuleField
from desktop.ui.widgets.rule_section import RuleSection
from desktop.ui.widgets.strategy_files import ask_to_read, ask_to_write, read_strategy, write_strategy
from desktop.ui.widgets.strategy_form import Parameters, StrategyForm

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
    ) -> None:
        super().__init__(parent)
        self.setProperty("role", "panel")
        self._desk, self._intents = desk, intents
        self._saved: Strategy | None = None
        self._description = ""
        self._session_id = self._symbol = ""
        self.sections = {
            "entry": RuleSection(theme, Role.ENTRY, _tr("Buy when"), _tr("Entry rule"), provider),
            "exit": RuleSection(theme, Role.EXIT, _tr("Sell when"), _tr("Exit rule"), provider),
        }
        self.entry, self.exit = self.sections["entry"].field, self.sections["exit"].field
        self.form, self.parameters = StrategyForm(), Parameters()
        self._head()
        self._lay_out()
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(_CHECK_MS)
        self._timer.timeout.connect(guarded(self.check))
        for signal in (self.entry.edited, self.exit.edited, self.form.changed, self.parameters.changed):
            signal.connect(self._timer.start)
        intents.session_changed.connect(self._on_session)
        self._on_session(intents.session_id)
        self.fill_choices()
        strategies = desk.strategies()
        if strategies:
            self.show_strategy(strategies[0])

    # building --------------------------------------------------------------------------------------------------
    def _head(self) -> None:
        self.choice = QComboBox()
        self.choice.setAccessibleName(_tr("Strategy to edit"))
        self.choice.setMinimumWidth(150)
        self.on = QComboBox()
        self.on.setAccessibleName(_tr("Symbol the rules are judged on"))
        self.on.setMinimumWidth(90)
        self.state = label("", "muted")
        self.new = button(_tr("New"))
        self.load = button(_tr("Import…"))
        self.export = button(_tr("Export…"))
        self.start = button(_tr("New session…"))
        self.save = button(_tr("Save version"), "primary")
        self.choice.activated.connect(guarded(self._on_choice))
        self.on.activated.connect(guarded(self._on_symbol))
        self.new.clicked.connect(guarded(self._on_new))
        self.load.clicked.connect(guarded(self._on_import))
        self.export.clicked.connect(guarded(self._on_export))
        self.start.clicked.connect(guarded(self._on_start))
        self.save.clicked.connect(guarded(self._on_save))

    def _lay_out(self) -> None:
        head = QHBoxLayout()
        head.setContentsMargins(8, 6, 8, 4)
        head.setSpacing(6)
        head.addWidget(self.choice)
        head.addWidget(self.new)
        head.addWidget(self.state, 1)
        for widget in (label(_tr("Now on"), "muted"), self.on, self.load, self.export, self.start, self.save):
            head.addWidget(widget)
        rules = QVBoxLayout()
        rules.setSpacing(3)
        for section in self.sections.values():
            rules.addWidget(section)
        rules.addStretch(1)
        side = QVBoxLayout()
        side.addWidget(self.form)
        side.addStretch(1)
        grid = QGridLayout()
        grid.setContentsMargins(10, 2, 10, 8)
        grid.setHorizontalSpacing(18)
        grid.addLayout(rules, 0, 0)
        grid.addLayout(side, 0, 1)
        grid.addWidget(self.parameters, 0, 2)
        for column, share in enumerate((5, 3, 2)):
            grid.setColumnStretch(column, share)
        body = QWidget()
        body.setLayout(grid)
        area = QScrollArea()
        area.setWidgetResizable(True)
        area.setWidget(body)
        self.answer: QLabel = label("", "error", wrap=True)
        self.answer.setContentsMargins(10, 0, 10, 4)
        self.answer.hide()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addLayout(head)
        layout.addWidget(self.answer)
        layout.addWidget(area, 1)

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
        self.choice.clear()
        for item in self._desk.strategies():
            self.choice.addItem(item.name, item)
        self.choice.setCurrentIndex(self.choice.findText(self.form.name.text()))

    def show_strategy(self, strategy: Strategy) -> None:
        """Fill everything from a strategy."""
        self._saved, self._description = strategy, strategy.description
        self.form.show_strategy(strategy)
        self.parameters.show_values(strategy.parameters)
        self.entry.setPlainText(strategy.entry)
        self.exit.setPlainText(strategy.exit)
        self.choice.setCurrentIndex(self.choice.findText(strategy.name))
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

    def _on_session(self, session_id: str) -> None:
        row = self._desk.session(session_id) if session_id else None
        self._session_id = session_id if row is not None else ""
        self.on.clear()
        for item in row.settings.instruments if row is not None else ():
            self.on.addItem(item.symbol)
        self._symbol = self.on.currentText()
        self.on.setEnabled(row is not None)
        self.check()

    def _on_symbol(self) -> None:
        self._symbol = self.on.currentText()
        self.check()

    def _on_choice(self) -> None:
        chosen = self.choice.currentData()
        if isinstance(chosen, Strategy):
            self.show_strategy(chosen)

    def check(self) -> None:
        """Judge rules and fields as they are now."""
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
        self.export.setEnabled(ready)
        self.start.setEnabled(ready)
        self.state.setText(_tr("changed, not saved") if changed else _tr("saved"))
        look(self.state, tone="warning" if changed else "")

    def _check_rule(self, name: str, field: RuleField) -> bool:
        found = self._desk.check_rule(
            field.text,
            role=name,
            parameters=self.parameters.values(),
            timeframe=str(self.form.timeframe.currentData()),
            session_id=self._session_id,
            symbol=self._symbol,
            on_quotes=chosen(self.form.evaluate, Evaluate) is Evaluate.QUOTE,
        )
        self.sections[name].show_check(found, self._symbol)
        return found.ok

    def _say(self, sentence: str) -> None:
        self.answer.setText(sentence)
        self.answer.setVisible(bool(sentence))

    # what is done ----------------------------------------------------------------------------------------------
    def _on_new(self) -> None:
        names = {item.name for item in self._desk.strategies()}
        number = next(place for place in range(1, 10_000) if f"Strategy {place}" not in names)
        self.show_strategy(Strategy(f"Strategy {number}", "1h", "rsi(14) < 30", "rsi(14) > 70"))
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
        self.fill_choices()
        self.check()
        self.state.setText(_tr("saved as version %1").replace("%1", version))

    def _on_refused(self, error: AssayError) -> None:
        self.check()
        self._say(str(error))

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
