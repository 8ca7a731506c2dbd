"""A schedule: what a trader and the market do over some lives of the program, where each ends, and what gets lost."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from random import Random
from typing import Any

from desktop.domain.accounts import LOST_WORD
from desktop.domain.commands import PlaceOrder
from desktop.domain.orders import OrderKind, OrderStatus, Side
from desktop.domain.strategies import Protection
from tests.helpers.cut import Cut, Dropped
from tests.helpers.trading_floor import strategy
from tests.live.books import differences
from tests.live.world import Program, World

S = OrderStatus
D = Decimal
POINTS = (
    "before-intent",
    "after-intent",
    "while-sending",
    "after-send",
    "inside-fill",
    "during-cancel",
    "during-recovery",
)
LOSSES: tuple[tuple[str, str], ...] = (
    ("submit", "lose-request"),
    ("submit", "lose-answer"),
    ("submit", "delay"),
    ("submit", "429"),
    ("submit", "502"),
    ("submit", "504"),
    ("submit", "part-fill"),
    ("submit", "unreadable"),
    ("cancel", "lose-request"),
    ("cancel", "lose-answer"),
    ("read", "502"),
    ("read", "lag"),
    ("stream", "drop-socket"),
    ("stream", "silence"),
    ("stream", "duplicate"),
    ("stream", "reorder"),
    ("stream", "lose"),
)
ACTIONS = ("dip", "dip", "dip", "rally", "limit", "cancel", "fill", "minute", "stop", "close", "pause", "kill")


@dataclass
class Outcome:
    """What became of a schedule."""

    number: int
    points: set[str] = field(default_factory=set)  # where a life ended
    losses: set[str] = field(default_factory=set)  # what went wrong on the way
    problems: list[str] = field(default_factory=list)
    orders: int = 0
    unknown: int = 0

    def pairs(self) -> Iterator[tuple[str, str]]:
        for point in self.points:
            for loss in self.losses:
                yield point, loss


def plan(number: int) -> tuple[list[str], list[tuple[str, str]]]:
    """Return the crash points and the losses of a schedule: over many of them every pair comes up alike."""
    pairs = [(point, loss) for loss in LOSSES for point in POINTS]
    step = len(pairs)
    chosen = [pairs[(number * 3 + place * (step // 3)) % step] for place in range(3)]
    return [point for point, _ in chosen], [loss for _, loss in chosen]


async def run(number: int, directory: Path, kind: str = "alpaca") -> Outcome:
    """Live through one schedule in a world of its own and look at the books at its end."""
    random = Random(number)
    outcome = Outcome(number)
    points, losses = plan(number)
    async with World(directory, number, kind) as world:
        first = True
        for point, loss in zip(points, losses, strict=True):
            await _life(world, random, point, loss, outcome, first=first)
            first = False
        await _settle_accounts(world, outcome)
    return outcome


async def _life(
    world: World, random: Random, point: str, loss: tuple[str, str], outcome: Outcome, *, first: bool
) -> None:
    """Let the program live from its start to its end at a crash point, a loss on the way."""
    cut = Cut(point if point == "during-recovery" else "", 1)
    program = await world.begin(cut, late=random.choice((0, 0, 0, 1)))
    if first and not cut.dead:
        guarded = strategy(protection=Protection(stop_loss=D(20)), timeframe="1m")
        traded: dict[str, Any] = {"symbols": (world.symbol,), "currency": world.kind.instrument.currency}
        for count in range(1 + (world.seed % 3 == 0)):  # some accounts are shared
            await program.does(program.live(name=f"Session {count}", strategy=guarded, **traded))
    if not cut.dead:
        await _trade(world, program, random, loss)
        await _look_after_unknown(world, program)
        cut.at, cut.left = point, random.choice((1, 1, 2))
        await _provoke(world, program, random, point)
    if cut.dead:
        outcome.points.add(point)
    _count_losses(world, outcome)
    await program.end()
    world.standin.speak()


async def _trade(world: World, program: Program, random: Random, loss: tuple[str, str]) -> None:
    """Do a few things while something gets lost."""
    where, kind = loss
    faults = world.standin.faults
    for number, action in enumerate(random.choices(ACTIONS, k=random.randint(2, 4))):
        if number == 0:
            more: dict[str, Any] = {"taken": random.random() < 0.5} if kind in ("502", "504") else {}
            if kind == "delay":
                more = {"late": random.random() < 0.5}
            faults.add(where, kind, random.choice((1, 1, 2)), **more)
        await _act(world, program, action)
    for action in {"submit": ("dip", "rally", "dip"), "cancel": ("limit", "cancel"), "read": ("minute",)}.get(
        where, ("dip", "rally")
    ):
        if faults.pending:
            await _act(world, program, action)


async def _look_after_unknown(world: World, program: Program) -> None:
    """Let the user look at the broker's own pages, and declare lost what is not there."""
    world.standin.release()
    await _act(world, program, "minute")
    for row in () if program.cut.dead else program.desk.sessions():
        for order in tuple(program.runner(row.session_id).unit.core.orders.values()):
            if order.status is S.UNKNOWN and world.standin.ledger.order(order.order_id) is None:
                with suppress(Dropped):
                    await program.does(program.desk.declare_lost(row.session_id, order.order_id, LOST_WORD))


