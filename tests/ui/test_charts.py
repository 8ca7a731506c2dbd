"""Price chart and equity curve, driven by mouse and keys."""

import dataclasses
from decimal import Decimal
from typing import Any

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QFontMetrics, QMouseEvent, QWheelEvent
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from desktop.domain.errors import UserMistake
from desktop.domain.market import HOUR, MINUTE, SECOND, Bar
from desktop.engine.views import Changes, ChartView
from desktop.rules.columns import Columns
from desktop.ui import work
from desktop.ui.charts import pane, price_paint
from desktop.ui.charts.equity_plot import EquityPlot
from desktop.ui.charts.levels import Level, LevelKind, describe
from desktop.ui.charts.read_out import bar_at
from desktop.ui.dialogs.order_ticket import OrderTicket
from desktop.ui.intents import Intents
from desktop.ui.panels.equity_chart import EquityChart
from desktop.ui.panels.portfolio import Portfolio, folded
from desktop.ui.panels.price_chart import PriceChart
from desktop.ui.theme import ThemeStore
from tests.helpers import fake_rows as rows
from tests.helpers.fake_desk import FakeDesk

LEFT = Qt.MouseButton.LeftButton
NONE = Qt.KeyboardModifier.NoModifier


@pytest.fixture
def chart(qtbot: QtBot, desk: FakeDesk, theme: ThemeStore) -> PriceChart:
    made = PriceChart(desk, theme, Intents())
    qtbot.addWidget(made)
    made.resize(800, 460)
    made.show_symbol("s-korea", "HANRIVER")
    made.show()
    made.grab()
    return made


def line_of(chart: PriceChart, title: str) -> Level:
    return next(level for level in chart.canvas.levels if level.title == title)


def place_of(chart: PriceChart, price: Decimal) -> QPoint:
    layout = chart.canvas.layout_
    assert layout is not None
    return QPoint(350, round(layout.prices.y(float(price))))


