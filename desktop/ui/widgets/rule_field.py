"""A field for one rule: highlighted, completed while it is typed, mistakes underlined at their column."""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import Protocol

from PySide6.QtCore import QEvent, QRect, QSize, QStringListModel, Qt, QTimer, Signal
from PySide6.QtGui import (
    QColor,
    QFocusEvent,
    QFont,
    QFontMetricsF,
    QHideEvent,
    QKeyEvent,
    QResizeEvent,
    QTextCharFormat,
    QTextCursor,
)
from PySide6.QtWidgets import QCompleter, QPlainTextEdit, QTextEdit

from desktop.rules import assistance
from desktop.rules.assistance import Completion, SignatureHelp
from desktop.rules.nodes import Role
from desktop.ui.guard import guarded, guarded_override
from desktop.ui.theme import ThemeStore
from desktop.ui.widgets.rule_highlighter import RuleHighlighter
from desktop.ui.widgets.rule_hint import RuleHint
from desktop.ui.widgets.rule_offers import WIDTH, RuleOffers, offer_line

MONOSPACE = ("JetBrains Mono", "Cascadia Mono", "Consolas", "SF Mono", "DejaVu Sans Mono", "monospace")
_MOST_LINES = 4
_POPUP_KEYS = (Qt.Key.Key_Enter, Qt.Key.Key_Return, Qt.Key.Key_Escape, Qt.Key.Key_Tab, Qt.Key.Key_Backtab)


class Assistance(Protocol):
    """What the field asks of the rule language; `desktop.rules.assistance` answers it."""

    def completions(
        self, prefix: str, *, role: Role = ..., parameters: Iterable[str] = ..., limit: int = ...
    ) -> tuple[Completion, ...]: ...
    def signature_help(self, name: str) -> SignatureHelp | None: ...
    def open_call(
        self, text: str, cursor: int | None = ..., parameters: Iterable[str] = ...
    ) -> tuple[str, int] | None: ...
    def word_before(self, text: str, cursor: int | None = None) -> str: ...


