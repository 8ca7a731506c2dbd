"""The literal tables of legal moves (invariant 4) and of what each check does (K1a)."""

from __future__ import annotations

from enum import StrEnum
from types import MappingProxyType
from typing import Any

import pytest

from desktop.domain.errors import IllegalMove
from desktop.domain.moves import move
from desktop.domain.orders import ORDER_MOVES, TERMINAL, OrderStatus, Purpose
from desktop.domain.risk import OUTCOMES, Check, Outcome, RiskLimits
from desktop.domain.sessions import SESSION_MOVES, SessionState
from desktop.domain.signals import SIGNAL_MOVES, SignalState
from desktop.domain.triggers import TRIGGER_MOVES, TriggerState

TABLES: list[tuple[type[StrEnum], MappingProxyType[Any, frozenset[Any]]]] = [
    (OrderStatus, ORDER_MOVES),
    (SessionState, SESSION_MOVES),
    (SignalState, SIGNAL_MOVES),
    (TriggerState, TRIGGER_MOVES),
]


@pytest.mark.parametrize(("kind", "table"), TABLES, ids=lambda item: getattr(item, "__name__", ""))
def test_invariant_4_every_move_outside_a_table_is_refused(
    kind: type[StrEnum], table: MappingProxyType[Any, frozenset[Any]]
) -> None:
    assert set(table) == set(kind)
    for now in kind:
        for wanted in kind:
            if wanted in table[now]:
                assert move(table, "It", now, wanted) is wanted
            else:
                with pytest.raises(IllegalMove, match=f"{now.value} and cannot become {wanted.value}"):
                    move(table, "It", now, wanted)


def test_the_order_life_is_that_of_the_faults_list() -> None:
    s = OrderStatus
    assert ORDER_MOVES[s.INTENT] == {s.DENIED, s.EXPIRED, s.SENDING}
    assert ORDER_MOVES[s.SENDING] == {s.PENDING_NEW, s.REJECTED, s.UNKNOWN}
    assert ORDER_MOVES[s.CANCELED] == ORDER_MOVES[s.EXPIRED] == {s.PARTIALLY_FILLED, s.FILLED}
    assert s.INTENT not in set().union(*ORDER_MOVES.values())
    assert {status for status in s if not ORDER_MOVES[status]} <= TERMINAL


def test_a_state_without_moves_is_said_to_be_final() -> None:
    with pytest.raises(IllegalMove, match="this state is final"):
        move(ORDER_MOVES, "Order 1", OrderStatus.FILLED, OrderStatus.NEW)


def test_every_check_has_an_outcome_for_every_purpose_and_blocks_entries() -> None:
    assert set(OUTCOMES) == set(Check)
    for check, row in OUTCOMES.items():
        assert set(row) == set(Purpose)
        assert row[Purpose.ENTRY] is Outcome.BLOCK, check


def test_a_pause_and_a_daily_loss_stop_entries_only() -> None:
    for check in (Check.PAUSE, Check.DAILY_LOSS, Check.ALLOCATION):
        assert [OUTCOMES[check][purpose] for purpose in Purpose if purpose is not Purpose.ENTRY] == [Outcome.PASS] * 5


def test_the_prefilled_limits_are_on_and_the_default_ones_off() -> None:
    assert RiskLimits().max_positions is None
    assert RiskLimits.prudent().max_daily_loss == 5
