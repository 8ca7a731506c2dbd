"""How the function is called whose brackets the cursor is in: a small window above the line that takes no focus."""

from __future__ import annotations

from html import escape

from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtWidgets import QFrame, QLabel, QVBoxLayout, QWidget

from desktop.rules.assistance import SignatureHelp
from desktop.ui.theme import FAMILIES, ThemeStore, dress

_WIDEST = 520
_GAP = 6  # pixels to the line


def signature_text(found: SignatureHelp, place: int) -> str:
    """Return what is said about a call: how it is written, what it does, and the argument in hand."""
    lines = [found.label, found.help]
    if place < len(found.arguments):
        argument = found.arguments[place]
        lines.append(f"{argument.name}: {argument.text}")
    return "\n".join(line for line in lines if line)


class RuleHint(QFrame):
    """Stands until `hide`; unlike a tool tip it stays while one types."""

    def __init__(self, theme: ThemeStore, parent: QWidget) -> None:
        super().__init__(parent, Qt.WindowType.ToolTip | Qt.WindowType.FramelessWindowHint)
        self.setAttribute(Qt.WidgetAttribute.WA_ShowWithoutActivating)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setProperty("role", "overlay")
        self.setProperty("corners", "square")
        self._theme = theme
        self._label = QLabel()
        self._label.setTextFormat(Qt.TextFormat.RichText)
        self._label.setWordWrap(True)
        # the field that owns it writes in another font, which its stylesheet hands down
        self._label.setStyleSheet(f"font-family: {', '.join(repr(item) for item in FAMILIES)};")
        layout = QVBoxLayout(self)
        layout.setContentsMargins(9, 6, 9, 7)
        layout.addWidget(self._label)
        self.text = ""

    def show_call(self, found: SignatureHelp, place: int, line: QRect) -> None:
        """Show a call above the line at `line` (global), or below it where there is no room above."""
        self.text = signature_text(found, place)
        self._label.setText(self._html(found, place))
        dress(self)
        self._label.setWordWrap(False)
        natural = self._label.sizeHint().width()
        self._label.setWordWrap(True)
        self._label.setFixedWidth(min(natural + 2, _WIDEST))
        self.adjustSize()
        screen = self.screen().availableGeometry()
        left = min(max(line.left(), screen.left()), screen.right() - self.width())
        above = line.top() - self.height() - _GAP
        self.move(QPoint(left, above if above >= screen.top() else line.bottom() + _GAP))
        self.show()

    def _html(self, found: SignatureHelp, place: int) -> str:
        muted, accent = self._theme.tokens.text_muted, self._theme.tokens.accent
        head = escape(found.label)
        parts = [head]
        if place < len(found.arguments):
            argument = found.arguments[place]
            name, before, after = argument.name, *_around(found.label, argument.name)
            if before:
                shown = f'<b style="color:{accent}">{escape(name)}</b>'
                parts = [f"{escape(before)}{shown}{escape(after)}"]
            parts.append(f'<span style="color:{muted}">{escape(found.help)}</span>')
            parts.append(f"<b>{escape(name)}</b>: {escape(argument.text)}")
        else:
            parts.append(f'<span style="color:{muted}">{escape(found.help)}</span>')
        return "<br>".join(parts)


def _around(label: str, name: str) -> tuple[str, str]:
    """Return what stands before and after an argument's name in a signature; empty where it is not found."""
    for opening in ("(", ", "):
        for closing in ("=", ",", ")"):
            before, found, after = label.partition(f"{opening}{name}{closing}")
            if found:
                return before + opening, closing + after
    return "", ""
