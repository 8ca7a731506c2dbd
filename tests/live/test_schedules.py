"""A short form of the schedules, and that they see what they are there to see."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from desktop.brokers.alpaca.broker import AlpacaBroker
from desktop.domain.broker import BrokerOrder
from desktop.domain.broker_errors import OrderRefused
from desktop.domain.orders import Order
from desktop.engine.live.link import AccountLink
from desktop.engine.live.reconciler import Reconciler
from tests.live.__main__ import table
from tests.live.schedule import LOSSES, POINTS, Outcome, plan, run

SHORT = 60
PARTS = 6


async def _lived(numbers: range, folder: Path) -> list[Outcome]:
    asyncio.get_running_loop().set_exception_handler(lambda *_: None)
    return [await run(number, folder / str(number)) for number in numbers]


@pytest.mark.parametrize("part", range(PARTS))
async def test_invariant_3_no_order_is_lost_or_sent_twice_in_any_schedule(part: int, tmp_path: Path) -> None:
    size = SHORT // PARTS
    outcomes = await _lived(range(part * size, (part + 1) * size), tmp_path)
    assert [f"{item.number}: {item.problems}" for item in outcomes if item.problems] == []
    assert sum(item.orders for item in outcomes) > size


def test_every_crash_point_is_planned_with_every_loss_alike() -> None:
    met = {
        (point, loss) for number in range(len(POINTS) * len(LOSSES)) for point, loss in zip(*plan(number), strict=True)
    }
    assert len(met) == len(POINTS) * len(LOSSES)


def test_the_table_counts_what_came_up_together() -> None:
    outcome = Outcome(1, points={"after-send"}, losses={"submit:429"})
    text, least = table([outcome])
    assert "submit:429" in text
    assert least == 0


async def test_a_planted_duplicate_send_is_caught(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An adapter that sends again what got no answer, under a new id, trades twice."""
    honest = AlpacaBroker.submit

    async def eager(self: AlpacaBroker, order: Order, **more: object) -> BrokerOrder:
        try:
            return await honest(self, order)
        except OrderRefused:
            raise
        except Exception:  # noqa: BLE001 - the planted mistake: try again
            return await honest(self, order)

    monkeypatch.setattr(AlpacaBroker, "submit", eager)
    outcomes = await _lived(range(1, 24, 3), tmp_path)
    assert any("sent twice" in problem for item in outcomes for problem in item.problems)


async def test_a_planted_loss_of_executions_is_caught(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A reconciler that reads and books nothing forgets what was bought while the program was away."""

    def book(self: Reconciler, fills: object) -> None: ...

    def take(self: AccountLink, found: object) -> None: ...

    monkeypatch.setattr(Reconciler, "_book", book)
    monkeypatch.setattr(AccountLink, "take_order", take)
    outcomes = await _lived(range(1, 12, 2), tmp_path)
    assert any("executions differ" in problem for item in outcomes for problem in item.problems)
