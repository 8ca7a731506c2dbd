"""Backtests against engines that others wrote: the same trades, prices and money for orders at the next open."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from tests.acceptance.backtests import PEERS, Found, differing, ours, random_bars
from tests.acceptance.program import write_strategy
from tests.helpers.peers import ask_peer, peer_python


@pytest.mark.slow
@pytest.mark.parametrize(("requirements", "script"), [peer[1:] for peer in PEERS], ids=[peer[0] for peer in PEERS])
@pytest.mark.parametrize("fee", [Decimal(0), Decimal("0.1")])
def test_another_engine_makes_the_same_trades_and_money(
    tmp_path: Path, requirements: tuple[str, ...], script: str, fee: Decimal
) -> None:
    python = peer_python(*requirements)
    path = random_bars(tmp_path / "walk.csv", 5_000, seed=7)
    mine, question = ours(write_strategy(tmp_path, "1m"), path, "WALK", fee)
    assert len(mine.trades) > 10
    assert differing(mine, Found(**ask_peer(python, script, question))) == []


def test_a_cent_of_difference_is_seen() -> None:
    trade = [1.0, 100.25, 2.0, 101.5]
    mine = Found([trade], 0, 100_012.5, 100_012.5)
    assert differing(mine, Found([trade], 0, 100_012.5, 100_012.5)) == []
    assert differing(mine, Found([[1.0, 100.26, 2.0, 101.5]], 0, 100_012.5, 100_012.5))
    assert differing(mine, Found([trade, trade], 0, 100_012.5, 100_012.5))
    assert differing(mine, Found([trade], 10, 100_012.5, 100_012.5))
    assert differing(mine, Found([trade], 0, 100_012.51, 100_012.5))
    assert differing(mine, Found([trade], 0, 100_012.5, 100_012.49))
