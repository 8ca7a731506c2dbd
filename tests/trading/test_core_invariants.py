from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from desktop.domain import commands as ask
from desktop.domain.events import OrderChanged
from desktop.domain.fills import Fill
from desktop.domain.orders import OrderStatus
from desktop.domain.sessions import ExecutionMode, FillModelKind
from desktop.trading.ledger import Ledger
from desktop.trading.order_book import OrderBook
from desktop.trading.risk_checks import RiskChecks
from desktop.trading.state import CoreState
from desktop.trading.triggers import TriggerBook
from tests.trading.core_kit import D
from tests.trading.script import Line, Watch, comparable, new_kit, play, scripts

MODES = st.sampled_from(ExecutionMode)
MODELS = st.sampled_from(FillModelKind)


@settings(max_examples=250, deadline=None)
@given(script=scripts(), mode=MODES, fills=MODELS)
def test_invariants_1_2_4_5_6_and_9_hold_whatever_happens(
    script: list[Line], mode: ExecutionMode, fills: FillModelKind
) -> None:
    play(new_kit(mode=mode, fills=fills), script, watch=Watch())


@settings(max_examples=120, deadline=None)
@given(script=scripts(), mode=MODES, fills=MODELS, cuts=st.frozensets(st.integers(0, 29), min_size=1, max_size=4))
def test_a_restart_at_any_message_leaves_the_trace_as_it_would_have_been(
    script: list[Line], mode: ExecutionMode, fills: FillModelKind, cuts: frozenset[int]
) -> None:
    undisturbed, restarted = (new_kit(mode=mode, fills=fills) for _ in range(2))
    play(undisturbed, script)
    play(restarted, script, restarts=cuts)
    assert comparable(restarted) == comparable(undisturbed)


@settings(max_examples=30, deadline=None)
@given(script=scripts(), fills=MODELS)
def test_invariant_11_the_same_seed_gives_the_same_trace(script: list[Line], fills: FillModelKind) -> None:
    first, second = (new_kit(fills=fills) for _ in range(2))
    play(first, script)
    play(second, script)
    assert comparable(first) == comparable(second)


@settings(max_examples=20, deadline=None)
@given(script=scripts(12), other=scripts(12))
def test_invariant_11_one_sessions_failure_leaves_anothers_trace_identical(
    script: list[Line], other: list[Line]
) -> None:
    alone, beside, failing = new_kit(), new_kit(), new_kit(session_id="other")
    play(alone, script)
    for number, line in enumerate(script):
        play(beside, [line])
        play(failing, other[number : number + 1])
        failing.ask(ask.Fail("broken"))
    assert comparable(beside) == comparable(alone)


# --- each check is seen to fail once -----------------------------------------------------------------------------
TRADING: list[Line] = [
    ("quote", 10), ("quote", 33), ("buy", 8), ("quote", 10), ("quote", 10), ("stop", 22), ("limit", 0),
    ("true entry", 1), ("bar", 12), ("bar", 13), ("quote", 20), ("close", 0), ("quote", 0), ("quote", 0), ("pause", 0),
    ("buy", 1), ("bar", 5),
]  # fmt: skip


def _plant_cash_leak(patch: pytest.MonkeyPatch) -> None:
    honest = Ledger.fold

    def planted(self: Ledger, fill: Fill, *more: Any) -> Any:
        found = honest(self, fill, *more)
        self.cash += D("0.01")
        return found

    patch.setattr(Ledger, "fold", planted)


def _plant_double_position(patch: pytest.MonkeyPatch) -> None:
    honest = Ledger.quantity
    patch.setattr(Ledger, "quantity", lambda self, symbol: honest(self, symbol) * 2)


def _plant_falling_fills(patch: pytest.MonkeyPatch) -> None:
    honest = OrderBook.apply

    def planted(self: OrderBook, order: Any, report: Any, fill: Any) -> Any:
        after = honest(self, order, report, fill)
        if fill is not None:
            self._state.emit(
                OrderChanged(self._state.session_id, self._state.now, replace(after, filled=after.quantity + 1))
            )
        return after

    patch.setattr(OrderBook, "apply", planted)


def _plant_wild_move(patch: pytest.MonkeyPatch) -> None:
    honest = OrderBook.apply

    def planted(self: OrderBook, order: Any, report: Any, fill: Any) -> Any:
        after = honest(self, order, report, fill)
        if after.status is OrderStatus.FILLED:
            wild = replace(after, status=OrderStatus.NEW)
            self._state.emit(OrderChanged(self._state.session_id, self._state.now, wild))
        return after

    patch.setattr(OrderBook, "apply", planted)


def _plant_forgotten_reservations(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(RiskChecks, "_others", lambda self, request, symbol="": D(0))
    patch.setattr(RiskChecks, "_allocation", lambda self, case: None)
    patch.setattr(RiskChecks, "_order_value", lambda self, case: None)
    patch.setattr(RiskChecks, "_cash", lambda self, case: None)


def _plant_refire(patch: pytest.MonkeyPatch) -> None:
    honest = TriggerBook.fire

    def planted(self: TriggerBook, trigger: Any, order_id: str) -> Any:
        fired = honest(self, trigger, order_id)
        self._put(fired)
        return fired

    patch.setattr(TriggerBook, "fire", planted)


def _plant_deaf_pause(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(RiskChecks, "_pause", lambda self, case: None)


def _plant_deaf_kill(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(RiskChecks, "_kill_switch", lambda self, case: None)


PLANTED: list[tuple[str, Callable[[pytest.MonkeyPatch], None], list[Line]]] = [
    ("invariant 1", _plant_cash_leak, TRADING),
    ("invariant 2", _plant_double_position, TRADING),
    ("invariant 4", _plant_falling_fills, TRADING),
    ("invariant 4", _plant_wild_move, TRADING),
    ("invariant 5", _plant_forgotten_reservations, [("quote", 10), *[("limit", 8)] * 12]),
    ("invariant 6", _plant_refire, TRADING),
    ("invariant 9", _plant_deaf_pause, TRADING),
    ("invariant 9", _plant_deaf_kill, [("quote", 10), ("kill", 0), ("buy", 0)]),
]


@pytest.mark.interpreted
@pytest.mark.parametrize(("invariant", "plant", "script"), PLANTED)
def test_every_invariant_is_seen_to_fail_once(
    invariant: str, plant: Callable[[pytest.MonkeyPatch], None], script: list[Line], monkeypatch: pytest.MonkeyPatch
) -> None:
    play(new_kit(), script, watch=Watch())
    plant(monkeypatch)
    with pytest.raises(AssertionError, match=invariant):
        play(new_kit(), script, watch=Watch())


@pytest.mark.interpreted
def test_invariant_11_fails_when_a_restart_forgets_a_counter(monkeypatch: pytest.MonkeyPatch) -> None:
    honest = CoreState.restore

    def planted(self: CoreState, data: dict[str, Any]) -> None:
        honest(self, data)
        self.ordinal = 0

    undisturbed, restarted = new_kit(), new_kit()
    play(undisturbed, TRADING)
    monkeypatch.setattr(CoreState, "restore", planted)
    play(restarted, TRADING, restarts=frozenset({6}))
    with pytest.raises(AssertionError):
        assert comparable(restarted) == comparable(undisturbed)
