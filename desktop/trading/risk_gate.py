"""The risk gate (K1): the one place that every order of every path passes before it becomes an intent."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from desktop.domain.errors import UserMistake
from desktop.domain.money import ZERO
from desktop.domain.orders import Side
from desktop.domain.quick import maker, quick
from desktop.domain.risk import Block, Check, Outcome
from desktop.trading.marks import Marks
from desktop.trading.order_request import OrderRequest
from desktop.trading.risk_checks import RiskChecks
from desktop.trading.risk_table import Case, Find, Finding

_BUY = Side.BUY  # a name costs a tenth of a look into the enumeration, and this runs with every order
_PASS, _MARKETABLE, _ASK = Outcome.PASS, Outcome.MARKETABLE, Outcome.ASK


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
        return self.outcome is _PASS or self.outcome is _MARKETABLE


_decision = maker(Decision)


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
        case = self._case(request)
        table, finds = self.checks.of(request.purpose, request.side)
        for find in finds:
            if find(case) is not None:
                return self._found(request, case, table)
        return _decision(request, _PASS, None, (), case.unit_cash)

    def _found(self, request: OrderRequest, case: Case, table: Sequence[tuple[Check, Find, Outcome]]) -> Decision:
        """Return what the checks make of a request to which at least one of them says something."""
        warnings: tuple[Block, ...] = ()
        marketable: Block | None = None
        for check, find, outcome in table:
            finding = find(case)
            if finding is None:
                continue
            block = Block(check, outcome, finding.value, finding.limit, finding.sentence)
            if outcome is _MARKETABLE:
                marketable = block
            elif outcome is not _PASS and not (outcome is _ASK and request.confirmed):
                return Decision(request, outcome, block, warnings, error=finding.error or OrderBlocked(block))
            elif check is Check.STALE:
                warnings += (block,)
        return Decision(request, _PASS if marketable is None else _MARKETABLE, marketable, warnings, case.unit_cash)

    def standing(self, request: OrderRequest) -> list[tuple[Check, Finding | None]]:
        """Return every check with what it would find, for `why`."""
        case = self._case(request)
        return [(check, find(case)) for check, find in self.checks.table]

    def _case(self, request: OrderRequest) -> Case:
        mark, buys = self._marks[request.symbol], request.side is _BUY
        price = request.limit_price if request.limit_price is not None else request.stop_price
        if price is None:
            price = mark.buy_price if buys else mark.sell_price
        return Case(request, mark, price, self.checks.unit_cash(price) if buys else ZERO)

    def price_of(self, request: OrderRequest) -> Decimal:
        """Return the price per unit that the cash and exposure of a request are counted at."""
        return self._case(request).price
