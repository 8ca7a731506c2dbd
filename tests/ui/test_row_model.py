"""Rows come, change and go one by one: what is shown is what sorting all would show, and Qt is told the truth."""

from __future__ import annotations

from dataclasses import dataclass
from unittest.mock import patch

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PySide6.QtCore import QPersistentModelIndex, Qt
from PySide6.QtTest import QAbstractItemModelTester

from desktop.ui import guard
from desktop.ui.widgets import row_model
from desktop.ui.widgets.columns import Column
from desktop.ui.widgets.row_model import RowModel

Value = float | str | None


@dataclass(frozen=True)
class Row:
    key: str
    value: Value


COLUMNS = (Column[Row]("key", "Key", lambda row: row.key), Column[Row]("value", "Value", lambda row: row.value))
values = st.one_of(st.none(), st.integers(0, 4), st.just(float("nan")), st.sampled_from(["b", "A", "a"]))
puts = st.lists(st.tuples(st.sampled_from("abcdefghijkl"), values), max_size=6)
steps = st.one_of(
    st.tuples(st.just("put"), puts),
    st.tuples(st.just("remove"), st.lists(st.sampled_from("abcdefghijkl?"), max_size=4)),
    st.tuples(st.just("sort"), st.tuples(st.sampled_from([-1, 0, 1]), st.sampled_from(list(Qt.SortOrder)))),
    st.tuples(st.just("search"), st.sampled_from(["", "a"])),
)


def made() -> RowModel[Row]:
    model = RowModel(COLUMNS, lambda row: row.key)
    QAbstractItemModelTester(model, QAbstractItemModelTester.FailureReportingMode.Fatal, model)
    return model


def put(model: RowModel[Row], *rows: tuple[str, Value]) -> None:
    model.put_many([Row(key, value) for key, value in rows])


def shown(model: RowModel[Row]) -> str:
    return "".join(row.key for row in model.shown_rows())


@settings(max_examples=150, deadline=None)
@given(st.lists(steps, max_size=12))
def test_what_is_shown_is_what_sorting_everything_would_show(course: list[tuple[str, object]]) -> None:
    faults: list[object] = []
    with patch.object(guard, "_report_once", lambda error, where: faults.append((where, error))):
        _follow(course)
    assert faults == [], "Qt asks for rows also while they come and go"


def _follow(course: list[tuple[str, object]]) -> None:
    model = made()
    for what, about in course:
        if what == "put":
            put(model, *about)  # type: ignore[misc]  # of the kind of step
        elif what == "remove":
            model.remove_many(about)  # type: ignore[arg-type]  # as above
        elif what == "sort":
            model.sort(*about)  # type: ignore[misc]  # as above
        else:
            model.set_search(str(about))
        assert [row.key for row in model.shown_rows()] == model._wanted()
        assert [model.place(key) for key in model._wanted()] == list(range(model.rowCount()))


@pytest.mark.parametrize(
    ("order", "wanted"), [(Qt.SortOrder.AscendingOrder, "acdeb"), (Qt.SortOrder.DescendingOrder, "deacb")]
)
def test_a_new_row_stands_behind_those_of_its_value_and_the_unknown_last(order: Qt.SortOrder, wanted: str) -> None:
    model = made()
    model.sort(1, order)
    put(model, ("a", 1), ("b", None), ("d", 2))
    put(model, ("c", 1))
    put(model, ("e", 2))
    assert shown(model) == wanted


def test_a_new_row_among_thousands_moves_no_other_and_sorts_nothing_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    model = made()
    model.sort(1, Qt.SortOrder.DescendingOrder)
    put(model, *((f"k{number}", number) for number in range(0, 4_000, 2)))
    chosen = QPersistentModelIndex(model.index(model.place("k2000"), 0))
    told: list[tuple[int, int]] = []
    model.rowsInserted.connect(lambda _, first, last: told.append((first, last)))
    model.layoutChanged.connect(lambda *_: told.append((-1, -1)))
    looked: list[Value] = []

    def counted(value: Value) -> tuple[int, Value]:
        looked.append(value)
        return (0, value)

    monkeypatch.setattr(row_model, "sort_key", counted)
    put(model, ("k2001", 2001), ("k2000", 2000))
    assert told == [(999, 999)]
    assert len(looked) < 20
    assert model.key_at(chosen.row()) == "k2000"
    model.remove_many(["k2001", "k2002"])
    assert len(looked) < 20
    assert model.key_at(chosen.row()) == "k2000"


def test_very_many_new_rows_are_told_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    model = made()
    model.sort(1, Qt.SortOrder.AscendingOrder)
    put(model, ("a", 1))
    told: list[int] = []
    model.rowsInserted.connect(lambda *_: told.append(1))
    monkeypatch.setattr(row_model, "_FEW", 5)
    put(model, *((f"k{number}", -number) for number in range(6)))
    assert len(told) == 1
    assert shown(model) == "k5k4k3k2k1k0a"
