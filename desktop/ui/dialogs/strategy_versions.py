"""The versions of a strategy: when each was saved, how it differs from the fields, and the way back to it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from difflib import unified_diff

from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtWidgets import QHBoxLayout, QListWidget, QListWidgetItem, QPlainTextEdit, QWidget

from desktop.domain.strategies import Strategy, StrategyVersion
from desktop.domain.strategy_text import format_strategy
from desktop.ui import formats
from desktop.ui.dialogs.form import FormDialog
from desktop.ui.guard import guarded
from desktop.ui.widgets.looks import button, label
from desktop.ui.widgets.rule_field import MONOSPACE

_VERSION = int(Qt.ItemDataRole.UserRole)


def _tr(text: str) -> str:
    return QCoreApplication.translate("StrategyVersions", text)


def difference(version: Strategy, now: Strategy | None) -> str:
    """Return in what a version differs from what is in the fields, line by line: - is there only, + is now."""
    text = format_strategy(version)
    if now is None:
        return text
    lines = list(unified_diff(text.splitlines(), format_strategy(now).splitlines(), lineterm="", n=1))[2:]
    return "\n".join(line for line in lines if not line.startswith("@@"))


class StrategyVersions(FormDialog):
    """Lists the versions, newest first.

    Args:
        versions: Those of one strategy, newest first.
        now: What is in the fields; None: it is no strategy yet.
        take: Called with the version that is to be edited.
    """

    def __init__(
        self,
        name: str,
        versions: Sequence[StrategyVersion],
        now: Strategy | None,
        take: Callable[[Strategy], object],
        parent: QWidget,
    ) -> None:
        super().__init__(_tr("Versions of %1").replace("%1", name), parent, width=680)
        self._now, self._take = now, take
        self.list = QListWidget()
        self.list.setAccessibleName(_tr("Versions, newest first"))
        self.list.setFixedWidth(240)
        self.list.setMinimumHeight(260)
        for item in versions:
            entry = QListWidgetItem(
                _tr("Version %1, %2").replace("%1", str(item.number)).replace("%2", formats.date_time(item.created_at))
            )
            entry.setData(_VERSION, item.strategy)
            entry.setToolTip(item.version)
            self.list.addItem(entry)
        self.text = QPlainTextEdit()
        self.text.setReadOnly(True)
        self.text.setAccessibleName(_tr("Difference to what is in the fields"))
        self.text.setStyleSheet(f"font-family: {', '.join(repr(item) for item in MONOSPACE)}; font-size: 12px;")
        self.said = label("", "caption", wrap=True)
        body = QHBoxLayout()
        body.addWidget(self.list)
        body.addWidget(self.text, 1)
        self.outer.addLayout(body, 1)
        self.outer.addWidget(self.said)
        self.go = button(_tr("Edit this version"), "primary")
        self.finish(self.go)
        self.list.currentItemChanged.connect(guarded(self._show))
        self.list.itemActivated.connect(guarded(self._on_go))
        self.go.clicked.connect(guarded(self._on_go))
        self.list.setCurrentRow(0)
        self._show()
        self.list.setFocus()

    def _picked(self) -> Strategy | None:
        picked = self.list.currentIndex().data(_VERSION)
        return picked if isinstance(picked, Strategy) else None

    def _show(self) -> None:
        picked = self._picked()
        self.go.setEnabled(picked is not None and picked != self._now)
        if picked is None:
            self.text.clear()
            self.said.setText(_tr("No version is saved yet. Save version keeps what is in the fields for good."))
        elif picked == self._now:
            self.text.setPlainText(format_strategy(picked))
            self.said.setText(_tr("This is what is in the fields."))
        else:
            self.text.setPlainText(difference(picked, self._now))
            self.said.setText(
                _tr("- stands in this version, + in the fields. What is in the fields is kept under Not saved.")
            )

    def _on_go(self) -> None:
        picked = self._picked()
        if picked is not None and picked != self._now:
            self.close()
            self._take(picked)
