"""Real recordings, where they are at hand (see ASSAY_DATA)."""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np
import pytest

from desktop.feeds.replay import replay_hub, replay_messages
from desktop.market.history import read_history

FOLDER = Path(os.environ.get("ASSAY_DATA", str(Path(__file__).resolve().parents[3] / "shared" / "data")))
pytestmark = pytest.mark.skipif(not FOLDER.is_dir(), reason=f"no market data in {FOLDER}; set ASSAY_DATA to its folder")

#: file, kind, timeframe, rows
FILES = (
    ("spy_1d", "bars", "1d", 5_849),
    ("aapl_1d", "bars", "1d", 5_849),
    ("ibm_1d", "bars", "1d", 5_849),
    ("goog_1d", "bars", "1d", 4_183),
    ("spy_1h", "bars", "1h", 40_832),
    ("aapl_1h", "bars", "1h", 40_831),  # one less than the folder's README says of both hourly files
    ("spy_1m", "bars", "1m", 4_128),
    ("aapl_1m_split", "bars", "1m", 2_303),
    ("btcusd_1d", "bars", "1d", 1_318),
    ("btcusd_1m", "bars", "1m", 3_887),
    ("btcbusd_1m", "bars", "1m", 1_440),
    ("eurusd_quotes", "quotes", "", 167_466),
    ("bac_trades", "trades", "", 125_872),
)


@pytest.mark.parametrize(("name", "kind", "timeframe", "rows"), FILES)
def test_every_row_of_a_real_file_is_read(name: str, kind: str, timeframe: str, rows: int) -> None:
    path = FOLDER / f"{name}.csv"
    found = read_history(path, symbol="X")
    assert (found.kind, found.timeframe, found.rows, len(found)) == (kind, timeframe, rows, rows)
    assert (found.error_count, found.duplicates, found.reversed) == (0, 0, False)
    plain = np.loadtxt(path, delimiter=",", skiprows=1, usecols=1)
    assert np.array_equal(found.columns.open if kind == "bars" else found.first, plain)


def test_fault_22_the_crossed_quotes_of_a_real_day_are_dropped_and_counted() -> None:
    history = read_history(FOLDER / "eurusd_quotes.csv", symbol="EURUSD")
    hub = replay_hub([history])
    for _ in replay_messages([history], "1m", hub=hub):
        pass
    cache = hub.cache("EURUSD")
    assert dict(cache.dropped) == {"crossed": 18_285}
    assert cache.accepted == 167_466 - 18_285


def test_the_repeated_prints_of_a_real_day_all_count() -> None:
    history = read_history(FOLDER / "bac_trades.csv", symbol="BAC")
    hub = replay_hub([history])
    for _ in replay_messages([history], "1m", hub=hub):
        pass
    cache = hub.cache("BAC")
    assert (cache.accepted, cache.dropped_total) == (125_872, 0)
    assert cache.volume == history.second.sum()
