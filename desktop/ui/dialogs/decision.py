"""A question that is answered in words and not in passing: its facts, one red button, and the way back in the focus."""

from __future__ import annotations

from collections.abc import Coroutine
from typing import Any

from PySide6.QtWidgets import QWidget

from desktop.domain.errors import AssayError
from desktop.ui import words, work
from desktop.ui.dialogs.form import FormDialog
from desktop.ui.guard import guarded
from desktop.ui.widgets.alive import while_alive
from desktop.ui.widgets.looks import button, label, look

_WIDTH = 470


class Decision(FormDialog):
    """A question with its facts; the way back has the focus."""

    def __init__(self, title: str, parent: QWidget, facts: str, action: str, *, stake: str) -> None:
        """`stake`: the badge of what it is about; "" for simulated money."""
        super().__init__(title, parent, width=_WIDTH)
        if stake:
            self.badge.setText(words.badge_full(stake))
            self.badge.show()
            look(self.badge, mode=stake)
        self.outer.addWidget(label(facts, wrap=True, selectable=True))
        self.go = button(action, "danger")
        self.go.clicked.connect(guarded(self.send))

    def foot(self) -> None:
        """Add the foot, at last."""
        self.finish(self.go)
        look(self.cancel, role="primary")
        self.cancel.setDefault(True)
        self.resize(_WIDTH, self.outer.totalHeightForWidth(_WIDTH))
        self.cancel.setFocus()

    def send(self) -> None:
        """Ask the desk."""
        raise NotImplementedError

    def ask(self, command: Coroutine[Any, Any, None], where: str) -> None:
        """Run a command; closes when it is done, shows why not when it is refused."""
        self.go.setEnabled(False)
        work.run(
            command,
            where=where,
            on_refused=while_alive(self, self._on_refused),
            then=while_alive(self, lambda _: self.close()),
        )

    def _on_refused(self, error: AssayError) -> None:
        self.go.setEnabled(True)
        self.refuse(str(error))
        self.cancel.setFocus()