class RuleField(QPlainTextEdit):
    """Completion opens while a name is typed and on Ctrl+Space; F1 asks what the name at the cursor means.

    Signals:
        edited: the text was changed by anyone.
        help_asked: F1 was pressed on a name; empty: on none.
    """

    edited = Signal()
    help_asked = Signal(str)

    def __init__(self, theme: ThemeStore, role: Role, name: str, provider: Assistance | None = None) -> None:
        super().__init__()
        self._theme, self._role = theme, role
        self._provider: Assistance = provider if provider is not None else assistance
        self.parameters: tuple[str, ...] = ()
        self.mistake_column = 0
        self.setAccessibleName(name)
        self.setTabChangesFocus(True)
        font = QFont()
        font.setFamilies(list(MONOSPACE))
        font.setPixelSize(13)
        self.setFont(font)
        # The stylesheet of the program sets no family; the field keeps its own in every theme.
        self.setStyleSheet(f"font-family: {', '.join(repr(item) for item in MONOSPACE)}; font-size: 13px;")
        self.document().documentLayout().documentSizeChanged.connect(guarded(self._fit))
        self._fit()
        self.highlighter = RuleHighlighter(self.document(), theme)
        self._offers: dict[str, Completion] = {}
        self._model = QStringListModel(self)
        self.completer = QCompleter(self._model, self)
        self.completer.setWidget(self)
        self.popup = RuleOffers(theme)
        self.hint = RuleHint(theme, self)
        self.completer.setPopup(self.popup)
        # The offers come sorted by how well they fit: the completer must not filter them again.
        self.completer.setCompletionMode(QCompleter.CompletionMode.UnfilteredPopupCompletion)
        self.completer.activated.connect(guarded(self.insert))
        self.textChanged.connect(self.edited)
        self.cursorPositionChanged.connect(guarded(self._on_cursor))

    @guarded_override(QSize())
    def sizeHint(self) -> QSize:
        return QSize(320, 48)

    def _fit(self) -> None:
        """Be as high as the rule's lines, up to four: the rest scrolls."""
        lines = min(max(round(self.document().size().height()), 1), _MOST_LINES)  # a plain text counts in lines
        around = self.height() - self.viewport().height() + 2 * round(self.document().documentMargin())
        spacing = QFontMetricsF(self.document().defaultFont()).lineSpacing()
        self.setFixedHeight(math.ceil(lines * spacing) + around + lines + 1)

    @guarded_override()
    def resizeEvent(self, event: QResizeEvent) -> None:
        """Break the lines anew for another width."""
        super().resizeEvent(event)
        if event.size().width() != event.oldSize().width():
            self._fit()

    @property
    def text(self) -> str:
        """The rule."""
        return self.toPlainText()

    def set_parameters(self, names: Iterable[str]) -> None:
        """Know the strategy's named parameters."""
        self.parameters = tuple(names)
        self.highlighter.parameters = frozenset(self.parameters)
        self.highlighter.rehighlight()

    # mistakes --------------------------------------------------------------------------------------------------
    def mark(self, column: int) -> None:
        """Underline the word at a column (1-based) of the text; 0: nothing is underlined."""
        self.mistake_column = column
        if not column:
            self.setExtraSelections([])
            return
        text = self.text
        begin = min(column - 1, max(len(text) - 1, 0))
        end = begin + 1
        while (
            end < len(text)
            and (text[end].isalnum() or text[end] == "_")
            and (text[begin].isalnum() or text[begin] == "_")
        ):
            end += 1
        selection = QTextEdit.ExtraSelection()
        cursor = self.textCursor()
        cursor.setPosition(begin)
        cursor.setPosition(end, QTextCursor.MoveMode.KeepAnchor)
        form = QTextCharFormat()
        form.setUnderlineStyle(QTextCharFormat.UnderlineStyle.WaveUnderline)
        form.setUnderlineColor(QColor(self._theme.tokens.bad))
        selection.cursor = cursor
        selection.format = form
        self.setExtraSelections([selection])

    # completion ------------------------------------------------------------------------------------------------
    def offers(self) -> list[Completion]:
        """Return what may follow the cursor."""
        before = self.text[: self.textCursor().position()]
        return list(self._provider.completions(before, role=self._role, parameters=self.parameters, limit=30))

    def show_offers(self) -> None:
        """Open the list at the cursor; nothing is shown where the word is complete already."""
        found = self.offers()
        word = self._provider.word_before(self.text, self.textCursor().position())
        if not found or (len(found) == 1 and found[0].name == word):
            self.popup.hide()
            return
        self._offers = {offer_line(item): item for item in found}
        self._model.setStringList(list(self._offers))
        self.completer.setCompletionPrefix("")
        self.popup.setCurrentIndex(self.completer.completionModel().index(0, 0))
        area = self.cursorRect()
        area.setWidth(min(WIDTH, self.screen().availableGeometry().width()))
        self.completer.complete(area)

    def insert(self, line: str) -> None:
        """Put a chosen offer in place of the word before the cursor."""
        offer = self._offers.get(str(line))
        if offer is None:
            return
        cursor = self.textCursor()
        word = self._provider.word_before(self.text, cursor.position())
        cursor.movePosition(QTextCursor.MoveOperation.Left, QTextCursor.MoveMode.KeepAnchor, len(word))
        cursor.insertText(offer.insert)
        self.setTextCursor(cursor)
        self.popup.hide()

    @guarded_override()
    def keyPressEvent(self, event: QKeyEvent) -> None:
        if self.popup.isVisible() and event.key() in _POPUP_KEYS:
            event.ignore()  # the completer takes it
            return
        asked = event.key() == Qt.Key.Key_Space and event.modifiers() == Qt.KeyboardModifier.ControlModifier
        if asked:
            self.show_offers()
            return
        if _asks_help(event):
            self.hint.hide()
            self.help_asked.emit(self.word_at_cursor())
            return
        if event.key() == Qt.Key.Key_Escape and self.hint.isVisible():
            self.hint.hide()
            return
        super().keyPressEvent(event)
        self._offer_again(event.text())

    def _offer_again(self, typed: str) -> None:
        """Open the list after two letters of a name or a dot; one that is open follows what is typed and deleted."""
        place = self.textCursor().position()
        word = self._provider.word_before(self.text, place)
        begin = place - len(word)
        dotted = self.text[max(begin - 1, 0) : begin] == "."
        opens = bool(typed) and (typed.isalnum() or typed in "_.") and (len(word) > 1 or dotted)
        if opens or (self.popup.isVisible() and (word or dotted)):
            self.show_offers()
        else:
            self.popup.hide()

    @guarded_override(False)
    def focusNextPrevChild(self, following: bool) -> bool:  # noqa: N802, FBT001 - Qt's name and signature
        """Take the marked offer with Tab while the list is open: Qt would else leave the field."""
        if self.popup.isVisible():
            self.insert(str(self.popup.currentIndex().data() or ""))
            return True
        return super().focusNextPrevChild(following)

    # the call in hand, and help ---------------------------------------------------------------------------------
    def _on_cursor(self) -> None:
        """Show how the function is called that the cursor is in."""
        call = self._provider.open_call(self.text, self.textCursor().position(), self.parameters)
        found = self._provider.signature_help(call[0]) if call is not None else None
        if found is None or call is None or not self.hasFocus():
            self.hint.hide()
            return
        line = self.cursorRect()
        self.hint.show_call(found, call[1], QRect(self.viewport().mapToGlobal(line.topLeft()), line.size()))

    def word_at_cursor(self) -> str:
        """Return the name the cursor is in or behind; else the function whose brackets it is in."""
        cursor = self.textCursor()
        cursor.select(QTextCursor.SelectionType.WordUnderCursor)
        word = cursor.selectedText()
        if word.isidentifier() and word not in ("and", "or", "not"):
            return word
        call = self._provider.open_call(self.text, self.textCursor().position(), self.parameters)
        return call[0] if call is not None else ""

    @guarded_override(False)
    def event(self, event: QEvent) -> bool:
        """Keep F1 for the word at the cursor: it is the whole window's key otherwise."""
        if event.type() is QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent) and _asks_help(event):
            event.accept()
            return True
        return super().event(event)

    @guarded_override()
    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Take the hint away; the list of offers opening is no leaving."""
        super().focusOutEvent(event)
        if event.reason() is not Qt.FocusReason.PopupFocusReason:
            self.hint.hide()

    @guarded_override()
    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        if event.reason() is Qt.FocusReason.MouseFocusReason:
            QTimer.singleShot(0, self, guarded(self._on_cursor))

    @guarded_override()
    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self.hint.hide()


def _asks_help(event: QKeyEvent) -> bool:
    return event.key() == Qt.Key.Key_F1 and event.modifiers() == Qt.KeyboardModifier.NoModifier
