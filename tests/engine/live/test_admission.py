"""What becomes of the connection of an account that was opened to judge whether a session may trade on it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from desktop.domain.accounts import ARM_WORD
from desktop.domain.broker_errors import PreRequisiteNotMetError
from desktop.domain.instruments import AssetClass, Instrument
from desktop.domain.strategies import Sizing, SizingKind
from desktop.domain.validation import Prerequisite, Thresholds, Verdict
from desktop.engine.drafts import settings_of
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


async def test_shares_are_traded_whole_so_that_their_protection_can_rest_at_the_broker(floor: LiveFloor) -> None:
    step = Decimal("0.000000001")
    offered = {
        "SPY": Instrument("SPY", lot=step),
        "BTC/USD": Instrument("BTC/USD", lot=step, asset_class=AssetClass.CRYPTO),
    }

    async def instruments(symbols: Sequence[str]) -> Sequence[Instrument]:
        return [offered[symbol] for symbol in symbols]

    floor.broker.instruments = instruments
    let_in(floor, passes=True)
    dips = replace(draft().strategy, sizing=Sizing(SizingKind.PERCENT_OF_EQUITY, Decimal(10)))
    wanted = draft(broker=REF.broker_id, account=REF.account, strategy=dips)
    session_id = await floor.desk.create_session(wanted, start=False)
    assert floor.runner(session_id).settings.instrument("SPY").lot == 1
    await floor.settle()
    await floor.desk.arm(session_id, ARM_WORD)
    await floor.desk.start_session(session_id)
    await floor.settle()
    await floor.bar(99.0)
    bought = floor.order(session_id)
    assert bought.quantity == bought.quantity.to_integral_value() > 0
    settings = settings_of(wanted, offered, "real-time")
    pair = replace(settings, instruments=(offered["BTC/USD"],))
    (coin,) = await floor.desk._admission._as_traded(REF, pair)
    assert coin.lot == step, "a coin has no whole units"


async def test_a_stored_session_keeps_the_steps_it_was_made_with(floor: LiveFloor) -> None:
    step = Decimal("0.5")
    rig = floor.rig
    wanted = draft(broker=REF.broker_id, account=REF.account)
    settings = settings_of(wanted, {"SPY": Instrument("SPY", lot=step)}, rig.feed.origin)
    session_id = (await floor.desk._manager.create(settings)).session_id
    await floor.settle()
    again = await floor.again()
    assert again.runner(session_id).settings.instrument("SPY").lot == step
