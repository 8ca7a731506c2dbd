"""What this program is, and its help."""

from __future__ import annotations

import platform
from importlib.metadata import PackageNotFoundError, version

from PySide6.QtCore import QCoreApplication, Qt, qVersion
from PySide6.QtGui import QIcon
from PySide6.QtWidgets import QDialog, QGridLayout, QHBoxLayout, QLabel, QScrollArea, QVBoxLayout, QWidget

from desktop.resources import resource_path
from desktop.ui.widgets.looks import button, label

_WIDEST_KEY = 40  # characters: what stands before a colon and is longer is a sentence


def program_version() -> str:
    """Return the version of this installation."""
    try:
        return version("assay-desktop")
    except PackageNotFoundError:
        return QCoreApplication.translate("About", "a checkout")


class AboutDialog(QDialog):
    """Name, version, licence and what it runs on."""

    def __init__(self, data: str, parent: QWidget) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("About Assay"))
        layout = QVBoxLayout(self)
        layout.setContentsMargins(28, 24, 28, 18)
        layout.setSpacing(8)
        mark = QLabel()
        mark.setPixmap(QIcon(str(resource_path("icons/assay.svg"))).pixmap(64, 64))
        layout.addWidget(mark, 0, Qt.AlignmentFlag.AlignHCenter)
        name = label(f"Assay {program_version()}", "title")
        layout.addWidget(name, 0, Qt.AlignmentFlag.AlignHCenter)
        for text in (
            self.tr("Tests, paper-trades and runs rule strategies, and says why it did what it did."),
            self.tr("Nothing here is investment advice. Past results say little about future ones."),
            self.tr("Apache License 2.0"),
            f"Python {platform.python_version()} · Qt {qVersion()} · {platform.system()} {platform.machine()}",
        ):
            line = label(text, "muted", wrap=True)
            line.setAlignment(Qt.AlignmentFlag.AlignHCenter)
            layout.addWidget(line)
        if data:
            where = label(self.tr("Data: %1").replace("%1", data), "caption", wrap=True, selectable=True)
            where.setAlignment(Qt.AlignmentFlag.AlignHCenter)
            layout.addWidget(where)
        close = button(self.tr("Close"), "primary")
        close.setDefault(True)
        close.clicked.connect(self.accept)
        layout.addSpacing(8)
        layout.addWidget(close, 0, Qt.AlignmentFlag.AlignHCenter)
        self.setMinimumWidth(400)


