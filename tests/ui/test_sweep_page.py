"""The sweep's page, driven with real clicks and keys: what is suggested, the map, its legend and its table."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from decimal import Decimal

import pytest
from PySide6.QtCore import QEvent, QPoint, QRect, Qt
from PySide6.QtGui import QHelpEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QToolTip
from pytestqt.qtbot import QtBot

from desktop.research.grid import parse_grid
from desktop.research.sweep import SweepResult
from desktop.research.variant import VariantResult
from desktop.ui import slices, work
from desktop.ui.charts.heat_map import HeatMap
from desktop.ui.charts.heat_view import Shade
from desktop.ui.intents import Intents
from desktop.ui.panels.backtest import Backtest
from desktop.ui.preferences import Scheme
from desktop.ui.theme import ThemeStore
from desktop.ui.widgets.sweep_outcome import SweepOutcome
from desktop.ui.widgets.sweep_results import best_first, heat_view
from tests.helpers.fake_desk import FakeDesk, as_desk
from tests.helpers.fake_lab import FakeLab, as_lab, metrics
from tests.research.sweep_kit import rsi_strategy, settings_of

D = Decimal
STRATEGY = rsi_strategy(parameters={"overbought": D(70), "oversold": D(30), "period": D(14)})  # as storage sorts them


@pytest.fixture
def lab() -> FakeLab:
    return FakeLab()


@pytest.fixture
async def panel(qtbot: QtBot, desk: FakeDesk, lab: FakeLab, theme: ThemeStore) -> AsyncIterator[Backtest]:
    made = Backtest(as_desk(desk), theme, Intents(), as_lab(lab))
    qtbot.addWidget(made)
    made.resize(1284, 690)
    made.show()
    made.test(STRATEGY)
    await work.settle()
    made.tabs.show_page("sweep")
    yield made
    await work.settle()


@pytest.fixture
async def outcome(qtbot: QtBot, theme: ThemeStore) -> AsyncIterator[SweepOutcome]:
    made = SweepOutcome(theme)
    qtbot.addWidget(made)
    made.resize(1000, 520)
    made.show()
    yield made
    await work.settle()


def swept(*ranges: str) -> SweepResult:
    """Return a sweep in which each variant with period 3 cannot run and each with period 4 never trades."""
    grid = parse_grid(ranges, STRATEGY)
    found = []
    for number, values in enumerate(grid):
        named = dict(zip(grid.names, values, strict=True))
        kept = metrics(number / 10_000, None if named["period"] == 4 else number / 1_000)
        item = VariantResult(number, named, kept, 30, D(1), D(1), None)
        if named["period"] == 3:
            item = replace(item, metrics=None, failure="column 5: length of rsi must be from 5 to 20,000, not 3.")
        found.append(item)
    return SweepResult(settings_of(), grid, "sharpe", tuple(found), found[-1], None, 800, 1.2)


async def shown(outcome: SweepOutcome, found: SweepResult) -> HeatMap:
    outcome.show_result(found, STRATEGY)
    for _ in range(200):
        await work.settle()
        if outcome.map.view is not None:
            return outcome.map
        await asyncio.sleep(0.01)
    raise AssertionError("the map never came")


def tip_at(heat: HeatMap, row: int, column: int) -> str:
    place = heat.cell_rect(row, column).center().toPoint()
    QApplication.sendEvent(heat, QHelpEvent(QEvent.Type.ToolTip, place, heat.mapToGlobal(place)))
    return QToolTip.text()


# what is suggested ---------------------------------------------------------------------------------------------------
async def test_parameters_stand_in_the_order_of_the_rules_and_levels_stay_inside_the_oscillator(
    panel: Backtest,
) -> None:
    lines = panel.tabs.sweep.inputs.ranges.lines
    assert list(lines) == ["period", "oversold", "overbought"]
    assert [[field.value for field in line[1:]] for line in lines.values()] == [
        [D(9), D(19), D(1)], [D(15), D(45), D(3)], [D(55), D(85), D(3)],
    ]  # fmt: skip
    assert [line[0].isChecked() for line in lines.values()] == [True, True, False]


async def test_the_table_of_variants_keeps_that_order(panel: Backtest, lab: FakeLab) -> None:
    QTest.mouseClick(panel.tabs.sweep.start, Qt.MouseButton.LeftButton)
    await work.settle()
    assert list(lab.calls[-1][1][1]) == ["period", "oversold"]
    table = panel.tabs.sweep.outcome.table
    assert table is not None
    assert [column.title for column in table.rows.columns][1:3] == ["period", "oversold"]


async def test_what_variants_are_ranked_by_stands_in_one_column_and_nothing_is_said_of_failures_without_any(
    panel: Backtest,
) -> None:
    QTest.mouseClick(panel.tabs.sweep.start, Qt.MouseButton.LeftButton)
    await work.settle()
    await asyncio.sleep(0.05)
    table = panel.tabs.sweep.outcome.table
    assert table is not None
    shown = [column.title for column in table.header.visible_columns()]
    assert shown == [
        "Sharpe", "period", "oversold", "Total return", "Max drawdown", "Trades", "Win rate", "Profit factor",
    ]  # fmt: skip


async def test_the_lengths_of_a_walk_forward_have_their_unit(panel: Backtest, lab: FakeLab) -> None:
    inputs = panel.tabs.sweep.inputs
    inputs.kind.setFocus()
    QTest.keyClick(inputs.kind, Qt.Key.Key_Down)
    assert inputs.unit.isVisible()
    assert (inputs.plan.text(), inputs.unit.currentText()) == ("2000/500", "bars")
    inputs.unit.setFocus()
    QTest.keyClick(inputs.unit, Qt.Key.Key_Down)
    assert (inputs.plan.text(), inputs.unit.currentText()) == ("365/90", "days")
    QTest.mouseClick(panel.tabs.sweep.start, Qt.MouseButton.LeftButton)
    await work.settle()
    assert lab.calls[-1][1][2] == "365d/90d"
    inputs.plan.setFocus()
    inputs.plan.selectAll()
    QTest.keyClicks(inputs.plan, "30d/10d")
    assert inputs.lengths == "30d/10d", "who writes the unit has said it"
    QTest.keyClick(inputs.unit, Qt.Key.Key_Up)
    assert inputs.plan.text() == "30d/10d", "what was typed stays"


# the map -------------------------------------------------------------------------------------------------------------
async def test_the_legend_explains_the_cells_without_a_figure_and_their_tips_say_why(outcome: SweepOutcome) -> None:
    heat = await shown(outcome, swept("period=3:8:1", "oversold=20:30:2"))
    assert heat.view is not None
    assert heat.painting is not None
    assert heat.view.counts == {Shade.FIGURE: 24, Shade.NO_FIGURE: 6, Shade.REFUSED: 6, Shade.NOT_TRIED: 0}
    assert heat.painting.legend_texts() == {Shade.REFUSED: "cannot run (6)", Shade.NO_FIGURE: "no figure (6)"}
    assert "Cannot run: column 5: length of rsi must be from 5" in tip_at(heat, 0, 0)
    assert "too few trades or days" in tip_at(heat, 0, 1)
    assert "Sharpe: 0.01" in tip_at(heat, 0, 2)


async def test_a_map_without_empty_cells_has_no_legend_of_them(outcome: SweepOutcome) -> None:
    heat = await shown(outcome, swept("period=5:8:1", "oversold=20:30:2"))
    assert heat.painting is not None
    assert heat.painting.legend_texts() == {}


@pytest.mark.parametrize("scheme", [Scheme.DARK, Scheme.LIGHT])
async def test_each_kind_of_cell_looks_different_in_both_themes(
    outcome: SweepOutcome, theme: ThemeStore, scheme: Scheme
) -> None:
    heat = await shown(outcome, swept("period=3:8:1", "oversold=20:30:2"))
    theme.set_scheme(scheme)
    image = heat.grab().toImage()

    def colours(row: int, column: int) -> tuple[int, ...]:
        box = heat.cell_rect(row, column).toRect().adjusted(4, 4, -4, -4)
        box = QRect(box.topLeft() * image.devicePixelRatio(), box.size())
        return tuple(
            image.pixel(QPoint(x, y)) for x in range(box.left(), box.right()) for y in range(box.top(), box.bottom())
        )

    refused, unknown, worst, best = colours(0, 0), colours(0, 1), colours(0, 2), colours(5, 5)
    assert len({refused, unknown, worst, best}) == 4
    assert len(set(refused)) > 1, "hatched"
    assert len(set(unknown)) > 1, "dotted"


async def test_a_map_of_1599_variants_is_one_image_and_reads_few_of_their_texts(outcome: SweepOutcome) -> None:
    found = swept("period=2:40:1", "oversold=10:50:1")
    heat = await shown(outcome, found)
    view = heat.view
    assert view is not None
    read: list[str] = []

    def text() -> str:
        read.append("1.00")
        return "1.00"

    cells = tuple(tuple(None if cell is None else replace(cell, text=text) for cell in line) for line in view.cells)
    heat.show_view(replace(view, cells=cells))
    assert not heat.grab().isNull()
    assert len(read) <= 2, "those of the legend"
    assert heat.cursor_ == (40, 38)


async def test_while_variants_are_sorted_into_a_map_and_a_table_the_loop_turns(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(slices, "_SLICE", 0.0)
    found = swept("period=5:24:1", "oversold=20:29:1")
    turns = 0

    async def turn() -> None:
        nonlocal turns
        while True:
            turns += 1
            await asyncio.sleep(0)

    task = asyncio.create_task(turn())
    view = await heat_view(found, "period", "oversold")
    rows = await best_first(found, 50)
    task.cancel()
    assert turns > len(found.variants)
    assert [row.number for row in rows] == list(range(199, 149, -1))
    assert view.best == (9, 19)


async def test_a_result_that_comes_while_the_last_one_is_still_shown_wins(outcome: SweepOutcome) -> None:
    one, other = swept("period=5:24:1", "oversold=20:29:1"), swept("period=5:8:1", "oversold=20:22:1")
    outcome.show_result(one, STRATEGY)
    outcome.show_result(other, STRATEGY)
    await work.settle()
    await asyncio.sleep(0.05)
    assert outcome.table is not None
    assert outcome.table.rows.rowCount() == 12
    assert outcome.map.view is not None
    assert len(outcome.map.view.columns) == 4
    row = outcome.table.current_row()
    assert row is not None
    assert row.number == other.variants[-1].number
