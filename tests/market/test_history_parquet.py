"""Parquet files give what the same rows in a CSV file give."""

from __future__ import annotations

import hashlib
from decimal import Decimal
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from arro3.core import DataType
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from desktop.domain.errors import DataFileError
from desktop.domain.market import DAY, HOUR, MINUTE
from desktop.market import history_parquet
from desktop.market.history import Caps, FileLayout, History, read_history
from tests.helpers.market import at
from tests.helpers.parquet_files import write_parquet

FLOAT = DataType.float64()
MICROS = DataType.timestamp("us", tz="UTC")
FIRST = at("2024-03-04")


def bars(path: Path, kind: Any, times: list[Any], **layout: Any) -> History:
    count = len(times)
    cells = {"open": 10.25, "high": 12.0, "low": 9.5, "close": 11.125, "volume": 100.0}
    columns = {"time": (kind, times), **{name: (FLOAT, [value] * count) for name, value in cells.items()}}
    return read_history(write_parquet(path / "bars.parquet", columns), symbol="X", layout=FileLayout(**layout))


def quotes(path: Path, times: list[Any], bid: tuple[Any, list[Any]], kind: Any = MICROS) -> History:
    file = write_parquet(path / "q.parquet", {"time": (kind, times), "bid": bid, "ask": (FLOAT, [2.0] * len(times))})
    return read_history(file, symbol="X")


def test_bars_of_a_parquet_file_become_columns(tmp_path: Path) -> None:
    found = bars(tmp_path, MICROS, [FIRST, FIRST + MINUTE, FIRST + 2 * MINUTE])
    assert (found.kind, found.timeframe, found.rows, len(found), found.error_count) == ("bars", "1m", 3, 3, 0)
    assert found.columns.close.tolist() == [11.125] * 3
    assert found.columns.start.tolist() == [FIRST, FIRST + MINUTE, FIRST + 2 * MINUTE]
    assert found.instrument.tick == Decimal("0.001")
    assert found.fingerprint == hashlib.sha256((tmp_path / "bars.parquet").read_bytes()).hexdigest()


