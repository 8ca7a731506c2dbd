"""Ctrl+K: everything the window can do, found by typing."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QEvent, QObject, QPoint, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QDialog,
    QFrame,
    QHBoxLayout,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QVBoxLayout,
    QWidget,
)

from desktop.ui.guard import guarded, guarded_override
from desktop.ui.widgets.looks import label

_MOST = 50


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing to do: its words, where it belongs, and the keys that do it too."""

    text: str
    run: Callable[[], object]
    keys: str = ""


def ranked(typed: str, entries: Sequence[Entry]) -> list[Entry]:
    """Return the entries that hold every typed word, those that begin with the first word first.

    Among them come first those that hold the words as they were typed, at best right behind the colon.
    """
    wanted = typed.casefold().split()
    if not wanted:
        return list(entries)
    phrase = " ".join(wanted)
    found = []
    for place, entry in enumerate(entries):
        text = entry.text.casefold()
        if all(word in text for word in wanted):
            begins = not any(part.startswith(wanted[0]) for part in text.replace(":", " ").split())
            told = (phrase not in text, not text.rpartition(": ")[2].startswith(phrase))
            found.append(((not text.startswith(wanted[0]), begins, *told, place), entry))
    return [entry for _, entry in sorted(found, key=lambda pair: pair[0])]


class CommandPalette(QDialog):
    """A field and a list; Enter does what is chosen, Esc leaves."""

    def __init__(self, entries: Sequence[Entry], parent: QWidget) -> None:
        super().__init__(parent, Qt.WindowType.Popup | Qt.WindowType.FramelessWindowHint)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setAttribute(Qt.WidgetAttribute.WA_TranslucentBackground)
        self.setAccessibleName(self.tr("Commands"))
        self._entries = entries
        frame = QFrame()
        frame.setProperty("role", "overlay")
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(frame)
        layout = QVBoxLayout(frame)
        layout.setContentsMargins(8, 8, 8, 8)
        layout.setSpacing(6)
        self.field = QLineEdit()
        self.field.setPlaceholderText(self.tr("What do you want to do? Type a command, a symbol or a session"))
        self.field.setAccessibleName(self.tr("Command"))
        self.list = QListWidget()
        self.list.setAccessibleName(self.tr("Commands that fit"))
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.nothing = label(self.tr("Nothing fits. Try fewer words, or a part of one."), "muted")
        self.nothing.setAlignment(Qt.AlignmentFlag.AlignCenter)
        layout.addWidget(self.field)
        layout.addWidget(self.list, 1)
        layout.addWidget(self.nothing, 1)
        self.field.textChanged.connect(self._fill)
        self.field.returnPressed.connect(self.choose)
        self.list.itemClicked.connect(self.choose)
        self.field.installEventFilter(self)
        self._shown: list[Entry] = []
        self._fill("")
        self.resize(560, 380)

    def open_over(self, window: QWidget) -> None:
        """Show the palette in the upper middle of the window."""
        corner = window.mapToGlobal(QPoint((window.width() - self.width()) // 2, 84))
        self.move(corner)
        self.show()
        self.field.setFocus()

    @guarded
    def choose(self) -> None:
        """Do what is chosen."""
        place = self.list.currentRow()
        if 0 <= place < len(self._shown):
            entry = self._shown[place]
            self.close()
            entry.run()

    @guarded
    def _fill(self, typed: str) -> None:
        self._shown = ranked(typed, self._entries)[:_MOST]
        self.list.clear()
        for entry in self._shown:
            item = QListWidgetItem(entry.text)
            self.list.addItem(item)
            if entry.keys:
                self.list.setItemWidget(item, _keys_at_the_right(entry.keys))
        self.list.setCurrentRow(0)
        self.list.setVisible(bool(self._shown))
        self.nothing.setVisible(not self._shown)

    @guarded_override(answer=False)
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Move in the list with the keys of the field."""
        if watched is self.field and isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            step = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1, Qt.Key.Key_PageDown: 10, Qt.Key.Key_PageUp: -10}
            moved = step.get(Qt.Key(event.key()))
            if moved is not None and self._shown:
                self.list.setCurrentRow(max(0, min(len(self._shown) - 1, self.list.currentRow() + moved)))
                return True
        return super().eventFilter(watched, event)


def _keys_at_the_right(keys: str) -> QWidget:
    """Return what is laid over an item: its keys, so that they stand in a column of their own."""
    over = QWidget()
    over.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
    line = QHBoxLayout(over)
    line.setContentsMargins(0, 0, 10, 0)
    line.addStretch(1)
    line.addWidget(label(keys, "muted"))
    return over
