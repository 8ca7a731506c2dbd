"""Killed at any instant, every batch is there as a whole or not at all (faults 1, 2, 5)."""

from __future__ import annotations

import os
import random
import subprocess
import sys
from decimal import Decimal
from pathlib import Path

import pytest

from desktop.store.crash_points import CRASH_POINTS
from desktop.store.storage import Storage
from tests.store import values as v

ROOT = Path(__file__).parents[2]
S = v.SESSION


def start(directory: Path, *arguments: str, **environment: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "tests.store.crash_child", str(directory), *arguments],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, **environment},
    )


def check(directory: Path, acknowledged: int) -> int:
    """Hold everything stored against the step it says it is at, and return that step."""
    with Storage.open(directory, read_only=True) as looking:  # before anyone has tidied up
        assert looking.verify_audit().ok
    with Storage.open(directory) as storage:
        loaded = storage.load(S)
        if loaded is None:
            assert acknowledged == 0
            assert storage.audit() == []
            return 0
        last = int(loaded.state["step"])
        assert last >= acknowledged
        assert loaded.feed_position == {"rows": last}
        steps = list(range(1, last + 1))
        assert [order.ordinal for order in loaded.orders] == steps
        assert loaded.execution_ids == [f"{S}-{number}.1" for number in steps]
        assert [bar.start for bar in loaded.bars["SPY"]] == steps
        assert [point.at for point in loaded.equity] == steps[-4000:]
        assert [item.quantity for item in storage.reader().positions(S)] == [Decimal(10 * last)]
        report = storage.verify_audit()
        assert report.findings == ()
        assert report.records == 3 * last
        return last


def test_fault_5_killed_at_random_instants_every_step_is_whole(tmp_path: Path) -> None:
    draw = random.Random(20261121)
    last = 0
    for _ in range(20):
        acknowledged, kill_at = last, last + draw.randrange(1, 40)
        with start(tmp_path) as child:
            assert child.stdout is not None
            for line in child.stdout:
                acknowledged = int(line)
                if acknowledged >= kill_at:
                    break
            for _ in range(draw.randrange(20_000)):
                pass  # an instant that no commit knows of
            child.kill()
        last = check(tmp_path, acknowledged)
    assert last > 100


@pytest.mark.parametrize("point", ["before-commit", "inside-fill", "after-commit"])
@pytest.mark.parametrize("count", [1, 2, 6])
def test_fault_5_killed_inside_a_transaction_it_is_all_or_none(tmp_path: Path, point: str, count: int) -> None:
    with start(tmp_path, ASSAY_CRASH_AT=f"{point}:{count}") as child:
        assert child.stdout is not None
        lines = child.stdout.read().split()
    assert child.returncode in {-9, 137}
    last = check(tmp_path, int(lines[-1]) if lines else 0)
    if count == 1:
        assert last == 0 if point != "after-commit" else last >= 1
    with start(tmp_path, str(last + 10)) as again:
        again.communicate(timeout=60)
    assert again.returncode == 0
    assert check(tmp_path, last + 10) == last + 10


def test_the_crash_points_are_those_of_an_orders_life() -> None:
    assert {"before-intent", "after-intent", "while-sending", "after-send", "inside-fill"} <= set(CRASH_POINTS)


def test_a_crash_point_kills_at_the_passing_that_was_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    from desktop.store import crash_points

    assert crash_points._wanted("after-send:3") == ("after-send", 3)
    assert crash_points._wanted("after-send:x") == ("after-send", 1)
    ended: list[int] = []
    monkeypatch.setattr(crash_points, "_name", "after-send")
    monkeypatch.setattr(crash_points, "_left", 2)
    monkeypatch.setattr("os.kill", lambda _, signal: ended.append(signal))
    monkeypatch.setattr("os._exit", ended.append)
    crash_points.reach("before-intent")
    crash_points.reach("after-send")
    assert ended == []
    crash_points.reach("after-send")
    assert ended[-1] == 137


def test_a_crash_point_that_nobody_asked_for_does_nothing() -> None:
    from desktop.store.crash_points import reach

    for name in CRASH_POINTS:
        reach(name)
