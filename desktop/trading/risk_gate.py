"""The risk gate (K1): the one place that every order of every path passes before it becomes an intent."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from desktop.domain.errors import UserMistake
from desktop.domain.money import ZERO
from desktop.domain.orders import Side
from desktop.domain.quick import quick
from desktop.domain.risk import Block, Check, Outcome
from desktop.trading.marks import Marks
from desktop.trading.order_book import OrderRequest
from desktop.trading.risk_checks import RiskChecks
from desktop.trading.risk_table import Case, Finding


class OrderBlocked(UserMistake):
    """A check stands in the way of an order that a user asked for; carries which and why."""

    def __init__(self, block: Block) -> None:
        self.block = block
        super().__init__(block.sentence)


@quick
@dataclass(frozen=True, slots=True)
class Decision:
    """The gate's answer to one request; only one that passes can become an intent."""

    request: OrderRequest
    outcome: Outcome
    block: Block | None = None
    warnings: tuple[Block, ...] = ()
    unit_cash: Decimal = ZERO  # to hold back per unit of a buy
    error: UserMistake | None = None

    @property
    def passes(self) -> bool:
        return self.outcome is Outcome.PASS or self.outcome is Outcome.MARKETABLE


class RiskGate:
    """Judges order requests; what a failed check does to each kind of order says the table `OUTCOMES`."""

    def __init__(self, marks: Marks, checks: RiskChecks) -> None:
        self._marks, self.checks = marks, checks

    @property
    def free_cash(self) -> Decimal:
        """Cash that no open order holds back."""
        return self.checks.free_cash

    def check(self, request: OrderRequest) -> Decision:
        """Judge a request: the first check that fails and is not waived for its purpose decides."""
        case = Case(request, self._marks[request.symbol], self.price_of(request))
        warnings: list[Block] = []
        marketable: Block | None = None
        for check, find, outcome in self.checks.of(request.purpose, request.side):
            finding = find(case)
            if finding is None:
                continue
            block = Block(check, outcome, finding.value, finding.limit, finding.sentence)
            if outcome is Outcome.MARKETABLE:
                marketable = block
            elif outcome is not Outcome.PASS and not (outcome is Outcome.ASK and request.confirmed):
                return Decision(request, outcome, block, tuple(warnings), error=finding.error or OrderBlocked(block))
            elif check is Check.STALE:
                warnings.append(block)
        unit = self.checks.unit_cash(case.price) if request.side is Side.BUY else ZERO
        outcome = Outcome.PASS if marketable is None else Outcome.MARKETABLE
        return Decision(request, outcome, marketable, tuple(warnings), unit)

    def standing(self, request: OrderRequest) -> list[tuple[Check, Finding | None]]:
        """Return every check with what it would find, for `why`."""
        case = Case(request, self._marks[request.symbol], self.price_of(request))
        return [(check, find(case)) for check, find in self.checks.table]

    def price_of(self, request: OrderRequest) -> Decimal:
        """Return the price per unit that the cash and exposure of a request are counted at."""
        if request.limit_price is not None:
            return request.limit_price
        if request.stop_price is not None:
            return request.stop_price
        mark = self._marks[request.symbol]
        return mark.buy_price if request.side is Side.BUY else mark.sell_price
