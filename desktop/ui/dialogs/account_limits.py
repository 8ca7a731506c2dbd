"""The limits of a whole account, over all its sessions, changed on record."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QWidget

from desktop.domain.accounts import AccountLimits
from desktop.domain.errors import AssayError, NotFound
from desktop.domain.money import HUNDRED, ZERO
from desktop.engine.api import Desk
from desktop.engine.views import AccountView
from desktop.ui import words, work
from desktop.ui.dialogs.form import FormDialog, Rows
from desktop.ui.guard import guarded
from desktop.ui.theme import ThemeStore
from desktop.ui.widgets.alive import while_alive
from desktop.ui.widgets.amount_field import AmountField
from desktop.ui.widgets.looks import button, label, look

_PERCENT = ("max_allocation", "max_daily_loss")


def _tr(text: str) -> str:
    return QCoreApplication.translate("AccountLimits", text)


class AccountLimitsDialog(FormDialog):
    """Checked for every entry of every session on the account, together with the session's own limits."""

    def __init__(self, desk: Desk, parent: QWidget, view: AccountView) -> None:
        super().__init__(_tr("Limits of %1").replace("%1", view.key), parent, width=460)
        self._desk, self._key, self._before = desk, view.key, view.limits
        stake = words.stake(real_money=view.real_money)
        self.badge.setText(words.badge_full(stake))
        look(self.badge, mode=stake)
        self.badge.show()
        text = _tr(
            "They hold for all sessions on the account together, at once and on record. An empty field is switched off."
        )
        self.outer.addWidget(label(text, "muted", wrap=True))
        currency = view.info.currency if view.info is not None else ""
        equity = _tr("% of the account's equity")
        self.rows, self.fields = Rows(), {}
        for name, title, unit in (
            ("max_allocation", _tr("Total allocation"), equity),
            ("max_daily_loss", _tr("Daily loss"), _tr("% of the equity at the last close")),
            ("max_order_value", _tr("Order value"), currency),
            ("max_positions", _tr("Positions"), _tr("at most")),
        ):
            value = getattr(view.limits, name)
            field = AmountField(title, Decimal(value) if value is not None else None, step=Decimal(1))
            field.setPlaceholderText(_tr("off"))
            field.setMaximumWidth(110)
            field.edited.connect(guarded(self._refresh))
            hint = label(unit, "caption")
            hint.setMinimumWidth(190)
            self.rows.put(name, title, field, hint)
            self.fields[name] = field
        self.outer.addLayout(self.rows)
        self.save = button(_tr("Set limits"), "primary")
        self.save.clicked.connect(guarded(self._on_save))
        self.finish(self.save)

    def mistakes(self) -> dict[str, str]:
        """Return what cannot be a limit, by field."""
        found: dict[str, str] = {}
        for name, field in self.fields.items():
            value = field.value
            if field.wrong or (value is not None and value <= ZERO):
                found[name] = _tr("A number above zero, or empty for off.")
            elif value is not None and name in _PERCENT and value > HUNDRED:
                found[name] = _tr("At most 100 %; empty for off.")
            elif value is not None and name == "max_positions" and value != value.to_integral_value():
                found[name] = _tr("A whole number is needed.")
        return found

    def limits(self) -> AccountLimits:
        """Return the limits of fields without mistakes."""
        count = self.fields["max_positions"].value
        return replace(
            self._before,
            max_allocation=self.fields["max_allocation"].value,
            max_order_value=self.fields["max_order_value"].value,
            max_daily_loss=self.fields["max_daily_loss"].value,
            max_positions=int(count) if count is not None else None,
        )

    def _refresh(self) -> None:
        found = self.mistakes()
        self.rows.show_mistakes(found)
        self.save.setEnabled(not found)

    def _on_save(self) -> None:
        self.save.setEnabled(False)
        work.run(
            self._desk.set_account_limits(self._key, self.limits()),
            where="account limits",
            on_refused=while_alive(self, self._on_refused),
            then=while_alive(self, lambda _: self.close()),
        )

    def _on_refused(self, error: AssayError) -> None:
        self._refresh()
        self.refuse(str(error))


def open_account_limits(
    desk: Desk,
    theme: ThemeStore,  # noqa: ARG001 - every dialog is opened with the same arguments
    parent: QWidget,
    *,
    account: str,
) -> AccountLimitsDialog:
    """Open the limits of an account (NotFound: no session is on it in this launch)."""
    view = next((item for item in desk.accounts() if item.key == account), None)
    if view is None:
        raise NotFound("account", account, _tr("No session is on it in this launch."))
    dialog = AccountLimitsDialog(desk, parent, view)
    dialog.show()
    return dialog
