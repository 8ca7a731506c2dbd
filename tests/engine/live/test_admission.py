"""What becomes of the connection of an account that was opened to judge whether a session may trade on it."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

import pytest

from desktop.domain.broker_errors import PreRequisiteNotMetError
from desktop.domain.validation import Prerequisite, Thresholds, Verdict
from desktop.engine.live.admission import IDLE, Admission
from tests.helpers.live_floor import LiveFloor
from tests.helpers.scripted_broker import REF
from tests.helpers.trading_floor import draft


class Gate:
    """Implements `ports.validation.Gatekeeper`: lets everyone through, or nobody."""

    def __init__(self, *, passes: bool) -> None:
        self.thresholds, self.passes = Thresholds(), passes

    async def judge(self, *_: Any, **__: Any) -> Sequence[Verdict]:
        return [Verdict(next(iter(Prerequisite)), self.passes, "0.5", "1.0", "Too low.")]

    def require(self, verdicts: Sequence[Verdict]) -> None:
        failed = [(item.prerequisite.value, item.sentence) for item in verdicts if not item.passes]
        if failed:
            raise PreRequisiteNotMetError(failed)

    def first_capital(self, cash: Decimal) -> Decimal:
        return cash


def let_in(floor: LiveFloor, *, passes: bool) -> None:
    floor.desk._admission = Admission(Gate(passes=passes), floor.desk._accounts)


async def test_an_account_is_disconnected_when_the_session_it_was_opened_for_is_refused(floor: LiveFloor) -> None:
    let_in(floor, passes=False)
    with pytest.raises(PreRequisiteNotMetError):
        await floor.desk.create_session(draft(broker=REF.broker_id, account=REF.account))
    await floor.settle()
    assert floor.broker.listener is None
    assert not floor.desk.accounts()


async def test_an_account_that_a_session_trades_on_stays_connected_when_another_is_refused(floor: LiveFloor) -> None:
    session_id = await floor.live()
    let_in(floor, passes=False)
    with pytest.raises(PreRequisiteNotMetError):
        await floor.desk.create_session(draft(broker=REF.broker_id, account=REF.account))
    await floor.settle()
    await floor.bar(99.0)
    assert floor.held(session_id) == 10
    assert floor.account.ready


async def test_an_account_that_was_only_looked_at_is_disconnected_a_while_after_the_last_look(floor: LiveFloor) -> None:
    let_in(floor, passes=True)
    await floor.desk.check_live(draft(broker=REF.broker_id, account=REF.account))
    floor.clock.move(IDLE - 10)
    await floor.settle()
    await floor.desk.check_live(draft(broker=REF.broker_id, account=REF.account))
    floor.clock.move(20)
    await floor.settle()
    assert floor.broker.listener is not None
    floor.clock.move(IDLE)
    await floor.settle()
    assert floor.broker.listener is None
    assert not floor.desk.accounts()


async def test_a_session_that_is_made_of_what_was_looked_at_keeps_its_account(floor: LiveFloor) -> None:
    let_in(floor, passes=True)
    await floor.desk.check_live(draft(broker=REF.broker_id, account=REF.account))
    await floor.desk.create_session(draft(broker=REF.broker_id, account=REF.account), start=False)
    floor.clock.move(3 * IDLE)
    await floor.settle()
    assert floor.account.ready
