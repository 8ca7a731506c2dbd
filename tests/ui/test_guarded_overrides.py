"""Fault 32 where Qt calls Python: painting, models, sizes and events that raise end neither window nor program."""

import importlib
import inspect
import pkgutil
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from PySide6.QtCore import QEvent, QPoint, QSize, Qt
from PySide6.QtGui import QPainter, QPixmap
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QStyleOptionViewItem, QWidget
from pytestqt.qtbot import QtBot

import desktop.ui
from desktop.ui import guard
from desktop.ui.charts import price_paint
from desktop.ui.charts.equity_plot import EquityPlot
from desktop.ui.guard import Fault, guarded_override, on_fault
from desktop.ui.intents import Intents
from desktop.ui.panels.price_chart import PriceChart
from desktop.ui.theme import ThemeStore
from desktop.ui.widgets.columns import Column, Kind
from desktop.ui.widgets.donut import Donut
from desktop.ui.widgets.row_table import RowTable
from tests.helpers.fake_desk import FakeDesk

#: Called by Qt and caught where they are: the loop keeps what its callbacks raise and raises it from run_forever.
CAUGHT_THERE = {"_Waker"}
#: Not virtual: Python calls them, Qt never does.
OURS = {"text", "setText"}


@pytest.fixture(autouse=True)
def _nothing_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(guard, "_told", set())


@pytest.fixture
def faults() -> Iterator[list[Fault]]:
    found: list[Fault] = []
    end = on_fault(found.append)
    yield found
    end()


def raises(*_: Any, **__: Any) -> Any:
    raise IndexError("planted")


def draw(widget: QWidget, times: int = 3) -> None:
    for _ in range(times):
        widget.grab()
        QApplication.processEvents()


def overrides() -> Iterator[tuple[str, Any]]:
    """Yield every method of the window that takes the place of one of Qt's."""
    for module in pkgutil.walk_packages(desktop.ui.__path__, "desktop.ui."):
        for name, kind in vars(importlib.import_module(module.name)).items():
            if inspect.isclass(kind) and kind.__module__ == module.name and name not in CAUGHT_THERE:
                for method, made in ((one, made) for one, made in vars(kind).items() if one not in OURS):
                    above = [base for base in kind.__mro__[1:] if method in vars(base)]
                    foreign = above and above[0].__module__.startswith(("PySide6", "pyqtgraph"))
                    if foreign and inspect.isfunction(made) and not method.startswith("__"):
                        yield f"{module.name}.{name}.{method}", made


def test_fault_32_every_override_of_qt_is_guarded() -> None:
    found = dict(overrides())
    assert len(found) > 80
    assert [name for name, method in found.items() if not hasattr(method, "__wrapped__")] == []


@pytest.fixture
def table(qtbot: QtBot, theme: ThemeStore) -> RowTable[str]:
    columns = (
        Column[str]("name", "Name", lambda row: row),
        Column[str]("spark", "Spark", lambda _: (1.0, 2.0, 3.0), lambda _: "", Kind.SPARK),
    )
    made: RowTable[str] = RowTable(
        columns, key=lambda row: row, name="planted", theme=theme, title="Planted", empty=("Nothing", "Nothing yet.")
    )
    qtbot.addWidget(made)
    made.resize(400, 200)
    made.show()
    return made


def test_fault_32_a_cell_that_cannot_be_painted_is_told_once(
    table: RowTable[str], faults: list[Fault], monkeypatch: pytest.MonkeyPatch
) -> None:
    table.rows.put_all(["a", "b", "c"])
    monkeypatch.setattr(table.rows, "row", raises)
    draw(table)
    assert [fault.where for fault in faults] == ["CellDelegate.paint"]
    monkeypatch.undo()
    before = len(faults)
    draw(table)
    assert len(faults) == before


