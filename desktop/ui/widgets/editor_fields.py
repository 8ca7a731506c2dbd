"""The fields of the editor: rules, settings and parameters; the strategy they hold, and what is wrong with it."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QCoreApplication, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from desktop.domain.errors import FieldError
from desktop.domain.parameters import in_rule_order
from desktop.domain.strategies import Evaluate, Strategy
from desktop.engine.api import Desk
from desktop.rules.nodes import Role
from desktop.ui.theme import ThemeStore
from desktop.ui.widgets.choices import chosen
from desktop.ui.widgets.editor_body import EditorBody
from desktop.ui.widgets.rule_field import Assistance, RuleField
from desktop.ui.widgets.rule_section import RuleSection
from desktop.ui.widgets.strategy_form import Parameters, StrategyForm
from desktop.ui.widgets.trial_pane import TrialPane


def _tr(text: str) -> str:
    return QCoreApplication.translate("StrategyEditor", text)


@dataclass(frozen=True, slots=True)
class Judged:
    """What the fields hold.

    Attributes:
        made: The strategy; None: a value cannot be.
        ready: Whether it could trade: every rule and every value is right.
        elsewhere: Mistakes that no field shows itself.
    """

    made: Strategy | None
    ready: bool
    elsewhere: str


class EditorFields(EditorBody):
    """Scrolls downwards where there is little room.

    Signals:
        edited: after each change, by anyone.
        help_asked: what a name in a rule means is wanted; empty: what there is.
    """

    edited = Signal()
    help_asked = Signal(str)

    def __init__(self, theme: ThemeStore, provider: Assistance | None = None) -> None:
        self.sections = {
            "entry": RuleSection(theme, Role.ENTRY, _tr("Buy when"), _tr("Entry rule"), provider),
            "exit": RuleSection(theme, Role.EXIT, _tr("Sell when"), _tr("Exit rule"), provider),
        }
        self.entry, self.exit = self.sections["entry"].field, self.sections["exit"].field
        self.form, self.parameters = StrategyForm(), Parameters()
        self._description = ""
        rules = QWidget()
        column = QVBoxLayout(rules)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(3)
        for section in self.sections.values():
            column.addWidget(section)
        super().__init__(rules, self.form, self.parameters)
        for section in self.sections.values():
            section.help_asked.connect(self.help_asked)
        for signal in (self.entry.edited, self.exit.edited, self.form.changed, self.parameters.changed):
            signal.connect(self.edited)

    def show_strategy(self, strategy: Strategy) -> None:
        """Fill everything from a strategy."""
        self._description = strategy.description
        self.form.show_strategy(strategy)
        self.parameters.show_values(in_rule_order(strategy))
        self.entry.setPlainText(strategy.entry)
        self.exit.setPlainText(strategy.exit)

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

    def judge(self, desk: Desk) -> Judged:
        """Judge rules and fields as they are now, and show every mistake at its place."""
        parameters = self.parameters.values()
        for field in (self.entry, self.exit):
            if tuple(parameters) != field.parameters:
                field.set_parameters(parameters)
        right = all([self._check_rule(desk, "entry", self.entry), self._check_rule(desk, "exit", self.exit)])
        found = self.form.mistakes()
        try:
            made: Strategy | None = self.strategy()
        except FieldError as error:
            made = None
            found.setdefault(error.field, error.message)
        self.form.rows.show_mistakes(found)
        unshown = [name for name in found if name not in self.form.rows.fields and name not in self.sections]
        elsewhere = self.parameters.mistake() or " ".join(found[name] for name in unshown)
        return Judged(made, right and made is not None and not self.parameters.mistake() and not found, elsewhere)

    def _check_rule(self, desk: Desk, name: str, field: RuleField) -> bool:
        found = desk.check_rule(
            field.text,
            role=name,
            parameters=self.parameters.values(),
            timeframe=str(self.form.timeframe.currentData()),
            on_quotes=chosen(self.form.evaluate, Evaluate) is Evaluate.QUOTE,
        )
        self.sections[name].show_check(found)
        return found.ok

    def explain(self, pane: TrialPane) -> None:
        """Show under each rule what it said at the bar that the pane points at."""
        for name, section in self.sections.items():
            found = pane.explained(name)
            section.show_moment("", None) if found is None else section.show_moment(*found)
