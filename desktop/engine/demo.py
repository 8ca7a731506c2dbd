"""The demonstration a newcomer meets: one session on simulated prices, no account, no network."""

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import Decimal
from functools import cache
from typing import TYPE_CHECKING

from desktop.domain.risk import RiskLimits
from desktop.domain.sessions import ExecutionMode, FillModelKind, FillSettings
from desktop.domain.strategy_text import parse_strategy
from desktop.engine.api import SessionDraft
from desktop.resources import resource_path

if TYPE_CHECKING:
    from desktop.domain.strategies import Strategy

DEMO_NAME = "Demo"
DEMO_CASH = Decimal(100_000)
#: Simulated prices are lively, and a newcomer should have time to read the card before it runs away.
DEMO_DRIFT = Decimal(2)


@cache
def sample_strategies() -> tuple[Strategy, ...]:
    """Return the strategies that come with Assay, each with an honest line about itself; read once.

    The window asks with every list of strategies, on the loop.
    """
    folder = resource_path("strategies")
    return tuple(parse_strategy(path.read_text(encoding="utf-8")) for path in sorted(folder.glob("*.toml")))


def demo_strategy() -> Strategy:
    """Return the demonstration's strategy."""
    return parse_strategy(resource_path("strategies/demo_dip.toml").read_text(encoding="utf-8"))


@dataclass(frozen=True, slots=True)
class DemoMarket:
    """What the demonstration trades on the simulator."""

    symbols: tuple[str, ...]
    benchmark: str


def demo_draft(market: DemoMarket) -> SessionDraft:
    """Return the demonstration's session: every signal waits for the user."""
    return SessionDraft(
        name=DEMO_NAME,
        strategy=demo_strategy(),
        symbols=market.symbols,
        feed="simulator",
        cash=DEMO_CASH,
        mode=ExecutionMode.MANUAL,
        limits=replace(RiskLimits.prudent(), max_drift=DEMO_DRIFT),
        hours="always",
        fills=FillSettings.of(FillModelKind.REALISTIC),
        benchmark=market.benchmark,
    )
