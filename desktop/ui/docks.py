"""The docks of the window: one literal table of names, titles and the panels that fill them."""

from __future__ import annotations

import sys
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from importlib import import_module
from typing import Any

from PySide6.QtCore import QCoreApplication, QSize, Qt
from PySide6.QtWidgets import QDockWidget, QMainWindow, QToolBar, QVBoxLayout, QWidget
from shiboken6 import isValid

from desktop.ui.guard import guarded, report
from desktop.ui.theme import ThemeStore
from desktop.ui.widgets.dock_title import DockTitle
from desktop.ui.widgets.looks import label

ROOMY = 380  # pixels of height in which editor and report can be worked with


@dataclass(frozen=True, slots=True)
class DockSpec:
    """One dock.

    Attributes:
        name: Stable name under which its place is saved; never changed.
        title: Shown, translated.
        module: Where the panel's class is; imported after the first paint.
        panel: Name of the class, made with (desk, theme, intents).
        width: Smallest width that still makes sense, in pixels.
        height: Smallest height.
        library: A slow one that the module needs, imported in a thread once the rest is usable; "" = none.
        later: Whether the panel is filled when it is first seen, once the rest is usable: one can trade without it.
        lab: Whether the panel works on research, which is opened once the rest is usable: made with (..., lab) too.
        roomy: Height from which one can work in it, in pixels; where it has less, opening it finds it a better place.
    """

    name: str
    title: str
    module: str
    panel: str
    width: int = 180
    height: int = 90
    library: str = ""
    lab: bool = False
    later: bool = False
    roomy: int = 0


def dock_specs() -> tuple[DockSpec, ...]:
    """Return the docks in the order of Ctrl+1 ... Ctrl+9."""
    panels = "desktop.ui.panels"
    return (
        DockSpec("sessions", _tr("Sessions"), f"{panels}.sessions", "Sessions", 240, 130),
        DockSpec("chart", _tr("Price chart"), f"{panels}.price_chart", "PriceChart", 320, 180),
        DockSpec("signals", _tr("Signals"), f"{panels}.signals", "Signals", 250, 150),
        DockSpec("positions", _tr("Positions"), f"{panels}.positions", "Positions"),
        DockSpec("orders", _tr("Orders"), f"{panels}.orders", "Orders"),
        DockSpec("triggers", _tr("Triggers"), f"{panels}.triggers", "Triggers"),
        DockSpec("equity", _tr("Equity curve"), f"{panels}.equity_chart", "EquityChart", 280, 110, "pyqtgraph"),
        DockSpec("portfolio", _tr("Portfolio"), f"{panels}.portfolio", "Portfolio", 250, 130),
        DockSpec("watchlist", _tr("Watchlist"), f"{panels}.watchlist", "Watchlist", 240, 100),
        DockSpec("trades", _tr("Closed trades"), f"{panels}.closed_trades", "ClosedTrades"),
        DockSpec("signal-history", _tr("Signals history"), f"{panels}.signal_history", "SignalHistory"),
        DockSpec("accounts", _tr("Accounts"), f"{panels}.accounts", "Accounts"),
        DockSpec(
            "editor", _tr("Strategy editor"), f"{panels}.strategy_editor", "StrategyEditor", later=True, roomy=ROOMY
        ),
        DockSpec(
            "backtest",
            _tr("Backtest"),
            f"{panels}.backtest",
            "Backtest",
            320,
            90,
            "pyqtgraph",
            lab=True,
            later=True,
            roomy=ROOMY,
        ),
        DockSpec("history", _tr("History"), f"{panels}.history", "History", later=True),
        DockSpec("audit", _tr("Log & audit"), f"{panels}.audit_log", "AuditLog"),
    )


LARGE = 0.94  # of the main window's size: a panel in a window of its own
#: The tabs at the bottom, from left to right.
BOTTOM = (
    "positions",
    "orders",
    "triggers",
    "trades",
    "signal-history",
    "accounts",
    "editor",
    "backtest",
    "history",
    "audit",
)


