"""Rules on recorded prices; skipped with a message where the data is not there."""

from __future__ import annotations

import csv
import os
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest
import talib

from desktop.rules.batch import BatchEvaluator
from desktop.rules.columns import Columns
from desktop.rules.compile import compile_rule
from desktop.rules.nodes import Role, Verdict
from desktop.rules.stream import StreamEvaluator
from tests.rules.series import bars_of

DATA = Path(os.environ.get("ASSAY_DATA", Path(__file__).parents[3] / "shared" / "data"))


def columns_of(name: str) -> Columns:
    path = DATA / name
    if not path.exists():
        pytest.skip(f"recorded prices are not at {path}; set ASSAY_DATA to their folder")
    with path.open(newline="", encoding="utf-8") as file:
        rows = list(csv.reader(file))[1:]
    start = np.array(
        [int(datetime.fromisoformat(row[0]).replace(tzinfo=UTC).timestamp()) * 1_000_000 for row in rows],
        dtype=np.int64,
    )
    prices = np.array([[float(value) for value in row[1:6]] for row in rows])
    return Columns(start, *(np.ascontiguousarray(prices[:, field]) for field in range(5)))


def test_rsi_on_spy_is_talibs_own() -> None:
    columns = columns_of("spy_1h.csv")
    rule = compile_rule("rsi(14) < 30", role=Role.ENTRY, timeframe="1h")
    masks = BatchEvaluator(columns, timeframe="1h").masks(rule)
    with np.errstate(invalid="ignore"):
        assert np.array_equal(masks.true, talib.RSI(columns.close, 14) < 30)
    assert 0 < masks.true.sum() < len(columns) / 4


@pytest.mark.parametrize(
    "text",
    [
        "rsi(14) < 40 and close > sma(50)",
        'tf("1d", rsi(5)) < 40 and crosses_above(close, ema(20)) or supertrend(10, 3).trend == -1',
        'tf("1w", close > sma(4)) and weekday < 3 and time_between("10:00", "15:00")',
    ],
)
def test_stream_and_batch_agree_on_spy(text: str) -> None:
    columns = columns_of("spy_1h.csv").first(3_000)
    rule = compile_rule(text, role=Role.ENTRY, timeframe="1h")
    masks = BatchEvaluator(columns, timeframe="1h", zone="America/New_York").masks(rule)
    stream = StreamEvaluator(timeframe="1h", zone="America/New_York")
    stream.add(rule)
    verdicts = []
    for bar in bars_of(columns, "1h"):
        stream.update(bar)
        verdicts.append(stream.verdict(rule))
    assert [verdict is Verdict.TRUE for verdict in verdicts] == masks.true.tolist()
    assert [verdict is not Verdict.UNKNOWN for verdict in verdicts] == masks.known.tolist()
    assert masks.true.any()
