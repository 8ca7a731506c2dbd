"""Colours of a rule's text: functions, columns, parameters, numbers, logic, comments."""

from __future__ import annotations

import re

from PySide6.QtGui import QColor, QFont, QSyntaxHighlighter, QTextCharFormat, QTextDocument

from desktop.rules.catalogue import FUNCTIONS, WORDS_BY_NAME
from desktop.ui.guard import guarded_override
from desktop.ui.theme import ThemeStore

_PIECES = re.compile(
    r"""(?P<comment>\#.*)|(?P<text>"[^"]*"?|'[^']*'?)|(?P<number>\b\d+(?:\.\d*)?\b)|(?P<word>[A-Za-z_]\w*)"""
)
_LOGIC = frozenset({"and", "or", "not"})


class RuleHighlighter(QSyntaxHighlighter):
    """Follows the theme; `parameters` are the strategy's own names."""

    def __init__(self, document: QTextDocument, theme: ThemeStore) -> None:
        super().__init__(document)
        self._theme = theme
        self.parameters: frozenset[str] = frozenset()
        theme.changed.connect(self.rehighlight)

    def token(self, word: str) -> str:
        """Return which kind a word is: logic, parameter, function, column or unknown."""
        if word in _LOGIC:
            return "logic"
        if word in self.parameters:
            return "parameter"
        if word in FUNCTIONS:
            return "function"
        return "column" if word in WORDS_BY_NAME else "unknown"

    @guarded_override()
    def highlightBlock(self, text: str) -> None:
        tokens = self._theme.tokens
        colours = {
            "comment": tokens.text_muted,
            "text": tokens.series[5],
            "number": tokens.series[0],
            "logic": tokens.series[2],
            "parameter": tokens.series[3],
            "function": tokens.accent,
            "column": tokens.text,
            "unknown": tokens.text,
        }
        for piece in _PIECES.finditer(text):
            kind = piece.lastgroup or "word"
            name = self.token(piece.group()) if kind == "word" else kind
            form = QTextCharFormat()
            form.setForeground(QColor(colours[name]))
            if name == "logic":
                form.setFontWeight(QFont.Weight.DemiBold)
            form.setFontItalic(name == "comment")
            self.setFormat(piece.start(), len(piece.group()), form)