def _tr(text: str) -> str:
    return QCoreApplication.translate("Docks", text)


class Dock(QDockWidget):
    """A dock that is filled once the engine stands."""

    def __init__(self, spec: DockSpec, theme: ThemeStore, parent: QMainWindow) -> None:
        super().__init__(spec.title.replace("&", "&&"), parent)
        self._window = parent
        self.spec = spec
        self.setObjectName(spec.name)
        self.setAccessibleName(spec.title)
        self.panel: Any = None
        self.tried = False  # whether it was filled, or could not be
        waiting = QWidget()
        waiting.setProperty("role", "panel")
        layout = QVBoxLayout(waiting)
        text = label(QCoreApplication.translate("Docks", "Starting…"), "muted")
        text.setAlignment(Qt.AlignmentFlag.AlignCenter)
        layout.addWidget(text)
        self._put(waiting)
        self.title = DockTitle(self, spec.title, theme)
        self.setTitleBarWidget(self.title)
        for signal in (self.dockLocationChanged, self.topLevelChanged, self.visibilityChanged):
            signal.connect(self.name_title)

    @guarded
    def name_title(self) -> None:
        """Show the name in the title line unless a tab says it already."""
        if not isValid(self._window):
            return  # docks tell of their end while the window is taken down
        tabbed = bool(self._window.tabifiedDockWidgets(self)) and not self.isFloating()
        self.title.show_name(shown=not tabbed)

    def waits(self) -> bool:
        """Return whether the panel is filled after the others: when it is seen, or once its library is there."""
        return self.spec.later or (bool(self.spec.library) and self.spec.library not in sys.modules)

    def load(self) -> None:
        """Import what the panel needs, in any thread: that makes no Qt object. Without it only this panel fails."""
        for name in (self.spec.library, self.spec.module if self.spec.later else ""):
            if name:
                with suppress(ImportError):
                    import_module(name)

    def fill(self, make: Callable[[type[Any]], Any]) -> bool:
        """Import and make the panel; one that fails says so in its place, and the others go on (fault 32)."""
        self.tried = True
        try:
            kind = getattr(import_module(self.spec.module), self.spec.panel)
            self.panel = make(kind)
            self.title.put_tools(getattr(self.panel, "title_tools", ()))
            self._put(self.panel)
            self.name_title()
        except Exception as error:  # noqa: BLE001 - one panel's fault must not keep the window from standing
            report(error, f"panel {self.spec.name}")
            failed = label(
                _tr("This panel could not be opened. Everything else works; the log says why."), "error", wrap=True
            )
            failed.setAlignment(Qt.AlignmentFlag.AlignCenter)
            self._put(failed)
            return False
        return True

    def has_room(self) -> bool:
        """Return whether one can work in the panel where it stands now, behind other tabs or in front."""
        if self.isFloating():
            return True
        here = (self, *self._window.tabifiedDockWidgets(self))
        return any(not dock.visibleRegion().isEmpty() and dock.height() >= self.spec.roomy for dock in here)

    def float_large(self) -> None:
        """Give the panel a window of its own, nearly as large as the main one, unless it has one already.

        It begins under the toolbar: the kill switch and the badge of the mode stay in sight.
        """
        if self.isFloating():
            return
        frame = self._window.geometry()
        head = max((bar.geometry().bottom() + 1 for bar in self._window.findChildren(QToolBar)), default=0)
        free = frame.height() - head
        room = QSize(round(frame.width() * LARGE), round(free * LARGE))
        self.setFloating(True)
        self.resize(room)
        self.move(frame.left() + (frame.width() - room.width()) // 2, frame.top() + head + (free - room.height()) // 2)
        self.activateWindow()

    def _put(self, widget: QWidget) -> None:
        before: QWidget | None = self.widget()
        widget.setMinimumSize(self.spec.width, self.spec.height)
        widget.setProperty("role", "panel")
        widget.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setWidget(widget)
        if before is not None:
            before.deleteLater()
