"""Figures of the session core, printed with their ratio to a plain reference in the same run; none can fail."""

from __future__ import annotations

import time
from collections.abc import Callable

from desktop.domain import commands as ask
from desktop.domain.instruments import Instrument
from desktop.domain.market import HOUR, Bar, Quote
from desktop.domain.messages import BarsClosed, BarsPassed, Quotes
from desktop.domain.orders import Purpose, Side
from desktop.domain.risk import RiskLimits
from desktop.domain.strategies import Protection
from desktop.domain.triggers import TriggerKind
from desktop.trading.order_request import OrderRequest
from tests.trading.core_kit import FALSE, T0, TRUE, D, Kit, strategy

BURST = 100


def best(action: Callable[[], object], rounds: int = 5) -> float:
    """Return the shortest time of a few rounds, in seconds."""
    times = []
    for _ in range(rounds):
        begin = time.perf_counter()
        action()
        times.append(time.perf_counter() - begin)
    return min(times)


def _bursts(count: int, start: int) -> list[Quotes]:
    made = []
    for number in range(count):
        at = start + number * 100_000
        quotes = tuple(Quote("SPY", at + i, 100.0 + i / 1000, 100.02 + i / 1000, 1.0, 1.0) for i in range(BURST))
        made.append(Quotes(at + BURST, quotes))
    return made


def _plain(bursts: list[Quotes]) -> None:
    """Write the last bid of every quote into a dictionary: the least that anything can do."""
    last: dict[str, float] = {}
    for burst in bursts:
        for quote in burst.quotes:
            last[quote.symbol] = quote.bid


def _through(kit: Kit, bursts: list[Quotes]) -> None:
    step = kit.unit.step
    for burst in bursts:
        step(burst)


def _report_quotes(name: str, kit: Kit) -> None:
    bursts = _bursts(200, kit.now + 1)
    count = len(bursts) * BURST
    ours, plain = best(lambda: _through(kit, bursts)) / count, best(lambda: _plain(bursts)) / count
    print(
        f"\n{name}: {1 / ours:,.0f} quotes/s, {ours * 1e6:.2f} us each "
        f"(dictionary write {plain * 1e6:.3f} us, ratio {ours / plain:.1f})"
    )


def test_quotes_through_the_unit_in_bursts_of_100() -> None:
    _report_quotes("nothing working", Kit())
    kit = Kit()
    kit.hold(10)
    _report_quotes("a position held", kit)
    kit.ask(ask.SetTrigger("SPY", TriggerKind.STOP_LOSS, level=D(50)))
    kit.ask(ask.SetTrigger("SPY", TriggerKind.TAKE_PROFIT, level=D(500)))
    _report_quotes("stop and target armed", kit)


def test_a_risk_check_with_all_limits_at_work() -> None:
    kit = Kit(limits=RiskLimits.prudent())
    kit.quote(100.0)
    request = OrderRequest("SPY", Side.BUY, Purpose.ENTRY, D(10), price=D(100), stop=D(95))
    check, count = kit.core.gate.check, 2000

    def ours() -> None:
        for _ in range(count):
            check(request)

    def plain() -> None:
        for _ in range(count):
            assert D(10) * D(100) <= kit.core.cash

    figure, reference = best(ours) / count, best(plain) / count
    print(
        f"\nrisk check: {figure * 1e6:.2f} us "
        f"(cash comparison alone {reference * 1e6:.2f} us, ratio {figure / reference:.1f})"
    )


def test_a_simulated_execution_from_command_to_booked_fill() -> None:
    kit = Kit(cash=D(10_000_000))
    kit.quote(100.0)
    count = 300

    def ours() -> None:
        for _ in range(count):
            kit.ask(ask.PlaceOrder("SPY", Side.BUY, D(1)))
            kit.quote(100.0)
        kit.facts.clear()

    figure = best(ours, 3) / count
    print(f"\ncommand, risk, order, fill, booking: {figure * 1e6:.1f} us an order, {1 / figure:,.0f} orders/s")


def _replay(kit: Kit, bars: int, every: int) -> float:
    judge, symbol = kit.judges["SPY"], kit.settings.instruments[0].symbol
    made = [Bar(symbol, "1h", T0 + (i + 1) * HOUR, 100.0, 101.0, 99.0, 100.0, 1e9) for i in range(bars)]
    step = kit.unit.step
    begin = time.perf_counter()
    for number, bar in enumerate(made):
        judge.entry = judge.exit = TRUE if number % every == 0 else FALSE
        step(BarsPassed(bar.end, (bar,)))
        step(BarsClosed(bar.end, (bar,)))
    return time.perf_counter() - begin


def test_orders_in_a_replay_of_bars() -> None:
    item = (Instrument("SPY"),)
    quiet = _replay(Kit(instruments=item), 20_000, 10**9)
    busy_kit = Kit(instruments=item)
    busy = _replay(busy_kit, 4_000, 1)
    orders = busy_kit.core.state.ordinal
    idle = quiet / 20_000
    each = (busy - idle * 4_000) / orders
    print(
        f"\nreplay: {1 / idle:,.0f} quiet bars/s ({idle * 1e6:.1f} us a bar); "
        f"an order and its fill {each * 1e6:.1f} us, {1 / each:,.0f} orders/s"
    )
    guarded = Kit(instruments=item, strategy=strategy(protection=Protection(D(50), D(90), None)))
    slow = _replay(guarded, 4_000, 1)
    print(
        "with stop and target armed at each entry: "
        f"{(slow - idle * 4_000) / guarded.core.state.ordinal * 1e6:.1f} us an order"
    )
