"""Scripts of messages for property tests: hypothesis writes them, a kit plays them, invariants are watched."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import asdict
from typing import Any

from hypothesis import strategies as st

from desktop.domain import commands as ask
from desktop.domain.events import Fact, FillBooked, OrderChanged, TriggerChanged
from desktop.domain.instruments import Instrument
from desktop.domain.market import SECOND
from desktop.domain.messages import BadQuote
from desktop.domain.money import ZERO, percent_of
from desktop.domain.orders import OrderKind, OrderStatus, Purpose, Side
from desktop.domain.risk import RiskLimits
from desktop.domain.sessions import ExecutionMode, FillModelKind, FillSettings, SessionState, StopChoice
from desktop.domain.signals import SignalState
from desktop.domain.strategies import Protection
from desktop.domain.triggers import TriggerKind, TriggerState
from desktop.trading.order_moves import WAYS
from tests.trading.core_kit import FALSE, TRUE, D, Kit, strategy

Line = tuple[str, int]
SYMBOLS = ("AAA", "BBB")
_WORDS = (
    "quote", "quote", "quote", "bar", "bar", "true entry", "false entry", "true exit", "false exit",
    "approve", "reject", "buy", "limit", "close", "part", "cancel", "replace", "stop", "trail", "target",
    "entry", "modify", "disarm", "pause", "resume", "kill", "flatten", "release", "mode", "tick", "bad",
    "hours", "halt", "start", "recover", "limits",
)  # fmt: skip


def scripts(max_size: int = 30) -> st.SearchStrategy[list[Line]]:
    return st.lists(st.tuples(st.sampled_from(_WORDS), st.integers(0, 99)), max_size=max_size)


def new_kit(
    *, fills: FillModelKind = FillModelKind.FIXED, mode: ExecutionMode = ExecutionMode.AUTO, **more: Any
) -> Kit:
    guards = Protection(D(4), D(6), D(5))
    values: dict[str, Any] = {
        "instruments": tuple(Instrument(symbol) for symbol in SYMBOLS),
        "strategy": strategy(protection=guards),
        "fills": FillSettings.of(fills),
        "mode": mode,
        "cash": D(5000),
        "limits": RiskLimits(max_allocation=D(60), max_order_value=D(2500), max_daily_loss=D(10)),
        **more,
    }
    return Kit(**values)


def play_line(kit: Kit, line: Line) -> None:
    """Let one line of a script happen."""
    word, number = line
    symbol = SYMBOLS[number % 2]
    price = 90.0 + number % 23
    market = {"quote", "bar", "tick", "bad", "hours"}
    if word in market:
        _market(kit, word, number, symbol, price)
    elif word.endswith((" entry", " exit")):
        setattr(kit.judges[symbol], word.split()[1], TRUE if word.startswith("true") else FALSE)
    else:
        command = _command(kit, word, number, symbol, price)
        if command is not None:
            kit.ask(command)


def _market(kit: Kit, word: str, number: int, symbol: str, price: float) -> None:
    if word == "quote":
        kit.quote(price, price + 0.02, symbol=symbol, after=number * SECOND // 7)
    elif word == "bar":
        kit.bars(dict.fromkeys(SYMBOLS, (price, price + 4, price - 4, price + number % 3 - 1)))
    elif word == "tick":
        kit.tick(number * SECOND)
    elif word == "bad":
        kit.step(BadQuote(kit.now, symbol, "crossed"))
    else:
        kit.hours[symbol].open = not kit.hours[symbol].open


def _pick(items: Sequence[Any], number: int) -> Any:
    return items[number % len(items)] if items else None


def _command(kit: Kit, word: str, number: int, symbol: str, price: float) -> ask.Command | None:
    core = kit.core
    pending = [item.signal_id for item in core.signals if item.state is SignalState.PENDING]
    order, trigger = _pick(list(core.orders), number), _pick(list(core.triggers), number)
    level = D(str(price))
    table: dict[str, Callable[[], ask.Command]] = {
        "approve": lambda: ask.Approve(_pick(pending, number) or "none"),
        "reject": lambda: ask.Reject(_pick(pending, number) or "none"),
        "buy": lambda: ask.PlaceOrder(symbol, Side.BUY, D(number % 9 + 1), stop_loss=D(80)),
        "limit": lambda: ask.PlaceOrder(symbol, Side.BUY, D(number % 9 + 1), kind=OrderKind.LIMIT, limit_price=level),
        "close": lambda: ask.ClosePosition(symbol, confirmed=True),
        "part": lambda: ask.PlaceOrder(symbol, Side.SELL, D(2), kind=OrderKind.LIMIT, limit_price=level),
        "cancel": lambda: ask.CancelOrder(order or "none"),
        "replace": lambda: ask.ReplaceOrder(order or "none", quantity=D(number % 9 + 1)),
        "stop": lambda: ask.SetTrigger(symbol, TriggerKind.STOP_LOSS, level=level),
        "trail": lambda: ask.SetTrigger(symbol, TriggerKind.TRAILING_STOP, trail_percent=D(3)),
        "target": lambda: ask.SetTrigger(symbol, TriggerKind.TAKE_PROFIT, level=level),
        "entry": lambda: ask.SetTrigger(symbol, TriggerKind.ENTRY_LIMIT, level=level, quantity=D(3)),
        "modify": lambda: ask.ModifyTrigger(trigger or "none", level=level, trail_percent=D(4)),
        "disarm": lambda: ask.CancelTrigger(trigger or "none"),
        "pause": ask.Pause,
        "resume": ask.Resume,
        "kill": ask.EngageKill,
        "flatten": lambda: ask.EngageKill(flatten=True),
        "release": ask.ReleaseKill,
        "mode": lambda: ask.SetMode(tuple(ExecutionMode)[number % 3]),
        "halt": lambda: ask.Stop(tuple(StopChoice)[number % 3]),
        "start": ask.Start,
        "recover": ask.Recovered if core.status is SessionState.RECOVERING else ask.Recover,
        "limits": lambda: ask.SetLimits(RiskLimits(max_quote_age=number * SECOND, price_collar=D(number + 1))),
    }
    return table[word]()


def play(
    kit: Kit, script: Sequence[Line], *, watch: Watch | None = None, restarts: frozenset[int] = frozenset()
) -> list[Fact]:
    """Play a script; before the lines in `restarts` the unit is rebuilt from its snapshot and the facts."""
    for number, line in enumerate(script):
        if number in restarts:
            restart(kit)
        play_line(kit, line)
        if watch is not None:
            watch.look(kit)
    return kit.facts


def restart(kit: Kit) -> None:
    """Throw the unit away and build it anew from what a store would have."""
    state = kit.unit.snapshot()
    executions = [fact.fill.execution_id for fact in kit.told(FillBooked)]
    signals = {fact.signal.signal_id: fact.signal for fact in kit.facts if hasattr(fact, "signal")}
    kit.unit = kit.build()
    kit.unit.restore(
        state, kit.orders, executions, sorted(signals.values(), key=lambda item: int(item.signal_id.split("s")[-1]))
    )


class Watch:
    """Looks at the invariants of FAULTS.md after every message."""

    def __init__(self) -> None:
        self.seen = 0
        self.bought: dict[str, Any] = dict.fromkeys(SYMBOLS, ZERO)
        self.orders: dict[str, Any] = {}
        self.fired: set[str] = set()

    def look(self, kit: Kit) -> None:
        core, fresh = kit.core, kit.facts[self.seen :]
        self.seen = len(kit.facts)
        assert core.holdings.ledger.balance() == kit.settings.cash, "invariant 1"
        for fact in fresh:
            if isinstance(fact, FillBooked):
                sign = 1 if fact.fill.side is Side.BUY else -1
                self.bought[fact.fill.symbol] += sign * fact.fill.quantity
            elif isinstance(fact, OrderChanged):
                self._order(kit, fact)
            elif isinstance(fact, TriggerChanged) and fact.trigger.state is TriggerState.TRIGGERED:
                assert fact.trigger.trigger_id not in self.fired, "invariant 6"
                self.fired.add(fact.trigger.trigger_id)
        for symbol, quantity in self.bought.items():
            assert core.holdings.quantity(symbol) == quantity >= 0, "invariant 2"
        reserved = sum((order.reserved for order in core.orders.values()), ZERO)
        assert core.book.reserved == reserved, "invariant 5"
        assert core.cash >= 0, "invariant 5"
        assert kit.unit.venue is None or kit.unit.venue.cash == core.cash, "invariant 1"

    def _order(self, kit: Kit, fact: OrderChanged) -> None:
        order, before = fact.order, self.orders.get(fact.order.order_id)
        self.orders[order.order_id] = order
        assert order.filled <= order.quantity, "invariant 4"
        if before is not None:
            assert order.filled >= before.filled, "invariant 4"
            assert before.status is order.status or (before.status, order.status) in WAYS, "invariant 4"
        if order.status is not OrderStatus.INTENT:
            return
        state = kit.core.state
        if order.side is Side.BUY:
            assert not state.kill, "invariant 9"
            assert state.status is SessionState.RUNNING, "invariant 9"
            assert kit.core.free_cash >= 0, "invariant 5"  # later a gap may cost more than was held back
            limit = state.limits.max_allocation
            if limit is not None and order.status is OrderStatus.INTENT:
                bound = kit.core.holdings.invested() + kit.core.book.reserved
                assert bound <= percent_of(limit, kit.core.equity) * D("1.01"), "invariant 5"
        if state.kill:
            assert order.purpose is Purpose.FLATTEN, "invariant 9"


def comparable(kit: Kit) -> dict[str, Any]:
    """Return everything that has to be equal after an undisturbed and a disturbed run."""
    return {"unit": kit.unit.snapshot(), "facts": [asdict(fact) for fact in kit.facts]}
