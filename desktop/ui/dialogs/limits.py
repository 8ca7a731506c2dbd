"""The risk limits of a session, changed on record."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QWidget

from desktop.domain.errors import AssayError, NotFound
from desktop.engine.api import Desk
from desktop.engine.views import SessionRow
from desktop.ui import work
from desktop.ui.dialogs.form import FormDialog
from desktop.ui.dialogs.limit_fields import LimitFields
from desktop.ui.guard import guarded
from desktop.ui.theme import ThemeStore
from desktop.ui.widgets.alive import while_alive
from desktop.ui.widgets.looks import button, label


def _tr(text: str) -> str:
    return QCoreApplication.translate("Limits", text)


class LimitsDialog(FormDialog):
    """Checked for every order of the session from the moment they are set."""

    def __init__(self, desk: Desk, parent: QWidget, row: SessionRow) -> None:
        super().__init__(_tr("Risk limits of %1").replace("%1", row.settings.name), parent, width=440)
        self._desk, self._session_id = desk, row.session_id
        self.show_badge(row.settings)
        text = _tr("They hold for every new order at once and are on record. An empty field is switched off.")
        self.outer.addWidget(label(text, "muted", wrap=True))
        self.fields = LimitFields(row.settings.limits, row.settings.currency)
        self.outer.addWidget(self.fields)
        self.save = button(_tr("Set limits"), "primary")
        self.finish(self.save)
        self.save.clicked.connect(guarded(self._on_save))
        for field in self.fields.fields.values():
            field.edited.connect(guarded(self._refresh))

    def _refresh(self) -> None:
        found = self.fields.mistakes()
        self.fields.rows.show_mistakes(found)
        self.save.setEnabled(not found)

    def _on_save(self) -> None:
        self.save.setEnabled(False)
        work.run(
            self._desk.set_limits(self._session_id, self.fields.limits()),
            where="limits",
            on_refused=while_alive(self, self._on_refused),
            then=while_alive(self, lambda _: self.close()),
        )

    def _on_refused(self, error: AssayError) -> None:
        self._refresh()
        self.refuse(str(error))


def open_limits(
    desk: Desk,
    theme: ThemeStore,  # noqa: ARG001 - every dialog is opened with the same arguments
    parent: QWidget,
    *,
    session_id: str,
) -> LimitsDialog:
    """Open the limits of a session.

    Raises:
        NotFound: there is no such session.
    """
    row = desk.session(session_id)
    if row is None:
        raise NotFound("session", session_id)
    dialog = LimitsDialog(desk, parent, row)
    dialog.show()
    return dialog
