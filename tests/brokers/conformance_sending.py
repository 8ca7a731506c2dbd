"""The part of the suite where a request is refused, lost, or its answer is."""

from __future__ import annotations

import asyncio
from decimal import Decimal

import pytest

from desktop.domain.broker import LinkState
from desktop.domain.broker_errors import BrokerFault, CredentialsRefused, NotSent, OrderRefused, OutcomeUnknown
from desktop.domain.orders import OrderKind, OrderStatus
from tests.brokers.rig import Rig, within


class Sending:
    """What is refused does not exist; what is lost is never sent again."""

    async def test_fault_15_a_refusal_carries_the_words_of_the_broker(self, live: Rig) -> None:
        live.standin.faults.add("submit", "reject", message="the account is under review")
        order = live.order()
        error = await live.refused(live.broker.submit(order))
        assert "the account is under review" in str(error)
        assert not live.at_venue(order)
        assert live.posts(order) == ["refused"]

    async def test_fault_15_an_order_the_account_cannot_pay_is_refused(self, live: Rig) -> None:
        order = live.order(quantity=live.too_much)
        await live.refused(live.broker.submit(order))
        assert not live.at_venue(order)

    async def test_fault_15_a_rejection_after_the_acceptance_is_reported(self, live: Rig) -> None:
        live.standin.faults.add("submit", "reject", message="no borrow", late=True)
        order = live.order()
        try:
            await within(live.broker.submit(order))
        except OrderRefused:
            return  # a venue that rejects in its answer
        await live.heard.ended(order.order_id, OrderStatus.REJECTED)

    async def test_fault_18_the_rate_limit_means_not_sent_and_says_how_long_to_wait(self, live: Rig) -> None:
        live.standin.faults.add("submit", 429, retry_after=7)
        order = live.order()
        error = await live.refused(live.broker.submit(order), NotSent)
        assert isinstance(error, NotSent)
        assert error.retry_after == 7
        assert not live.at_venue(order)
        live.clock.move(8)
        await within(live.broker.submit(order))  # the same id, later
        assert len(live.at_venue(order)) == 1

    async def test_fault_18_cancels_have_a_share_of_the_limit_to_themselves(self, live: Rig) -> None:
        if not live.limit:
            pytest.skip("the adapter counts no requests")
        first, last, wait = await live.resting(quantity=Decimal(1)), None, 0.0
        for _ in range(live.limit):
            last = live.order(kind=OrderKind.LIMIT, quantity=Decimal(1))
            try:
                await within(live.broker.submit(last))
            except NotSent as error:
                wait = error.retry_after
                break
        assert wait > 0
        assert last is not None
        assert not live.posts(last)
        await within(live.broker.cancel(first))
        await live.heard.ended(first.order_id, OrderStatus.CANCELED)

    async def test_fault_19_revoked_credentials_are_told_apart_from_a_refusal(self, live: Rig) -> None:
        live.standin.revoke()
        order = live.order()
        await live.refused(live.broker.submit(order), CredentialsRefused)
        await live.refused(live.broker.account(), CredentialsRefused)
        assert not live.at_venue(order)

    async def test_a_second_order_under_one_id_is_the_first(self, live: Rig) -> None:
        live.resends = True
        order = await live.resting()
        again = await within(live.broker.submit(order))
        assert again.broker_order_id == live.at_venue(order)[0].order_id
        assert len(live.at_venue(order)) == 1

    # --- Lost requests and answers ------------------------------------------------------------------------------------

    async def test_fault_10_a_lost_request_is_never_sent_again(self, live: Rig) -> None:
        live.standin.faults.add("submit", "lose-request")
        order = live.order()
        with pytest.raises((OutcomeUnknown, NotSent)):
            await within(live.broker.submit(order))
        assert await within(live.broker.order(order.order_id, live.symbol)) is None
        assert live.posts(order) == ["lost"]

    async def test_fault_10_a_lost_answer_is_unknown_and_the_order_is_found_by_its_id(self, live: Rig) -> None:
        live.standin.faults.add("submit", "lose-answer")
        order = live.order()
        await live.refused(live.broker.submit(order), OutcomeUnknown)
        found = await within(live.broker.order(order.order_id, live.symbol))
        assert found is not None
        assert found.broker_order_id == live.at_venue(order)[0].order_id
        assert live.posts(order) == ["taken"]

    @pytest.mark.parametrize("taken", [True, False])
    @pytest.mark.parametrize("status", [500, 502, 504])
    async def test_fault_10_an_error_of_the_server_says_nothing_of_the_order(
        self, live: Rig, status: int, *, taken: bool
    ) -> None:
        live.standin.faults.add("submit", status, taken=taken)
        order = live.order()
        await live.refused(live.broker.submit(order), OutcomeUnknown)
        found = await within(live.broker.order(order.order_id, live.symbol))
        assert (found is not None) is taken
        assert len(live.posts(order)) == 1

    async def test_fault_10_an_answer_that_cannot_be_read_is_unknown(self, live: Rig) -> None:
        live.standin.faults.add("submit", "unreadable")
        order = live.order()
        await live.refused(live.broker.submit(order), OutcomeUnknown)
        assert len(live.at_venue(order)) == 1

    async def test_fault_11_a_lagging_read_does_not_find_the_order_and_later_does(self, live: Rig) -> None:
        live.standin.faults.add("submit", "lose-answer")
        live.standin.faults.add("read", "lag", 2)
        order = live.order()
        await live.refused(live.broker.submit(order), OutcomeUnknown)
        found = [await within(live.broker.order(order.order_id, live.symbol)) for _ in range(3)]
        assert [one is not None for one in found] == [False, False, True]

    async def test_without_a_connection_nothing_is_sent(self, live: Rig) -> None:
        await live.standin.stop()
        await live.heard.until(lambda: LinkState.RECONNECTING in live.heard.links_told())
        with pytest.raises(BrokerFault):
            await within(live.broker.account())  # by now no connection of before is left that seems to work
        await live.refused(live.broker.submit(live.order()), NotSent)

    async def test_fault_13_a_fill_before_the_acknowledgement_is_reported(self, live: Rig) -> None:
        live.standin.faults.add("submit", "delay")
        order = live.order()
        sending = asyncio.ensure_future(live.broker.submit(order))
        await live.heard.ended(order.order_id, OrderStatus.FILLED)
        assert not sending.done()
        live.standin.release()
        assert (await within(sending)).order_id == order.order_id
