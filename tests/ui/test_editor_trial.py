"""The editor on a history: signals, values at any bar, quick tests that the next change ends. Real mouse and keys."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import pytest_asyncio
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QTextCursor
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QToolTip
from pytestqt.qtbot import QtBot

from desktop.domain.strategies import Evaluate, Strategy
from desktop.engine.demo import sample_strategies
from desktop.engine.views import Changes, SessionBars, Table
from desktop.market.calendars import AlwaysOpen
from desktop.market.history_report import StoredSeries
from desktop.rules.columns import Columns
from desktop.ui import formats, work
from desktop.ui.intents import BacktestStrategy, Intents
from desktop.ui.panels.strategy_editor import StrategyEditor
from desktop.ui.theme import ThemeStore
from desktop.ui.widgets.histories import Source
from desktop.ui.widgets.strategy_choice import StrategyChoice
from desktop.ui.widgets.strategy_drafts import Drafts
from desktop.ui.widgets.strategy_trial import own_jobs
from tests.helpers.fake_archive import series_info
from tests.helpers.fake_desk import FakeDesk
from tests.helpers.inline_jobs import InlineJobs
from tests.rules.series import random_columns

LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def links() -> Intents:
    made = Intents()
    made.follow_session("s-demo")
    return made


@pytest.fixture
def jobs() -> InlineJobs:
    return InlineJobs()


@pytest_asyncio.fixture
async def editor(
    qtbot: QtBot, desk: FakeDesk, theme: ThemeStore, links: Intents, jobs: InlineJobs
) -> AsyncIterator[StrategyEditor]:
    made = StrategyEditor(desk, theme, links, make_jobs=lambda: jobs)
    qtbot.addWidget(made)
    made.trial._timer.setInterval(0)
    made._timer.setInterval(0)
    made.resize(1400, 560)
    made.show()
    await settled(made)
    yield made
    await work.settle()


async def until(reached: Callable[[], bool]) -> None:
    for _ in range(400):
        if reached():
            return
        await asyncio.sleep(0.005)
    raise AssertionError("it never came")


async def settled(editor: StrategyEditor) -> None:
    """Wait until what is in the fields has been tried."""
    await until(lambda: not editor._timer.isActive() and not editor.trial._timer.isActive())
    await work.settle()
    await until(lambda: not editor.trial.busy)


async def change(editor: StrategyEditor, qtbot: QtBot, text: str) -> None:
    editor.entry.setFocus()
    editor.entry.selectAll()
    qtbot.keyClicks(editor.entry, text)
    editor.entry.popup.hide()
    await settled(editor)


def bars_file(folder: Path, timeframe: str = "1h") -> Path:
    bars = random_columns(900, 4, timeframe=timeframe)
    lines = ["time,open,high,low,close,volume"]
    rows = zip(bars.start, bars.open, bars.high, bars.low, bars.close, bars.volume, strict=True)
    lines += [f"{int(at) // 1_000_000}," + ",".join(f"{value:.2f}" for value in values) for at, *values in rows]
    path = folder / "wave_1h.csv"
    path.write_text("\n".join(lines), encoding="utf-8")
    return path


def figures(editor: StrategyEditor) -> dict[str, str]:
    return {name: figure.text() for name, figure in editor.pane.strip.figures.items()}


def place_of(editor: StrategyEditor, index: int) -> QPoint:
    canvas = editor.pane.canvas
    assert canvas.layout_ is not None
    x = canvas.layout_.main.left() + canvas.times.x(index)
    return QPointF(x, canvas.layout_.main.center().y()).toPoint()


# what is seen ---------------------------------------------------------------------------------------------------
async def test_the_strategy_is_tried_on_the_session_that_is_followed(editor: StrategyEditor, jobs: InlineJobs) -> None:
    assert jobs.names[-2:] == ["look_over", "quick_test"]
    assert editor.hand.source == Source("s-demo", "ACME")
    assert figures(editor)["trades"].isdigit()
    text = editor.pane.strip.about.text()
    assert text.startswith("Quick test on ACME 1m, ")
    assert text.endswith("nothing is traded")
    message = editor.sections["entry"].message.text()
    assert "ACME, last bar: " in message
    lines = [row.text() for row in editor.sections["entry"].clauses._rows]
    assert lines[0][3:].startswith("rsi(14) = ")
    assert lines[1][3:].startswith("close = ")


@pytest.mark.parametrize("calendar", ["XNYS", "always"])
async def test_a_session_with_the_hours_of_its_instruments_is_tried_in_them(
    editor: StrategyEditor, desk: FakeDesk, qtbot: QtBot, calendar: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[str] = []

    def hours(spec: str) -> AlwaysOpen:
        told.append(spec)
        return AlwaysOpen()

    monkeypatch.setattr("desktop.research.quick_test.trading_hours", hours)
    row = desk.session("s-demo")
    assert row is not None
    items = tuple(replace(item, calendar=calendar) for item in row.settings.instruments)
    settings = replace(row.settings, hours="instrument", instruments=items)
    held = desk.bars("s-demo", "ACME")
    assert held is not None
    monkeypatch.setattr(desk, "bars", lambda *_: replace(held, instrument=settings.instrument("ACME")))
    desk.put(Table.SESSIONS, replace(row, settings=settings))
    editor.hand.take(editor.hand.source)
    await change(editor, qtbot, "close > sma(7)")
    assert figures(editor)["trades"].replace(",", "").isdigit()
    assert told[-1] == calendar


async def test_nothing_is_asked_of_the_desk_but_to_look(editor: StrategyEditor, desk: FakeDesk, qtbot: QtBot) -> None:
    await change(editor, qtbot, "close > sma(5)")
    assert int(figures(editor)["trades"].replace(",", "")) > 3
    assert desk.commands == []


async def test_signals_stand_where_the_rule_becomes_true(editor: StrategyEditor, qtbot: QtBot) -> None:
    await change(editor, qtbot, "crosses_above(close, sma(10))")
    canvas = editor.pane.canvas
    assert canvas.entries is not None
    assert canvas.view is not None
    average = np.convolve(canvas.view.bars.close, np.ones(10) / 10, "valid")
    above = canvas.view.bars.close[9:] > average + 1e-9
    crossings = np.flatnonzero(above[1:] & ~above[:-1]) + 10
    assert canvas.entries.begins.tolist() == crossings.tolist()
    assert [line.name for line in canvas.view.indicators] == ["sma(10)", "rsi(14)"]
    assert canvas.fills is not None
    assert canvas.fills.buys.any()


async def test_pointing_at_a_bar_shows_the_values_there_and_a_click_keeps_them(
    editor: StrategyEditor, qtbot: QtBot
) -> None:
    canvas, section = editor.pane.canvas, editor.sections["entry"]
    assert canvas.view is not None
    index = len(canvas.view.bars) - 40
    qtbot.mouseMove(canvas, place_of(editor, index))
    assert "last bar" not in section.message.text()
    found = editor.pane.explained("entry")
    assert found is not None
    assert section.clauses._rows[1].text().startswith(("✓", "✗"))
    assert f"close = {canvas.view.bars.close[index]:.2f}".rstrip("0") in section.clauses._rows[1].text()
    qtbot.mouseClick(canvas, LEFT, pos=place_of(editor, index))
    assert canvas.kept == index
    qtbot.mouseMove(canvas, place_of(editor, index - 20))
    assert editor.pane.explained("entry") == found, "the kept bar stays"
    qtbot.keyClick(canvas, Qt.Key.Key_Left)
    assert canvas.kept == index - 1
    qtbot.keyClick(canvas, Qt.Key.Key_Escape)
    assert canvas.kept == -1
    assert "last bar" in section.message.text()
    qtbot.keyClick(canvas, Qt.Key.Key_Space)
    assert canvas.kept == len(canvas.view.bars) - 1


async def test_what_is_seen_is_never_of_the_strategy_before(editor: StrategyEditor, qtbot: QtBot) -> None:
    await change(editor, qtbot, "close > sma(5)")
    assert editor.pane.strip.figures["trades"].text() != formats.NOTHING
    editor.edit("s-trend")
    assert editor.pane.strip.figures["trades"].text() == formats.NOTHING
    assert editor.pane.canvas.entries is None
    assert editor.pane.canvas.fills is None
    assert editor.pane.explained("entry") is None
    await settled(editor)
    assert editor.pane.strip.figures["trades"].text() != formats.NOTHING


async def test_one_goes_from_signal_to_signal_by_buttons_and_keys(editor: StrategyEditor, qtbot: QtBot) -> None:
    await change(editor, qtbot, "close > sma(5)")
    canvas, strip = editor.pane.canvas, editor.pane.strip
    assert canvas.view is not None
    bars = canvas.signals()
    assert len(bars) > 10
    assert strip.before.isEnabled()
    qtbot.mouseClick(strip.before, LEFT)
    assert canvas.kept == bars[bars < len(canvas.view.bars) - 1][-1]
    for _ in range(len(bars)):
        qtbot.keyClick(canvas, Qt.Key.Key_Left, Qt.KeyboardModifier.ControlModifier)
    assert canvas.kept == bars[0], "the first one stays"
    assert canvas.times.left <= canvas.kept <= canvas.times.right, "it is in sight"
    qtbot.mouseClick(strip.after, LEFT)
    assert canvas.kept == bars[1]
    assert "last bar" not in editor.sections["entry"].message.text()
    editor.exit.setPlainText("close < 0")
    await change(editor, qtbot, "close < 0")
    assert not strip.before.isEnabled()
    assert not strip.after.isEnabled()


async def test_a_drag_moves_the_chart_and_keeps_no_bar(editor: StrategyEditor, qtbot: QtBot) -> None:
    canvas = editor.pane.canvas
    left, begin = canvas.times.left, place_of(editor, 500)
    begin.setX(300)
    qtbot.mousePress(canvas, LEFT, pos=begin)
    qtbot.mouseMove(canvas, begin + QPoint(120, 0))
    qtbot.mouseRelease(canvas, LEFT, pos=begin + QPoint(120, 0))
    assert canvas.times.left < left
    assert canvas.kept == -1


async def test_an_exit_with_position_words_is_explained_by_the_position_of_the_test(
    editor: StrategyEditor, qtbot: QtBot
) -> None:
    editor.exit.setPlainText("bars_held >= 6 or pnl_pct > 50")
    await change(editor, qtbot, "close > 0")
    pane = editor.pane
    assert pane._result is not None
    assert pane.canvas.exits is None, "without a position it says nothing"
    begin = int(pane._result.holdings.begin[2])
    pane.canvas.keep(begin + 3)
    assert editor.sections["exit"].clauses._rows[0].text() == "✗  bars_held = 3 >= 6: false"
    pane.canvas.keep(0)
    assert "there is no such value of the position" in editor.sections["exit"].clauses._rows[0].text()


async def test_marks_tell_what_they_stand_for(editor: StrategyEditor, qtbot: QtBot) -> None:
    await change(editor, qtbot, "close > sma(5)")
    canvas = editor.pane.canvas
    assert canvas.layout_ is not None
    texts = set()
    for x in range(0, int(canvas.layout_.main.right()), 4):
        for y in range(0, int(canvas.layout_.main.bottom()), 4):
            texts.add(canvas.text_at(QPointF(x, y))[:17])
    assert {"Quick test bought", "Quick test sold a", "The entry rule be"} <= texts


# what changes ---------------------------------------------------------------------------------------------------
async def test_a_change_ends_the_test_that_still_runs(editor: StrategyEditor, jobs: InlineJobs, qtbot: QtBot) -> None:
    before = figures(editor)
    jobs.held = True
    count = len(jobs.started)
    editor.entry.setPlainText("close > sma(3)")
    await until(lambda: len(jobs.started) == count + 1)
    first = jobs.started[-1]
    assert editor.pane.strip.now.text() == "Testing…"
    editor.entry.setPlainText("close > sma(4)")
    await until(lambda: len(jobs.started) == count + 2)
    assert first.cancelled
    jobs.run_all()
    await until(lambda: len(jobs.started) == count + 3)
    jobs.run_all()
    await settled(editor)
    assert jobs.names[count:] == ["look_over", "look_over", "quick_test"]
    assert figures(editor) != before
    assert editor.pane.strip.about.text().startswith("Quick test on")


async def test_what_changes_no_result_tests_nothing_anew(editor: StrategyEditor, jobs: InlineJobs) -> None:
    count = len(jobs.started)
    editor.form.name.setText("Another name")
    await settled(editor)
    editor.check()
    await settled(editor)
    assert len(jobs.started) == count


async def test_a_mistake_stops_the_test_and_greys_the_figures(
    editor: StrategyEditor, jobs: InlineJobs, qtbot: QtBot
) -> None:
    count = len(jobs.started)
    await change(editor, qtbot, "close > smaa(20)")
    started = [job for job in jobs.started[count:] if "smaa" in job.arguments[0].entry]
    assert started == []
    assert editor.entry.mistake_column == 9
    assert editor.pane.strip.figures["trades"].property("tone") == "flat"
    assert editor.pane.strip.now.text() == "before the mistake"
    assert not editor.sections["entry"].clauses.isVisible()


async def test_judged_on_quotes_functions_of_the_bar_close_are_refused_at_once(
    editor: StrategyEditor, qtbot: QtBot
) -> None:
    await change(editor, qtbot, "zscore(20) < -2")
    assert editor.entry.mistake_column == 0
    editor.form.evaluate.setCurrentIndex(editor.form.evaluate.findData(Evaluate.QUOTE))
    editor.check()
    assert editor.entry.mistake_column == 1
    assert "bar close only" in editor.sections["entry"].message.text()
    assert not editor.save.isEnabled()


async def test_new_bars_of_the_session_are_tried_too(
    editor: StrategyEditor, desk: FakeDesk, jobs: InlineJobs, qtbot: QtBot
) -> None:
    held = desk.bars("s-demo", "ACME")
    assert held is not None
    more = Columns(*(np.append(getattr(held.bars, name), getattr(held.bars, name)[-1]) for name in Columns.__slots__))
    more.start[-1] += 60_000_000
    desk.bars = lambda *_: SessionBars(held.instrument, held.timeframe, more, "UTC")  # type: ignore[method-assign]
    editor.hand.timer.setInterval(0)
    count = len(jobs.started)
    desk.emit(Changes(charts=frozenset({("s-demo", "NORD")})))
    await settled(editor)
    assert len(jobs.started) == count
    canvas = editor.pane.canvas
    qtbot.mouseMove(canvas, place_of(editor, len(held.bars) - 30))
    assert "last bar" not in editor.sections["entry"].message.text()
    began: list[bool] = []
    editor.trial.began.connect(lambda: began.append(True))
    desk.emit(Changes(charts=frozenset({("s-demo", "ACME")})))
    await until(lambda: len(jobs.started) == count + 2)
    await settled(editor)
    assert editor.pane.canvas.view is not None
    assert len(editor.pane.canvas.view.bars) == len(more)
    assert "last bar" not in editor.sections["entry"].message.text(), "the mouse still points at a bar"
    assert not began, "figures do not flicker at every bar"


async def test_an_editor_nobody_sees_tests_nothing(editor: StrategyEditor, jobs: InlineJobs) -> None:
    editor.hide()
    count = len(jobs.started)
    editor.entry.setPlainText("close > sma(7)")
    await settled(editor)
    assert len(jobs.started) == count
    editor.show()
    await until(lambda: len(jobs.started) == count + 2)
    await settled(editor)


# which history --------------------------------------------------------------------------------------------------
async def test_a_file_of_bars_can_be_the_history(editor: StrategyEditor, qtbot: QtBot, tmp_path: Path) -> None:
    editor.head.history.open_file(str(bars_file(tmp_path)))
    await until(lambda: editor.hand.history is not None)
    await settled(editor)
    assert "bars of 1m cannot be made" in editor.pane.strip.about.text()
    assert editor.pane.canvas.view is not None, "its bars are seen all the same"
    assert editor.pane.strip.fit.text() == "Judge on 1h"
    qtbot.mouseClick(editor.pane.strip.fit, LEFT)
    editor.check()
    await settled(editor)
    assert editor.strategy().timeframe == "1h"
    assert editor.pane.canvas.view.timeframe == "1h"
    assert not editor.pane.strip.fit.isVisible()
    editor.form.timeframe.setCurrentIndex(editor.form.timeframe.findData("4h"))
    editor.check()
    await settled(editor)
    assert editor.pane.strip.about.text().startswith("Quick test on WAVE 1h, 900 bars")
    assert editor.pane.canvas.view.timeframe == "4h"
    assert len(editor.pane.canvas.view.bars) in (224, 225, 226)
    assert editor.head.history.currentText() == "wave_1h.csv"


async def test_a_file_that_holds_no_bars_is_refused_with_its_reason(editor: StrategyEditor, tmp_path: Path) -> None:
    path = tmp_path / "eur_quotes.csv"
    path.write_text("time,bid,ask\n1,1.1,1.2\n2,1.1,1.2\n", encoding="utf-8")
    editor.head.history.open_file(str(path))
    await work.settle()
    assert "holds quotes" in editor.pane.empty.text()
    editor.head.history.open_file(str(tmp_path / "none.csv"))
    await work.settle()
    assert "is not a file" in editor.pane.empty.text()
    assert editor.pane.canvas.view is None


async def test_a_stored_series_can_be_the_history(editor: StrategyEditor, desk: FakeDesk, qtbot: QtBot) -> None:
    history = editor.head.history
    await until(lambda: bool(history._series))
    history.showPopup()
    place = next(row for row in range(history.count()) if "btcusd_1m.csv" in history.itemText(row))
    history.hidePopup()
    history.setCurrentIndex(place)
    history.activated.emit(place)
    await until(lambda: editor.hand.history is not None)
    await settled(editor)
    assert editor.hand.source.series_id == 2
    asked: list[object] = []
    editor._intents.raised.connect(asked.append)
    QTest.mouseClick(editor.head.test, Qt.MouseButton.LeftButton)
    assert asked == [BacktestStrategy(editor.strategy(), "series:2")], "the backtest is of the prices one looked at"
    assert "EUR/USD" not in " ".join(history.itemText(row) for row in range(history.count())), "ticks are no bars"


async def test_a_session_that_is_followed_takes_no_file_away(
    editor: StrategyEditor, links: Intents, tmp_path: Path
) -> None:
    links.follow_session("s-trend")
    assert editor.hand.source.session_id == "s-trend"
    editor.head.history.open_file(str(bars_file(tmp_path)))
    links.follow_session("s-demo")
    assert editor.hand.source.path


async def test_a_series_that_is_gone_says_so(editor: StrategyEditor) -> None:
    editor.hand.take(Source(series_id=99))
    await work.settle()
    assert "99" in editor.pane.empty.text()
    assert editor.pane.canvas.view is None
    assert editor.pane.strip.about.property("tone") == "bad"


async def test_a_series_that_was_just_imported_is_in_the_list(editor: StrategyEditor, desk: FakeDesk) -> None:
    history = editor.head.history
    await until(lambda: bool(history._series))
    info = series_info(77, "NEW", "1h")
    desk.archive.rows[77] = StoredSeries(info, (), ())
    desk.archive.tell()
    await until(lambda: any("new_1h.csv" in history.itemText(row) for row in range(history.count())))


async def test_splits_nobody_decided_on_are_told_with_the_result(editor: StrategyEditor) -> None:
    history = editor.hand.history
    assert history is not None
    assert editor.pane._result is not None
    warned = replace(history, warning="ACME: the prices show a probable split.")
    editor.pane.show_tested(warned, editor.pane._result)
    assert editor.pane.strip.about.text().startswith("ACME: the prices show a probable split. Quick test on")
    assert editor.pane.strip.about.property("tone") == "bad"


# the library ----------------------------------------------------------------------------------------------------
def test_samples_stand_below_ones_own_each_with_its_line(qtbot: QtBot, theme: ThemeStore) -> None:
    samples = sample_strategies()
    assert sample_strategies() is samples, "the files are not read again with every list"
    mine = Strategy("Mine", "1h", "close > 1")
    choice = StrategyChoice(theme, sample_strategies, Drafts(theme.preferences))
    qtbot.addWidget(choice)
    choice.fill((mine, *samples), "Mine")
    texts = [choice.itemText(row) for row in range(choice.count())]
    assert texts[:3] == ["Saved", "Mine", "Samples"]
    assert set(texts[3:]) == {sample.name for sample in samples}
    assert choice.currentText() == "Mine"
    chosen: list[Strategy] = []
    choice.chosen.connect(chosen.append)
    choice.show()
    choice.setFocus()
    qtbot.keyClick(choice, Qt.Key.Key_Down)
    assert chosen == [samples[0]], "the heading is passed over"
    assert choice.itemData(3, Qt.ItemDataRole.ToolTipRole) == samples[0].description


def test_a_sample_that_was_changed_and_saved_is_ones_own(qtbot: QtBot, theme: ThemeStore) -> None:
    first, *others = sample_strategies()
    changed = Strategy(first.name, "1h", "close > 2")
    choice = StrategyChoice(theme, sample_strategies, Drafts(theme.preferences))
    qtbot.addWidget(choice)
    choice.fill((changed, *others), first.name)
    assert [choice.itemText(row) for row in range(3)] == ["Saved", first.name, "Samples"]


# completion -----------------------------------------------------------------------------------------------------
async def test_outputs_are_completed_after_the_dot_and_taken_with_a_key(editor: StrategyEditor, qtbot: QtBot) -> None:
    field = editor.entry
    field.setFocus()
    field.selectAll()
    qtbot.keyClicks(field, "close > 0 and macd(12, 26, 9).")
    assert [offer.name for offer in field.offers()] == ["macd", "signal", "hist"]
    assert field.popup.isVisible()
    qtbot.keyClick(field, "s")
    qtbot.keyClick(field.popup, Qt.Key.Key_Return)
    assert field.text == "close > 0 and macd(12, 26, 9).signal"
    assert not field.popup.isVisible()


async def test_columns_and_parameters_are_completed(editor: StrategyEditor, qtbot: QtBot) -> None:
    field = editor.entry
    for typed, wanted in (("volu", "volume"), ("overso", "oversold"), ("hl", "hl2")):
        field.setPlainText("")
        field.setFocus()
        qtbot.keyClicks(field, typed)
        assert field.popup.isVisible(), typed
        qtbot.keyClick(field.popup, Qt.Key.Key_Tab)
        assert field.text == wanted
    field.setPlainText("")
    qtbot.keyClicks(field, "smaq")
    assert not field.popup.isVisible()
    qtbot.keyClick(field, Qt.Key.Key_Backspace)
    qtbot.keyClick(field, Qt.Key.Key_Backspace)
    qtbot.keyClicks(field, "a")
    qtbot.keyClick(field.popup, Qt.Key.Key_Escape)
    assert not field.popup.isVisible()
    assert field.text == "sma"
    qtbot.keyClick(field, Qt.Key.Key_Tab)
    assert not field.hasFocus(), "without a list Tab goes on to the next field"


async def test_inside_a_call_the_argument_in_hand_is_told(editor: StrategyEditor, qtbot: QtBot) -> None:
    field = editor.entry
    editor.activateWindow()
    field.setFocus()
    await until(field.hasFocus)
    field.setPlainText("")
    qtbot.keyClicks(field, "macd(12, ")
    field.popup.hide()
    qtbot.keyClick(field, Qt.Key.Key_Left)
    text = field.hint.text
    assert text.startswith("macd(")
    assert "slow" in text.splitlines()[-1]
    field.moveCursor(QTextCursor.MoveOperation.Start)
    await until(lambda: not QToolTip.isVisible())


async def test_it_works_in_a_process_of_its_own(
    qtbot: QtBot, desk: FakeDesk, theme: ThemeStore, links: Intents, tmp_path: Path
) -> None:
    made: list[object] = []

    def jobs() -> object:
        made.append(own_jobs())
        return made[-1]

    editor = StrategyEditor(desk, theme, links, make_jobs=jobs)  # type: ignore[arg-type]
    qtbot.addWidget(editor)
    editor.resize(1200, 500)
    editor.show()
    for _ in range(100):
        await asyncio.sleep(0.1)
        if editor.pane._result is not None:
            break
    assert editor.pane.strip.about.text().startswith("Quick test on ACME")
    editor.head.history.open_file(str(bars_file(tmp_path)))
    await work.settle()
    assert editor.hand.history is not None
    assert len(editor.hand.history.bars) == 900
    editor.hide()
    await made[0].close()  # type: ignore[attr-defined]
