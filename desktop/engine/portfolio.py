"""Totals of all sessions by currency; real money, paper accounts of brokers and simulated money are never added."""

from __future__ import annotations

from collections import defaultdict
from decimal import Decimal
from typing import TYPE_CHECKING

from desktop.domain.money import HUNDRED, ZERO
from desktop.engine.core_reads import price_of
from desktop.engine.views import Allocation, PortfolioView

if TYPE_CHECKING:
    from collections.abc import Sequence

    from desktop.engine.runner import SessionRunner

CASH = "Cash"
SLICES = 8  # the smallest symbols beyond these are one slice


def portfolios(runners: Sequence[SessionRunner]) -> tuple[PortfolioView, ...]:
    """Return the totals by currency, those at brokers first, then the largest value."""
    groups: dict[tuple[str, bool, bool], list[SessionRunner]] = defaultdict(list)
    for runner in runners:
        settings = runner.settings
        groups[settings.currency, settings.is_live, settings.real_money].append(runner)
    views = [
        _portfolio(currency, members, live=live, real_money=real) for (currency, live, real), members in groups.items()
    ]
    return tuple(sorted(views, key=lambda view: (view.real_money, view.live, view.value), reverse=True))


def _portfolio(currency: str, runners: Sequence[SessionRunner], *, live: bool, real_money: bool) -> PortfolioView:
    value = cash = today = start_of_day = unrealised = realised = fees = ZERO
    held: dict[str, Decimal] = defaultdict(lambda: ZERO)
    for runner in runners:
        core = runner.unit.core
        equity = core.equity
        value += equity
        cash += core.cash
        today += equity - runner.day_start
        start_of_day += runner.day_start
        realised += core.holdings.ledger.realised
        fees += core.holdings.ledger.fees
        for symbol, position in core.positions.items():
            price = price_of(core, symbol)
            worth = (price if price is not None else position.average) * position.quantity
            held[symbol] += worth
            unrealised += worth - position.cost
    return PortfolioView(
        currency=currency,
        value=value,
        cash=cash,
        invested=sum(held.values(), ZERO),
        pnl_today=today,
        pnl_today_percent=today * HUNDRED / start_of_day if start_of_day else ZERO,
        unrealised=unrealised,
        realised=realised,
        fees=fees,
        allocation=_allocation(held, cash, value),
        live=live,
        real_money=real_money,
    )


def _allocation(held: dict[str, Decimal], cash: Decimal, value: Decimal) -> tuple[Allocation, ...]:
    ordered = sorted(held.items(), key=lambda item: item[1], reverse=True)
    slices = ordered[:SLICES]
    rest = sum((worth for _, worth in ordered[SLICES:]), ZERO)
    if rest:
        slices.append((f"{len(ordered) - SLICES} more", rest))
    slices.append((CASH, max(cash, ZERO)))
    return tuple(Allocation(label, worth, float(worth / value) if value > 0 else 0.0) for label, worth in slices)
