from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from desktop.brokers.alpaca.broker import AlpacaBroker
from tests.brokers.alpaca.floor import REF, Waits
from tests.brokers.conformance import BrokerConformance
from tests.brokers.rig import Rig
from tests.helpers.fake_clock import FakeClock
from tests.helpers.standins import openapi
from tests.helpers.standins.alpaca import AlpacaStandin


class TestAlpaca(BrokerConformance):
    @pytest.fixture
    async def rig(self) -> AsyncIterator[Rig]:
        clock = FakeClock()
        async with AlpacaStandin(clock=clock, contract=not openapi.missing()) as standin:
            broker = AlpacaBroker(
                REF,
                key_id=standin.key_id,
                secret=standin.secret,
                live=False,
                clock=clock,
                url=standin.url,
                pause=Waits(),
            )
            yield Rig(standin, broker, clock, limit=200)