@pytest.mark.parametrize(
    ("kind", "times"),
    [
        (DataType.timestamp("ns"), [FIRST * 1000, (FIRST + DAY) * 1000]),
        (DataType.timestamp("ms", tz="Asia/Seoul"), [FIRST // 1000, (FIRST + DAY) // 1000]),
        (DataType.int64(), [FIRST // 1000, (FIRST + DAY) // 1000]),
        (DataType.int32(), [FIRST // 1_000_000, (FIRST + DAY) // 1_000_000]),
        (DataType.string(), ["2024-03-04", "2024-03-05"]),
        (DataType.string_view(), ["2024-03-04T00:00:00Z", "2024-03-05T00:00:00Z"]),
    ],
)
def test_times_are_read_in_the_kinds_files_have_them(tmp_path: Path, kind: Any, times: list[Any]) -> None:
    assert bars(tmp_path, kind, times).columns.start.tolist() == [FIRST, FIRST + DAY]


def test_dates_stay_dates_and_clock_times_take_the_named_zone(tmp_path: Path) -> None:
    from arro3.core import Array, Table
    from arro3.io import write_parquet as write

    days = Array([FIRST // DAY, FIRST // DAY + 1], DataType.int32()).cast(DataType.date32())
    price = Array([1.0, 1.0], FLOAT)
    write(Table.from_pydict({"Date": days, **dict.fromkeys(("open", "high", "low", "close"), price)}), tmp_path / "d")
    dated = read_history(tmp_path / "d", symbol="X", layout=FileLayout(zone="America/New_York"))
    assert dated.columns.start.tolist() == [FIRST, FIRST + DAY]
    naive = bars(tmp_path, DataType.timestamp("us"), [FIRST + 9 * HOUR, FIRST + 10 * HOUR], zone="America/New_York")
    assert naive.columns.start.tolist() == [FIRST + 14 * HOUR, FIRST + 15 * HOUR]


def test_fault_34_empty_and_impossible_cells_are_left_out_and_named(tmp_path: Path) -> None:
    bid = (FLOAT, [1.0, None, float("nan"), 1.5, 1.25])
    found = quotes(tmp_path, [FIRST, FIRST + 1, FIRST + 2, None, FIRST + 4], bid)
    assert found.first.tolist() == [1.0, 1.25]
    assert [(error.row, error.column) for error in found.errors] == [(2, "bid"), (3, "bid"), (4, "time")]


@pytest.mark.parametrize(
    ("kind", "cells", "values", "tick"),
    [
        (DataType.float32(), [97.31, 0.5], [97.31, 0.5], "0.01"),
        (DataType.int64(), [5, 6], [5.0, 6.0], "1"),
        (DataType.string(), ["1.250", "7"], [1.25, 7.0], "0.01"),
        (DataType.float64(), [1 / 3, 2.0], [1 / 3, 2.0], "0.0000000001"),
    ],
)
def test_numbers_of_every_kind_are_read_as_they_were_written(
    tmp_path: Path, kind: Any, cells: list[Any], values: list[float], tick: str
) -> None:
    found = quotes(tmp_path, [FIRST, FIRST + 1], (kind, cells))
    assert found.first.tolist() == values
    assert found.instrument.tick == Decimal(tick)


def test_trades_keep_their_ids(tmp_path: Path) -> None:
    columns: dict[str, tuple[Any, list[Any]]] = {
        "time": (MICROS, [FIRST, FIRST, FIRST]),
        "price": (FLOAT, [1.0, 2.0, 2.0]),
        "size": (FLOAT, [1.0] * 3),
        "trade_id": (DataType.int64(), [7, 8, 8]),
    }
    found = read_history(write_parquet(tmp_path / "t.parquet", columns), symbol="X")
    assert (found.ids, found.duplicates) == (("7", "8"), 1)


def test_fault_34_kinds_that_are_neither_times_nor_numbers_are_refused(tmp_path: Path) -> None:
    with pytest.raises(DataFileError, match="times of the kind"):
        bars(tmp_path, DataType.bool(), [True, False])
    with pytest.raises(DataFileError, match="where numbers belong"):
        quotes(tmp_path, [FIRST], (DataType.bool(), [True]))


def test_fault_34_rows_and_columns_have_caps(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    bars(tmp_path, MICROS, [FIRST + number * MINUTE for number in range(20)])
    for caps, sentence in ((Caps(rows=10), "more than 10 rows"), (Caps(fields=3), "more than the 3")):
        with pytest.raises(DataFileError, match=sentence):
            read_history(tmp_path / "bars.parquet", symbol="X", caps=caps)
    monkeypatch.setattr(history_parquet, "_BATCH", 7)
    told: list[int] = []
    assert len(read_history(tmp_path / "bars.parquet", symbol="X", progress=told.append)) == 20
    assert told == sorted(told)


def test_fault_34_a_damaged_file_is_refused_with_a_sentence(tmp_path: Path) -> None:
    bars(tmp_path, MICROS, [FIRST + number * MINUTE for number in range(50)])
    whole = (tmp_path / "bars.parquet").read_bytes()
    for raw, sentence in (
        (b"PAR1", "cut off"),
        (whole[: len(whole) // 2], "cut off"),
        (b"PAR1" + b"\xff" * 60 + b"PAR1", "damaged"),
        (whole[:-40] + whole[-30:], "damaged"),
    ):
        (tmp_path / "bad.parquet").write_bytes(raw)
        with pytest.raises(DataFileError, match=sentence):
            read_history(tmp_path / "bad.parquet", symbol="X")


@pytest.mark.parametrize("far", [True, False])
def test_fault_34_a_time_of_a_year_that_nobody_has_is_an_error_of_its_row(tmp_path: Path, far: bool) -> None:  # noqa: FBT001
    times = [FIRST + number * MINUTE for number in range(5)]
    times[2] = 290_000_000_000_000_000 if far else -290_000_000_000_000_000  # in microseconds: the year 11,159
    found = bars(tmp_path, MICROS, times)
    assert (len(found), found.error_count) == (4, 1)
    assert "no time that can be read" in str(found.errors[0])


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_fault_34_any_changed_byte_gives_sound_rows_or_a_sentence(tmp_path: Path, data: st.DataObject) -> None:
    path = tmp_path / "bars.parquet"
    if not path.exists():
        bars(tmp_path, MICROS, [FIRST + number * MINUTE for number in range(50)])
    raw = bytearray(path.read_bytes())
    for _ in range(data.draw(st.integers(1, 4))):
        raw[data.draw(st.integers(4, len(raw) - 5))] = data.draw(st.integers(0, 255))
    changed = tmp_path / "changed.parquet"
    changed.write_bytes(raw)
    try:
        found = read_history(changed, symbol="X", timeframe="1m")
    except DataFileError:
        return
    assert 0 < len(found) <= found.rows
    assert np.isfinite(found.columns.close).all()
    assert (np.diff(found.columns.start) > 0).all()
