"""Naming a workspace: one field, and a word where a name is taken already."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QLineEdit, QWidget

from desktop.ui.dialogs.form import FormDialog, Rows
from desktop.ui.guard import guarded
from desktop.ui.widgets.looks import button, label


def _tr(text: str) -> str:
    return QCoreApplication.translate("WorkspaceName", text)


class WorkspaceName(FormDialog):
    """Asks for a name; `save` is called with it.

    Args:
        taken: Names of the workspaces that are there.
        save: Keeps the docks as they are under the name.
    """

    def __init__(self, taken: Sequence[str], save: Callable[[str], None], parent: QWidget) -> None:
        super().__init__(_tr("Save workspace"), parent)
        self._taken, self._save = frozenset(taken), save
        self.field = QLineEdit()
        self.warning = label("", "caption", wrap=True)
        rows = Rows()
        rows.put("name", _tr("Name"), self.field, under=self.warning)
        self.outer.addLayout(rows)
        self.go = button(_tr("Save"), "primary")
        self.finish(self.go)
        self.go.setDefault(True)
        self.field.textChanged.connect(guarded(self._on_text))
        self.go.clicked.connect(guarded(self._on_go))
        self._on_text()
        self.field.setFocus()

    @property
    def name(self) -> str:
        """The name typed."""
        return self.field.text().strip()

    def _on_text(self) -> None:
        known = self.name in self._taken
        self.warning.setText(
            _tr("There is one of this name: it will be replaced.")
            if known
            else _tr("The panels as they stand now can be called back by this name.")
        )
        self.go.setText(_tr("Replace") if known else _tr("Save"))
        self.go.setEnabled(bool(self.name))

    def _on_go(self) -> None:
        if self.name:
            self._save(self.name)
            self.close()
