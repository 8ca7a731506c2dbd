"""The suite that every adapter passes is failed by an adapter that is wrong: each of these is wrong in one way."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace
from typing import Any

import pytest

from desktop.brokers.alpaca.broker import AlpacaBroker
from desktop.domain.broker import AccountInfo, AccountRef, BrokerOrder, BrokerPosition, Pair
from desktop.domain.broker_errors import BrokerFault, CredentialsRefused, NotSent, OrderRefused, OutcomeUnknown
from desktop.domain.fills import Fill
from desktop.domain.orders import Order
from desktop.ports.brokers import BrokerListener
from tests.brokers.alpaca.floor import Waits
from tests.brokers.conformance import BrokerConformance
from tests.brokers.rig import Rig
from tests.helpers.fake_clock import FakeClock
from tests.helpers.standins.alpaca import AlpacaStandin


class SendsAgain(AlpacaBroker):
    async def submit(self, order: Order, *, pair: Pair | None = None) -> BrokerOrder:
        with suppress(OutcomeUnknown):
            return await super().submit(order, pair=pair)
        return await super().submit(order, pair=pair)


class CallsUnknownRefused(AlpacaBroker):
    async def submit(self, order: Order, *, pair: Pair | None = None) -> BrokerOrder:
        try:
            return await super().submit(order, pair=pair)
        except OutcomeUnknown:
            raise OrderRefused("It did not work.") from None


class SwallowsTheWait(AlpacaBroker):
    async def submit(self, order: Order, *, pair: Pair | None = None) -> BrokerOrder:
        try:
            return await super().submit(order, pair=pair)
        except NotSent:
            raise NotSent("Later.") from None


class CallsRevokedRefused(AlpacaBroker):
    async def submit(self, order: Order, *, pair: Pair | None = None) -> BrokerOrder:
        try:
            return await super().submit(order, pair=pair)
        except CredentialsRefused:
            raise OrderRefused("No.") from None


class LosesTheWords(AlpacaBroker):
    async def submit(self, order: Order, *, pair: Pair | None = None) -> BrokerOrder:
        try:
            return await super().submit(order, pair=pair)
        except OrderRefused:
            raise OrderRefused("Refused.") from None


class MintsItsOwnId(AlpacaBroker):
    async def submit(self, order: Order, *, pair: Pair | None = None) -> BrokerOrder:
        return await super().submit(replace(order, order_id=f"x{order.order_id}"), pair=pair)


class NamesExecutionsTwice(AlpacaBroker):
    async def fills(self, since: int, symbols: Sequence[str]) -> Sequence[Fill]:
        found = await super().fills(since, symbols)
        return [replace(one, execution_id=f"rest-{one.execution_id}") for one in found]


class SeesNewOrdersOnly(AlpacaBroker):
    async def recent_orders(self, since: int) -> Sequence[BrokerOrder]:
        return [one for one in await super().recent_orders(since) if one.created_at >= since]


class HoldsFloats(AlpacaBroker):
    async def positions(self) -> Sequence[BrokerPosition]:
        wrong: Any = float
        return [replace(one, quantity=wrong(one.quantity)) for one in await super().positions()]


class ShowsItsSecret(AlpacaBroker):
    def __repr__(self) -> str:
        return f"AlpacaBroker({AlpacaStandin.secret})"


class NeverStops(AlpacaBroker):
    async def stop(self) -> None:
        """Leave everything open; `really_stop` is for the test's end."""


class CancelsQuietly(AlpacaBroker):
    async def cancel(self, order: Order) -> None:
        with suppress(BrokerFault):
            await super().cancel(order)


class Deaf:
    """A listener that passes on what one kind of deafness leaves of it."""

    def __init__(self, heard: BrokerListener, lost: str) -> None:
        self._heard, self._lost = heard, lost

    def __getattr__(self, name: str) -> Any:
        return (lambda *_: None) if name == self._lost else getattr(self._heard, name)


class HearsNoForeignOrders(AlpacaBroker):
    async def start(self, listener: BrokerListener) -> AccountInfo:
        return await super().start(Deaf(listener, "on_order"))


class TellsNoLinks(AlpacaBroker):
    async def start(self, listener: BrokerListener) -> AccountInfo:
        return await super().start(Deaf(listener, "on_link"))


WRONG: Sequence[tuple[type[AlpacaBroker], str]] = (
    (SendsAgain, "test_fault_10_a_lost_answer_is_unknown_and_the_order_is_found_by_its_id"),
    (SendsAgain, "test_fault_10_a_lost_request_is_never_sent_again"),
    (CallsUnknownRefused, "test_fault_10_an_answer_that_cannot_be_read_is_unknown"),
    (SwallowsTheWait, "test_fault_18_the_rate_limit_means_not_sent_and_says_how_long_to_wait"),
    (CallsRevokedRefused, "test_fault_19_revoked_credentials_are_told_apart_from_a_refusal"),
    (LosesTheWords, "test_fault_15_a_refusal_carries_the_words_of_the_broker"),
    (MintsItsOwnId, "test_many_orders_at_once_arrive_once_each"),
    (NamesExecutionsTwice, "test_an_execution_has_one_id_wherever_it_is_told"),
    (SeesNewOrdersOnly, "test_a_lost_stream_is_told_mended_and_what_was_missed_is_found"),
    (HoldsFloats, "test_a_holding_is_what_was_bought_in_decimals"),
    (CancelsQuietly, "test_a_cancel_of_a_done_order_is_refused"),
    (HearsNoForeignOrders, "test_fault_17_an_order_placed_elsewhere_is_seen_as_it_is"),
    (TellsNoLinks, "test_starting_returns_the_account_in_decimals_and_tells_the_link"),
)


def _rig(standin: AlpacaStandin, kind: type[AlpacaBroker], clock: FakeClock) -> Rig:
    broker = kind(
        AccountRef("alpaca-paper", "mine"),
        key_id=standin.key_id,
        secret=standin.secret,
        live=False,
        clock=clock,
        url=standin.url,
        pause=Waits(),
    )
    return Rig(standin, broker, clock)


@pytest.mark.parametrize(("kind", "sentence"), WRONG)
async def test_a_wrong_adapter_fails(kind: type[AlpacaBroker], sentence: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tests.brokers.rig.PATIENCE", 0.2)  # some wrong adapters never say what is waited for
    clock = FakeClock()
    async with AlpacaStandin(clock=clock) as standin:
        rig = _rig(standin, kind, clock)
        failures = (AssertionError, TimeoutError, BrokerFault, LookupError, pytest.fail.Exception)
        with pytest.raises(failures):
            async with rig.running():
                await getattr(BrokerConformance(), sentence)(rig)


async def test_an_adapter_that_shows_its_secret_fails(caplog: pytest.LogCaptureFixture) -> None:
    clock = FakeClock()
    async with AlpacaStandin(clock=clock) as standin:
        rig = _rig(standin, ShowsItsSecret, clock)
        with pytest.raises(AssertionError):
            async with rig.running():
                await BrokerConformance().test_a_secret_is_in_no_text_and_no_log(rig, caplog)


async def test_an_adapter_that_does_not_stop_fails(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tests.brokers.rig.PATIENCE", 0.2)
    clock = FakeClock()
    async with AlpacaStandin(clock=clock) as standin:
        rig = _rig(standin, NeverStops, clock)
        with pytest.raises((AssertionError, TimeoutError)):
            await BrokerConformance().test_stopping_leaves_no_task_and_no_socket(rig)
        await AlpacaBroker.stop(rig.broker)  # type: ignore[arg-type]  # it is one
