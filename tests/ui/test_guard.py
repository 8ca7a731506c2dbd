"""Fault 32: what a panel raises is shown and logged, and the rest goes on."""

import asyncio
from collections.abc import Iterator

import pytest
from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QApplication, QPushButton, QWidget
from pytestqt.qtbot import QtBot
from shiboken6 import isValid

from desktop.domain.errors import NotFound
from desktop.engine.views import Changes
from desktop.ui import work
from desktop.ui.following import follow, hear
from desktop.ui.guard import Fault, guarded, on_fault, report
from desktop.ui.loop import make_loop
from tests.helpers.fake_desk import FakeDesk


@pytest.fixture
def faults() -> Iterator[list[Fault]]:
    found: list[Fault] = []
    end = on_fault(found.append)
    yield found
    end()


class Panel(QWidget):
    def __init__(self) -> None:
        super().__init__()
        self.heard: list[object] = []

    @guarded
    def fails(self, _: object = None) -> None:
        raise ValueError("the panel is broken")

    @guarded
    def takes_nothing(self) -> None:
        self.heard.append("clicked")

    def on_changes(self, changes: object) -> None:
        self.heard.append(changes)


def test_fault_32_an_exception_in_a_panel_is_reported_and_the_others_hear_the_change(
    qtbot: QtBot, desk: FakeDesk, faults: list[Fault]
) -> None:
    broken, sound = Panel(), Panel()
    qtbot.addWidget(broken)
    qtbot.addWidget(sound)
    follow(broken, desk, broken.fails)
    follow(sound, desk, sound.on_changes)
    desk.emit(Changes(portfolio=True))
    assert [str(fault.error) for fault in faults] == ["the panel is broken"]
    assert sound.heard == [Changes(portfolio=True)]


def test_fault_32_the_one_who_shows_faults_may_fail_too(faults: list[Fault]) -> None:
    def broken(_: Fault) -> None:
        raise RuntimeError("cannot show it")

    end = on_fault(broken)
    report(ValueError("first"), "somewhere")
    end()
    assert [fault.where for fault in faults] == ["somewhere"]


def test_a_slot_is_not_given_arguments_it_does_not_take(qtbot: QtBot, faults: list[Fault]) -> None:
    panel, button = Panel(), QPushButton()
    qtbot.addWidget(panel)
    qtbot.addWidget(button)
    button.clicked.connect(panel.takes_nothing)
    button.click()
    assert panel.heard == ["clicked"]
    assert faults == []


def test_a_signal_with_a_failing_slot_reports_it(qtbot: QtBot, faults: list[Fault]) -> None:
    class Source(QObject):
        told = Signal(object)

    panel, source = Panel(), Source()
    qtbot.addWidget(panel)
    source.told.connect(panel.fails)
    source.told.emit(1)
    assert faults[0].where == "Panel.fails"
    assert not faults[0].refused


def test_a_panel_that_is_gone_hears_nothing(qtbot: QtBot, desk: FakeDesk) -> None:
    panel = Panel()
    follow(panel, desk, panel.on_changes)
    hear(panel, desk, panel.on_changes)
    assert (len(desk._listeners), len(desk._fact_listeners)) == (1, 1)
    panel.deleteLater()
    qtbot.waitUntil(lambda: not isValid(panel))
    assert (len(desk._listeners), len(desk._fact_listeners)) == (0, 0)


async def test_a_refused_command_is_a_sentence_for_the_trader(desk: FakeDesk, faults: list[Fault]) -> None:
    desk.refuse = NotFound("session", "s-x")
    work.run(desk.pause_session("s-x"), where="pause")
    await work.settle()
    assert faults[0].refused
    assert faults[0].where == "pause"
    refused: list[str] = []
    desk.refuse = NotFound("session", "s-y")
    work.run(desk.pause_session("s-y"), on_refused=lambda error: refused.append(str(error)))
    await work.settle()
    assert refused == ["There is no session 's-y'."]
    assert len(faults) == 1


async def test_what_follows_a_command_may_fail_and_is_reported(desk: FakeDesk, faults: list[Fault]) -> None:
    def broken(_: object) -> None:
        raise KeyError("row")

    work.run(desk.pause_all(), then=broken)
    await work.settle()
    assert isinstance(faults[0].error, KeyError)
    work.run(desk.pause_all())
    next(iter(work._running)).cancel()
    await work.settle()
    assert len(faults) == 1


def test_a_command_asked_for_when_no_loop_runs_any_more_is_dropped(qtbot: QtBot, desk: FakeDesk) -> None:
    with pytest.raises(RuntimeError, match="no running event loop"):
        work.run(desk.pause_all())
    assert desk.commands == []


def test_waiting_for_commands_does_not_wait_for_those_of_a_loop_that_is_gone(qapp: QApplication) -> None:
    async def leave_one() -> None:
        work.run(asyncio.sleep(3600))

    gone, now = make_loop(), make_loop()
    gone.run_until_complete(leave_one())
    now.run_until_complete(asyncio.wait_for(work.settle(), 5))
    left = asyncio.all_tasks(gone)
    for task in left:
        task.cancel()
    gone.run_until_complete(asyncio.gather(*left, return_exceptions=True))
    gone.close()
    now.close()