async def _provoke(world: World, program: Program, random: Random, point: str) -> None:
    """Do what leads to a crash point until the program has ended there."""
    wanted = ("limit", "cancel") if point == "during-cancel" else ("dip", "rally", "fill", "limit", "close")
    for number in range(8):
        if program.cut.dead:
            return
        action = wanted[number % len(wanted)] if point == "during-cancel" else random.choice(wanted)
        await _act(world, program, action)


async def _act(world: World, program: Program, action: str) -> None:
    """Let one thing happen; the program may end in it."""
    if program.cut.dead:
        return
    with suppress(Dropped):
        await program.does(_action(world, program, action))
    with suppress(Dropped):
        await program.settle()


async def _action(world: World, program: Program, action: str) -> None:
    ids = [row.session_id for row in program.desk.sessions()]
    if not ids:
        return
    session_id, desk = ids[len(world.standin.requests) % len(ids)], program.desk
    core = program.runner(session_id).unit.core
    if action in ("dip", "rally", "stop"):
        price = {"dip": 99.0, "rally": 111.0, "stop": 70.0}[action]
        world.market(price)
        await program.bar(price, symbol=world.symbol)
    elif action == "minute":
        await program.tick(61)
    elif action == "limit":
        await program.quote(105.0, symbol=world.symbol)
        order = PlaceOrder(world.symbol, Side.BUY, D(3), kind=OrderKind.LIMIT, limit_price=D(90), confirmed=True)
        await desk.place_order(session_id, order)
    elif action == "cancel":
        for order_id in [order.order_id for order in core.orders.values() if order.kind is OrderKind.LIMIT][:1]:
            await desk.cancel_order(session_id, order_id)
    elif action == "fill":
        for order_id, working in tuple(core.orders.items()):
            if working.kind is OrderKind.LIMIT and world.standin.ledger.order(order_id) is not None:
                with suppress(Exception):
                    world.standin.fill(order_id, "1", "90")
                break
    elif action in ("pause", "kill"):
        await _interrupt(world, program, session_id, action)
    elif action == "close" and core.holdings.quantity(world.symbol):
        await desk.close_position(session_id, world.symbol, confirmed=True)


async def _interrupt(world: World, program: Program, session_id: str, action: str) -> None:
    """Pause a session or engage the kill switch for a while."""
    desk = program.desk
    if action == "pause":
        await desk.pause_session(session_id)
        await program.tick(1)
        await desk.resume_session(session_id)
        return
    await desk.engage_kill(flatten=world.seed % 2 == 0)
    await program.tick(5)
    await desk.release_kill()


def _count_losses(world: World, outcome: Outcome) -> None:
    faults = world.standin.faults
    outcome.losses.update(f"{fault.where}:{fault.kind}" for fault in faults.met)
    if faults.lag:
        outcome.losses.add("read:lag")
        faults.lag = 0
    faults.met.clear()
    faults.clear()


# the end --------------------------------------------------------------------------------------------------------------
async def _settle_accounts(world: World, outcome: Outcome) -> None:
    """Start once more on a quiet network, let everything come together, and compare the books."""
    standin = world.standin
    standin.faults.clear()
    standin.faults.lag = 0
    standin.speak()
    standin.release()
    world.market(105.0)
    program = await world.begin(Cut())
    for _ in range(4):
        await _act(world, program, "minute")
    for view in program.desk.accounts():
        outcome.unknown += len(view.unknown)
        for order in view.unknown:
            if standin.ledger.order(order.order_id) is not None:
                outcome.problems.append(f"{order.order_id} is UNKNOWN here and {order.status} there")
            await program.does(program.desk.declare_lost(order.session_id, order.order_id, LOST_WORD))
    await _act(world, program, "minute")
    outcome.orders = len(world.orders())
    outcome.problems.extend(differences(world, program))
    await program.does(program.close())
    await program.end()