def test_fault_32_a_small_line_that_fails_leaves_no_painter_open(
    table: RowTable[str], faults: list[Fault], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("desktop.ui.widgets.cell_delegate.draw_sparkline", raises)
    table.rows.put_all(["a", "b"])
    draw(table)
    assert [fault.where for fault in faults] == ["CellDelegate.paint"]


@pytest.mark.parametrize("role", [Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole])
def test_fault_32_a_model_that_raises_has_no_data(
    table: RowTable[str], faults: list[Fault], monkeypatch: pytest.MonkeyPatch, role: Qt.ItemDataRole
) -> None:
    table.rows.put_all(["a"])
    index = table.rows.index(0, 0)
    monkeypatch.setattr(table.rows, "text", raises)
    monkeypatch.setattr(table.rows, "columns", (None, None))
    assert [table.rows.data(index, role) for _ in range(3)] == [None, None, None]
    QApplication.processEvents()
    assert [fault.where for fault in faults] == ["RowModel.data"]


def test_fault_32_a_header_that_raises_is_left_empty(
    table: RowTable[str], faults: list[Fault], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(table.rows, "columns", (None, None))
    table.header.headerDataChanged(Qt.Orientation.Horizontal, 0, 1)
    draw(table)
    assert "RowModel.headerData" in {fault.where for fault in faults}


def test_fault_32_an_empty_table_that_cannot_be_painted(
    table: RowTable[str], faults: list[Fault], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(table, "_empty", None)
    draw(table)
    assert [fault.where for fault in faults] == ["RowTable.paintEvent"]


def test_fault_32_a_key_that_raises(table: RowTable[str], faults: list[Fault], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(table, "current_row", raises)
    QTest.keyClick(table, Qt.Key.Key_Return)
    QTest.keyClick(table, Qt.Key.Key_Return)
    QApplication.processEvents()
    assert [fault.where for fault in faults] == ["RowTable.keyPressEvent"]


def test_fault_32_charts_that_raise(
    qtbot: QtBot, desk: FakeDesk, theme: ThemeStore, faults: list[Fault], monkeypatch: pytest.MonkeyPatch
) -> None:
    chart = PriceChart(desk, theme, Intents())
    qtbot.addWidget(chart)
    chart.resize(800, 460)
    chart.show_symbol("s-korea", "HANRIVER")
    monkeypatch.setattr(price_paint, "paint_base", raises)
    chart.show()
    draw(chart)
    assert [fault.where for fault in faults] == ["PriceCanvas.paintEvent"]
    monkeypatch.undo()
    draw(chart)
    assert chart.canvas._base is not None


@pytest.mark.parametrize("part", ["labels", "painting"])
def test_fault_32_the_equity_curve_that_raises(
    qtbot: QtBot, theme: ThemeStore, faults: list[Fault], monkeypatch: pytest.MonkeyPatch, part: str
) -> None:
    plot = EquityPlot(theme)
    qtbot.addWidget(plot)
    plot.resize(500, 300)
    if part == "labels":
        monkeypatch.setattr("desktop.ui.charts.curve_scale.formats", None)
    else:
        monkeypatch.setattr(plot.main.getAxis("right"), "generateDrawSpecs", raises)
    plot.show()
    draw(plot)
    assert faults
    assert len({(fault.where, str(fault.error)) for fault in faults}) == len(faults), "each place once"


def test_fault_32_a_donut_that_raises_leaves_no_painter_open(
    qtbot: QtBot, theme: ThemeStore, faults: list[Fault]
) -> None:
    donut = Donut(theme)
    qtbot.addWidget(donut)
    donut.show()
    donut._slices = (None, None)  # type: ignore[assignment]  # the planted fault
    draw(donut)
    assert [fault.where for fault in faults] == ["Donut.paintEvent"]


class _Odd(QWidget):
    """A widget every override of which raises."""

    def _fail(self) -> None:
        raise KeyError("planted")

    @guarded_override(QSize())
    def sizeHint(self) -> QSize:
        self._fail()
        return QSize(1, 1)

    @guarded_override(answer=False)
    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ToolTip:
            self._fail()
        return super().event(event)

    @guarded_override(answer=False)
    def eventFilter(self, *_: object) -> bool:
        self._fail()
        return True


def test_fault_32_sizes_and_events_that_raise_get_a_harmless_answer(qtbot: QtBot, faults: list[Fault]) -> None:
    odd, watched = _Odd(), QWidget()
    qtbot.addWidget(odd)
    qtbot.addWidget(watched)
    watched.installEventFilter(odd)
    assert odd.sizeHint() == QSize()
    odd.adjustSize()
    assert not QApplication.sendEvent(odd, QEvent(QEvent.Type.ToolTip))
    watched.show()
    QApplication.processEvents()
    assert sorted(fault.where for fault in faults) == ["_Odd.event", "_Odd.eventFilter", "_Odd.sizeHint"]


def test_a_painter_that_was_handed_in_stays_open(qtbot: QtBot, table: RowTable[str]) -> None:
    picture = QPixmap(40, 40)
    painter = QPainter(picture)

    @guarded_override()
    def paint(painter: QPainter, place: QPoint) -> None:
        painter.drawPoint(place)
        raises()

    paint(painter, QPoint(1, 1))
    assert painter.isActive()
    painter.end()


def test_what_raises_in_two_places_is_told_twice_and_a_fault_of_an_override_opens_no_dialog_while_painting(
    qtbot: QtBot, faults: list[Fault]
) -> None:
    def fails(*, early: bool) -> None:
        if early:
            raise KeyError("one")
        raise KeyError("two")

    guarded_fails: Callable[..., None] = guarded_override()(fails)
    for _ in range(3):
        guarded_fails(early=True)
        guarded_fails(early=False)
    assert faults == [], "told by the event loop, not from within the painting"
    QApplication.processEvents()
    assert [str(fault.error) for fault in faults] == ["'one'", "'two'"]


def test_a_delegate_is_asked_for_a_size_of_a_row_that_is_gone(table: RowTable[str], faults: list[Fault]) -> None:
    table.rows.put_all(["a"])
    index = table.rows.index(0, 0)
    table.rows._shown.clear()
    assert table.itemDelegate().sizeHint(QStyleOptionViewItem(), index) == QSize()
    QApplication.processEvents()
    assert [fault.where for fault in faults] == ["CellDelegate.sizeHint"]