def drag(qtbot: QtBot, chart: PriceChart, begin: QPoint, *, by: int, release: bool = True) -> None:
    canvas = chart.canvas
    qtbot.mousePress(canvas, LEFT, NONE, begin)
    for step in range(1, 5):
        qtbot.mouseMove(canvas, begin + QPoint(0, by * step // 4))
        QApplication.sendEvent(canvas, _moved(canvas, begin + QPoint(0, by * step // 4)))
    if release:
        qtbot.mouseRelease(canvas, LEFT, NONE, begin + QPoint(0, by))


def _moved(canvas: QWidget, place: QPoint) -> QMouseEvent:
    at = QPointF(place)
    return QMouseEvent(QEvent.Type.MouseMove, at, canvas.mapToGlobal(at), LEFT, LEFT, NONE)


async def test_a_dragged_stop_moves_the_trigger_on_release(chart: PriceChart, desk: FakeDesk, qtbot: QtBot) -> None:
    stop = line_of(chart, "Stop loss")
    begin = place_of(chart, stop.price)
    drag(qtbot, chart, begin, by=-20, release=False)
    shown = chart.canvas.drag.price_of(stop)
    assert shown > stop.price
    assert shown % Decimal(50) == 0, "on the tick"
    assert not desk.commands
    qtbot.mouseRelease(chart.canvas, LEFT, NONE, begin + QPoint(0, -20))
    await work.settle()
    assert desk.names() == ["move_trigger"]
    assert desk.commands[0][1]["trigger_id"] == "t-stop-HANRIVER"
    assert desk.commands[0][1]["level"] == shown
    assert not chart.canvas.drag.places


async def test_a_line_that_is_held_is_shown_once_also_when_a_new_view_comes(
    chart: PriceChart, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    stop = line_of(chart, "Stop loss")
    drag(qtbot, chart, place_of(chart, stop.price), by=-20, release=False)
    view = chart.canvas.view
    assert view is not None
    fired = tuple(dataclasses.replace(trigger, updated_at=trigger.updated_at + 1) for trigger in view.triggers)
    chart.canvas.show_view(dataclasses.replace(view, triggers=fired))
    painted: list[tuple[str, bool]] = []

    def note(*of: Any, held: bool) -> None:
        painted.append((of[2].title, held))

    monkeypatch.setattr(price_paint, "_paint_level", note)
    chart.canvas.grab()
    assert painted.count(("Stop loss", True)) == 1
    assert ("Stop loss", False) not in painted
    qtbot.keyClick(chart.canvas, Qt.Key.Key_Escape)


async def test_escape_while_dragging_puts_the_line_back(chart: PriceChart, desk: FakeDesk, qtbot: QtBot) -> None:
    stop = line_of(chart, "Stop loss")
    begin = place_of(chart, stop.price)
    drag(qtbot, chart, begin, by=-30, release=False)
    qtbot.keyClick(chart.canvas, Qt.Key.Key_Escape)
    qtbot.mouseRelease(chart.canvas, LEFT, NONE, begin + QPoint(0, -30))
    await work.settle()
    assert not desk.commands
    assert chart.canvas.drag.price_of(stop) == stop.price


async def test_a_refused_move_snaps_back_and_says_why(chart: PriceChart, desk: FakeDesk, qtbot: QtBot) -> None:
    desk.refuse = UserMistake("The stop would be above the price. Nothing was changed.")
    stop = line_of(chart, "Stop loss")
    drag(qtbot, chart, place_of(chart, stop.price), by=-25)
    await work.settle()
    assert chart.canvas.drag.price_of(stop) == stop.price
    assert chart.answer.isVisible()
    assert "above the price" in chart.answer_text.text()


async def test_a_click_on_a_line_moves_nothing(chart: PriceChart, desk: FakeDesk, qtbot: QtBot) -> None:
    qtbot.mouseClick(chart.canvas, LEFT, NONE, place_of(chart, line_of(chart, "Stop loss").price))
    await work.settle()
    assert not desk.commands


def test_the_average_cannot_be_dragged(chart: PriceChart) -> None:
    average = line_of(chart, "Average")
    assert not average.movable
    assert chart.canvas.level_at(QPointF(place_of(chart, average.price))) is None


def test_a_line_tells_distance_and_money_at_its_price(chart: PriceChart) -> None:
    stop = line_of(chart, "Stop loss")
    assert chart.canvas.view is not None
    text = describe(stop, Decimal(250_000), Decimal(251_500), chart.canvas.view.instrument)
    assert "Stop loss 120" in text
    assert "\u22120.60 %" in text
    assert "\u2212480,000 KRW" in text


async def test_a_working_order_is_replaced_by_dragging(chart: PriceChart, desk: FakeDesk, qtbot: QtBot) -> None:
    chart.show_symbol("s-demo", "HELI")
    chart.grab()
    order = line_of(chart, "BUY limit")
    assert order.kind is LevelKind.ORDER
    drag(qtbot, chart, place_of(chart, order.price), by=12)
    await work.settle()
    assert desk.names() == ["replace_order"]
    assert desk.commands[0][1]["order_id"] == "o-1"
    assert desk.commands[0][1]["limit_price"] < Decimal("409.50")


def wheel(chart: PriceChart, turns: int, place: QPointF | None = None) -> None:
    canvas = chart.canvas
    at = place or QPointF(300, 150)
    turn, none = QPoint(0, 120 * turns), Qt.MouseButton.NoButton
    phase = Qt.ScrollPhase.NoScrollPhase
    event = QWheelEvent(at, canvas.mapToGlobal(at), QPoint(), turn, none, NONE, phase, False)
    QApplication.sendEvent(canvas, event)


def test_the_wheel_zooms_and_keeps_the_newest_bar_in_sight(chart: PriceChart) -> None:
    times = chart.canvas.times
    before = times.right - times.left
    wheel(chart, 2)
    assert times.right - times.left < before
    assert chart.canvas.following
    wheel(chart, -6)
    assert times.right - times.left > before


def test_dragging_the_chart_pans_and_a_button_leads_back(chart: PriceChart, qtbot: QtBot) -> None:
    canvas = chart.canvas
    assert canvas.layout_ is not None
    free = QPoint(300, round(canvas.layout_.main.top()) + 70)
    qtbot.mousePress(canvas, LEFT, NONE, free)
    QApplication.sendEvent(canvas, _moved(canvas, free + QPoint(280, 0)))
    qtbot.mouseRelease(canvas, LEFT, NONE, free + QPoint(280, 0))
    assert not canvas.following
    assert chart.now.isVisible()
    qtbot.mouseClick(chart.now, LEFT)
    assert canvas.following
    assert not chart.now.isVisible()


def test_keys_move_and_zoom_the_chart(chart: PriceChart, qtbot: QtBot) -> None:
    canvas = chart.canvas
    shown = canvas.times.right - canvas.times.left
    qtbot.keyClick(canvas, Qt.Key.Key_Plus)
    assert canvas.times.right - canvas.times.left < shown
    for _ in range(12):
        qtbot.keyClick(canvas, Qt.Key.Key_Left)
    assert not canvas.following
    qtbot.keyClick(canvas, Qt.Key.Key_Home)
    assert canvas.times.left <= 0
    qtbot.keyClick(canvas, Qt.Key.Key_End)
    assert canvas.following


def test_the_forming_bar_moves_without_painting_the_closed_ones_again(
    chart: PriceChart, desk: FakeDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    view = desk.chart("s-korea", "HANRIVER")
    assert view is not None
    assert view.forming is not None
    chart.canvas.show_view(view)
    chart.canvas.grab()
    base = chart.canvas._base
    moved = dataclasses.replace(view, forming=view.forming._replace(close=view.forming.open))
    monkeypatch.setattr(desk, "chart", lambda session_id, symbol: moved)
    desk.emit(Changes(forming=frozenset({("s-korea", "HANRIVER")})))
    chart.canvas.grab()
    assert chart.canvas.last_price == view.instrument.price(view.forming.open)
    assert chart.canvas._base is base
    longer = dataclasses.replace(moved, bars=rows.columns("HANRIVER", 401))
    monkeypatch.setattr(desk, "chart", lambda session_id, symbol: longer)
    desk.emit(Changes(charts=frozenset({("s-korea", "HANRIVER")})))
    chart.canvas.grab()
    assert chart.canvas._base is not base


def test_five_thousand_bars_are_painted_at_every_zoom(chart: PriceChart, theme: ThemeStore) -> None:
    view = chart.canvas.view
    assert view is not None
    many = dataclasses.replace(view, bars=rows.columns("HANRIVER", 5_000), indicators=())
    chart.canvas.show_view(many)
    for turns in (-30, 10, 30):
        wheel(chart, turns)
        assert not chart.canvas.grab().isNull()
    theme.toggle()
    assert not chart.canvas.grab().isNull()


def test_the_crosshair_reads_the_bar_under_it(chart: PriceChart, qtbot: QtBot) -> None:
    view = chart.canvas.view
    assert view is not None
    qtbot.mouseMove(chart.canvas, QPoint(200, 100))
    QApplication.sendEvent(chart.canvas, _moved(chart.canvas, QPoint(200, 100)))
    assert not chart.canvas.grab().isNull()
    assert bar_at(view, len(view.bars)) is view.forming
    first = bar_at(view, 0)
    assert first is not None
    assert first.start == int(view.bars.start[0])
    assert bar_at(view, -1) is None


async def test_the_menu_at_a_price_moves_the_stop_there(chart: PriceChart, desk: FakeDesk) -> None:
    view = chart.canvas.view
    assert view is not None
    menu = chart.price_menu(view, Decimal(250_000))
    actions = {action.text(): action for action in menu.actions()}
    assert not actions["Target here: 250,000"].isEnabled()
    actions["Stop here: 250,000"].trigger()
    await work.settle()
    assert desk.commands[0][0] == "move_trigger"
    assert desk.commands[0][1]["level"] == Decimal(250_000)


async def test_the_menu_arms_a_target_where_there_is_none(chart: PriceChart, desk: FakeDesk) -> None:
    chart.show_symbol("s-demo", "COIN/USD")
    view = chart.canvas.view
    assert view is not None
    menu = chart.price_menu(view, Decimal(70_000))
    next(item for item in menu.actions() if item.text().startswith("Target here")).trigger()
    await work.settle()
    assert desk.commands[0][0] == "set_trigger"
    assert desk.commands[0][1]["level"] == Decimal(70_000)


def test_buy_limit_here_opens_the_ticket_and_sends_nothing(chart: PriceChart, desk: FakeDesk) -> None:
    view = chart.canvas.view
    assert view is not None
    menu = chart.price_menu(view, Decimal(250_000))
    next(item for item in menu.actions() if item.text().startswith("Buy limit")).trigger()
    ticket = next(item for item in QApplication.topLevelWidgets() if isinstance(item, OrderTicket) and item.isVisible())
    assert ticket.limit.value == Decimal(250_000)
    assert not desk.commands
    ticket.close()


def test_a_demo_chart_says_so_and_an_empty_one_says_what_to_do(qtbot: QtBot, desk: FakeDesk, theme: ThemeStore) -> None:
    made = PriceChart(desk, theme, Intents())
    qtbot.addWidget(made)
    made.show()
    assert made.tag.text() == "DEMO - simulated prices"
    empty = PriceChart(FakeDesk(empty=True), theme, Intents())
    qtbot.addWidget(empty)
    empty.show()
    assert empty.empty.isVisible()
    assert "Ctrl+N" in empty.empty.text()


def test_a_session_without_prices_waits(chart: PriceChart, desk: FakeDesk, monkeypatch: pytest.MonkeyPatch) -> None:
    view = desk.chart("s-demo", "NORD")
    assert view is not None
    none = dataclasses.replace(view, bars=Columns.of(()), forming=None, indicators=(), fills=())
    monkeypatch.setattr(desk, "chart", lambda session_id, symbol: none)
    chart.show_symbol("s-demo", "NORD")
    assert "Waiting for the first prices of NORD" in chart.empty.text()
    one = Bar("NORD", "1m", rows.NOW // MINUTE * MINUTE, 60.0, 61.0, 59.5, 60.5, 10.0)
    only: ChartView = dataclasses.replace(none, forming=one)
    monkeypatch.setattr(desk, "chart", lambda session_id, symbol: only)
    chart.refresh()
    assert not chart.canvas.grab().isNull()


def test_the_chart_follows_the_chosen_session(qtbot: QtBot, desk: FakeDesk, theme: ThemeStore) -> None:
    intents = Intents()
    made = PriceChart(desk, theme, intents)
    qtbot.addWidget(made)
    intents.follow_session("s-korea")
    assert made.canvas.view is not None
    assert made.canvas.view.instrument.symbol == "HANBIT"
    made.symbols.setCurrentIndex(1)
    made.symbols.activated.emit(1)
    assert made.canvas.view.instrument.symbol == "HANRIVER"


def test_the_equity_curve_tells_return_drawdown_and_benchmark(qtbot: QtBot, desk: FakeDesk, theme: ThemeStore) -> None:
    intents = Intents()
    made = EquityChart(desk, theme, intents)
    qtbot.addWidget(made)
    made.resize(700, 200)
    made.show()
    assert "+1.28 %" in made.total.text()
    assert "\u22123.40 %" in made.fall.text()
    assert "SIM500" in made.against.text()
    assert "SIM500" in made.canvas.read_out(400)
    assert "SIM500" not in made.canvas.read_out(3), "the benchmark is not known yet"
    plot = made.canvas
    plot._on_mouse(QPointF(200, 40))
    assert plot._read.isVisible()
    plot._on_mouse(QPointF(-5, 40))
    assert not plot._read.isVisible()
    whole = plot.main.viewRange()[0]
    plot.main.setXRange(10, 50, padding=0)
    desk.emit(Changes(equity=frozenset({intents.session_id or desk.sessions()[0].session_id})))
    assert plot.main.viewRange()[0] == [10, 50], "what was zoomed into stays"
    qtbot.mouseDClick(plot.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(200, 40))
    assert plot.main.viewRange()[0] == pytest.approx(whole)
    theme.toggle()
    assert not plot.grab().isNull()
    intents.follow_session("s-new")
    assert made.empty.isVisible()
    desk.emit(Changes(equity=frozenset({"s-new"})))


def test_the_equity_curve_marks_round_times_and_the_date_of_a_new_day(qtbot: QtBot, theme: ThemeStore) -> None:
    plot = EquityPlot(theme)
    qtbot.addWidget(plot)
    axis = plot.low.getAxis("bottom")
    assert axis.tickValues(0.0, 10.0, 700.0) == []
    noon = 1_795_176_000 * SECOND - pane.zone_offset(1_795_176_000 * SECOND)
    axis.show_times(noon + 7 * SECOND + np.arange(40, dtype=np.int64) * 30 * MINUTE)
    places = axis.tickValues(0.0, 39.0, 700.0)[0][1]
    texts = axis.tickStrings([float(place) for place in places], 1.0, 1.0)
    assert "16:00" in texts
    assert pane.day_text(noon + 12 * HOUR) in texts
    assert len(places) <= 9, "labels keep their distance"


def test_the_equity_curve_gives_its_axis_the_room_of_the_longest_amount(
    qtbot: QtBot, desk: FakeDesk, theme: ThemeStore
) -> None:
    plot = EquityPlot(theme)
    qtbot.addWidget(plot)
    view = desk.equity("s-demo")
    assert view is not None
    widths = []
    for factor in (1.0, 100_000.0):
        equity, benchmark = view.equity * factor, view.benchmark * factor
        plot.show_view(dataclasses.replace(view, equity=equity, benchmark=benchmark))
        widths.append([part.getAxis("right").minimumWidth() for part in (plot.main, plot.low)])
    assert widths[0][0] == widths[0][1], "the two plots stand under each other"
    assert widths[1][0] > widths[0][0]


@pytest.mark.parametrize("height", [90, 210, 480])
def test_the_dates_under_the_equity_curve_have_the_room_of_their_letters(
    qtbot: QtBot, desk: FakeDesk, theme: ThemeStore, height: int
) -> None:
    plot = EquityPlot(theme)
    qtbot.addWidget(plot)
    plot.resize(640, height)
    plot.show()
    plot.show_view(desk.equity("s-demo"))
    plot.grab()
    axis = plot.low.getAxis("bottom")
    assert axis.geometry().height() >= QFontMetrics(axis.style["tickFont"]).height()
    assert axis.mapToScene(axis.boundingRect().bottomLeft()).y() <= plot.height()


def test_the_cross_of_the_equity_curve_runs_through_both_plots(qtbot: QtBot, desk: FakeDesk, theme: ThemeStore) -> None:
    plot = EquityPlot(theme)
    qtbot.addWidget(plot)
    view = desk.equity("s-demo")
    assert view is not None
    plot.show_view(view)
    plot._show_cross(40)
    assert plot._cross.value() == plot._cross_low.value() == 40
    assert plot.main.getAxis("bottom").zValue() < plot.main.getViewBox().zValue(), "the grid lies behind"
    assert plot._dot.getData()[1][0] == view.equity[40]
    plot._show_cross(None)
    assert not plot._dot.isVisible()
    assert not plot._cross_low.isVisible()


def test_both_plots_of_the_equity_curve_show_the_same_time_whatever_the_wheel_turns_over(
    qtbot: QtBot, desk: FakeDesk, theme: ThemeStore
) -> None:
    plot = EquityPlot(theme)
    qtbot.addWidget(plot)
    plot.resize(900, 400)
    view = desk.equity("s-demo")
    assert view is not None
    plot.show_view(view, "1m")
    plot.show()
    plot.grab()
    whole = [0.0, len(view.at) - 1.0]

    def turn(height: int, turns: int) -> list[float]:
        port, at = plot.viewport(), QPointF(500, height)
        delta, none = QPoint(0, 120 * (1 if turns > 0 else -1)), Qt.MouseButton.NoButton
        for _ in range(abs(turns)):
            phase = Qt.ScrollPhase.NoScrollPhase
            QApplication.sendEvent(
                port, QWheelEvent(at, port.mapToGlobal(at), QPoint(), delta, none, NONE, phase, False)
            )
            QApplication.processEvents()
        upper, lower = (part.viewRange()[0] for part in (plot.main, plot.low))
        assert lower == pytest.approx(upper, abs=1e-6)
        return list(upper)

    for height in (100, 340):  # over the equity, over the drawdown
        assert turn(height, -15) == pytest.approx(whole), "nothing lies beyond the data"
        left, right = turn(height, 6)
        assert right - left < whole[1] / 2
        assert turn(height, -40) == pytest.approx(whole)
    turn(340, 6)
    fewer = {name: getattr(view, name)[:80] for name in ("at", "equity", "benchmark", "drawdown")}
    plot.show_view(dataclasses.replace(view, **fewer), "1m")
    QApplication.processEvents()
    upper, lower = (part.viewRange()[0] for part in (plot.main, plot.low))
    assert lower == pytest.approx(upper, abs=1e-6)
    assert upper[1] <= 79


def test_the_portfolio_shows_each_currency_by_itself(qtbot: QtBot, desk: FakeDesk, theme: ThemeStore) -> None:
    made = Portfolio(desk, theme, Intents())
    qtbot.addWidget(made)
    made.resize(320, 700)
    made.show()
    assert [block.value.text() for block in made.blocks] == ["206,094.45", "99,157,500"]
    assert made.blocks[1].today.property("tone") == "down"
    assert made.tag.isVisible()
    assert made.title_tools == [made.tag]
    assert made.blocks[0].donut.middle == "27 %"
    assert not made.grab().isNull()
    desk.empty = True
    desk.emit(Changes(portfolio=True))
    assert made.empty.isVisible()


def test_the_portfolio_begins_with_the_currency_of_the_session_one_looks_at(
    qtbot: QtBot, desk: FakeDesk, theme: ThemeStore
) -> None:
    intents = Intents()
    made = Portfolio(desk, theme, intents)
    qtbot.addWidget(made)
    korean = next(row.session_id for row in desk.sessions() if row.settings.currency == "KRW")
    intents.follow_session(korean)
    assert [block.value.text() for block in made.blocks] == ["99,157,500", "206,094.45"]
    assert made.blocks[0].caption.text() == "Total value, KRW"
    american = next(row.session_id for row in desk.sessions() if row.settings.currency == "USD")
    intents.follow_session(american)
    assert made.blocks[0].value.text() == "206,094.45"


def test_the_ring_of_the_portfolio_is_seen_without_scrolling(qtbot: QtBot, desk: FakeDesk, theme: ThemeStore) -> None:
    made = Portfolio(desk, theme, Intents())
    qtbot.addWidget(made)
    made.resize(320, 180)
    made.show()
    ring = made.blocks[0].donut
    assert ring.mapTo(made, ring.rect().bottomLeft()).y() < 180
    assert not ring.visibleRegion().isEmpty()


def test_small_slices_are_folded_and_cash_comes_last(desk: FakeDesk) -> None:
    from desktop.engine.views import Allocation

    slices = tuple(Allocation(f"S{number}", Decimal(number), number / 100) for number in range(1, 12))
    shown = folded((Allocation("Cash", Decimal(30), 0.3), *slices))
    assert [item.label for item in shown][-2:] == ["Others", "Cash"]
    assert sum(item.share for item in shown) == pytest.approx(0.96)


@pytest.mark.parametrize("ratio", [1.5, 2.0])
def test_the_base_layer_fits_a_screen_of_more_pixels(
    chart: PriceChart, monkeypatch: pytest.MonkeyPatch, ratio: float
) -> None:
    canvas = chart.canvas
    plain = canvas.grab().toImage()
    monkeypatch.setattr(canvas, "devicePixelRatioF", lambda: ratio)
    canvas.grab()
    assert canvas._base is not None
    assert canvas._base.devicePixelRatio() == ratio
    fine = canvas._base.toImage()
    fine.setDevicePixelRatio(1)
    assert canvas.layout_ is not None
    main, axis = canvas.layout_.main, canvas.layout_.axis
    foot = round((axis.top() + 0.5) * ratio)
    paper, border = canvas.theme.colour("surface"), canvas.theme.colour("border")

    def bordered(x: float) -> bool:
        return any(fine.pixelColor(round(x * ratio), foot + by) == border for by in (-1, 0, 1))

    assert fine.width() == round(plain.width() * ratio)
    assert bordered(main.left() + 3), "the line over the time axis begins with the pane"
    assert bordered(main.right() - 3), "and ends with it"
    strip = [
        fine.pixelColor(x, y)
        for x in range(round((main.right() + 6) * ratio), fine.width() - 2, 2)
        for y in range(round(main.top() * ratio), round(main.bottom() * ratio), 2)
    ]
    assert any(colour != paper for colour in strip), "the prices stand at the right, in sight"


@pytest.mark.parametrize("panel", [PriceChart, EquityChart])
def test_the_tag_of_simulated_prices_is_never_cut(
    qtbot: QtBot, desk: FakeDesk, theme: ThemeStore, panel: type[PriceChart | EquityChart]
) -> None:
    made = panel(desk, theme, Intents())
    qtbot.addWidget(made)
    made.show()
    seen = set()
    for width in (1000, 700, 560, 480, 420):
        made.resize(width, 300)
        QApplication.processEvents()
        shown = made.tag.fontMetrics().horizontalAdvance(made.tag.text())
        assert made.tag.width() >= shown, width
        assert made.tag.geometry().right() < made.width(), width
        assert "simulated prices" in made.tag.toolTip()
        seen.add(made.tag.text())
    assert "DEMO - simulated prices" in seen
    assert seen <= {"DEMO - simulated prices", "DEMO"}
    assert "DEMO" in seen
