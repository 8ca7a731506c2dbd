"""The built-in workspaces: which docks stand where, to trade by and to work on strategies."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtWidgets import QMainWindow

from desktop.ui.dock_shares import default_shares, share_out
from desktop.ui.docks import BOTTOM, Dock

TRADING, RESEARCH = "trading", "research"
#: The docks that share the whole window in the research workspace, from left to right.
RESEARCH_TABS = ("editor", "backtest", "history", "chart")


@dataclass(frozen=True, slots=True)
class Arrangement:
    """One built-in workspace.

    Attributes:
        title: Shown, translated.
        place: Puts the docks where this workspace has them, for the window's present size.
        standard: Whether it has the columns that `dock_shares` shares the window out among.
    """

    title: str
    place: Callable[[QMainWindow, Mapping[str, Dock]], None]
    standard: bool


def built_in() -> dict[str, Arrangement]:
    """Return the built-in workspaces by their stable names."""

    def tr(text: str) -> str:
        return QCoreApplication.translate("Workspaces", text)

    return {
        TRADING: Arrangement(tr("Trading"), _place_trading, standard=True),
        RESEARCH: Arrangement(tr("Research"), _place_research, standard=False),
    }


def _place_trading(window: QMainWindow, docks: Mapping[str, Dock]) -> None:
    """Everything one trades by at once; the rest in tabs below."""
    _put(window, docks, centre=("chart",), shown=tuple(docks))
    docks[BOTTOM[0]].raise_()
    share_out(window, docks, default_shares(window.width()))


def _place_research(window: QMainWindow, docks: Mapping[str, Dock]) -> None:
    """Editor, backtest, history and chart in tabs over the whole window; signals come as pop-ups."""
    _put(window, docks, centre=RESEARCH_TABS, shown=RESEARCH_TABS)
    docks[RESEARCH_TABS[0]].raise_()


def _put(window: QMainWindow, docks: Mapping[str, Dock], *, centre: tuple[str, ...], shown: tuple[str, ...]) -> None:
    """Give every dock a place; one that is not shown comes back there, by the panels menu or Ctrl+1 to Ctrl+9."""
    top, bottom = Qt.DockWidgetArea.TopDockWidgetArea, Qt.DockWidgetArea.BottomDockWidgetArea
    across, down = Qt.Orientation.Horizontal, Qt.Orientation.Vertical
    for dock in docks.values():
        dock.setFloating(False)
        window.removeDockWidget(dock)
    middle = docks[centre[0]]
    window.addDockWidget(top, docks["sessions"], across)
    window.splitDockWidget(docks["sessions"], middle, across)
    # The column at the right reaches to the bottom: a signal card with its buttons needs the height.
    window.setCorner(Qt.Corner.BottomRightCorner, Qt.DockWidgetArea.RightDockWidgetArea)
    window.setCorner(Qt.Corner.TopRightCorner, Qt.DockWidgetArea.RightDockWidgetArea)
    window.addDockWidget(Qt.DockWidgetArea.RightDockWidgetArea, docks["signals"], down)
    window.splitDockWidget(docks["sessions"], docks["watchlist"], down)
    window.splitDockWidget(middle, docks["equity"], down)
    window.splitDockWidget(docks["signals"], docks["portfolio"], down)
    for name in centre[1:]:
        window.tabifyDockWidget(middle, docks[name])
    below = [name for name in BOTTOM if name not in centre]
    window.addDockWidget(bottom, docks[below[0]])
    for name in below[1:]:
        window.tabifyDockWidget(docks[below[0]], docks[name])
    for name, dock in docks.items():
        dock.setVisible(name in shown)
    for dock in docks.values():
        dock.name_title()
