"""One world for a schedule: a venue on a socket, a database, and programs that begin and are cut off between them."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from contextlib import suppress
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from random import Random
from typing import Any, Self

from desktop.brokers.alpaca.broker import AlpacaBroker
from desktop.domain.accounts import ARM_WORD
from desktop.domain.errors import AssayError
from desktop.domain.instruments import AssetClass, Instrument
from desktop.domain.orders import Order
from desktop.net.http import Timeouts
from desktop.store.storage import Storage
from tests.helpers.cut import Cut, Dropped
from tests.helpers.fake_clock import FakeClock
from tests.helpers.live_floor import LiveFloor
from tests.helpers.scripted_broker import REF
from tests.helpers.standins.alpaca import AlpacaStandin
from tests.helpers.standins.base import Standin

LIVE_START = 1_700_060_400 * 1_000_000  # a Wednesday at 10:00 in New York
ROUNDS = 400  # looks at a program that does not come to rest


@dataclass(frozen=True)
class Kind:
    """A broker that schedules are lived through at, and what is traded there."""

    name: str
    instrument: Instrument
    executions: str  # what ids of executions begin with
    standin: Callable[[FakeClock], Standin]
    adapter: Callable[[World], Any]


def _alpaca(world: World) -> Any:
    return AlpacaBroker(
        REF,
        key_id=world.standin.key_id,
        secret=world.standin.secret,
        live=True,
        clock=world.clock,
        url=world.standin.url,
        pause=_hardly,
        random=Random(world.seed),
        timeouts=Timeouts(connect=2.0, answer=0.25),
        patience=2.0,
    )


def _binance(world: World) -> Any:
    from desktop.brokers.crypto.broker import CryptoBroker  # its library takes a while

    return CryptoBroker(
        REF,
        exchange="binance",
        key=world.standin.key_id,
        secret=world.standin.secret,
        clock=world.clock,
        url=world.standin.url,
        cache=world.directory,
        pause=_hardly,
        random=Random(world.seed),
        timeout=0.5,
    )


def _binance_standin(clock: FakeClock) -> Standin:
    from tests.helpers.standins.crypto import BinanceStandin

    return BinanceStandin(cash=1_000_000, clock=clock)


COIN = Instrument("BTC/USDT", currency="USDT", lot=Decimal("0.00001"), asset_class=AssetClass.CRYPTO)
KINDS = {
    "alpaca": Kind(
        "alpaca", Instrument("SPY"), "alpaca:", lambda clock: AlpacaStandin(cash=1_000_000, clock=clock), _alpaca
    ),
    "binance": Kind("binance", COIN, "binance-BTC/USDT-", _binance_standin, _binance),
}


class Program(LiveFloor):
    """One life of the program: a whole desk with the real adapter, on the venue's socket and the world's database."""

    def __init__(self, world: World, cut: Cut, *, late: int) -> None:
        self.world = world
        self.adapter = world.kind.adapter(world)
        found = (world.kind.instrument,)
        super().__init__(world.storage, clock=world.clock, cut=cut, broker=self.adapter, late=late, instruments=found)

    async def settle(self) -> None:
        """Let everything happen that can happen at this instant of the fake clock, on sockets and on disk."""
        quiet = 0
        for number in range(ROUNDS):
            self.pause.wake()
            if self.cut.dead:
                return
            self.store.flush()
            await asyncio.sleep(0.0005)
            await self.world.standin.settled()
            if number == ROUNDS // 8:
                self.world.standin.release()  # nothing but a held answer takes this long
            quiet = 0 if self.cut_broker.busy else quiet + 1
            if quiet >= 4:
                return

    async def does(self, work: Coroutine[Any, Any, Any]) -> None:
        """Carry something out until it is done or the program has ended in it; refusals are part of life."""
        task = asyncio.ensure_future(work)
        while not task.done() and not self.cut.dead:
            await asyncio.wait({task}, timeout=0.002)
            self.pause.wake()
            if not self.cut.dead:
                self.store.flush()
        if not task.done():
            task.cancel()
        with suppress(AssayError, Dropped, asyncio.CancelledError):
            await task

    async def end(self) -> None:
        """Cut it off here, and let its sockets be closed as the system does."""
        self.cut.now()
        with suppress(Dropped):
            await self.crash()
        await self.adapter.stop()


class World:
    """What outlives every program of a schedule."""

    def __init__(self, directory: Path, seed: int, kind: str = "alpaca") -> None:
        self.seed, self.kind, self.directory = seed, KINDS[kind], directory
        self.symbol = self.kind.instrument.symbol
        self.clock = FakeClock(LIVE_START)
        self.standin = self.kind.standin(self.clock)
        self.storage = Storage.open(directory / "data", clock=self.clock, retry_seconds=0.01)

    async def __aenter__(self) -> Self:
        await self.standin.start()
        self.market(105.0)
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.standin.stop()
        self.storage.close()

    def market(self, price: float) -> None:
        """Move the venue's market."""
        self.standin.price(self.symbol, str(price), str(price))

    async def begin(self, cut: Cut, *, late: int = 0) -> Program:
        """Start the program; its live sessions are armed and running once it is connected."""
        program = Program(self, cut, late=late)
        await program.does(program.open())
        for _ in range(6):
            if cut.dead:
                return program
            await program.settle()
            if all(view.ready for view in program.desk.accounts()):
                break
            self.clock.move(1)
        for row in () if cut.dead else program.desk.sessions():
            await program.does(program.desk.arm(row.session_id, ARM_WORD))
            if not cut.dead and program.state(row.session_id) == "PAUSED":
                await program.does(program.desk.resume_session(row.session_id))
        return program

    # the books -------------------------------------------------------------------------------------------------
    def orders(self) -> dict[str, Order]:
        """Return every stored order by its client id."""
        return {order.order_id: order for order in self.storage.reader().orders(limit=100_000)}


async def _hardly(seconds: float) -> None:
    """Wait between attempts of the adapter: in a schedule time is not what is tested."""
    await asyncio.sleep(min(seconds, 0.002))
