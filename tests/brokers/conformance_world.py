"""The part of the suite about what others do and what the wire does: foreign orders, lost streams, secrets."""

from __future__ import annotations

import logging
from decimal import Decimal

import pytest

from desktop.domain.broker import LinkState
from desktop.domain.broker_errors import BrokerFault, CredentialsRefused
from desktop.domain.orders import OrderStatus, Side
from tests.brokers.rig import Heard, Rig, before_the_test, within


class World:
    """What was missed is found, what is foreign is seen, and a secret stays one."""

    # --- What others do, and what was missed --------------------------------------------------------------------------

    async def test_fault_17_an_order_placed_elsewhere_is_seen_as_it_is(self, live: Rig) -> None:
        foreign = live.standin.place_elsewhere(
            symbol=live.symbol, side="buy", quantity=live.quantity, kind="limit", limit_price=live.below
        )
        await live.heard.until(lambda: foreign.order_id in {one.broker_order_id for one in live.heard.orders})
        seen = next(one for one in await within(live.broker.open_orders()) if one.broker_order_id == foreign.order_id)
        assert (seen.side, seen.quantity, seen.limit_price) == (Side.BUY, live.quantity, Decimal(live.below))
        assert foreign.working

    async def test_fault_29_an_order_of_another_machine_carries_its_client_id(self, live: Rig) -> None:
        live.standin.place_elsewhere(symbol=live.symbol, side="buy", quantity=live.quantity, client_id="other-0001")
        found = await within(live.broker.recent_orders(before_the_test(live)))
        assert "other-0001" in {one.order_id for one in found}

    async def test_a_lost_stream_is_told_mended_and_what_was_missed_is_found(self, live: Rig) -> None:
        order = await live.resting()
        live.clock.move(3_600)
        missed_from = live.clock.now()
        live.clock.move(1)
        live.standin.drop_sockets()
        live.standin.fill(order.order_id)
        await live.heard.until(lambda: live.heard.links_told()[-1] is LinkState.CONNECTED and _was_lost(live.heard))
        await within(live.standin.connected())
        recent = {one.order_id: one for one in await within(live.broker.recent_orders(missed_from))}
        assert recent[order.order_id].status is OrderStatus.FILLED
        found = await within(live.broker.fills(missed_from, [live.symbol]))
        assert [(fill.order_id, fill.quantity) for fill in found] == [(order.order_id, live.quantity)]
        after = await live.resting()  # the stream speaks again
        assert live.heard.statuses(after.order_id)

    async def test_a_stream_that_breaks_several_times_comes_back_each_time(self, live: Rig) -> None:
        for times in range(1, 4):
            live.standin.drop_sockets()
            await live.heard.connected(times + 1)
            await within(live.standin.connected())
        await live.resting()

    async def test_fault_19_a_stream_whose_credentials_were_revoked_is_refused_and_not_tried_again(
        self, live: Rig
    ) -> None:
        live.standin.revoke()
        await live.heard.until(lambda: live.heard.links_told()[-1] is LinkState.REFUSED)
        assert live.heard.links[-1][1]

    # --- Facts --------------------------------------------------------------------------------------------------------

    async def test_an_instrument_has_steps_and_an_unknown_one_is_left_out(self, live: Rig) -> None:
        found = await within(live.broker.instruments([live.symbol, live.unknown_symbol]))
        assert [one.symbol for one in found] == [live.symbol]
        assert found[0].tick > 0
        assert found[0].lot > 0

    async def test_a_clock_is_there_where_the_abilities_say_so(self, live: Rig) -> None:
        clock = await within(live.broker.clock())
        assert (clock is not None) is live.broker.abilities.has_clock
        if clock is not None:
            assert clock.is_open
            assert clock.next_open > live.clock.now()

    async def test_a_secret_is_in_no_text_and_no_log(self, live: Rig, caplog: pytest.LogCaptureFixture) -> None:
        secret, texts = live.standin.secret, [repr(live.broker), str(live.broker)]
        with caplog.at_level(logging.DEBUG):
            for kind in ("lose-answer", "lose-request", "reject", "unreadable"):
                live.standin.faults.add("submit", kind)
                error = await live.refused(live.broker.submit(live.order()), BrokerFault)
                texts += [repr(error), str(error), repr(error.__cause__), repr(error.__context__)]
            live.standin.drop_sockets()
            await live.heard.until(lambda: _was_lost(live.heard))
            live.standin.revoke()
            texts.append(str(await live.refused(live.broker.account(), CredentialsRefused)))
        texts += [record.getMessage() for record in caplog.records]
        texts += [str(record.__dict__) for record in caplog.records]
        texts += [detail for _, detail in live.heard.links]
        assert not [text for text in texts if secret in text]
        assert not [one.path for one in live.standin.requests if secret in one.path]


def _was_lost(heard: Heard) -> bool:
    return bool({LinkState.RECONNECTING, LinkState.CONNECTING} & set(heard.links_told()[1:]))
