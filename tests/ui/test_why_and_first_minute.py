"""Why, and what the first closed demo trade brings."""

from datetime import UTC, datetime

import pytest
import shiboken6
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from desktop.domain.events import TradeClosed
from desktop.ui import intents
from desktop.ui.dialogs.first_minute import FirstMinuteGuide, ladder, open_first_minute
from desktop.ui.dialogs.why import open_why
from desktop.ui.intents import Intents
from desktop.ui.preferences import Preferences
from desktop.ui.theme import ThemeStore
from tests.helpers import fake_rows as rows
from tests.helpers.fake_desk import FakeDesk

LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def host(qtbot: QtBot) -> QWidget:
    made = QWidget()
    qtbot.addWidget(made)
    made.show()
    return made


def texts(widget: QWidget) -> list[str]:
    return [item.text() for item in widget.findChildren(QLabel)]


def test_why_tells_clauses_checks_and_the_chain(host: QWidget, desk: FakeDesk, theme: ThemeStore, qtbot: QtBot) -> None:
    dialog = open_why(desk, theme, host, session_id="s-demo", symbol="NORD")
    assert dialog.heading.text() == "Why still held?"
    assert "not above 70" in dialog.answer_line.text()
    assert dialog.clauses._rows[0].text() == "✗  rsi(14) = 54.2 < 30"
    checks = texts(dialog.checks)
    assert checks[0] == "✗", "what stands in the way comes first"
    assert "BUY 300 NORD filled at 60.15, fee 18.05 USD" in texts(dialog.history)
    qtbot.mouseClick(dialog.again, LEFT)
    assert len(texts(dialog.checks)) == len(checks)
    qtbot.keyClick(dialog, Qt.Key.Key_Escape)
    qtbot.waitUntil(lambda: not shiboken6.isValid(dialog))


def test_why_not_of_a_session_that_is_gone_is_a_sentence(host: QWidget, desk: FakeDesk, theme: ThemeStore) -> None:
    dialog = open_why(desk, theme, host, session_id="gone", symbol="NORD")
    assert "There is no session" in dialog.answer.text()
    dialog.close()


def test_the_first_closed_demo_trade_opens_the_guide_once(
    host: QWidget, desk: FakeDesk, preferences: Preferences, qtbot: QtBot
) -> None:
    links = Intents()
    guide = FirstMinuteGuide(desk, links, preferences, host, kill=lambda: None)
    trade = rows.trade_rows()[0].trade
    desk.tell(TradeClosed("s-korea", rows.NOW, trade))
    assert guide.dialog is None, "only the demo has a first minute"
    desk.tell(TradeClosed("s-demo", rows.NOW, trade))
    dialog = guide.dialog
    assert dialog is not None
    assert dialog.isVisible()
    assert not dialog.isModal()
    assert len(dialog.offers) == 5
    asked: list[object] = []
    links.raised.connect(asked.append)
    go = dialog.offers[1].findChild(QPushButton)
    qtbot.mouseClick(go, LEFT)
    qtbot.waitUntil(lambda: not shiboken6.isValid(dialog))
    assert asked == [intents.EditStrategy("s-demo")]
    desk.tell(TradeClosed("s-demo", rows.NOW, trade))
    assert guide.dialog is None, "once is enough"


def test_without_a_kill_switch_there_is_no_dead_button(host: QWidget, desk: FakeDesk, theme: ThemeStore) -> None:
    row = desk.session("s-demo")
    assert row is not None
    dialog = open_first_minute(desk, theme, host, intents=Intents(), row=row, trade=rows.trade_rows()[0].trade)
    assert len(dialog.offers) == 4
    assert any("Go live: locked" in text for text in texts(dialog))
    dialog.close()


def test_the_first_minute_offers_to_backtest_the_strategy(
    qtbot: QtBot, desk: FakeDesk, host: QWidget, theme: ThemeStore
) -> None:
    row = desk.session("s-demo")
    assert row is not None
    links = Intents()
    asked: list[object] = []
    links.raised.connect(asked.append)
    dialog = open_first_minute(desk, theme, host, intents=links, row=row, trade=rows.trade_rows()[0].trade)
    go = next(item for item in dialog.findChildren(QPushButton) if item.accessibleName() == "Backtest it")
    qtbot.mouseClick(go, LEFT)
    assert asked == [intents.BacktestStrategy(row.settings.strategy)]


def test_the_ladder_counts_no_demo_result(theme: ThemeStore) -> None:
    done = [rung.done for rung in ladder(FakeDesk(empty=True))]
    assert done == [False] * 6
    assert sum(rung.done for rung in ladder(FakeDesk())) == 2


def test_each_open_step_says_why_it_is_open_and_when_it_is_met(
    qtbot: QtBot, theme: ThemeStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    noon = datetime(2026, 11, 21, 12, tzinfo=UTC).timestamp()
    monkeypatch.setattr("desktop.ui.dialogs.first_minute.time.time", lambda: noon)
    rungs = ladder(FakeDesk(empty=True))
    assert all(rung.when for rung in rungs)
    assert "on 11/25/2026 at the earliest" in rungs[3].when, "today is the first of five days"
    host = QWidget()
    qtbot.addWidget(host)
    desk = FakeDesk()
    row = desk.sessions()[0]
    dialog = open_first_minute(desk, theme, host, intents=Intents(), row=row, trade=desk.trades()[0].trade)
    said = texts(dialog)
    for rung in ladder(desk):
        assert (rung.when in said) is not rung.done, "what is met needs no reason"
    assert dialog.outer.totalHeightForWidth(dialog.minimumWidth()) <= 735, "it fits on a screen of 768 pixels"
