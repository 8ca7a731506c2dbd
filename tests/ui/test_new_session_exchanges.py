"""The new-session dialog on the prices of an exchange: pairs, their currency, a copy, a network that is away."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from desktop.domain.errors import EnvironmentFault
from desktop.domain.instruments import Instrument
from desktop.engine.api import FeedChoice
from desktop.live_feeds import public_choices
from desktop.ui import work
from desktop.ui.dialogs.new_session import NewSession, open_new_session
from desktop.ui.theme import ThemeStore
from tests.helpers.fake_desk import FakeDesk

LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def host(qtbot: QtBot, desk: FakeDesk, monkeypatch: pytest.MonkeyPatch) -> QWidget:
    before = list(desk.feeds())

    def feeds() -> Sequence[FeedChoice]:
        return [*before, *public_choices()]

    monkeypatch.setattr(desk, "feeds", feeds)
    made = QWidget()
    qtbot.addWidget(made)
    made.show()
    return made


@pytest.fixture
def dialog(host: QWidget, desk: FakeDesk, theme: ThemeStore) -> NewSession:
    made = open_new_session(desk, theme, host)
    made.feed.setCurrentIndex(made.feed.findData("ccxt:binance"))
    return made


async def test_a_session_on_an_exchange_is_prefilled_with_a_pair_and_its_currency(
    dialog: NewSession, desk: FakeDesk, qtbot: QtBot
) -> None:
    assert dialog.symbols.text() == "BTC/USDT"
    assert dialog.currency.currentText() == "USDT"
    assert "no account needed" in dialog.feed_words.text()
    qtbot.mouseClick(dialog.start, LEFT)
    await work.settle()

    draft = desk.commands[0][1]["draft"]
    assert (draft.feed, draft.symbols, draft.currency) == ("ccxt:binance", ("BTC/USDT",), "USDT")


def test_the_currency_follows_a_pair_that_is_typed(dialog: NewSession) -> None:
    dialog.symbols.setText("ETH/EUR")

    assert dialog.currency.currentText() == "EUR"


def test_a_copy_runs_on_the_same_exchange(host: QWidget, desk: FakeDesk, theme: ThemeStore, qtbot: QtBot) -> None:
    row = desk.sessions()[0]
    pair = Instrument("BTC/USD", currency="USD")
    like = replace(row.settings, feed="ccxt:kraken", instruments=(pair,), currency="USD")
    dialog = NewSession(desk, host, like=like)
    qtbot.addWidget(dialog)

    assert dialog.feed.currentData() == "ccxt:kraken"
    assert dialog.file.text() == ""
    assert dialog.symbols.text() == "BTC/USD"
    assert theme is not None


async def test_a_network_that_is_away_is_said_above_the_buttons(
    dialog: NewSession, desk: FakeDesk, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def away(*_: object, **__: object) -> str:
        raise EnvironmentFault("Binance cannot be reached. Look at your network.")

    monkeypatch.setattr(desk, "create_session", away)
    said: list[str] = []
    monkeypatch.setattr(dialog, "refuse", said.append)
    qtbot.mouseClick(dialog.start, LEFT)
    await work.settle()

    assert said[-1] == "Binance cannot be reached. Look at your network."
    assert dialog.start.isEnabled()
