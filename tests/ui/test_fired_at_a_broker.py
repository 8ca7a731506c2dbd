"""What the window says of a release and of fills is what the engine and a broker then do."""

from __future__ import annotations

from decimal import Decimal

from desktop.domain.events import Fact
from desktop.domain.strategies import Protection
from desktop.ui.fired import Fired
from desktop.ui.releasing import awaited
from tests.brokers.alpaca.test_live_session import AlpacaFloor, floor_at_alpaca
from tests.brokers.alpaca.test_resting_protection import PAIR, holding, rests

D = Decimal


def listen(floor: AlpacaFloor) -> list[str]:
    """Return what the window would say from now on, as it stands."""
    fired = Fired(floor.desk)
    said: list[str] = []

    def hear(fact: Fact) -> None:
        found = fired.sentence_of(fact)
        if found is not None:
            said[:] = [*(item for item in said if item != found[1]), found[0]]

    floor.desk.on_fact(hear)
    return said


async def test_a_stop_that_the_broker_fills_is_told() -> None:
    async with floor_at_alpaca() as (floor, standin):
        session_id = await holding(floor, PAIR)
        said = listen(floor)
        standin.price("SPY", "94.00", "94.02")
        await floor.until(lambda: floor.held(session_id) == 0)
        name = floor.runner(session_id).settings.name
        await floor.until(lambda: bool(said))
        assert said == [f"Stop loss of SPY sold 10 of 10 at 94.00 ({name})."]


async def test_a_stop_said_to_sell_at_once_does_so_after_the_release_and_is_told() -> None:
    async with floor_at_alpaca() as (floor, standin):
        session_id = await holding(floor, Protection(stop_loss=D(5)))
        await floor.desk.engage_kill()
        await floor.until(lambda: not rests(standin))
        assert [item.at_once for item in awaited(floor.desk)] == [False]
        standin.price("SPY", "94.00", "94.02")
        await floor.quote(94.0)
        await floor.until(lambda: [item.at_once for item in awaited(floor.desk)] == [True])
        (stop,) = awaited(floor.desk)
        assert (stop.live, "SELLS 10 SPY AT ONCE (Stop loss 94.05, price now 94.00)" in stop.sentence) == (True, True)
        said = listen(floor)
        await floor.desk.release_kill()
        await floor.quote(94.0)
        await floor.until(lambda: floor.held(session_id) == 0)
        await floor.until(lambda: bool(said))
        assert said[0].startswith("Stop loss of SPY sold 10 of 10 at 94.00")
