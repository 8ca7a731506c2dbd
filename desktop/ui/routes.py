"""Where intents lead: the dialog or panel that answers each. Imported after the first paint, dialog by dialog."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from typing import Any

from PySide6.QtWidgets import QWidget

from desktop.engine.api import Desk
from desktop.ports.brokers import AccountKeeper
from desktop.ui import intents, work
from desktop.ui.dialogs.closing import StopDialog, left_of
from desktop.ui.live_words import is_live
from desktop.ui.theme import ThemeStore

#: Intent -> (module, function that opens the dialog); the fields of the intent are its keyword arguments.
DIALOGS: dict[type, tuple[str, str]] = {
    intents.NewSession: ("new_session", "open_new_session"),
    intents.OpenTicket: ("order_ticket", "open_order_ticket"),
    intents.CloseTicket: ("close_ticket", "open_close_ticket"),
    intents.EditTriggers: ("edit_triggers", "open_edit_triggers"),
    intents.EditOrder: ("edit_order", "open_edit_order"),
    intents.ShowWhy: ("why", "open_why"),
    intents.EditLimits: ("limits", "open_limits"),
    intents.ManageAccounts: ("broker_accounts", "open_broker_accounts"),
    intents.ArmSession: ("arm_live", "open_arm"),
    intents.SetAccountLimits: ("account_limits", "open_account_limits"),
    intents.Adopt: ("differences", "open_adopt"),
    intents.Ignore: ("differences", "open_ignore"),
    intents.DeclareLost: ("differences", "open_declare_lost"),
    intents.ImportHistory: ("import_history", "open_import_history"),
    intents.DownloadHistory: ("download_history", "open_download_history"),
    intents.ShowStored: ("history_chart", "open_history_chart"),
    intents.ShowGaps: ("history_gaps", "open_history_gaps"),
    intents.DecideSplits: ("decide_splits", "open_decide_splits"),
    intents.ShowRuleHelp: ("rule_reference", "open_rule_reference"),
}
#: Dialogs that are given the keeper of the accounts at brokers too.
WITH_ACCOUNTS = frozenset({intents.NewSession, intents.ManageAccounts})
#: Intent -> (dock, method of its panel); the fields of the intent are its arguments, in their order.
PANELS: dict[type, tuple[str, str]] = {
    intents.ShowChart: ("chart", "show_symbol"),
    intents.ShowSignal: ("signal-history", "show_signal"),
    intents.ShowOrder: ("orders", "show_order"),
    intents.ShowAudit: ("audit", "show_records"),
    intents.EditStrategy: ("editor", "edit"),
    intents.BacktestStrategy: ("backtest", "test"),
}


class Routes:
    """Answers intents for one window."""

    def __init__(
        self,
        desk: Desk,
        theme: ThemeStore,
        window: QWidget,
        *,
        panel: Callable[[str], Any],
        show_help: Callable[[str], None],
        follow: Callable[[str], None],
        keeper: AccountKeeper | None = None,
    ) -> None:
        """`panel`: brings a dock to the front and returns its panel (None: it could not be opened).

        `keeper` manages the accounts at brokers; None: this program was opened without them.
        """
        self._desk, self._theme, self._window = desk, theme, window
        self._panel, self._help, self._follow, self._keeper = panel, show_help, follow, keeper

    def go(self, intent: intents.Intent) -> None:
        """Answer an intent."""
        if type(intent) in DIALOGS:
            self._open(intent)
        elif isinstance(intent, intents.StopSession):
            self._ask_stop(intent.session_id)
        elif isinstance(intent, intents.SelectSession):
            self._follow(intent.session_id)
        elif isinstance(intent, intents.ShowHelp):
            self._help(intent.topic)
        else:
            self._show(intent)

    def _open(self, intent: intents.Intent) -> None:
        module, function = DIALOGS[type(intent)]
        opener = getattr(import_module(f"desktop.ui.dialogs.{module}"), function)
        fields: dict[str, Any] = {name: getattr(intent, name) for name in intent.__slots__}
        if type(intent) in WITH_ACCOUNTS:
            fields["keeper"] = self._keeper
        dialog = opener(self._desk, self._theme, self._window, **fields)
        created = getattr(dialog, "created", None)
        if created is not None:
            created.connect(self._follow)  # what was just made is what one wants to see

    def _show(self, intent: intents.Intent) -> None:
        dock, method = PANELS[type(intent)]
        if isinstance(intent, intents.ShowChart):
            self._follow(intent.session_id)
        panel = self._panel(dock)
        if panel is not None:
            getattr(panel, method)(*(getattr(intent, name) for name in intent.__slots__))

    def _ask_stop(self, session_id: str) -> None:
        row = self._desk.session(session_id)
        if row is None:
            return
        dialog = StopDialog(
            row.settings.name,
            lambda choice: work.run(self._desk.stop_session(session_id, choice), where="stop"),
            self._window,
            live=left_of(self._desk, [row] if is_live(row.settings) else []),
            positions=row.positions,
        )
        dialog.open()
