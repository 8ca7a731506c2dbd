"""The backtest panel, driven with real clicks and keys against a lab of sample results."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from decimal import Decimal

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractButton,
    QApplication,
    QComboBox,
    QLabel,
    QLineEdit,
    QMessageBox,
    QTableView,
    QWidget,
)
from pytestqt.qtbot import QtBot

from desktop.domain.errors import DataFileError, FieldError
from desktop.domain.market import DAY
from desktop.domain.strategies import Strategy
from desktop.research.api import DataRef
from desktop.research.sweep import SweepProgress
from desktop.ui import work
from desktop.ui.intents import EditStrategy, Intents
from desktop.ui.panels.backtest import Backtest
from desktop.ui.preferences import Scheme
from desktop.ui.theme import ThemeStore
from desktop.ui.widgets.sweep_invitation import example_of
from tests.helpers.fake_desk import FakeDesk, as_desk
from tests.helpers.fake_lab import CROSS, SPY, FakeLab, as_lab
from tests.helpers.market import at

D = Decimal
CONTROL = Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def lab() -> FakeLab:
    return FakeLab()


@pytest.fixture
async def panel(qtbot: QtBot, desk: FakeDesk, lab: FakeLab, theme: ThemeStore) -> AsyncIterator[Backtest]:
    made = Backtest(as_desk(desk), theme, Intents(), as_lab(lab))
    qtbot.addWidget(made)
    made.resize(1284, 690)
    made.show()
    made.test(CROSS)
    await work.settle()
    yield made
    await work.settle()


def click(button: QAbstractButton) -> None:
    assert button.isVisible(), "what one cannot see one cannot click"
    assert button.isEnabled()
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)


def evidence_text(panel: Backtest, name: str) -> str:
    found = [item.text() for item in panel.tabs.evidence.findChildren(QLabel) if item.accessibleName() == name]
    assert len(found) == 1
    return found[0]


async def swept(panel: Backtest) -> None:
    click(panel.tabs.sweep.start)
    await work.settle()
    await asyncio.sleep(0.02)  # the map fills in a turn of its own


async def ran(panel: Backtest) -> None:
    click(panel.form.run)
    await work.settle()
    for name in ("trades", "clauses", "evidence", "stored"):
        getattr(panel.tabs, name)  # each page is made when it is first asked for
    await asyncio.sleep(0.05)  # tables fill in turns of their own


def cell_place(table: QTableView, row: int) -> QPoint:
    return table.visualRect(table.model().index(row, 0)).center()


async def test_everything_is_prefilled_and_run_shows_the_report(panel: Backtest, lab: FakeLab) -> None:
    assert panel.form.run.isEnabled()
    await ran(panel)
    draft = lab.calls[0][1]
    assert draft.strategy == CROSS
    assert draft.data == (DataRef("SPY", "series:1"),)
    assert (draft.cash, draft.seed, draft.hours) == (D(100_000), 1, "always")
    assert panel.title.text().startswith("Cross   SPY   1h")
    assert panel.tabs.overview.tiles.text("total_return") == "▲ +12.44 %"
    assert panel.tabs.overview.tiles.text("max_drawdown") == "▼ −8.71 %"
    january = panel.tabs.overview.monthly.item(0, 1)
    assert january is not None
    assert january.text() == "+3.1"
    assert panel.tabs.trades.table.rows.rowCount() == 3
    assert panel.tabs.clauses.clauses.rows.rowCount() == 4
    assert panel.tabs.clauses.blocks.rows.row(0).count == 4
    assert [row.settings.strategy.name for row in await lab.stored()] == ["Cross"]
    assert panel.form.run.isVisible()


async def test_a_mistake_is_shown_at_its_field_while_one_types_and_run_waits(panel: Backtest, lab: FakeLab) -> None:
    panel.form.cash.setFocus()
    panel.form.cash.selectAll()
    QTest.keyClicks(panel.form.cash, "0")
    panel.form.check()
    assert "above zero" in panel.form.rows.mistakes["cash"].text()
    assert not panel.form.run.isEnabled()
    panel.form.cash.selectAll()
    QTest.keyClicks(panel.form.cash, "5000")
    panel.form.check()
    assert not panel.form.rows.mistakes["cash"].text()
    await ran(panel)
    assert lab.calls[-1][1].cash == D(5000)


async def test_a_period_is_typed_checked_and_taken_along(panel: Backtest, lab: FakeLab) -> None:
    period = panel.form.period
    QTest.keyClicks(period.begin, "2019-13-01")
    panel.form.check()
    assert "is no time" in panel.form.rows.mistakes["period"].text()
    assert not panel.form.run.isEnabled()
    period.begin.clear()
    QTest.keyClicks(period.begin, "2019-01-01")
    QTest.keyClicks(period.end, "2019-12-31")
    panel.form.check()
    await ran(panel)
    draft = lab.calls[-1][1]
    assert (draft.begin, draft.end) == (at("2019-01-01"), at("2020-01-01"))
    assert panel.form.period_words.isVisible()
    period.begin.clear()
    period.end.clear()
    panel.form.show_draft(draft)
    assert (period.begin.text(), period.end.text()) == ("2019-01-01", "2019-12-31")


async def test_what_the_run_refuses_stands_at_its_field(panel: Backtest, lab: FakeLab) -> None:
    lab.refuse = FieldError("currency", "is USD, but SPY is priced in EUR.")
    await ran(panel)
    assert "priced in EUR" in panel.form.rows.mistakes["currency"].text()
    lab.refuse = DataFileError("spy.csv", "cannot be read.")
    await ran(panel)
    assert panel.form.answer.isVisible()
    assert "cannot be read" in panel.form.answer.text()
    assert panel.view is None


async def test_enter_on_the_button_runs_the_backtest(panel: Backtest, lab: FakeLab) -> None:
    panel.test(CROSS)
    await work.settle()
    assert panel.form.run.isEnabled()
    QTest.keyClick(panel.form.run, Qt.Key.Key_Return)
    await work.settle()
    assert panel.view is not None


async def test_a_run_shows_its_progress_and_cancel_ends_it(panel: Backtest, lab: FakeLab) -> None:
    lab.hold = True
    panel.form.run.setFocus()
    click(panel.form.run)
    assert not panel.form.run.isVisible()
    assert panel.form.stop.hasFocus(), "the focus goes on to Cancel"
    assert lab.told is not None
    lab.told(0.4)
    assert panel.form.progress.value() == 400
    click(panel.form.stop)
    await work.settle()
    assert "Cancelled" in panel.form.answer.text()
    assert panel.form.run.isVisible()
    assert panel.view is None


async def test_a_file_is_looked_at_and_chosen_and_a_bad_one_says_why(panel: Backtest, lab: FakeLab) -> None:
    panel.look_at("/data/aapl_1h.csv")
    await work.settle()
    assert panel.form.data.refs == (DataRef("AAPL", "file:/data/aapl_1h.csv"),)
    lab.refuse = DataFileError("/data/x.csv", "is not a file.")
    panel.look_at("/data/x.csv")
    await work.settle()
    assert "is not a file" in panel.form.answer.text()
    assert panel.form.data.refs == (DataRef("AAPL", "file:/data/aapl_1h.csv"),)


async def test_the_prices_the_editor_looked_at_are_chosen_and_other_choices_stay(panel: Backtest) -> None:
    panel.form.data.choose("simulated")
    first = panel.form.data.first
    assert first is not None
    assert first.ref.source == "simulated"
    panel.test(CROSS, "series:1")
    await work.settle()
    draft = panel.form.draft()
    assert draft is not None
    assert draft.data == (DataRef("SPY", "series:1"),)
    panel.test(CROSS, "series:99")  # gone meanwhile
    panel.test(CROSS)
    await work.settle()
    assert panel.form.draft() == draft


async def test_a_file_the_editor_looked_at_is_read_and_chosen(panel: Backtest, lab: FakeLab) -> None:
    panel.test(CROSS, "file:/data/prices.csv")
    await work.settle()
    draft = panel.form.draft()
    assert draft is not None
    assert draft.data[0].source == "file:/data/prices.csv"


async def test_several_symbols_are_tested_together_and_one_can_go_again(panel: Backtest, lab: FakeLab) -> None:
    click(panel.form.data.add)
    assert [ref.symbol for ref in panel.form.data.refs] == ["SPY", "NOVA"]
    await asyncio.sleep(0.02)
    click(panel.form.data.lines[1].remove)
    assert [ref.symbol for ref in panel.form.data.refs] == ["SPY"]


async def test_bars_follow_the_prices_where_the_strategys_own_cannot_be_made(panel: Backtest) -> None:
    panel.test(replace(CROSS, timeframe="1m"))
    await work.settle()
    draft = panel.form.draft()
    assert draft is not None
    assert draft.strategy.timeframe == "1h", "no minutes can be made of hours"
    panel.test(replace(CROSS, timeframe="1d"))
    await work.settle()
    draft = panel.form.draft()
    assert draft is not None
    assert draft.strategy.timeframe == "1d"


async def test_what_the_bars_are_made_of_is_said_before_a_run_and_in_its_report(panel: Backtest, lab: FakeLab) -> None:
    form = panel.form
    form.check()
    assert not form.bars_words.isVisible(), "hours on hours need no word"
    form.timeframe.setCurrentIndex(form.timeframe.findData("1d"))
    form.check()
    assert form.bars_words.text().startswith("Rules are judged on 1d bars made of the 1h bars.")
    assert "no evidence" in form.bars_words.text()
    form.timeframe.setCurrentIndex(form.timeframe.findData("5m"))
    assert not form.check()
    assert form.rows.mistakes["timeframe"].text().startswith("5m bars cannot be made of 1h bars.")
    assert not form.run.isEnabled()
    panel.test(replace(CROSS, timeframe="1m"))
    await work.settle()
    form.check()
    assert "The strategy says 1m, but these prices are 1h bars" in form.bars_words.text()
    await ran(panel)
    assert not panel.tabs.overview.made_of.isVisible()
    assert panel.view is not None
    panel.show_report(replace(panel.view, made_of="Rules were judged on 1h bars made of the 1m bars of the prices."))
    assert panel.tabs.overview.made_of.isVisible()


async def test_double_click_and_enter_show_a_trade_on_its_bars(panel: Backtest, lab: FakeLab) -> None:
    await ran(panel)
    panel.tabs.setCurrentIndex(1)
    table = panel.tabs.trades.table
    QTest.mouseClick(table.viewport(), Qt.MouseButton.LeftButton, pos=cell_place(table, 0))
    QTest.mouseDClick(table.viewport(), Qt.MouseButton.LeftButton, pos=cell_place(table, 0))
    await work.settle()
    assert panel.tabs.trades.canvas.isVisible()
    view = panel.tabs.trades.canvas.view
    assert view is not None
    assert len(view.fills) >= 2
    assert all(view.bars.start[0] <= mark.at <= view.bars.start[-1] for mark in view.fills), "none piles up at the edge"
    newest = table.rows.row(0)
    assert panel.tabs.trades.about.text().startswith("SPY   BUY 100.00")
    assert view.bars.start[0] <= newest.entry_time <= newest.exit_time <= view.bars.start[-1]
    table.setFocus()
    QTest.keyClick(table, Qt.Key.Key_Down)
    QTest.keyClick(table, Qt.Key.Key_Return)
    await work.settle()
    assert lab.names().count("chart") == 2


async def test_a_stored_backtest_is_opened_says_what_is_not_stored_and_is_reproduced(
    panel: Backtest, lab: FakeLab
) -> None:
    await ran(panel)
    panel.tabs.show_page("stored")
    await work.settle()
    table = panel.tabs.stored.table
    QTest.mouseClick(table.viewport(), Qt.MouseButton.LeftButton, pos=cell_place(table, 0))
    QTest.mouseDClick(table.viewport(), Qt.MouseButton.LeftButton, pos=cell_place(table, 0))
    await work.settle()
    await asyncio.sleep(0.05)
    assert panel.tabs.overview.no_months.isVisible()
    assert not panel.exports.csv.isEnabled()
    panel.tabs.setCurrentIndex(1)
    panel.tabs.trades.show_trade(panel.tabs.trades.table.rows.row(0))
    await work.settle()
    assert "Reproduce" in panel.tabs.trades.hint.text()
    panel.tabs.setCurrentIndex(3)
    click(panel.tabs.evidence.reproduce)
    await work.settle()
    assert panel.tabs.evidence.verdict.text().startswith("Identical")
    assert panel.tabs.evidence.verdict.property("tone") == "good"
    assert panel.exports.csv.isEnabled()
    lab.identical = False
    click(panel.tabs.evidence.reproduce)
    await work.settle()
    assert "differs" in panel.tabs.evidence.verdict.text()
    assert panel.tabs.evidence.verdict.property("tone") == "bad"


async def test_the_curve_is_shown_in_per_cent_beside_a_benchmark_and_in_money_or_log_when_asked(
    panel: Backtest,
) -> None:
    await ran(panel)
    curve = panel.tabs.overview.curve
    assert curve is not None
    assert curve.percent.isChecked()
    assert curve.plot.scale.percent
    assert curve.plot.read_out(0).count(" %") >= 2
    assert "SPY" in curve.plot.read_out(0)
    click(curve.money)
    assert not curve.plot.scale.percent
    curve.log.setFocus()
    QTest.keyClick(curve.log, Qt.Key.Key_Space)
    assert curve.plot.scale.log
    QTest.keyClick(curve.benchmark, Qt.Key.Key_Space)
    assert "SPY" not in curve.plot.read_out(0)
    await ran(panel)
    assert curve.money.isChecked(), "what was chosen stays with the next report"


async def test_a_benchmark_that_dwarfs_the_strategy_is_said_and_can_be_left_out(panel: Backtest, lab: FakeLab) -> None:
    await ran(panel)
    curve, view = panel.tabs.overview.curve, panel.view
    assert curve is not None
    assert view is not None
    assert not curve.note.text()
    panel.show_report(replace(view, curve=replace(view.curve, benchmark=view.curve.benchmark**2 / 5_000)))
    await asyncio.sleep(0.02)  # the curve follows the figures
    assert curve.log.isChecked(), "the strategy's curve is to be seen beside it"
    assert "On a log scale, as SPY moved far more" in curve.note.text()
    click(curve.log)
    assert "untick it" in curve.note.text()
    click(curve.benchmark)
    assert not curve.note.text()
    panel.show_report(replace(view, curve=replace(view.curve, benchmark=view.curve.benchmark**2 / 5_000)))
    await asyncio.sleep(0.02)  # the curve follows the figures
    assert not curve.log.isChecked(), "what was chosen stays"


async def test_a_run_without_a_trade_says_why_above_its_figures(panel: Backtest, lab: FakeLab) -> None:
    await ran(panel)
    assert not panel.tabs.overview.silence.isVisible()
    lab.silent = ("The entry rule was true on none of 786 bars: rsi(14) < 1", "Move its number.")
    await ran(panel)
    silence = panel.tabs.overview.silence
    assert silence.isVisible()
    assert panel.tabs.overview.why.text() == "\n".join(lab.silent)
    assert silence.mapTo(panel, QPoint()).y() < panel.tabs.overview.tiles.mapTo(panel, QPoint()).y()
    lab.silent = ()
    await ran(panel)
    assert not silence.isVisible()


async def test_every_figure_says_what_it_means(panel: Backtest) -> None:
    await ran(panel)
    tiles = panel.tabs.overview.tiles
    for name, figure in tiles._figures.items():
        tile = figure.parentWidget()
        assert tile is not None
        assert tile.toolTip().endswith("."), name
    assert "one day in twenty" in tiles._tiles["var_95"].toolTip()


async def test_yearly_figures_of_a_few_days_carry_a_hint(panel: Backtest) -> None:
    await ran(panel)
    assert not panel.tabs.overview.tiles.note.isVisible()
    view = panel.view
    assert view is not None
    evidence = replace(view.evidence, metrics={**view.evidence.metrics, "return_count": 12})
    panel.show_report(replace(view, evidence=evidence))
    assert panel.tabs.overview.tiles.note.text().startswith("12 days of returns")
    assert panel.tabs.overview.tiles.note.isVisible()
    assert "12 days of returns" in panel.tabs.overview.tiles._tiles["sharpe"].toolTip()


async def test_trades_on_daily_bars_show_their_dates_alone(panel: Backtest) -> None:
    panel.test(replace(CROSS, timeframe="1d"))
    await work.settle()
    await ran(panel)
    table = panel.tabs.trades.table
    keys = [column.key for column in table.rows.columns]
    midnight = table.rows.row(0)
    assert midnight.exit_time % DAY == 0
    assert table.rows.text(0, keys.index("closed")) == "1/6/2020"
    panel.test(CROSS)
    await work.settle()
    await ran(panel)
    assert table.rows.text(0, keys.index("closed")) == "1/6/2020 00:00", "an hour has a time, midnight too"


async def test_two_stored_backtests_are_compared_and_deleted_after_a_question(panel: Backtest, lab: FakeLab) -> None:
    await ran(panel)
    panel.form.seed.selectAll()
    QTest.keyClicks(panel.form.seed, "7")
    await ran(panel)
    panel.tabs.show_page("stored")
    await work.settle()
    stored = panel.tabs.stored
    QTest.mouseClick(stored.table.viewport(), Qt.MouseButton.LeftButton, pos=cell_place(stored.table, 0))
    assert not stored.compare.isEnabled()
    QTest.mouseClick(stored.table.viewport(), Qt.MouseButton.LeftButton, CONTROL, cell_place(stored.table, 1))
    click(stored.compare)
    rows = {row.name: row for row in stored.comparison.rows.shown_rows()}
    assert rows["Total return"].apart == "+0.60 %"
    assert rows["Seed"].one == "1"
    assert rows["Seed"].two == "7"
    click(stored.delete)
    box = panel.findChild(QMessageBox)
    assert isinstance(box, QMessageBox)
    go = next(item for item in box.buttons() if box.buttonRole(item) is QMessageBox.ButtonRole.DestructiveRole)
    click(go)
    await work.settle()
    assert await lab.stored() == []
    assert stored.table.rows.rowCount() == 0


async def test_the_settings_of_a_run_are_taken_into_the_form(panel: Backtest, lab: FakeLab) -> None:
    panel.look_at("/data/aapl_1h.csv")
    await work.settle()
    panel.form.seed.set_value(D(9))
    panel.form.hours.setEditText("XNYS")
    await ran(panel)
    first = lab.calls[-1][1]
    panel.test(Strategy("Other", "1h", "rsi(14) < 30"))
    await work.settle()
    panel.form.seed.set_value(D(1))
    panel.form.hours.setEditText("always")
    panel.tabs.setCurrentIndex(3)
    click(panel.tabs.evidence.use)
    assert panel.form.run.hasFocus()
    assert panel.form.draft() == first


async def test_the_report_is_exported(panel: Backtest, lab: FakeLab) -> None:
    await ran(panel)
    panel.exports.export_csv("/out")
    await work.settle()
    assert panel.exports.said.text() == "Written to out: trades.csv"
    panel.exports.export_html("/out/report.html")
    await work.settle()
    assert lab.names()[-2:] == ["export_csv", "export_html"]


async def test_edit_strategy_asks_for_the_editor(panel: Backtest) -> None:
    asked: list[object] = []
    panel._intents.raised.connect(asked.append)
    await ran(panel)
    click(panel.edit)
    assert asked == [EditStrategy(name="Cross")]


# sweeps ----------------------------------------------------------------------------------------------------------
async def test_a_sweep_shows_its_map_its_table_and_its_warning(panel: Backtest, lab: FakeLab) -> None:
    panel.tabs.show_page("sweep")
    assert panel.tabs.sweep.count.text() == "121 variants"
    click(panel.tabs.sweep.start)
    await work.settle()
    draft, ranges, metric, workers = lab.calls[-1][1]
    assert ranges == {"fast": "5:15:1", "slow": "15:45:3"}
    assert (draft.strategy, metric) == (CROSS, "sharpe")
    assert workers is not None
    assert "deflated Sharpe ratio is 0.62" in panel.tabs.sweep.outcome.warning.text()
    table = panel.tabs.sweep.outcome.table
    assert table is not None
    assert table.rows.rowCount() == 121
    best = table.rows.row(0)
    assert panel.tabs.sweep.outcome.result is not None
    assert best is panel.tabs.sweep.outcome.result.best
    assert panel.tabs.sweep.outcome.figures.text().startswith(
        "SPY 1h  ·  Best: fast 9, slow 27 with Total return +14.00 %"
    )
    await asyncio.sleep(0.02)
    assert table.current_row() is best, "the map begins on the best cell, and the table shows it"
    view = panel.tabs.sweep.outcome.map.view
    assert view is not None
    assert (view.across, view.down, len(view.columns), len(view.rows)) == ("fast", "slow", 11, 11)


async def test_what_a_sweep_tried_is_counted_in_the_stored_list_and_in_the_evidence(
    panel: Backtest, lab: FakeLab
) -> None:
    await ran(panel)
    assert "None on record" in evidence_text(panel, "Variants tried")
    panel.tabs.show_page("sweep")
    await swept(panel)
    await swept(panel)
    panel.tabs.show_page("stored")
    await work.settle()
    table = panel.tabs.stored.table
    keys = [column.key for column in table.rows.columns]
    assert table.rows.text(0, keys.index("tried")) == "121", "the same ranges on the same data count once"
    assert "fast 5, 6, 7" in (table.rows.columns[keys.index("tried")].tip or str)(table.rows.row(0))
    assert evidence_text(panel, "Variants tried").startswith("121 in all")


async def test_arrow_keys_move_on_the_map_and_enter_runs_that_variant(panel: Backtest, lab: FakeLab) -> None:
    panel.tabs.show_page("sweep")
    await swept(panel)
    heat = panel.tabs.sweep.outcome.map
    place = heat.cell_rect(2, 3).center().toPoint()
    QTest.mouseClick(heat, Qt.MouseButton.LeftButton, pos=place)
    assert heat.cursor_ == (2, 3)
    QTest.keyClick(heat, Qt.Key.Key_Right)
    QTest.keyClick(heat, Qt.Key.Key_Up)
    assert heat.cursor_ == (3, 4)
    table = panel.tabs.sweep.outcome.table
    assert table is not None
    row = table.current_row()
    assert row is not None
    assert dict(row.parameters) == {"fast": D(9), "slow": D(24)}
    assert "fast 9, slow 24" in heat.accessibleDescription()
    QTest.keyClick(heat, Qt.Key.Key_Return)
    await work.settle()
    name, run = lab.calls[-1]
    assert name == "start_backtest"
    assert run.strategy.parameters == {"fast": D(9), "slow": D(24)}
    assert panel.tabs.currentIndex() == 0


async def test_one_parameter_is_a_line_and_none_is_no_sweep(panel: Backtest) -> None:
    panel.tabs.show_page("sweep")
    slow = panel.tabs.sweep.inputs.ranges.lines["slow"][0]
    click(slow)
    assert panel.tabs.sweep.count.text() == "11 variants"
    await swept(panel)
    assert panel.tabs.sweep.outcome.map.view is not None
    assert panel.tabs.sweep.outcome.map.view.down == ""
    assert not panel.tabs.sweep.outcome.map.grab().isNull()
    click(panel.tabs.sweep.inputs.ranges.lines["fast"][0])
    assert not panel.tabs.sweep.start.isEnabled()


async def test_a_range_that_runs_backwards_cannot_be_started(panel: Backtest) -> None:
    panel.tabs.show_page("sweep")
    low = panel.tabs.sweep.inputs.ranges.lines["fast"][1]
    low.selectAll()
    QTest.keyClicks(low, "90")
    assert not panel.tabs.sweep.start.isEnabled()
    assert "smaller to the larger" in panel.tabs.sweep.count.text()


async def test_a_sweep_tells_its_progress_and_is_cancelled(panel: Backtest, lab: FakeLab) -> None:
    lab.hold = True
    panel.tabs.show_page("sweep")
    counted: list[bool] = []
    panel.tabs.sweep.done.connect(lambda: counted.append(True))
    click(panel.tabs.sweep.start)
    assert lab.told is not None
    lab.told(SweepProgress(30, 120, None, 0))
    assert panel.tabs.sweep.progress.value() == 250
    assert panel.tabs.sweep.now.text() == "30 of 120"
    lab.told(SweepProgress(60, 120, None, 0, 34.4))
    assert panel.tabs.sweep.now.text() == "60 of 120   about 34 s left"
    lab.told(SweepProgress(60, 120, None, 0, 250.0))
    assert panel.tabs.sweep.now.text() == "60 of 120   about 4 min left"
    click(panel.tabs.sweep.stop)
    await work.settle()
    assert panel.tabs.sweep.now.text() == "Cancelled. No result is kept; variants that finished count as tried."
    assert panel.tabs.sweep.start.isVisible()
    assert counted  # the list of what was tried is read again


async def test_a_walk_forward_shows_its_windows_and_curve(panel: Backtest, lab: FakeLab) -> None:
    panel.tabs.show_page("sweep")
    assert not panel.tabs.sweep.inputs.plan.isVisible()
    panel.tabs.sweep.inputs.kind.setFocus()
    QTest.keyClick(panel.tabs.sweep.inputs.kind, Qt.Key.Key_Down)
    assert panel.tabs.sweep.inputs.plan.isVisible()
    click(panel.tabs.sweep.start)
    await work.settle()
    assert lab.calls[-1][1][2] == "2000/500"
    table = panel.tabs.sweep.outcome.table
    assert table is not None
    assert table.rows.rowCount() == 3
    assert table.isVisible()
    assert table.height() > 60
    assert panel.tabs.sweep.outcome.curve is not None
    assert panel.tabs.sweep.outcome.curve.isVisible()
    assert panel.tabs.sweep.outcome.figures.text().startswith(
        "SPY 1h  ·  Out of sample: Total return +12.34 %, Sharpe 1.08"
    )
    assert "only the out-of-sample figures count" in panel.tabs.sweep.outcome.warning.text()


# looks and keys --------------------------------------------------------------------------------------------------
async def test_a_page_is_made_when_it_is_first_looked_at_and_shows_the_report(panel: Backtest) -> None:
    click(panel.form.run)
    await work.settle()
    made = {
        name for name in ("overview", "trades", "clauses", "evidence", "sweep", "stored") if name in vars(panel.tabs)
    }
    assert made == {"overview"}
    panel.tabs.show_page("trades")
    assert "trades" in vars(panel.tabs)
    await asyncio.sleep(0.02)
    assert panel.tabs.trades.table.rows.rowCount() == 3
    assert panel.tabs.trades.isVisible()
    assert [widget for widget in QApplication.topLevelWidgets() if widget.isVisible()] == [panel], (
        "no window flashes up"
    )
    panel.tabs.show_page("stored")
    await asyncio.sleep(0.02)
    assert panel.tabs.stored.table.rows.rowCount() == 1


async def test_every_control_has_a_name_and_nothing_is_cut_at_the_smallest_window(panel: Backtest) -> None:
    await ran(panel)
    for place in range(panel.tabs.count()):
        panel.tabs.setCurrentIndex(place)
        await asyncio.sleep(0.01)
        for widget in panel.findChildren(QWidget):
            if isinstance(widget, QAbstractButton | QComboBox | QLineEdit) and widget.isVisible():
                named = widget.accessibleName() or (widget.text() if isinstance(widget, QAbstractButton) else "")
                buddy = isinstance(widget.parent(), QComboBox)
                assert named or buddy, widget
            if isinstance(widget, QAbstractButton) and widget.isVisible() and widget.text():
                assert widget.width() >= widget.minimumSizeHint().width(), widget.text()


async def test_tab_reaches_the_form_the_tabs_and_the_report(panel: Backtest) -> None:
    await ran(panel)
    panel.activateWindow()
    panel.form.strategy.setFocus()
    seen: set[QWidget] = set()
    for _ in range(60):
        focus = QApplication.focusWidget()
        if focus is None or focus in seen:
            break
        seen.add(focus)
        QTest.keyClick(focus, Qt.Key.Key_Tab)
    wanted = {
        panel.form.cash,
        panel.form.seed,
        panel.form.run,
        panel.tabs.tabBar(),
        panel.exports.csv,
        panel.exports.html,
    }
    assert wanted <= seen


async def test_both_themes_paint_every_tab(panel: Backtest, theme: ThemeStore) -> None:
    await ran(panel)
    panel.tabs.sweep.run()
    await work.settle()
    for scheme in (Scheme.DARK, Scheme.LIGHT):
        theme.set_scheme(scheme)
        for place in range(panel.tabs.count()):
            panel.tabs.setCurrentIndex(place)
            assert not panel.grab().isNull()


async def test_a_strategy_without_parameters_says_what_to_do_and_leads_to_the_editor(panel: Backtest) -> None:
    asked: list[object] = []
    panel._intents.raised.connect(asked.append)
    panel.test(Strategy("Plain", "1h", "rsi(14) < 30"))
    await work.settle()
    panel.tabs.show_page("sweep")
    sweep = panel.tabs.sweep
    assert not sweep.start.isVisible()
    assert "write  rsi(period) < 30  and add the parameter period = 14" in sweep.invitation.text.text()
    click(sweep.invitation.edit)
    assert asked == [EditStrategy(name="Plain")]
    panel.test(CROSS)
    await work.settle()
    panel.tabs.show_page("sweep")
    assert sweep.start.isVisible()


@pytest.mark.parametrize(
    ("rule", "found"),
    [
        ("rsi(14) < 30", ("14", "rsi(period) < 30", "period")),
        ("close > 1.5 * open", ("1.5", "close > level * open", "level")),
        ('tf("1h", close) > sma(period, 20)', ("20", 'tf("1h", close) > sma(period, period_1)', "period_1")),
        ("close > open", ("", "", "")),
    ],
)
def test_the_example_names_a_number_of_the_rule(rule: str, found: tuple[str, str, str]) -> None:
    assert example_of(rule) == found


async def test_the_stored_list_marks_a_backtest_whose_prices_had_undecided_splits(
    panel: Backtest, lab: FakeLab
) -> None:
    await ran(panel)
    sentence = "AAPL: the prices show a probable split, the first of 4:1, and were not adjusted."
    kept = lab.kept[0]
    lab.kept.append(replace(kept, evidence=replace(kept.evidence, key="f" * 64)))
    lab.kept[0] = replace(kept, evidence=replace(kept.evidence, warnings=(sentence,), undecided_splits=1))
    panel.refresh()
    panel.tabs.show_page("stored")
    await work.settle()
    table = panel.tabs.stored.table
    place = [column.key for column in table.rows.columns].index("splits")
    column = table.rows.columns[place]
    said = {table.rows.row(row).key: table.rows.text(row, place) for row in range(2)}
    assert said[kept.evidence.key] == "1 undecided"
    assert said["f" * 64] != "1 undecided"
    marked = lab.kept[0].evidence
    assert column.tone is not None
    assert column.tip is not None
    assert (column.tone(marked), column.tip(marked)) == ("warning", sentence)


async def test_prices_adjusted_after_the_form_was_opened_are_offered_and_take_the_place_of_those_as_traded(
    panel: Backtest, desk: FakeDesk, lab: FakeLab
) -> None:
    line = panel.form.data.lines[0]
    line.choose(SPY.ref)
    line.symbol.setText("SPX")
    adjusted = replace(SPY, ref=DataRef("SPY", "series:9"), title="SPY 1h adjusted, spy_1h.csv", adjusted=True)
    lab.choices = [adjusted, *lab.choices]
    desk.archive.tell()
    await work.settle()
    assert line.choice.findText(adjusted.title) >= 0
    assert panel.form.data.refs == (DataRef("SPX", "series:9"),), "a symbol that was typed stays"
    line.choose(SPY.ref)
    desk.archive.tell()
    await work.settle()
    assert panel.form.data.refs == (SPY.ref,), "who takes those as traded all the same keeps them"
    lab.choices = lab.choices[2:]
    desk.archive.tell()
    await work.settle()
    assert panel.form.data.refs == (lab.choices[0].ref,), "prices that were deleted are not run on"
