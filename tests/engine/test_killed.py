"""The desk killed with SIGKILL at random instants and at crash points a paper session reaches, then started again."""

from __future__ import annotations

import os
import random
import subprocess
import sys
from collections import Counter
from decimal import Decimal
from pathlib import Path

import pytest

from desktop.domain.orders import TERMINAL, Side
from desktop.domain.signals import SignalState
from desktop.domain.triggers import TriggerState
from desktop.market.calendars import trading_hours
from desktop.ports import StoredSession
from desktop.rules.stream import StreamEvaluator
from desktop.store.storage import Storage
from desktop.trading.session_core import SessionCore
from desktop.trading.unit import build_unit

ROOT = Path(__file__).parents[2]
pytestmark = [pytest.mark.slow, pytest.mark.skipif(sys.platform == "win32", reason="no SIGKILL on Windows")]


def start(directory: Path, **environment: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "tests.engine.kill_child", str(directory)],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, **environment},
    )


def run_until(directory: Path, lines: int, spins: int) -> list[str]:
    """Let the child say so many lines, wait an instant more, kill it; return the executions it told of."""
    told = []
    with start(directory) as child:
        assert child.stdout is not None
        for line in child.stdout:
            told.append(line.strip())
            if len(told) >= lines:
                break
        for _ in range(spins):
            pass  # an instant that no commit knows of
        child.kill()
    return [item for item in told if item != "open"]


def core_of(stored: StoredSession) -> SessionCore:
    """Return the core exactly as it was last committed."""
    settings = stored.settings
    evaluators = {item.symbol: StreamEvaluator(timeframe=settings.strategy.timeframe) for item in settings.instruments}
    hours = {item.symbol: trading_hours("always") for item in settings.instruments}
    unit = build_unit(settings, evaluators, hours)
    unit.restore(stored.state["unit"], stored.orders, stored.execution_ids, stored.signals)
    return unit.core


def check_money(stored: StoredSession, core: SessionCore) -> None:
    """Invariants 1 and 2: cash, cost, fees and profit add up; a position is the sum of its fills."""
    ledger = core.holdings.ledger
    cost = sum((position.cost for position in core.positions.values()), Decimal(0))
    assert ledger.cash + cost + ledger.fees - ledger.realised == stored.settings.cash
    assert ledger.cash == stored.settings.cash + sum(fill.cash_flow for fill in stored.fills)
    held: Counter[str] = Counter()
    for fill in stored.fills:
        held[fill.symbol] += fill.quantity if fill.side is Side.BUY else -fill.quantity  # type: ignore[assignment] # units
    assert {symbol: amount for symbol, amount in held.items() if amount} == {
        symbol: position.quantity for symbol, position in core.positions.items()
    }


def check_orders(stored: StoredSession, core: SessionCore) -> None:
    """Invariants 3, 4 and 6: one order per intent, never overfilled; a trigger fires once."""
    assert [order.ordinal for order in stored.orders] == list(range(1, len(stored.orders) + 1))
    assert len(set(stored.execution_ids)) == len(stored.execution_ids) == len(stored.fills)
    filled: dict[str, Decimal] = {}
    for fill in stored.fills:
        filled[fill.order_id] = filled.get(fill.order_id, Decimal(0)) + fill.quantity
    for order in stored.orders:
        assert order.filled == filled.get(order.order_id, Decimal(0)) <= order.quantity
    assert {order.order_id for order in stored.orders if order.status not in TERMINAL} == set(core.orders)
    assert max(Counter(order.trigger_id for order in stored.orders if order.trigger_id).values(), default=0) <= 1
    active = {item.trigger_id: item for item in stored.triggers if item.state is TriggerState.ACTIVE}
    assert active.keys() == core.triggers.keys()
    pending = {item.signal_id for item in stored.signals if item.state is SignalState.PENDING}
    assert pending == {item.signal_id for item in core.signals if item.state is SignalState.PENDING}
    sent = Counter(order.signal_id for order in stored.orders if order.signal_id)
    assert max(sent.values(), default=0) <= 1


def check(directory: Path, told: list[str], before: list[str]) -> list[str]:
    """Hold everything stored against itself; return every execution stored."""
    executions: list[str] = []
    with Storage.open(directory) as storage:
        for session_id in storage.session_ids():
            stored = storage.load(session_id)
            assert stored is not None
            core = core_of(stored)
            check_money(stored, core)
            check_orders(stored, core)
            rows = {item.symbol: item.quantity for item in storage.reader().positions(session_id)}
            assert {symbol: amount for symbol, amount in rows.items() if amount} == {
                symbol: position.quantity for symbol, position in core.positions.items()
            }
            counts = {symbol: len(bars) for symbol, bars in stored.bars.items()}
            starts = [bar.start for bar in stored.bars[stored.settings.instruments[0].symbol]]
            assert starts == sorted(set(starts))
            assert min(counts.values()) >= 300
            executions += stored.execution_ids
        assert storage.verify_audit().ok
    assert set(before) <= set(executions)
    assert set(told) <= set(executions)
    return executions


def test_invariants_1_2_6_8_hold_after_kills_at_random_instants(tmp_path: Path) -> None:
    draw = random.Random(20261121)
    executions: list[str] = []
    for _ in range(10):
        told = run_until(tmp_path, draw.randrange(1, 25), draw.randrange(200_000))
        executions = check(tmp_path, told, executions)
    assert len(executions) > 40


@pytest.mark.parametrize("point", ["before-commit:40", "inside-fill:1", "inside-fill:5", "after-commit:60"])
def test_fault_05_killed_at_a_crash_point_everything_is_as_last_committed(tmp_path: Path, point: str) -> None:
    with start(tmp_path, ASSAY_CRASH_AT=point) as child:
        output, _ = child.communicate(timeout=60)
    assert child.returncode in {-9, 137}
    told = [line for line in output.split() if line != "open"]
    executions = check(tmp_path, told, [])
    more = run_until(tmp_path, 10, 0)
    assert len(check(tmp_path, more, executions)) > len(executions)


def test_fault_06_killed_in_the_middle_of_a_recovery_it_recovers_once(tmp_path: Path) -> None:
    executions = check(tmp_path, run_until(tmp_path, 12, 0), [])
    for _ in range(2):
        with start(tmp_path, ASSAY_CRASH_AT="during-recovery") as child:
            child.communicate(timeout=60)
        assert child.returncode in {-9, 137}
        assert check(tmp_path, [], executions) == executions
    more = run_until(tmp_path, 10, 0)
    assert len(check(tmp_path, more, executions)) > len(executions)
