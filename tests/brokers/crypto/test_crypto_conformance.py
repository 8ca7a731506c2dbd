"""The adapter of crypto exchanges does what every adapter does, on a stand-in of Binance."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from desktop.brokers.crypto.broker import CryptoBroker
from desktop.brokers.crypto.facts import TRADING
from desktop.domain.broker import AccountRef
from tests.brokers.conformance import BrokerConformance
from tests.brokers.crypto.pausing import at_once
from tests.brokers.rig import Rig
from tests.helpers.fake_clock import FakeClock
from tests.helpers.standins.crypto import BinanceStandin


class TestBinance(BrokerConformance):
    """Runs the suite."""

    @pytest.fixture
    async def rig(self) -> AsyncIterator[Rig]:
        clock = FakeClock()
        async with BinanceStandin(clock=clock) as standin:
            broker = CryptoBroker(
                AccountRef("binance", "main"),
                exchange="binance",
                key=standin.key_id,
                secret=standin.secret,
                clock=clock,
                url=standin.url,
                pause=at_once,
            )
            yield Rig(
                standin, broker, clock, symbol="BTC/USDT", unknown_symbol="NO/SUCH", limit=TRADING["binance"].requests
            )
            await broker.stop()
