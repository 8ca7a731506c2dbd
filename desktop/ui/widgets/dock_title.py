"""The title line of a dock: its name, the panel's own tools, float and close. One line instead of two."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QDockWidget, QHBoxLayout, QToolButton, QWidget

from desktop.ui.guard import guarded_override
from desktop.ui.icons import icon
from desktop.ui.theme import ThemeStore
from desktop.ui.widgets.looks import label

HEIGHT = 30


class DockTitle(QWidget):
    """Drags the dock like the title it replaces: what it does not handle goes on to the dock."""

    def __init__(self, dock: QDockWidget, title: str, theme: ThemeStore) -> None:
        super().__init__(dock)
        self._dock, self._theme = dock, theme
        self._empty = True
        self.setProperty("role", "dock-line")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setFixedHeight(HEIGHT)
        self._title = label(title, "dock-name")
        self._tools = QHBoxLayout()
        self._tools.setSpacing(6)
        self._tools.addStretch(1)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(10, 0, 4, 0)
        layout.setSpacing(2)
        layout.addWidget(self._title)
        layout.addSpacing(8)
        layout.addLayout(self._tools, 1)
        self._float = self._button(self.tr("Float %1").replace("%1", title))
        self._close = self._button(self.tr("Close %1").replace("%1", title))
        self._float.clicked.connect(self._toggle_floating)
        self._close.clicked.connect(dock.close)
        layout.addWidget(self._float)
        layout.addWidget(self._close)
        theme.changed.connect(self._draw)
        self._draw()

    @guarded_override(QSize())
    def sizeHint(self) -> QSize:
        """Return the height that Qt gives a dock's title."""
        return QSize(super().sizeHint().width(), self.maximumHeight())

    @guarded_override(QSize())
    def minimumSizeHint(self) -> QSize:
        """Return the smallest size: tools are cut before the dock is kept wide."""
        return QSize(120, self.maximumHeight())

    def put_tools(self, tools: Sequence[QWidget]) -> None:
        """Show a panel's tools; the last of them stands at the right."""
        for place, tool in enumerate(tools):
            last = place == len(tools) - 1
            self._tools.insertWidget(self._tools.count() if last else place, tool)
        self._empty = not tools

    def show_name(self, *, shown: bool) -> None:
        """Show or hide the name (a tab says it already); without name and tools the line takes no room."""
        self._title.setVisible(shown)
        height = 0 if self._empty and not shown else HEIGHT
        if height != self.height():
            self.setFixedHeight(height)
            self.updateGeometry()

    def _button(self, name: str) -> QToolButton:
        made = QToolButton()
        made.setProperty("role", "dock-button")
        made.setIconSize(QSize(12, 12))
        made.setAccessibleName(name)
        made.setToolTip(name)
        made.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # by keys: the Panels menu and Ctrl+1 to Ctrl+9
        return made

    def _toggle_floating(self) -> None:
        self._dock.setFloating(not self._dock.isFloating())

    def _draw(self) -> None:
        colour = self._theme.tokens.text_muted
        self._float.setIcon(icon("float", colour))
        self._close.setIcon(icon("close", colour))

    @guarded_override()
    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Leave the mouse to the dock, which drags itself."""
        event.ignore()

    @guarded_override()
    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Leave the mouse to the dock."""
        event.ignore()

    @guarded_override()
    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Leave the mouse to the dock."""
        event.ignore()

    @guarded_override()
    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Leave the mouse to the dock, which floats or docks itself."""
        event.ignore()
