"""The reference of the rule language: every function and word, found by typing; F1 in a rule opens it."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QCoreApplication, QEvent, QObject, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QDialog,
    QHBoxLayout,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QTextBrowser,
    QVBoxLayout,
    QWidget,
)

from desktop.engine.api import Desk
from desktop.resources import resource_path
from desktop.rules.assistance import signature_help
from desktop.rules.catalogue import FUNCTIONS, REFUSED, WORDS_BY_NAME, signature
from desktop.ui.guard import guarded, guarded_override
from desktop.ui.theme import ThemeStore
from desktop.ui.widgets.looks import button, label

_ABOUT = int(Qt.ItemDataRole.UserRole)


def _tr(text: str) -> str:
    return QCoreApplication.translate("RuleReference", text)


@dataclass(frozen=True, slots=True)
class Topic:
    """One entry: its name, its heading in the list, the words it is found by, and its text in Markdown."""

    name: str
    category: str
    found_by: str
    text: str


def topics() -> list[Topic]:
    """Return every entry: the language itself, words, functions, and what is known elsewhere but not here."""
    language = resource_path("help/rules.md").read_text(encoding="utf-8").partition("\n## ")[0]
    made = [Topic(_tr("The rule language"), "", "rules syntax operators", language)]
    made.extend(
        Topic(word.name, word.category, word.help, f"## {word.name}\n\n*{word.category}*\n\n{word.help}")
        for word in WORDS_BY_NAME.values()
    )
    made.extend(_function(name) for name in FUNCTIONS)
    elsewhere = _tr("Known elsewhere, not in rules")
    for name, refusal in REFUSED.items():
        text = f"## {name}\n\n*{elsewhere}*\n\n{refusal.reason} {refusal.instead}"
        made.append(Topic(name, elsewhere, f"{refusal.reason} {refusal.instead}", text))
    return made


def _function(name: str) -> Topic:
    row, called = FUNCTIONS[name], signature_help(name)
    lines = [f"## {name}", f"`{signature(row)}`", f"*{row.category}*", row.help]
    if called is not None and called.arguments:
        lines.append("\n".join(f"- `{item.name}`: {item.text}" for item in called.arguments))
    works_on = ", ".join(item.default or item.name for item in row.inputs)
    if works_on:
        lines.append(_tr("Works on: %1").replace("%1", works_on))
    if row.outputs:
        written = ", ".join(f"`{row.name}(...).{output}`" for output in row.outputs)
        lines.append(_tr("Outputs, one is named after a dot: %1").replace("%1", written))
    lines += [f"`.{output}`: {reason}." for output, reason in row.refused]
    if row.from_origin:
        lines.append(_tr("A running sum: it depends on the first bar for ever."))
    if row.tail:
        lines.append(_tr("Judged at bar close only."))
    if row.example:
        lines.append(_tr("Example: %1").replace("%1", f"`{row.example}`"))
    return Topic(name, row.category, row.help, "\n\n".join(lines))


class RuleReference(QDialog):
    """A list that typing narrows, and the entry beside it; stays open while one writes the rule."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setWindowTitle(_tr("Rule reference"))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._topics = topics()
        self.search = QLineEdit()
        self.search.setPlaceholderText(_tr("A name, or what you look for: average, range, volume"))
        self.search.setAccessibleName(_tr("Find in the rule reference"))
        self.search.setClearButtonEnabled(True)
        self.list = QListWidget()
        self.list.setAccessibleName(_tr("Functions and words"))
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.setFixedWidth(230)
        self.entry = QTextBrowser()
        self.entry.setAccessibleName(_tr("What it means"))
        self.entry.setOpenLinks(False)
        self.entry.document().setDocumentMargin(12)
        self.entry.document().setIndentWidth(18)
        self.nothing = label(_tr("Nothing fits. Try fewer letters, or another word for it."), "muted", wrap=True)
        close = button(_tr("Close"), "primary")
        close.clicked.connect(self.close)
        body = QHBoxLayout()
        body.addWidget(self.list)
        body.addWidget(self.entry, 1)
        foot = QHBoxLayout()
        foot.addWidget(self.nothing, 1)
        foot.addStretch(1)
        foot.addWidget(close)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(14, 12, 14, 12)
        layout.addWidget(self.search)
        layout.addLayout(body, 1)
        layout.addLayout(foot)
        self.search.textChanged.connect(guarded(self._fill))
        self.search.installEventFilter(self)
        self.list.currentItemChanged.connect(guarded(self._show_current))
        self._fill()
        self.resize(760, 480)

    def show_name(self, name: str) -> None:
        """Show the entry of a name; of one that is not known what comes nearest, and of none the language."""
        known = any(topic.name == name for topic in self._topics)
        self.search.setText("" if known or not name else name)
        if not name:
            self.list.setCurrentRow(0)
        for row in range(self.list.count()):
            if known and self.list.item(row).text() == name:
                self.list.setCurrentRow(row)
                self.list.scrollToItem(self.list.item(row), QListWidget.ScrollHint.PositionAtCenter)
        self.search.setFocus()
        self.search.selectAll()

    def _fill(self) -> None:
        typed = self.search.text().casefold().split()
        self.list.blockSignals(True)  # emptying it goes through its entries
        self.list.clear()
        found = [topic for topic in self._topics if _holds(topic, typed)]
        if typed:
            found.sort(key=lambda topic: _rank(topic, typed[0]))
        category = ""
        for topic in found:
            if not typed and topic.category != category:
                category = topic.category
                heading = QListWidgetItem(category)
                heading.setFlags(Qt.ItemFlag.NoItemFlags)
                self.list.addItem(heading)
            item = QListWidgetItem(topic.name)
            item.setData(_ABOUT, topic)
            item.setToolTip(topic.category)
            self.list.addItem(item)
        self.list.blockSignals(False)
        self.nothing.setVisible(not found)
        if not found:
            self.entry.clear()
        self.list.setCurrentRow(-1)
        self.list.setCurrentRow(0)

    def _show_current(self) -> None:
        current = self.list.currentIndex()
        topic = current.data(_ABOUT) if current.isValid() else None
        if isinstance(topic, Topic):
            self.entry.setMarkdown(topic.text)

    @guarded_override(answer=False)
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Let the arrow keys go through the list while one types."""
        keys = (Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_PageUp, Qt.Key.Key_PageDown)
        pressed = isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress and event.key() in keys
        if watched is self.search and pressed:
            self.list.event(event)
            return True
        return super().eventFilter(watched, event)


def _holds(topic: Topic, typed: list[str]) -> bool:
    text = f"{topic.name} {topic.category} {topic.found_by}".casefold()
    return all(word in text for word in typed)


def _rank(topic: Topic, word: str) -> tuple[bool, bool, bool, str]:
    name = topic.name.casefold()
    return name != word, not name.startswith(word), word not in name, name


def open_rule_reference(
    desk: Desk,  # noqa: ARG001 - every dialog is opened with the same arguments
    theme: ThemeStore,  # noqa: ARG001
    parent: QWidget,
    *,
    name: str = "",
) -> RuleReference:
    """Open the reference at a name; one that is open already is used again."""
    dialog = parent.findChild(RuleReference) or RuleReference(parent)
    dialog.show_name(name)
    dialog.show()
    dialog.raise_()
    dialog.activateWindow()
    return dialog
