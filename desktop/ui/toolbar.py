"""The toolbar: what a trader reaches for without looking."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QMenu, QSizePolicy, QToolBar, QToolButton, QWidget

from desktop.ui import words
from desktop.ui.icons import icon
from desktop.ui.theme import ThemeStore
from desktop.ui.widgets.hold_button import HoldButton
from desktop.ui.widgets.looks import label, look

_LONGEST = 18  # letters of a workspace's name


class Toolbar(QToolBar):
    """New session, pause all, kill switch on the left; workspace, theme and the mode badge on the right."""

    kill_fired = Signal()

    def __init__(
        self, theme: ThemeStore, actions: dict[str, QAction], menu: QMenu, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._theme = theme
        self.setObjectName("toolbar")
        self.setWindowTitle(self.tr("Toolbar"))
        self.setMovable(False)
        self.setFloatable(False)
        self.setIconSize(QSize(16, 16))
        self.setFixedHeight(42)
        self.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.PreventContextMenu)
        self._icons: list[tuple[QToolButton | QAction, str]] = []
        self.menu_button = self._menu_button("menu", self.tr("Menu"), menu, text_shown=False)
        self.addWidget(self.menu_button)
        for name, drawing in (("new-session", "plus"), ("ticket", "ticket"), ("pause-all", "pause")):
            action = actions[name]
            self.addAction(action)
            self._icons.append((action, drawing))
            self._name_button(action)
        self.addSeparator()
        self.kill = HoldButton(self.tr("Kill switch"), theme)
        self.kill.setObjectName("kill")
        shortcut = QKeySequence("Ctrl+Shift+K").toString(QKeySequence.SequenceFormat.NativeText)
        hint = self.tr(
            "Hold for one second (or %1): blocks every order and cancels the working ones everywhere, at brokers too."
        )
        self.kill.setToolTip(hint.replace("%1", shortcut))
        self.kill.fired.connect(self.kill_fired)
        self.addWidget(self.kill)
        spring = QWidget()
        spring.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self.addWidget(spring)
        self.addAction(actions["palette"])
        self._icons.append((actions["palette"], "search"))
        self._name_button(actions["palette"])
        self.workspaces = QMenu(self)
        self._workspace = self._menu_button("layout", self.tr("Workspace"), self.workspaces)
        self.addWidget(self._workspace)
        self.addAction(actions["theme"])
        self._icons.append((actions["theme"], "theme"))
        theme_button = self.widgetForAction(actions["theme"])
        if isinstance(theme_button, QToolButton):
            theme_button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonIconOnly)
        self._name_button(actions["theme"])
        self.badge = label("", "badge")
        self.badge.setObjectName("badge")
        self.badge.setFixedHeight(24)
        holder = QWidget()
        holder.setFixedWidth(8)
        self.addWidget(holder)
        self.addWidget(self.badge)
        theme.changed.connect(self._draw_icons)
        self._draw_icons()

    def show_workspace(self, title: str) -> None:
        """Show which workspace is open."""
        self._workspace.setText(title if len(title) <= _LONGEST else f"{title[: _LONGEST - 1]}…")
        said = self.tr("Workspace: %1").replace("%1", title)
        self._workspace.setAccessibleName(said)
        self._workspace.setToolTip(said)

    def show_badge(self, name: str) -> None:
        """Show what is at stake: DEMO, PAPER, BROKER PAPER or LIVE."""
        text = words.badge_full(name)
        if self.badge.text() != text:
            self.badge.setText(text)
            self.badge.setAccessibleName(words.badge_words(name))
            self.badge.setToolTip(words.badge_words(name))
            look(self.badge, mode=name)

    def _menu_button(self, drawing: str, text: str, menu: QMenu, *, text_shown: bool = True) -> QToolButton:
        made = QToolButton()
        made.setText(text)
        made.setAccessibleName(text)
        made.setToolTip(text)
        made.setMenu(menu)
        made.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        style = Qt.ToolButtonStyle.ToolButtonTextBesideIcon if text_shown else Qt.ToolButtonStyle.ToolButtonIconOnly
        made.setToolButtonStyle(style)
        made.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self._icons.append((made, drawing))
        return made

    def _name_button(self, action: QAction) -> None:
        widget = self.widgetForAction(action)
        if widget is not None:
            widget.setAccessibleName(action.text().replace("&", ""))
            widget.setFocusPolicy(Qt.FocusPolicy.TabFocus)

    def _draw_icons(self) -> None:
        for target, drawing in self._icons:
            target.setIcon(icon(drawing, self._theme.tokens.text))
