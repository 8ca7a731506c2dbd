"""Figures of the storage, printed with their ratio to bare SQLite in the same run; none can fail."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from pathlib import Path

import apsw

from desktop.domain.events import Fact
from desktop.ports import Batch
from desktop.store.storage import Storage
from tests.store import values as v

S = v.SESSION
ROUNDS = 400


def quantiles(action: Callable[[int], object], rounds: int = ROUNDS) -> tuple[float, float]:
    """Return median and 99th percentile of an action's duration, in milliseconds."""
    times = []
    for number in range(rounds):
        begin = time.perf_counter()
        action(number)
        times.append((time.perf_counter() - begin) * 1e3)
    times.sort()
    return times[rounds // 2], times[rounds * 99 // 100]


def bare(path: Path, synchronous: str) -> tuple[float, float]:
    """Return what one insert and commit costs without Assay around it."""
    connection = apsw.Connection(str(path))
    connection.execute("PRAGMA journal_mode = WAL").fetchall()
    connection.execute(f"PRAGMA synchronous = {synchronous}")
    connection.execute("CREATE TABLE plain (number INTEGER PRIMARY KEY, text TEXT)")
    found = quantiles(lambda number: connection.execute("INSERT INTO plain VALUES (?, ?)", (number, "x" * 300)))
    connection.close()
    return found


def step(number: int, *, full: bool) -> Batch:
    """Return the batch of an order that fills at once: three facts and the state."""
    facts: list[Fact] = [v.order_changed(number), v.booked(number), v.order_changed(number)]
    return Batch(S, number, facts=facts, state={"padding": "x" * 3_000}, sync_full=full)


def measure(directory: Path, name: str) -> None:
    """Print the figures of one durability."""
    full = name == "FULL"
    with Storage.open(directory / name) as storage:
        storage.commit(Batch(S, 0, settings=v.SETTINGS)).result()
        median, late = quantiles(lambda number: storage.commit(step(number, full=full)).result())
        batches = [step(number, full=full) for number in range(ROUNDS)]  # made by the core, before it hands them over
        enqueue, enqueue_late = quantiles(lambda number: storage.commit(batches[number]))
    plain, plain_late = bare(directory / f"bare-{name}.db", name)
    print(
        f"\naudit durable, {name}: p50 {median:.2f} ms, p99 {late:.2f} ms (must 10, 25); "
        f"bare insert p50 {plain:.2f}, p99 {plain_late:.2f}, ratio {median / plain:.1f}"
    )
    print(f"audit enqueue: p50 {enqueue * 1e3:.1f} us, p99 {enqueue_late * 1e3:.1f} us (must 100)")


def test_audit_enqueue_and_durable(tmp_path: Path) -> None:
    measure(tmp_path, "NORMAL")
    measure(tmp_path, "FULL")


def test_a_batch_of_a_thousand_facts(tmp_path: Path) -> None:
    with Storage.open(tmp_path) as storage:
        times = []
        for round_ in range(5):
            numbers = range(500 * round_, 500 * (round_ + 1))
            facts = [fact for number in numbers for fact in (v.order_changed(number), v.booked(number))]
            begin = time.perf_counter()
            storage.commit(Batch(S, round_, facts=facts)).result()
            times.append(time.perf_counter() - begin)
    print(f"\n1,000 facts as one batch, durable: {min(times) * 1e3:.1f} ms")


def test_a_restart_with_ten_thousand_orders(tmp_path: Path) -> None:
    with Storage.open(tmp_path) as storage:
        facts = [fact for number in range(10_000) for fact in (v.order_changed(number), v.booked(number))]
        storage.commit(Batch(S, 1, facts=facts, settings=v.SETTINGS, state={"x": 1})).result()
    begin = time.perf_counter()
    storage = Storage.open(tmp_path)
    opened = time.perf_counter()
    loaded = storage.load(S)
    done = time.perf_counter()
    assert loaded is not None
    assert len(loaded.orders) == 10_000
    report = storage.verify_audit()
    verified = time.perf_counter()
    storage.close()
    size = (tmp_path / "assay.db").stat().st_size / 1e6
    print(
        f"\n10,000 orders ({size:.0f} MB): open {(opened - begin) * 1e3:.0f} ms, load {(done - opened) * 1e3:.0f} ms "
        f"(restart in all must 3,000), verify {report.records:,} records {(verified - done) * 1e3:.0f} ms"
    )


def test_first_opening_of_an_empty_directory(tmp_path: Path) -> None:
    begin = time.perf_counter()
    Storage.open(tmp_path).close()
    imported = "with" if "playhouse.apsw_ext" not in sys.modules else "after"
    print(f"\nfirst opening, {imported} the database library's import: {(time.perf_counter() - begin) * 1e3:.0f} ms")
