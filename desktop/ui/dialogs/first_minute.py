"""After the first closed demo trade: what to try next, and what still stands before real money."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import NamedTuple

from PySide6.QtCore import QCoreApplication, QObject
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from desktop.domain.events import Fact, TradeClosed
from desktop.domain.market import DAY, SECOND, FeedOrigin
from desktop.domain.positions import ClosedTrade
from desktop.domain.validation import Thresholds
from desktop.engine.api import Desk
from desktop.engine.views import SessionRow
from desktop.ui import formats, words
from desktop.ui.dialogs.form import FormDialog
from desktop.ui.following import hear
from desktop.ui.guard import guarded
from desktop.ui.intents import BacktestStrategy, EditStrategy, Intents, NewSession, ShowWhy
from desktop.ui.preferences import Preferences
from desktop.ui.theme import ThemeStore
from desktop.ui.widgets.looks import button, label, line, look

_SEEN = "first-minute/seen"
_NEEDED = Thresholds()


def _tr(text: str) -> str:
    return QCoreApplication.translate("FirstMinute", text)


class Rung(NamedTuple):
    """A step before real money; `when`: why it is open still, and what closes it."""

    text: str
    done: bool
    when: str


def ladder(desk: Desk) -> list[Rung]:
    """Return the steps before real money. Demo results never count."""
    rows = desk.sessions()
    real = any(row.settings.origin == FeedOrigin.REAL_TIME for row in rows)
    fifth = formats.date_time(int(time.time() * SECOND) + (_NEEDED.min_paper_days - 1) * DAY).rpartition(" ")[0]
    return [
        Rung(_tr("Watch a strategy trade on the demo"), bool(desk.trades()), _tr("Its first closed trade does that.")),
        Rung(
            _tr("Run it on paper, on real-time prices"),
            real,
            _tr("No session is on real-time prices yet: New session, Prices, a crypto exchange. No account is needed."),
        ),
        Rung(
            _tr("A backtest with a Sharpe ratio above 1.0"),
            False,
            _tr("Looked up when a live session is made: the newest one of its strategy on market prices you imported."),
        ),
        Rung(
            _tr("5 days of paper trading on real-time prices"),
            False,
            _tr("One for each day (UTC) on which the strategy runs so: begun today, on %1 at the earliest.").replace(
                "%1", fifth
            ),
        ),
        Rung(_tr("Your risk limits, confirmed"), False, _tr("You read and confirm them where a live session is made.")),
        Rung(
            _tr("A broker, connected and signed in"),
            any(view.ready for view in desk.accounts()),
            _tr("Add its API key under Menu, Live, Broker accounts; it is connected with the first live session."),
        ),
    ]


class FirstMinute(FormDialog):
    """Offers only what works now; everything else is shown as what is missing."""

    def __init__(
        self,
        desk: Desk,
        parent: QWidget,
        intents: Intents,
        row: SessionRow,
        trade: ClosedTrade,
        *,
        kill: Callable[[], None] | None,
    ) -> None:
        super().__init__(_tr("Your first trade is closed"), parent, width=600)
        self.show_badge(row.settings)
        item = row.settings.instrument(trade.symbol)
        gain = formats.money(trade.pnl, item.currency, signed=True, code=True)
        text = _tr("%1 was bought at %2 and sold at %3 (%4).")
        for place, value in enumerate(
            (
                trade.symbol,
                formats.price(trade.entry_price, item),
                formats.price(trade.exit_price, item),
                words.source(trade.reason),
            ),
            1,
        ):
            text = text.replace(f"%{place}", value)
        self.outer.addWidget(label(text, wrap=True))
        result = label(
            _tr("%1 after fees of %2")
            .replace("%1", formats.marked(gain))
            .replace("%2", formats.money(trade.fees, item.currency)),
            "figure",
        )
        look(result, tone=formats.tone(gain))
        self.outer.addWidget(result)
        self.outer.addWidget(label(_tr("What next?"), "heading"))
        self.offers = [
            self._offer(
                _tr("See why it traded"),
                _tr("From the quote to the fill, step by step."),
                lambda: intents.ask(ShowWhy(row.session_id, trade.symbol)),
            ),
            self._offer(
                _tr("Edit this rule"),
                _tr("Change a number and see what it says now."),
                lambda: intents.ask(EditStrategy(row.session_id)),
            ),
            self._offer(
                _tr("Backtest it"),
                _tr("What it would have done on past prices, in a blink."),
                lambda: intents.ask(BacktestStrategy(row.settings.strategy)),
            ),
            self._offer(
                _tr("Start a session of your own"),
                _tr("Your symbols, cash and limits; still paper."),
                lambda: intents.ask(NewSession(row.settings.strategy)),
            ),
        ]
        if kill is not None:
            self.offers.append(
                self._offer(_tr("Try the kill switch"), _tr("Nothing trades until you release it."), kill)
            )
        self.outer.addWidget(line())
        self._show_ladder(desk)
        self.finish(cancel=_tr("Close"))

    def _offer(self, title: str, text: str, act: Callable[[], None]) -> QFrame:
        frame = QFrame()
        frame.setProperty("role", "card")
        layout = QHBoxLayout(frame)
        layout.setContentsMargins(12, 7, 8, 7)
        words_ = QVBoxLayout()
        words_.setSpacing(0)
        words_.addWidget(label(title, "heading"))
        words_.addWidget(label(text, "caption"))
        layout.addLayout(words_, 1)
        go = button(_tr("Go"), name=title)

        def chosen() -> None:
            self.close()
            act()

        go.clicked.connect(guarded(chosen))
        layout.addWidget(go)
        self.outer.addWidget(frame)
        return frame

    def _show_ladder(self, desk: Desk) -> None:
        rungs = ladder(desk)
        missing = sum(not rung.done for rung in rungs)
        self.outer.addWidget(label(_tr("Go live: locked, %1 steps are missing").replace("%1", str(missing)), "heading"))
        column = QVBoxLayout()
        column.setSpacing(2)
        for rung in rungs:
            shown = label(f"{'✓' if rung.done else '○'}  {rung.text}", "" if rung.done else "muted")
            column.addWidget(shown)
            if rung.done:
                look(shown, tone="good")
            else:
                when = label(rung.when, "caption", wrap=True)
                when.setContentsMargins(18, 0, 0, 2)
                column.addWidget(when)
        self.outer.addLayout(column)
        self.outer.addWidget(label(_tr("Demo results never count toward anything."), "caption"))


class FirstMinuteGuide(QObject):
    """Waits for the first closed trade of a demo session, once in the life of the installation."""

    def __init__(
        self,
        desk: Desk,
        intents: Intents,
        preferences: Preferences,
        window: QWidget,
        *,
        kill: Callable[[], None] | None = None,
    ) -> None:
        """`kill`: what the kill switch button of the window does; None: it is not offered."""
        super().__init__(window)
        self._desk, self._intents, self._preferences, self._window = desk, intents, preferences, window
        self._kill = kill
        self.dialog: FirstMinute | None = None
        hear(self, desk, self._on_fact)

    def _on_fact(self, fact: Fact) -> None:
        if not isinstance(fact, TradeClosed) or self._preferences.flag(_SEEN, default=False):
            return
        row = self._desk.session(fact.session_id)
        if row is None or words.badge(row.settings) != "DEMO":
            return
        self._preferences.put(_SEEN, True)
        self.dialog = FirstMinute(self._desk, self._window, self._intents, row, fact.trade, kill=self._kill)
        self.dialog.destroyed.connect(self._on_gone)
        self.dialog.show()

    def _on_gone(self) -> None:
        self.dialog = None


def open_first_minute(
    desk: Desk,
    theme: ThemeStore,  # noqa: ARG001 - every dialog is opened with the same arguments
    parent: QWidget,
    *,
    intents: Intents,
    row: SessionRow,
    trade: ClosedTrade,
) -> FirstMinute:
    """Open the guide for a trade."""
    dialog = FirstMinute(desk, parent, intents, row, trade, kill=None)
    dialog.show()
    return dialog