def help_topics() -> dict[str, tuple[str, str]]:
    """Return title and text of each help topic, by the name of the dock it belongs to; "" is the general one."""

    def tr(text: str) -> str:
        return QCoreApplication.translate("Help", text)

    return {
        "": (
            tr("Keys"),
            tr(
                "F9: order ticket\nCtrl+N: new session\nCtrl+B: backtest\nCtrl+K: find any command\n"
                "Ctrl+1 to Ctrl+9: go to a panel\nCtrl+Shift+T: Trading workspace\nCtrl+Shift+R: Research workspace\n"
                "Ctrl+Shift+K, held for one second: kill switch\nCtrl+Shift+P: pause all sessions\n"
                "Alt+A, Alt+R: approve or reject the marked signal\nCtrl+Shift+L: dark or light\nCtrl+,: settings\n"
                "Esc: dismiss\nF1: help for what has the focus\n"
                "In tables: Ctrl+C copies, Ctrl+F filters columns, Enter opens, the Menu key shows what can be done. "
                "A filter of a number column takes > 100, <= 5 or = 3.\n\nNo single key ever trades."
            ),
        ),
        "sessions": (
            tr("Sessions"),
            tr(
                "A session runs one strategy on its symbols with its own cash, limits and fill model. Pause stops "
                "new entries; stops, targets and closing by hand go on working. Charts, equity curve and editor show "
                "the selected session."
            ),
        ),
        "signals": (
            tr("Signals"),
            tr(
                "When an entry rule becomes true, a card asks you. Everything is checked again when you approve: "
                "price, limits, hours and cash. A card that cannot be approved any more says why."
            ),
        ),
        "positions": (
            tr("Positions"),
            tr("Double-click or Enter opens a prefilled close ticket. Right-click for stop, target and Why?"),
        ),
        "orders": (
            tr("Orders"),
            tr("Each order says where it came from. Double-click a working order to change it, right-click for more."),
        ),
        "triggers": (
            tr("Triggers"),
            tr("Stops and targets place an order by themselves, once. Those watched by the app need Assay to run."),
        ),
        "chart": (
            tr("Price chart"),
            tr("Bars, the indicators of the rule, fills, stop and target. Drag a line to move the stop or the target."),
        ),
        "equity": (tr("Equity curve"), tr("The session's equity against its benchmark, with the drawdown below.")),
        "portfolio": (tr("Portfolio"), tr("All sessions together, one block for each currency.")),
        "watchlist": (
            tr("Watchlist"),
            tr("The symbols of your sessions. Grey: no fresh price; no trigger fires on it."),
        ),
        "trades": (tr("Closed trades"), tr("From flat to flat. Profit and loss are net of fees.")),
        "signal-history": (tr("Signals history"), tr("What became of each signal, and which check stood in its way.")),
        "accounts": (
            tr("Accounts"),
            tr(
                "The accounts that live sessions trade on: connection, money, and what the broker holds beside what "
                "Assay's sessions hold. They are compared at the start, after each reconnect and every minute.\n"
                "Differs: nobody has explained it. No entries in that symbol and exits wait until you decide: adopt it "
                "into a session, which looks after it from then on, or ignore it, when it is yours and not Assay's\n"
                "Unknown: an order was sent and not answered for. The broker is asked until it knows\n"
                "External: placed outside Assay, in the broker's app for example. It is shown and never touched\n"
                "Other Assay: another Assay trades on the account. Sessions here are paused; let one alone trade\n"
                "A live session is armed by typing a word, in each launch anew. Not armed, it closes and protects what "
                "it holds, and buys nothing. Stops watched by the broker work while Assay is closed; those watched by "
                "the app do not. The kill switch cancels what Assay has at the broker, resting stops too; positions "
                "stay unless you flatten them."
            ),
        ),
        "editor": (
            tr("Strategy editor"),
            tr(
                "Rules as text, checked as you type. A saved change is a new version; running sessions keep theirs. "
                "What is not saved is kept too, also when Assay is closed.\n"
                "F1: in a rule, what the name at the cursor means\n"
                "Ctrl+Shift+R: the Research workspace, where editor and backtest are large\n"
                "Ctrl+Space: the list of names, Enter or Tab takes one\n"
                "On the chart, hollow marks show where a rule became true, filled ones what the quick test traded. "
                "Point at a bar for the values there; click, or Space and the arrow keys, keeps it; Esc lets it go.\n"
                "The quick test runs after each change, on past bars only. It trades nothing."
            ),
        ),
        "backtest": (
            tr("Backtest"),
            tr(
                "A strategy on past prices, through the same core as paper trading: the same bars, fills and seed give "
                "the same trades. Choose strategy and prices at the left and press Run backtest. Every run is stored "
                "with its version, data fingerprint, settings and seed; Reproduce runs it again and says whether it is "
                "identical. Clauses says how often each part of a rule was true and what stopped orders.\n"
                "A sweep tries every combination of the ticked values. The best of many is partly luck: look for a "
                "smooth map, heed the deflated Sharpe ratio, and judge by a walk-forward, which tries each choice on "
                "bars it has not seen.\n"
                "Ctrl+B: open it\nEnter: on a trade its chart, on a cell or variant its backtest, on a stored run its "
                "report"
            ),
        ),
        "history": (
            tr("History"),
            tr(
                "Prices that were imported: bars, quotes or trades from CSV or Parquet files. The bar shows what a "
                "series covers; a hole is longer than a weekend with holidays. Splits to decide: prices before one are "
                "on another scale than those after it. Adjusting makes a second series, the prices as traded stay.\n"
                "Enter: decide on splits, else the chart\nDelete: asks, then removes the series"
            ),
        ),
        "audit": (
            tr("Log & audit"),
            tr("Every record of every session. Typing searches all of them where they are stored."),
        ),
    }


def _body(body: str) -> QGridLayout:
    """Return a text; lines of the form "key: what it does" stand in two columns."""
    grid = QGridLayout()
    grid.setHorizontalSpacing(18)
    grid.setVerticalSpacing(5)
    grid.setColumnStretch(1, 1)
    for row, line in enumerate(body.split("\n")):
        key, found, does = line.partition(": ")
        if found and len(key) < _WIDEST_KEY:
            grid.addWidget(label(key, "muted"), row, 0, Qt.AlignmentFlag.AlignTop)
            grid.addWidget(label(does[:1].upper() + does[1:], wrap=True, selectable=True), row, 1)
        elif line:
            grid.addWidget(label(line, wrap=True, selectable=True), row, 0, 1, 2)
    return grid


class HelpDialog(QDialog):
    """A topic on top, the keys below."""

    def __init__(self, topic: str, parent: QWidget) -> None:
        super().__init__(parent)
        topics = help_topics()
        self.setWindowTitle(self.tr("Help"))
        inner = QWidget()
        text = QVBoxLayout(inner)
        text.setContentsMargins(4, 4, 12, 4)
        text.setSpacing(8)
        for name in dict.fromkeys((topic if topic in topics else "", "")):
            title, body = topics[name]
            text.addWidget(label(title, "title"))
            text.addLayout(_body(body))
            text.addSpacing(6)
        text.addStretch(1)
        area = QScrollArea()
        area.setWidgetResizable(True)
        area.setWidget(inner)
        close = button(self.tr("Close"), "primary")
        close.setDefault(True)
        close.clicked.connect(self.accept)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(20, 16, 12, 14)
        layout.addWidget(area, 1)
        foot = QHBoxLayout()
        foot.addStretch(1)
        foot.addWidget(close)
        layout.addLayout(foot)
        self.resize(540, 480)
