"""The demonstration a newcomer meets: one session on simulated prices, no account, no network."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from desktop.domain.sessions import ExecutionMode, FillModelKind, FillSettings
from desktop.domain.strategy_text import parse_strategy
from desktop.engine.api import SessionDraft
from desktop.resources import resource_path

if TYPE_CHECKING:
    from desktop.domain.strategies import Strategy

DEMO_NAME = "Demo"
DEMO_CASH = Decimal(100_000)


def sample_strategies() -> tuple[Strategy, ...]:
    """Return the strategies that come with Assay, each with an honest line about itself."""
    folder = resource_path("strategies")
    return tuple(parse_strategy(path.read_text(encoding="utf-8")) for path in sorted(folder.glob("*.toml")))


def demo_strategy() -> Strategy:
    """Return the demonstration's strategy."""
    return parse_strategy(resource_path("strategies/demo_dip.toml").read_text(encoding="utf-8"))


def demo_draft(symbols: tuple[str, ...], benchmark: str, *, mode: ExecutionMode = ExecutionMode.MANUAL) -> SessionDraft:
    """Return the demonstration's session; its symbols come from the simulator."""
    return SessionDraft(
        name=DEMO_NAME,
        strategy=demo_strategy(),
        symbols=symbols,
        feed="simulator",
        cash=DEMO_CASH,
        mode=mode,
        hours="always",
        fills=FillSettings.of(FillModelKind.REALISTIC),
        benchmark=benchmark,
    )
