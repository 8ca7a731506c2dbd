"""Very many rows that change all the time: what is seen is new at once, the rest follows, and nothing is laid out."""

from __future__ import annotations

import asyncio
import dataclasses
import sys
from decimal import Decimal

from PySide6.QtCore import QEvent, QObject
from PySide6.QtWidgets import QHBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from desktop.engine.views import Changes, Table, WatchRow
from desktop.ui.guarding import FEW, Guards
from desktop.ui.intents import Intents
from desktop.ui.panels.equity_chart import EquityChart
from desktop.ui.panels.portfolio import Portfolio
from desktop.ui.panels.watchlist import Watchlist
from desktop.ui.theme import ThemeStore
from desktop.ui.widgets.steady_label import SteadyLabel
from desktop.ui.window_app import TURN, run_qt
from tests.helpers.fake_desk import FakeDesk, as_desk

MANY = 600


def crowd(desk: FakeDesk) -> list[WatchRow]:
    """Let the desk have very many symbols."""
    base = desk.watch()[0]
    made = [
        dataclasses.replace(base, instrument=dataclasses.replace(base.instrument, symbol=f"S{number:03d}"))
        for number in range(MANY)
    ]
    desk.tables[Table.WATCH] = {row.key: row for row in made}
    return made


def all_move(desk: FakeDesk, price: int) -> None:
    """Let every symbol have a price, told at once."""
    moved = {key: dataclasses.replace(row, last=Decimal(price)) for key, row in desk.tables[Table.WATCH].items()}
    desk.tables[Table.WATCH] = moved
    desk.emit(Changes(changed={Table.WATCH: frozenset(moved)}))


async def test_of_very_many_changed_rows_those_in_sight_are_new_at_once_and_all_follow(
    qtbot: QtBot, desk: FakeDesk, theme: ThemeStore
) -> None:
    crowd(desk)
    panel = Watchlist(as_desk(desk), theme, Intents())
    qtbot.addWidget(panel)
    panel.resize(400, 400)
    panel.show()
    all_move(desk, 77)
    seen = panel.table.keys_in_sight()
    assert 5 < len(seen) < 40
    known = panel.table.rows.get
    assert {row.last for key in seen if (row := known(key)) is not None} == {Decimal(77)}
    for _ in range(MANY):  # as its timer does, until nothing is left
        if not panel._behind:
            break
        assert panel._again.isActive()
        panel._catch_up()
    assert {row.last for row in panel.table.rows.shown_rows()} == {Decimal(77)}


async def test_a_row_that_goes_while_it_waits_to_be_read_does_not_come_back(
    qtbot: QtBot, desk: FakeDesk, theme: ThemeStore
) -> None:
    rows = crowd(desk)
    panel = Watchlist(as_desk(desk), theme, Intents())
    qtbot.addWidget(panel)
    panel.resize(400, 400)
    panel.show()
    all_move(desk, 78)
    gone = rows[-1].key
    del desk.tables[Table.WATCH][gone]
    desk.emit(Changes(removed={Table.WATCH: frozenset({gone})}))
    while panel._behind:
        panel._catch_up()
    assert panel.table.rows.get(gone) is None
    assert panel.table.rows.total == MANY - 1


def test_a_table_that_is_not_shown_has_nothing_in_sight(qtbot: QtBot, desk: FakeDesk, theme: ThemeStore) -> None:
    panel = Watchlist(as_desk(desk), theme, Intents())
    qtbot.addWidget(panel)
    assert panel.table.keys_in_sight() == []


class _Layouts(QObject):
    """Counts how often a widget is asked to lay itself out."""

    count = 0

    def eventFilter(self, _: QObject, event: QEvent) -> bool:
        self.count += event.type() == QEvent.Type.LayoutRequest
        return False


async def test_a_count_takes_another_size_only_with_another_number_of_digits(qtbot: QtBot) -> None:
    place, label, heard = QWidget(), SteadyLabel("caption"), _Layouts()
    qtbot.addWidget(place)
    QHBoxLayout(place).addWidget(label)
    label.setText("31")
    place.show()
    await asyncio.sleep(0)
    place.installEventFilter(heard)
    before = label.size()
    label.setText("47")
    await asyncio.sleep(0)
    assert label.size() == before
    assert heard.count == 0
    label.setText("147")
    await asyncio.sleep(0)
    assert label.minimumWidth() > before.width()
    assert heard.count > 0
    label.setText("")
    assert label.maximumWidth() == 0


async def test_sums_that_move_all_the_time_are_shown_a_few_times_a_second_and_the_last_one_always(
    qtbot: QtBot, desk: FakeDesk, theme: ThemeStore
) -> None:
    panel = Portfolio(as_desk(desk), theme, Intents())
    qtbot.addWidget(panel)
    session = desk.sessions()[0].session_id
    change = Changes(changed={Table.SESSIONS: frozenset({session})}, portfolio=True)
    shown: list[int] = []
    panel.refresh = lambda: shown.append(1)  # type: ignore[method-assign]  # this object only
    desk.emit(change)
    desk.emit(change)
    desk.emit(change)
    assert len(shown) == 1
    panel._on_pace()
    panel._on_pace()
    assert len(shown) == 2  # the later ones together, and nothing where nothing came
    desk.emit(Changes(removed={Table.SESSIONS: frozenset({session})}))
    assert len(shown) == 3  # a session that goes is seen at once


def test_the_curve_is_drawn_anew_with_a_point_and_not_with_every_price(
    qtbot: QtBot, desk: FakeDesk, theme: ThemeStore
) -> None:
    panel = EquityChart(as_desk(desk), theme, Intents())
    qtbot.addWidget(panel)
    session = panel._session_id
    drawn = panel.canvas.view
    assert drawn is not None
    row = desk.tables[Table.SESSIONS][session]
    desk.tables[Table.SESSIONS][session] = dataclasses.replace(row, total_return=0.4321)
    desk.emit(Changes(changed={Table.SESSIONS: frozenset({session})}))
    assert panel.canvas.view is drawn
    assert "43.21" in panel.total.text()
    desk.emit(Changes(equity=frozenset({session})))
    assert panel.canvas.view is not drawn


def test_who_guards_very_many_triggers_is_asked_a_few_times_a_second_but_at_once_with_the_status(
    desk: FakeDesk,
) -> None:
    guards = Guards(as_desk(desk))
    for number in range(FEW + 1):
        guards(f"nobody-{number}")
    asked: list[str] = []

    def asking(table: str, key: str) -> None:
        asked.append(key)

    desk.row = asking  # type: ignore[method-assign]  # this object only
    moved = Changes(changed={Table.SESSIONS: frozenset({"any"})})
    guards.changed(moved)
    first = len(asked)
    assert first == FEW + 1
    guards.changed(moved)
    assert len(asked) == first
    guards.changed(Changes(status=True))
    assert len(asked) == 2 * first


def test_threads_give_way_to_the_window_while_it_runs() -> None:
    before, during = sys.getswitchinterval(), []

    async def main() -> int:
        during.append(sys.getswitchinterval())
        return 0

    assert run_qt(main, ["assay"]) == 0
    assert abs(during[0] - TURN) < 1e-6
    assert sys.getswitchinterval() == before
