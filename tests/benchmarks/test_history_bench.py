"""Figures of reading, judging and keeping market history, a million bars each; none can fail."""

from __future__ import annotations

import asyncio
import time
from contextlib import suppress
from pathlib import Path

import numpy as np

from desktop.domain.market import MINUTE
from desktop.market.gaps import find_gaps
from desktop.market.history import read_history
from desktop.market.history_report import ImportRequest
from desktop.market.splits import find_splits
from desktop.rules.columns import Columns
from desktop.store.history_job import ImportCancelled, ImportJob
from desktop.store.history_store import HistoryStore
from tests.benchmarks.test_market_bench import best

ROWS = 1_000_000


def million() -> Columns:
    """Return a walk in cents, minute by minute."""
    draw = np.random.default_rng(1)
    close = np.round(100 * np.exp(np.cumsum(draw.normal(0, 2e-4, ROWS))), 2)
    opened = np.concatenate([close[:1], close[:-1]])
    high, low = np.round(np.maximum(opened, close) + 0.02, 2), np.round(np.minimum(opened, close) - 0.02, 2)
    start = 1_420_070_400_000_000 + MINUTE * np.arange(ROWS, dtype=np.int64)
    return Columns(start, opened, high, low, close, draw.integers(1, 90_000, ROWS).astype(np.float64))


def write_csv(path: Path, bars: Columns) -> Path:
    """Write bars as vendors do."""
    times = np.datetime_as_string(bars.start.view("datetime64[us]").astype("datetime64[s]")).tolist()
    rows = zip(times, bars.open, bars.high, bars.low, bars.close, bars.volume, strict=True)
    with path.open("w") as stream:
        stream.write("time,open,high,low,close,volume\n")
        stream.writelines(f"{at}Z,{o:.2f},{h:.2f},{low:.2f},{c:.2f},{v:.0f}\n" for at, o, h, low, c, v in rows)
    return path


def write_parquet(path: Path, bars: Columns) -> Path:
    """Write bars as Parquet, compressed."""
    from arro3.core import Array, DataType, Table
    from arro3.io import write_parquet as write

    columns = {"time": Array.from_numpy(bars.start).cast(DataType.timestamp("us", tz="UTC"))}
    for name in ("open", "high", "low", "close", "volume"):
        columns[name] = Array.from_numpy(np.ascontiguousarray(getattr(bars, name)))
    write(Table.from_pydict({**columns}), path, compression="zstd(3)")
    return path


def test_a_million_bars_from_a_file_to_the_store_and_back(tmp_path: Path) -> None:
    bars = million()
    csv, parquet = write_csv(tmp_path / "m.csv", bars), write_parquet(tmp_path / "m.parquet", bars)
    history = read_history(csv, symbol="X")
    store = HistoryStore(tmp_path)
    save = best(lambda: store.save(history, replacing=True), 3)
    series = store.series()[0].series_id
    splits = best(lambda: find_splits(bars, history.instrument), 3)
    print(
        f"\n1,000,000 bars: CSV {best(lambda: read_history(csv, symbol='X'), 3):.2f} s, "
        f"Parquet {best(lambda: read_history(parquet, symbol='X'), 3):.2f} s, stored {save:.2f} s, "
        f"loaded {best(lambda: store.bars(series), 3):.2f} s, looked through for splits {splits * 1e3:.1f} ms, "
        f"for gaps {best(lambda: find_gaps(bars.start, '1m'), 3) * 1e3:.1f} ms"
    )


async def test_an_import_beside_the_loop(tmp_path: Path) -> None:
    path = write_csv(tmp_path / "m.csv", million())
    lags: list[float] = []
    begin = time.perf_counter()
    task = asyncio.create_task(ImportJob(ImportRequest(tmp_path, path, "X")).run())
    while not task.done():
        asked = time.perf_counter()
        await asyncio.sleep(0.005)
        lags.append(time.perf_counter() - asked - 0.005)
    seconds = time.perf_counter() - begin
    job = ImportJob(ImportRequest(tmp_path, path, "Y"), lambda _: job.cancel())
    begin = time.perf_counter()
    with suppress(ImportCancelled):
        await job.run()
    lags.sort()
    print(
        f"\nimport of 1,000,000 bars: {seconds:.2f} s, the loop late by {lags[int(len(lags) * 0.99)] * 1e3:.1f} ms "
        f"(p99), {lags[-1] * 1e3:.1f} ms (most); started and cancelled in {time.perf_counter() - begin:.2f} s"
    )
