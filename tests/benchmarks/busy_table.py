"""The figures of the whole program under load, each beside its aim and the plainest way to do the same."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

import apsw

from tests.benchmarks.busy_probes import Frames
from tests.benchmarks.load import centile

ROUNDS = 300
MS = 1e3


@dataclass(frozen=True, slots=True)
class Line:
    """One row: a measurement in ms, and what is aimed at for its median and 99th percentile or most."""

    title: str
    name: str
    p50: float | None = None  # ms; None: nothing is said about it
    p99: float | None = None
    most: float | None = None
    reference: str = ""


LINES = (
    Line("quote to cache", "quote to cache", p99=0.02, reference="a dictionary write"),
    Line("quote to verdict, whole burst", "quote to verdict", p99=5),
    Line("risk check", "risk check", p99=0.05, reference="a comparison with cash"),
    Line("simulated execution in the core", "simulated execution", p99=0.2),
    Line("signal to durable intent", "signal to durable intent", p99=25),
    Line("  of a live session (FULL)", "live signal to durable intent", p99=25, reference="a bare insert, FULL"),
    Line("signal to booked fill, durable", "signal to booked simulated fill", p99=40),
    Line("order to the broker, two commits", "order to the broker", reference="two bare inserts, FULL"),
    Line("  its request and answer", "broker's answer"),
    Line("  signal to booked fill, durable", "live fill"),
    Line("audit enqueue", "audit enqueue", p99=0.1),
    Line("audit durable, NORMAL", "audit durable", p50=10, p99=25, reference="a bare insert, NORMAL"),
    Line("audit durable, FULL", "audit durable, FULL", p50=10, p99=25, reference="a bare insert, FULL"),
    Line("event-loop lag", "loop lag", p99=10, most=50),
    Line("promotion decision", "promotion decision", p99=100),
)


def print_table(found: Mapping[str, Sequence[float]], frames: Frames, memory: float, twin: float, folder: Path) -> None:
    """Print every figure.

    Args:
        found: Measurements in seconds by name.
        frames: Of the window.
        memory: MB for each session.
        twin: Share of one processor that a paper twin takes.
        folder: On the disk whose bare inserts are the reference.
    """
    references = plain_references(folder)
    print(f"{'ms':<34}{'count':>8}{'p50':>10}{'p99':>10}{'most':>10}   aim")
    for line in LINES:
        _print(line, found.get(line.name, ()), references.get(line.reference))
    _print(Line("frame: told and painted", "", p99=16), frames.whole, None)
    _print(Line("  of that the loop's processor time", "", p99=16), frames.worked, None)
    _print(Line("  what changed is told", ""), frames.told, None)
    _print(Line("  painting", ""), frames.painted, None)
    print(f"{'memory for each session':<34}{memory:>8.2f} MB   aim 2 MB")
    print(f"{'processor for a paper twin':<34}{twin * 100:>8.2f} %    aim 1 % of one processor")


def _print(line: Line, seconds: Sequence[float], reference: float | None) -> None:
    p50, p99, most = (value * MS for value in (centile(seconds, 0.5), centile(seconds, 0.99), centile(seconds, 1.0)))
    aims = [
        f"{word} {aim:g}{'' if value <= aim else ' MISSED'}"
        for word, aim, value in (("p50", line.p50, p50), ("p99", line.p99, p99), ("most", line.most, most))
        if aim is not None
    ]
    beside = (
        "" if reference is None else f"   {line.reference} {reference * MS:.4g} ms, ratio {p50 / reference / MS:.1f}"
    )
    print(f"{line.title:<34}{len(seconds):>8,}{p50:>10.4g}{p99:>10.4g}{most:>10.4g}   {', '.join(aims)}{beside}")


def plain_references(folder: Path) -> dict[str, float]:
    """Return the median seconds of the plainest ways to do the same, measured now."""
    last: dict[str, float] = {}
    cash, price = Decimal(100_000), Decimal("100.02")

    def write(number: int) -> None:
        last["SPY"] = float(number)

    def compare(number: int) -> None:
        assert price * number <= cash

    full = _median(_inserts(folder / "bare-full.db", "FULL"))
    return {
        "a dictionary write": _median(write),
        "a comparison with cash": _median(compare),
        "a bare insert, NORMAL": _median(_inserts(folder / "bare-normal.db", "NORMAL")),
        "a bare insert, FULL": full,
        "two bare inserts, FULL": 2 * full,
    }


def _inserts(path: Path, synchronous: str) -> Callable[[int], object]:
    connection = apsw.Connection(str(path))
    connection.execute("PRAGMA journal_mode = WAL").fetchall()
    connection.execute(f"PRAGMA synchronous = {synchronous}")
    connection.execute("CREATE TABLE plain (number INTEGER PRIMARY KEY, text TEXT)")
    return lambda number: connection.execute("INSERT INTO plain VALUES (?, ?)", (number, "x" * 300))


def _median(action: Callable[[int], object]) -> float:
    took = []
    for number in range(ROUNDS):
        begin = time.perf_counter()
        action(number)
        took.append(time.perf_counter() - begin)
    return centile(took, 0.5)
