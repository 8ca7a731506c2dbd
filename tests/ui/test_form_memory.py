"""What was chosen in the backtest's form and in the editor is there again at the next start of the program."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QComboBox, QLineEdit
from pytestqt.qtbot import QtBot

from desktop.domain.errors import NotFound
from desktop.domain.history import adjusted_first
from desktop.domain.sessions import FillModelKind, FillSettings
from desktop.research.api import DataChoice, DataRef
from desktop.ui import work
from desktop.ui.intents import Intents
from desktop.ui.panels.backtest import Backtest
from desktop.ui.panels.strategy_editor import StrategyEditor
from desktop.ui.preferences import Preferences
from desktop.ui.theme import ThemeStore
from desktop.ui.widgets.histories import Source
from tests.helpers import fake_rows as rows
from tests.helpers.fake_archive import SPLIT, series_info
from tests.helpers.fake_desk import FakeDesk, as_desk
from tests.helpers.fake_lab import CROSS, NOVA, SPY, FakeLab, as_lab
from tests.helpers.inline_jobs import InlineJobs
from tests.helpers.market import at

D = Decimal


@pytest.fixture
def opened(qtbot: QtBot, desk: FakeDesk, tmp_path: Path) -> Callable[[], Backtest]:
    """Return what opens the panel as a new start of the program does: its settings are read from the file again."""

    def make() -> Backtest:
        preferences = Preferences(tmp_path / "window.ini")
        made = Backtest(as_desk(desk), ThemeStore(preferences), Intents(), as_lab(FakeLab()))
        qtbot.addWidget(made)
        made.resize(1284, 690)
        made.show()
        return made

    return make


def pick(box: QComboBox, text: str) -> None:
    """Choose an entry with the keys, as a user does."""
    box.setFocus()
    QTest.keyClick(box, Qt.Key.Key_Home)
    for _ in range(box.count()):
        if box.currentText().startswith(text):
            box.activated.emit(box.currentIndex())
            return
        QTest.keyClick(box, Qt.Key.Key_Down)
    raise AssertionError(f"no {text} in the list")


def type_into(field: QLineEdit, text: str) -> None:
    field.setFocus()
    field.selectAll()
    QTest.keyClicks(field, text)


async def test_strategy_prices_dates_and_costs_are_there_at_the_next_start(opened: Callable[[], Backtest]) -> None:
    form = opened().form
    await work.settle()
    pick(form.strategy, rows.RSI.name)
    pick(form.data.lines[0].choice, SPY.title)
    pick(form.timeframe, "4h")
    type_into(form.period.begin, "2021-02-01")
    type_into(form.period.end, "2022-06-30")
    type_into(form.cash, "250000")
    type_into(form.seed, "7")
    pick(form.fills, "Ideal")
    pick(form.splits, "Adjust")
    pick(form.limits, "Prudent")
    pick(form.hours, "New York")
    assert form.check()
    before = form.draft()

    again = opened().form
    await work.settle()
    assert again.draft() == before
    assert before is not None
    assert (before.strategy.name, before.data, before.cash, before.seed) == (rows.RSI.name, (SPY.ref,), D(250_000), 7)
    assert (before.begin, before.end, before.hours) == (at("2021-02-01"), at("2022-07-01"), "XNYS")


async def test_costs_of_ones_own_are_tested_said_and_there_at_the_next_start(opened: Callable[[], Backtest]) -> None:
    form = opened().form
    await work.settle()
    pick(form.fills, "Fixed")
    assert form.fill_words.text() == "Slippage 10 bp, fees 0.1 % a side"
    assert not form.costs.isVisible()
    QTest.mouseClick(form.show_costs, Qt.MouseButton.LeftButton)
    assert form.costs.isVisible()
    for name, text in (("fee_percent", "0.02"), ("slippage_mean_bp", "0"), ("impact_bp", "4"), ("volume_share", "5")):
        type_into(form.costs.numbers[name], text)
    assert "fees 0.02 % a side" in form.fill_words.text()
    assert form.check()
    before = form.draft()
    assert before is not None
    own = FillSettings.of(FillModelKind.FIXED).with_costs(
        slippage_bp=D(0), fee_percent=D("0.02"), impact_bp=D(4), volume_share=D("0.05")
    )
    assert before.fills == own

    again = opened().form
    await work.settle()
    assert again.draft() == before
    assert "fees 0.02 % a side" in again.fill_words.text()
    pick(again.fills, "Realistic")
    assert again.costs.settings() == FillSettings.of(FillModelKind.REALISTIC)
    again.show_draft(before)
    assert again.draft() == before


async def test_costs_that_cannot_be_are_said_at_the_fills_and_not_run(opened: Callable[[], Backtest]) -> None:
    form = opened().form
    await work.settle()
    type_into(form.costs.numbers["volume_share"], "130")
    assert not form.check()
    assert form.rows.mistakes["fills"].text() == "The share of the volume cannot be above 100 %."
    assert form.costs.isVisible()
    assert not form.run.isEnabled()


async def test_what_a_strategy_was_swept_over_is_there_again_for_it_alone(opened: Callable[[], Backtest]) -> None:
    panel = opened()
    await work.settle()
    pick(panel.form.strategy, rows.RSI.name)
    panel.tabs.show_page("sweep")
    inputs = panel.tabs.sweep.inputs
    names = list(inputs.ranges.lines)
    suggested = inputs.ranges.ranges()
    _, low, high, step = inputs.ranges.lines[names[0]]
    for field, text in ((low, "4"), (high, "44"), (step, "8")):
        type_into(field, text)
    QTest.mouseClick(inputs.ranges.lines[names[1]][0], Qt.MouseButton.LeftButton)
    pick(inputs.kind, "Walk-forward")
    pick(inputs.unit, "days")
    type_into(inputs.plan, "300/60")
    QTest.keyClick(inputs.anchored, Qt.Key.Key_Space)
    pick(inputs.best_by, "Sortino")
    panel.form.check()
    before = inputs.ranges.ranges()
    assert before == {names[0]: "4:44:8"} != suggested

    again = opened()
    await work.settle()
    again.tabs.show_page("sweep")
    shown = again.tabs.sweep.inputs
    assert shown.ranges.ranges() == before
    assert (shown.walks, shown.lengths, shown.ranked_by) == (True, "300d/60d", "sortino")
    assert shown.anchored.isChecked()
    assert again.tabs.sweep.start.text() == "Run walk-forward"
    again.test(CROSS)  # its own ranges, then back
    await work.settle()
    assert set(shown.ranges.lines) == set(CROSS.parameters)
    pick(again.form.strategy, rows.RSI.name)
    assert shown.ranges.ranges() == before


async def test_ranges_that_were_only_suggested_follow_the_strategy(opened: Callable[[], Backtest]) -> None:
    panel = opened()
    await work.settle()
    panel.test(CROSS)
    await work.settle()
    panel.tabs.show_page("sweep")
    pick(panel.tabs.sweep.inputs.best_by, "Sortino")
    suggested = panel.tabs.sweep.inputs.ranges.ranges()
    again = opened()
    again.test(replace(CROSS, parameters={"fast": D(40), "slow": D(90)}))
    await work.settle()
    again.tabs.show_page("sweep")
    assert again.tabs.sweep.inputs.ranked_by == "sortino"
    assert again.tabs.sweep.inputs.ranges.ranges() != suggested


async def test_prices_that_are_gone_are_not_waited_for(
    opened: Callable[[], Backtest], monkeypatch: pytest.MonkeyPatch
) -> None:
    form = opened().form
    await work.settle()
    pick(form.data.lines[0].choice, SPY.title)
    form.check()

    async def without(_: FakeLab) -> list[DataChoice]:
        return [NOVA]

    monkeypatch.setattr(FakeLab, "data", without)
    again = opened().form
    await work.settle()
    assert again.data.refs == (NOVA.ref,)


async def test_a_file_is_offered_again_while_it_is_there(opened: Callable[[], Backtest], tmp_path: Path) -> None:
    path = tmp_path / "abc_1h.csv"
    path.write_text("time,open,high,low,close,volume\n")
    form = opened().form
    await work.settle()
    form.data.add_file(DataChoice(DataRef("ABC", f"file:{path}"), "ABC 1h, abc_1h.csv", "bars", "1h", "USD"))
    form.check()
    again = opened().form
    await work.settle()
    assert again.data.refs == (DataRef("ABC", f"file:{path}"),)
    path.unlink()
    last = opened().form
    await work.settle()
    assert last.data.refs != (DataRef("ABC", f"file:{path}"),)


async def test_what_another_panel_asks_for_wins_over_what_was_kept(opened: Callable[[], Backtest]) -> None:
    panel = opened()
    await work.settle()
    pick(panel.form.strategy, rows.RSI.name)
    pick(panel.form.data.lines[0].choice, SPY.title)
    panel.form.check()
    again = opened()
    again.test(replace(rows.RSI, name="Mine"), SPY.ref.source)
    await work.settle()
    assert again.form.chosen_strategy is not None
    assert again.form.chosen_strategy.name == "Mine"


@pytest.mark.parametrize("text", ["", "[1]", "{", '{"data": [["A"]], "cash": "x", "fills": 3}'])
async def test_settings_that_cannot_be_read_leave_the_form_as_it_is(
    qtbot: QtBot, desk: FakeDesk, theme: ThemeStore, text: str
) -> None:
    theme.preferences.put("backtest/form", text)
    made = Backtest(as_desk(desk), theme, Intents(), as_lab(FakeLab()))
    qtbot.addWidget(made)
    await work.settle()
    draft = made.form.draft()
    assert draft is not None
    assert (draft.cash, draft.seed, len(draft.data)) == (D(100_000), 1, 1)


# which prices first --------------------------------------------------------------------------------------------------
def test_adjusted_prices_come_before_the_same_as_they_were_traded() -> None:
    aapl = series_info(1, "AAPL", fingerprint="a")
    better = series_info(5, "AAPL", fingerprint="a", splits=(SPLIT,))
    goog = series_info(2, "GOOG", fingerprint="g")
    stale = series_info(6, "GOOG", fingerprint="old", splits=(SPLIT,))
    hourly = series_info(3, "AAPL", "1h", fingerprint="h")
    order = [info.series_id for info in adjusted_first([aapl, hourly, better, goog, stale])]
    assert order == [5, 1, 3, 2, 6]


# the editor ----------------------------------------------------------------------------------------------------------
@pytest.fixture
def editors(qtbot: QtBot, desk: FakeDesk, tmp_path: Path) -> Callable[[], StrategyEditor]:
    def make() -> StrategyEditor:
        links = Intents()
        links.follow_session("s-demo")
        theme = ThemeStore(Preferences(tmp_path / "window.ini"))
        made = StrategyEditor(desk, theme, links, make_jobs=InlineJobs)
        qtbot.addWidget(made)
        made.resize(1200, 600)
        made.show()
        return made

    return make


async def test_the_editor_opens_the_strategy_and_the_series_that_were_chosen(
    editors: Callable[[], StrategyEditor], desk: FakeDesk
) -> None:
    editor = editors()
    await work.settle()
    other = next(item for item in desk.strategies() if item.name != editor.form.name.text())
    pick(editor.choice, other.name)
    await work.settle()
    assert editor.form.name.text() == other.name
    history = editor.head.history
    history.ask_for_series()
    await work.settle()
    place = next(row for row in range(history.count()) if history.itemData(row) == Source(series_id=1))
    history.setCurrentIndex(place)
    history.activated.emit(place)
    await work.settle()
    again = editors()
    await work.settle()
    assert again.form.name.text() == other.name
    assert again.hand.source == Source(series_id=1)
    assert again.hand.history is not None


async def test_a_series_that_is_gone_gives_way_to_the_session(
    editors: Callable[[], StrategyEditor], desk: FakeDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    editor = editors()
    editor.drafts.keep_source(Source(series_id=99))

    async def gone(_: int) -> None:
        raise NotFound("stored series", "99", "It is gone.")

    monkeypatch.setattr(desk.archive, "bars", gone)
    again = editors()
    await work.settle()
    assert again.hand.source.session_id == "s-demo"
