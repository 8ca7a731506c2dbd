"""The live half of a session: its requests on their way to the account, and what the account tells it.

An order leaves in three steps, each durable before the next: its intent, that it is being sent, and then the sending.
So what is stored as an intent certainly never left, and what is stored as sending may have.
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from desktop.domain.broker import AccountRef
from desktop.domain.commands import Arm, Disarm, Pause, Recovered
from desktop.domain.effects import CancelAtBroker, ReplaceAtBroker, SubmitOrder
from desktop.domain.errors import AssayError
from desktop.domain.events import FillBooked
from desktop.domain.messages import LinkChanged, OrderSending, Report
from desktop.domain.orders import OrderStatus, Purpose, Side
from desktop.domain.sessions import SessionState
from desktop.engine.commits import durable
from desktop.engine.live.away import Away

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Sequence
    from concurrent.futures import Future

    from desktop.domain.commands import Command
    from desktop.domain.effects import BrokerRequest
    from desktop.domain.events import Fact
    from desktop.domain.fills import OrderReport
    from desktop.domain.messages import Message
    from desktop.domain.orders import Order
    from desktop.engine.live.link import AccountLink
    from desktop.engine.runner import SessionRunner
    from desktop.ports import Store
    from desktop.trading.session_core import SessionCore

_S = OrderStatus


class LiveSide:
    """One session on its account; made with its runner, gone with it.

    Attributes:
        since: µs UTC: what the broker did from here on may be unknown here.
        resume: Whether a recovery goes back to running; at the program's start live sessions come back paused.
        armed: The user armed it in this launch.
    """

    def __init__(self, runner: SessionRunner, link: AccountLink, store: Store, reach: Callable[[str], None]) -> None:
        self._runner, self._link, self._store, self._reach = runner, link, store, reach
        self._waiting: list[BrokerRequest] = []
        self.since = runner.unit.core.state.now or runner.market.now()
        self.resume = True
        self._away = Away(link.opened_at, link.note)

    # what it is ------------------------------------------------------------------------------------------------
    @property
    def session_id(self) -> str:
        return self._runner.session_id

    @property
    def name(self) -> str:
        return self._runner.settings.name

    @property
    def core(self) -> SessionCore:
        return self._runner.unit.core

    @property
    def failed(self) -> bool:
        return self._runner.failed

    @property
    def armed(self) -> bool:
        outside = self.core.outside
        return outside is not None and outside.armed

    def now(self) -> int:
        """Return message time, µs UTC."""
        return self._runner.market.now()

    # out -------------------------------------------------------------------------------------------------------
    def take(self, requests: Sequence[BrokerRequest]) -> None:
        """Take what a step asks of the broker: cancels go at once, the rest once the step is durable."""
        for request in requests:
            if isinstance(request, CancelAtBroker):
                self._link.errands.cancel(self, request.order_id)
            else:
                self._waiting.append(request)
        if self._waiting:
            self._reach("before-intent")

    def handed_in(self, future: Future[None] | None) -> None:
        """Note the commit that what was taken waits for; None: the storage takes nothing now."""
        requests, self._waiting = self._waiting, []
        if not requests:
            return
        if future is None:
            self._waiting = requests
            self._leave(_flattening(requests), urgent=True)
            return
        loop = asyncio.get_running_loop()
        future.add_done_callback(lambda done: _on_loop(loop, self._durable, done, requests))
        if urgent := _flattening(requests):
            self._link.tasks.run(self._not_waiting(future, urgent), f"flatten {self.session_id}")

    def _durable(self, done: Future[None], requests: Sequence[BrokerRequest]) -> None:
        if done.exception() is None:
            self._leave(requests)

    async def _not_waiting(self, future: Future[None], requests: Sequence[BrokerRequest]) -> None:
        """Let the sells of the kill switch leave although the storage takes no writes: they only take risk away."""
        await durable(self._store, future, patient=False)
        if not future.done():
            self._leave(requests, urgent=True)

    def _leave(self, requests: Sequence[BrokerRequest], *, urgent: bool = False) -> None:
        """Mark as being sent what is still wanted, and send it once that is durable."""
        if self.failed:
            return
        self._reach("after-intent")
        book, ids = self.core.book, []
        for request in requests:
            if isinstance(request, ReplaceAtBroker):
                self._link.errands.replace(self, request)
            elif isinstance(request, SubmitOrder):
                order = book.open.get(request.order.order_id)
                if order is not None and order.status is _S.INTENT:
                    ids.append(order.order_id)
        if not ids:
            return
        future = self.hear(*(OrderSending(self.now(), order_id) for order_id in ids))
        if urgent or future is None:
            self._send(ids, urgent=True)
            return
        loop = asyncio.get_running_loop()
        future.add_done_callback(lambda done: _on_loop(loop, self._sending, done, ids))

    def _sending(self, done: Future[None], ids: Sequence[str]) -> None:
        if done.exception() is None:
            self._send(ids)

    def _send(self, ids: Sequence[str], *, urgent: bool = False) -> None:
        self._reach("while-sending")
        for order_id in ids:
            order = self.core.book.open.get(order_id)
            if order is None or order.status is not _S.SENDING or self.failed:
                continue
            if not urgent or order.purpose is Purpose.FLATTEN:
                self._link.submit(self, order)

    def objection(self, order: Order) -> str:
        """Return why an order may not leave at this instant; empty: it may. Asked last before it is sent."""
        core = self.core
        current = core.book.open.get(order.order_id)
        if self.failed or current is None or current.status is not _S.SENDING:
            return "the session no longer stands where it was ordered"
        if core.state.kill and order.purpose is not Purpose.FLATTEN:
            return "the kill switch is engaged"
        if order.side is Side.BUY and core.status is not SessionState.RUNNING:
            return f"the session is {core.status.value}"
        if order.side is Side.BUY and not self.armed:
            return "the session is not armed"
        outside = core.outside
        if order.side is Side.BUY and outside is not None and order.symbol in (*outside.differences, *outside.halts):
            return f"{order.symbol} was frozen meanwhile"
        if outside is not None and order.symbol in outside.differences and self._held_by_difference(order):
            return f"the broker and Assay no longer agree on {order.symbol}"
        return ""

    def _held_by_difference(self, order: Order) -> bool:
        """Whether a sell may not leave over a difference; a close that the user confirmed may, but not short."""
        if order.purpose is Purpose.GUARD and self.core.outside is not None:
            return not self.core.outside.covers(order.symbol)
        if order.purpose is Purpose.CLOSE:
            holding = self._link.reconciler.holdings.get(order.symbol)
            return holding is not None and order.quantity > holding.broker
        return order.purpose is not Purpose.FLATTEN

    def belongs_to(self, ref: AccountRef) -> bool:
        """Whether the session trades on an account, and fills nothing by itself (invariant 10)."""
        settings = self._runner.settings
        return AccountRef(settings.broker, settings.account) == ref and self._runner.unit.venue is None

    def is_old(self, order: Order) -> bool:
        """Whether an entry waited longer than its signal lives; an exit never does."""
        return order.side is Side.BUY and self.now() - order.created_at > self._runner.settings.signal_ttl

    # in --------------------------------------------------------------------------------------------------------
    def hear(self, *messages: Message) -> Future[None] | None:
        """Let the core take what the account says, also while the storage is down."""
        return self._runner.hear(messages)

    def report(self, *reports: OrderReport) -> None:
        """Let the core fold reports in."""
        now = self.now()
        if reports:
            self.hear(*(Report(now, item) for item in reports))

    def about_to_commit(self, facts: Sequence[Fact]) -> None:
        """Pass the crash point of an execution: folded in, not stored yet."""
        self._away.see(facts)
        if any(isinstance(fact, FillBooked) for fact in facts):
            self._link.money.moved()
            self._reach("inside-fill")

    def knows(self, execution_id: str) -> bool:
        """Whether an execution is booked."""
        return self.core.holdings.knows(execution_id)

    def connected(self, detail: str = "") -> None:
        """Tell that the account is connected and reconciled; a session that recovers goes on."""
        self.hear(LinkChanged(self.now(), connected=True, detail=detail))
        self._away.tell(self.core)
        if self.core.status is SessionState.RECOVERING and not self.failed:
            self._ask(Recovered(self.resume))
            if self.core.status is not SessionState.RECOVERING:
                self.resume = True

    def recover(self, *, resume: bool) -> None:
        """Go on after a recovery once the account was reconciled; unknown orders are asked for there."""
        self.resume = resume
        self._link.reconcile_soon()

    def lost(self, detail: str) -> None:
        """Tell that the connection is lost."""
        self.hear(LinkChanged(self.now(), connected=False, detail=detail))

    def pause(self, reason: str) -> None:
        """Pause entries where the session runs."""
        if self.core.status is SessionState.RUNNING:
            self._ask(Pause(reason))

    def stay_armed(self) -> None:
        """Arm a session that was rebuilt from what is stored: it was armed in this launch."""
        self._ask(Arm())

    def disarm(self, reason: str) -> None:
        """Let it buy no more."""
        if self.armed:
            self._ask(Disarm(reason))

    async def ask(self, command: Command) -> None:
        """Carry out what the user decided about the account."""
        await self._runner.ask(command)

    def _ask(self, command: Arm | Disarm | Pause | Recovered) -> None:
        """Carry out a command at once; that it is durable is waited for behind."""
        if self.failed:
            return
        try:
            answer = self._runner.order(command, by="engine")
        except AssayError as error:
            self._link.on_error(error, self.session_id)
            return
        self._link.tasks.run(self._answered(answer), f"{type(command).__name__} {self.session_id}")

    async def _answered(self, answer: Awaitable[None]) -> None:
        try:
            await answer
        except AssayError as error:
            self._link.on_error(error, self.session_id)


def _flattening(requests: Sequence[BrokerRequest]) -> list[BrokerRequest]:
    return [item for item in requests if isinstance(item, SubmitOrder) and item.order.purpose is Purpose.FLATTEN]


def _on_loop(loop: asyncio.AbstractEventLoop, call: Callable[..., None], *arguments: object) -> None:
    """Hand a call from the storage thread to the loop; at shutdown the loop may be gone already."""
    if not loop.is_closed():
        loop.call_soon_threadsafe(call, *arguments)
