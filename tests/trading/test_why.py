from __future__ import annotations

import pytest

from desktop.domain import commands as ask
from desktop.domain.orders import Side
from desktop.domain.sessions import ExecutionMode
from tests.trading.core_kit import FALSE, TRUE, UNKNOWN, D, Kit, strategy


def _answer(kit: Kit) -> str:
    return str(kit.core.why("SPY")["answer"])


def test_why_says_what_each_clause_and_each_check_would_do_now() -> None:
    kit = Kit()
    kit.quote(100.0)
    kit.ask(ask.Pause())
    kit.judges["SPY"].entry = TRUE
    why = kit.core.why("SPY")
    assert (why["question"], why["rule"], why["verdict"]) == ("Why no entry?", "close > 1", "true")
    checks = {check: (passes, sentence) for check, passes, sentence in why["checks"]}
    assert checks["warm-up"] == (True, "")
    assert checks["pause"][0] is False
    assert "PAUSED" in checks["pause"][1]
    assert why["answer"].startswith("The entry rule is true, but: The session is PAUSED")
    assert why["explanation"] == {"text": "close > 1", "verdict": "true"}


@pytest.mark.parametrize(
    ("verdict", "says"),
    [(TRUE, "nothing stands in the way"), (FALSE, "is not true"), (UNKNOWN, "needs more bars")],
)
def test_why_answers_for_each_verdict(verdict: object, says: str) -> None:
    kit = Kit()
    kit.quote(100.0)
    kit.judges["SPY"].entry = verdict  # type: ignore[assignment] # one of three verdicts
    assert says in _answer(kit)


def test_for_a_held_symbol_the_exit_rule_is_explained() -> None:
    kit = Kit()
    kit.hold(10)
    why = kit.core.why("SPY")
    assert (why["question"], why["rule"]) == ("Why still held?", "close < 1")
    assert "exit rule is not true" in why["answer"]


def test_without_an_exit_rule_it_says_how_the_position_is_left() -> None:
    kit = Kit(strategy=strategy(exit=""))
    kit.hold(10)
    kit.bar(100, passed=False)
    assert "no exit rule" in _answer(kit)


def test_a_pending_signal_a_working_order_and_a_stopped_session_are_named() -> None:
    kit = Kit(mode=ExecutionMode.MANUAL)
    kit.quote(100.0)
    kit.judges["SPY"].entry = TRUE
    kit.bar(100, passed=False)
    assert "waits for your answer" in _answer(kit)
    kit.ask(ask.Reject(kit.core.signals[0].signal_id))
    kit.ask(ask.PlaceOrder("SPY", Side.BUY, D(1)))
    assert "working already" in _answer(kit)
    kit.ask(ask.Stop())
    assert "STOPPED" in _answer(kit)


def test_a_held_exit_names_what_holds_it() -> None:
    kit = Kit()
    kit.hold(10)
    kit.hours["SPY"].open = False
    kit.judges["SPY"].exit = TRUE
    kit.bar(100, passed=False)
    assert "held by: outside hours" in _answer(kit)


def test_why_changes_nothing() -> None:
    kit = Kit()
    kit.hold(10)
    before = kit.unit.snapshot()
    kit.core.why("SPY")
    assert kit.unit.snapshot() == before
    assert not kit.core.state.effects
