"""One account at one broker, shared by its sessions: orders out, reports in, unknown ones asked for, nothing lost."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Protocol

from desktop.domain.broker import LinkState
from desktop.domain.broker_errors import BrokerFault, CredentialsRefused, NotSent, OrderRefused
from desktop.domain.fills import OrderReport
from desktop.domain.messages import Halted
from desktop.domain.orders import TERMINAL, Order, OrderStatus, Purpose
from desktop.engine.live.answers import is_assays, order_of, prefix_of, reports_of
from desktop.engine.live.outbox import Outbox
from desktop.engine.live.reconciler import Reconciler
from desktop.engine.live.waiting import MOST, backoff

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from desktop.domain.broker import AccountInfo, BrokerOrder
    from desktop.domain.effects import ReplaceAtBroker
    from desktop.engine.live.live_side import LiveSide
    from desktop.engine.live.room import AccountRoom
    from desktop.engine.tasks import TaskSet
    from desktop.ports import Clock
    from desktop.ports.brokers import Broker
    from desktop.trading.session_core import SessionCore

_S = OrderStatus
_CANCELLABLE = frozenset({_S.PENDING_NEW, _S.NEW, _S.PARTIALLY_FILLED, _S.SUSPENDED, _S.DONE_FOR_DAY})
EVERY = 60.0  # seconds between two reconciliations
EXTERNAL_KEPT = 500
HALT_WORDS = ("halt", "suspend")


class LinkHost(Protocol):
    """What a link is given by its surroundings."""

    clock: Clock
    tasks: TaskSet

    def killed(self) -> bool: ...
    def reach(self, name: str) -> None: ...
    def on_error(self, error: BaseException, where: str) -> None: ...
    async def pause(self, seconds: float) -> None: ...


class AccountLink:
    """Owns the connection to one account.

    Attributes:
        state: Of the connection, with `detail`.
        info: The account as last read.
        ready: Connected, and reconciled since: orders may leave.
        external: Open orders that were placed elsewhere, by the broker's id.
        foreign: Ids of orders that another Assay placed on this account.
        heard: Counts reports; a comparison that was overtaken by one is made again.
    """

    def __init__(
        self,
        broker: Broker,
        room: AccountRoom,
        host: LinkHost,
        *,
        on_change: Callable[[], None],
        note: Callable[[str, str], None],
    ) -> None:
        """`on_change` hears that what is shown of the account moved; `note` puts a topic and sentence on record."""
        self.broker, self.room, self.ref = broker, room, broker.ref
        self.clock, self.tasks, self.pause, self.on_error = host.clock, host.tasks, host.pause, host.on_error
        self.note, self._changed, self._killed = note, on_change, host.killed
        self.state, self.detail = LinkState.OFF, ""
        self.info: AccountInfo | None = None
        self.ready = False
        self.external: dict[str, BrokerOrder] = {}
        self.foreign: set[str] = set()
        self.heard = 0
        self.began = host.clock.now()
        self._clients: dict[str, LiveSide] = {}
        self.outbox = Outbox(self, host.killed, host.reach)
        self.reconciler = Reconciler(self)
        self._reach = host.reach
        self._generation = 0
        self._wanted = self._reconciling = self._stopped = False
        self._asking: set[str] = set()
        self._cancelling: set[str] = set()
        self._cancel_wanted: set[str] = set()
        self._passes: list[asyncio.Future[None]] = []

    # sessions --------------------------------------------------------------------------------------------------
    @property
    def clients(self) -> Iterable[LiveSide]:
        """Every session on the account, failed ones too: what they hold is Assay's."""
        return tuple(self._clients.values())

    def cores(self) -> Iterable[SessionCore]:
        """Return the core of every session on the account."""
        return tuple(item.core for item in self._clients.values())

    def attach(self, client: LiveSide) -> None:
        """Take a session on, in the place of its predecessor; it is connected once it was reconciled."""
        before = self._clients.get(client.session_id)
        if before is not None and before is not client:
            self.outbox.stop(before, "the session was restarted")
        self._clients[client.session_id] = client
        self.reconcile_soon()

    def detach(self, session_id: str) -> None:
        """Let a session go that was deleted."""
        self._clients.pop(session_id, None)

    def client_of(self, order_id: str) -> LiveSide | None:
        """Return the session that minted an order id."""
        prefix = prefix_of(order_id)
        for client in self._clients.values():
            if client.core.state.prefix == prefix:
                return client
        return None

    # connection ------------------------------------------------------------------------------------------------
    @property
    def is_up(self) -> bool:
        """Whether the broker can be reached."""
        return self.state is LinkState.CONNECTED

    @property
    def refused(self) -> bool:
        return self.state is LinkState.REFUSED

    async def start(self) -> None:
        """Connect; what is lost later comes back by itself."""
        self._set(LinkState.CONNECTING, "")
        self.tasks.run(self._keep_reconciling(), f"reconcile {self.ref.key}")
        try:
            info = await self.broker.start(self)
        except CredentialsRefused as error:
            self.credentials_refused(str(error))
        except BrokerFault as error:
            if self.state is LinkState.CONNECTING:
                self._set(LinkState.RECONNECTING, str(error))
        else:
            self.info = info
            if not self.is_up:
                self.on_link(LinkState.CONNECTED, "")

    async def stop(self) -> None:
        """End the connection; orders at the broker are left as they are."""
        self._stopped = True
        self.ready = False
        self.outbox.stop(None, "Assay was closed")
        await self.outbox.settled()
        await self.broker.stop()
        self._set(LinkState.OFF, "closed")

    def on_link(self, state: LinkState, detail: str) -> None:
        """Take a change of the connection from the broker."""
        if state is LinkState.REFUSED:
            self.credentials_refused(detail)
            return
        self._generation += 1
        self.ready = False
        self._set(state, detail)
        self.outbox.wake()
        if state is LinkState.CONNECTED:
            self.reconcile_soon()
            return
        for client in self.clients:
            client.lost(detail or state.value)

    def credentials_refused(self, detail: str) -> None:
        """Stop everything that needs credentials; its sessions pause (fault 19)."""
        if self.refused:
            return
        self._generation += 1
        self.ready = False
        self._set(LinkState.REFUSED, detail)
        reason = f"the broker does not accept the credentials of {self.ref.key}: {detail}"
        self.note("credentials", f"{reason}. Replace them; positions stay as they are at the broker.")
        for client in self.clients:
            client.lost(reason)
            client.pause(reason)

    def _set(self, state: LinkState, detail: str) -> None:
        self.state, self.detail = state, detail
        self._changed()

    # reconciling -----------------------------------------------------------------------------------------------
    def reconcile_soon(self) -> None:
        """Compare with the broker as soon as it can be reached."""
        self._wanted = True
        if not self._reconciling and self.is_up and not self._stopped:
            self._reconciling = True
            self.tasks.run(self._reconcile(), f"reconcile {self.ref.key}")

    async def reconcile(self) -> None:
        """Compare with the broker now; returns once a comparison that began after the call is done.

        Raises:
            NotSent: the broker cannot be reached.
        """
        if not self.is_up:
            raise NotSent(f"{self.ref.key} is not connected: {self.detail or self.state.value}.")
        done: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._passes.append(done)
        self.reconcile_soon()
        await done

    async def _reconcile(self) -> None:
        attempt = 0
        try:
            while self._wanted and self.is_up and not self._stopped:
                self._wanted = False
                generation, clients = self._generation, self.clients
                passes, self._passes = self._passes, []
                try:
                    await self.reconciler.run()
                except CredentialsRefused as error:
                    _end(passes, error)
                    self.credentials_refused(str(error))
                except BrokerFault as error:
                    _end(passes, error)
                    attempt += 1
                    self._wanted = True
                    self._set(self.state, f"it could not be reconciled: {error}")
                    await self.pause(backoff(attempt))
                else:
                    attempt = 0
                    if generation == self._generation:
                        self._reconciled(clients)
                    _end(passes, None)
        finally:
            self._reconciling = False
            _end(self._passes, NotSent(f"{self.ref.key} is not connected."))

    def _reconciled(self, clients: Iterable[LiveSide]) -> None:
        self.ready = True
        self._set(self.state, "")
        for client in clients:
            if self._clients.get(client.session_id) is client:
                client.connected()
        self.settle_kill()

    async def _keep_reconciling(self) -> None:
        while not self._stopped:
            await self.pause(EVERY)
            self._lift_halts()
            self.reconcile_soon()

    # orders out ------------------------------------------------------------------------------------------------
    def submit(self, client: LiveSide, order: Order) -> None:
        """Send an order whose sending is durable."""
        self.outbox.put(client, order)

    def not_sent(self, client: LiveSide, order: Order, sentence: str) -> None:
        """Tell that an order certainly never left."""
        client.report(OrderReport(order.order_id, _S.REJECTED, client.now(), reason=sentence))

    def refused_order(self, client: LiveSide, order: Order, error: OrderRefused) -> None:
        """Tell that the broker said no; a halted market holds what follows (fault 24)."""
        said = str(error)
        if any(word in f"{said} {error.code}".lower() for word in HALT_WORDS):
            self.halt(order.symbol, said)
        client.report(OrderReport(order.order_id, _S.REJECTED, client.now(), reason=said))

    def halt(self, symbol: str, reason: str) -> None:
        """Hold what would be sent in a symbol; an empty reason lets go."""
        for client in self.clients:
            if symbol in client.core.marks:
                client.hear(Halted(client.now(), symbol, reason))

    def _lift_halts(self) -> None:
        """Try again after a while: brokers do not all say when a halt is over."""
        for client in self.clients:
            outside = client.core.outside
            for symbol in tuple(outside.halts) if outside is not None else ():
                client.hear(Halted(client.now(), symbol, ""))

    def cancel(self, client: LiveSide, order_id: str) -> None:
        """Ask for a cancel at once, whatever the storage does; what has not left is not sent."""
        letter = self.outbox.find(order_id)
        if letter is not None and not letter.posted:
            self.outbox.withdraw(letter, "it was cancelled before")
            return
        if letter is not None:
            self._cancel_wanted.add(order_id)  # its answer is awaited: then
            return
        order = client.core.book.find(order_id)
        if order is not None:
            self._cancel_soon(order)

    def _cancel_soon(self, order: Order) -> None:
        if order.order_id not in self._cancelling:
            self._cancelling.add(order.order_id)
            self.tasks.run(self._cancel(order), f"cancel {order.order_id}")

    async def _cancel(self, order: Order) -> None:
        """Ask until the broker has taken the request or the order is done; asking twice harms nobody."""
        attempt = 0
        try:
            while not self._stopped and not self.refused:
                attempt += 1
                self._reach("during-cancel")
                try:
                    await self.broker.cancel(order)
                except NotSent as error:
                    await self.pause(error.retry_after or backoff(attempt))
                except CredentialsRefused as error:
                    self.credentials_refused(str(error))
                except OrderRefused as error:
                    self._cancel_wanted.add(order.order_id)
                    await self._ask_once(order, reason=f"the cancel was refused: {error}")
                    return
                except BrokerFault:
                    await self.pause(backoff(attempt))
                    self.reconcile_soon()
                else:
                    self._reach("during-cancel")
                    self._cancel_wanted.discard(order.order_id)
                    return
        finally:
            self._cancelling.discard(order.order_id)

    async def _ask_once(self, order: Order, *, reason: str) -> None:
        """Find out what became of an order that cannot be cancelled."""
        try:
            found = await self.broker.order(order.order_id, order.symbol)
        except BrokerFault:
            self.reconcile_soon()
            return
        client = self.client_of(order.order_id)
        if found is None or client is None:
            return
        self._cancel_wanted.discard(order.order_id)
        self.take_order(found)
        if found.status not in TERMINAL:
            client.report(OrderReport(order.order_id, _S.NEW, client.now(), reason=reason))

    def replace(self, client: LiveSide, request: ReplaceAtBroker) -> None:
        """Ask for a change of a working order."""
        order = client.core.book.open.get(request.order_id)
        if order is not None:
            self.tasks.run(self._replace(client, order, request), f"replace {order.order_id}")

    async def _replace(self, client: LiveSide, order: Order, request: ReplaceAtBroker) -> None:
        objection = ""
        if self._killed():
            objection = "the kill switch is engaged"
        elif not self.broker.abilities.replaces:
            objection = "this broker changes no orders; cancel it and place another"
        if objection:
            client.report(OrderReport(order.order_id, _S.NEW, client.now(), reason=f"not changed: {objection}"))
            return
        try:
            answer = await self.broker.replace(order, request.quantity, request.limit_price, request.stop_price)
        except (OrderRefused, NotSent, CredentialsRefused) as error:
            client.report(OrderReport(order.order_id, _S.NEW, client.now(), reason=f"not changed: {error}"))
        except BrokerFault:
            self.resolve(client, order)
        else:
            self.take_order(answer)

    # unknown ---------------------------------------------------------------------------------------------------
    def resolve(self, client: LiveSide, order: Order) -> None:
        """Ask for an order until the broker shows it: that it is not found proves nothing (fault 11)."""
        if order.order_id not in self._asking:
            self._asking.add(order.order_id)
            self.tasks.run(self._resolve(client, order), f"ask for {order.order_id}")

    async def _resolve(self, client: LiveSide, order: Order) -> None:
        attempt, order_id = 0, order.order_id
        try:
            while not self._stopped and not self.refused and not client.failed:
                attempt += 1
                await self.pause(backoff(attempt))
                known = client.core.book.open.get(order_id)
                if known is None or known.status not in (_S.UNKNOWN, _S.PENDING_REPLACE):
                    return
                if self.is_up and await self.ask(order):
                    return
        finally:
            self._asking.discard(order_id)

    async def ask(self, order: Order) -> bool:
        """Ask for one order; return whether it was found."""
        try:
            found = await self.broker.order(order.order_id, order.symbol)
        except CredentialsRefused as error:
            self.credentials_refused(str(error))
            return False
        except BrokerFault:
            return False
        if found is not None:
            self.take_order(found)
        return found is not None

    # reports in ------------------------------------------------------------------------------------------------
    def on_report(self, report: OrderReport) -> None:
        """Take what the order stream says."""
        self.heard += 1
        client = self.client_of(report.order_id)
        if client is None or client.core.book.find(report.order_id) is None:
            self.reconcile_soon()  # an order of elsewhere, or one that was never stored
            return
        client.report(report)
        known = client.core.book.find(report.order_id)
        if known is not None and report.cumulative is not None and known.filled < report.cumulative:
            self.reconcile_soon()  # an execution is missing
        if report.status in TERMINAL:
            self._cancel_wanted.discard(report.order_id)

    def on_order(self, order: BrokerOrder) -> None:
        """Take the whole state of an order, wherever it was placed."""
        self.heard += 1
        self.take_order(order)

    def take_order(self, found: BrokerOrder) -> None:
        """Bring the journal of its session to what the broker says of an order; others are shown."""
        client = self.client_of(found.order_id)
        if client is None:
            self._take_foreign(found)
            return
        known = client.core.book.find(found.order_id)
        if known is None:
            self.reconciler.take_lost(client, found)
            known = client.core.book.find(found.order_id)
            if known is None:
                return
        before = known.filled
        client.report(*reports_of(found, known, client.knows))
        after = client.core.book.find(found.order_id)
        if after is not None and found.filled > max(before, after.filled):
            self.reconcile_soon()  # it filled, and the executions are still to come
        if found.order_id in self._cancel_wanted and found.status not in TERMINAL and after is not None:
            self._cancel_wanted.discard(found.order_id)
            self._cancel_soon(after)

    def _take_foreign(self, found: BrokerOrder) -> None:
        """Show an order that was placed elsewhere; one of another Assay pauses entries (fault 29)."""
        key = found.broker_order_id or found.order_id
        if found.status in TERMINAL:
            if self.external.pop(key, None) is not None:
                self._changed()
        else:
            if key not in self.external:
                self.note(
                    "external order",
                    f"{found.symbol}: {found.side.value} {found.quantity:f} was placed outside this program "
                    f"({found.order_id}). It is shown and left alone.",
                )
            self.external[key] = found
            if len(self.external) > EXTERNAL_KEPT:
                del self.external[next(iter(self.external))]
            self._changed()
        fresh = found.status not in TERMINAL or found.created_at >= self.began
        if is_assays(found.order_id) and fresh and found.order_id not in self.foreign:
            self.foreign.add(found.order_id)
            self.note("foreign order", f"Another Assay trades on {self.ref.key}: order {found.order_id}.")
            for client in self.clients:
                client.pause(f"another Assay trades on {self.ref.key} (order {found.order_id})")

    # kill switch -----------------------------------------------------------------------------------------------
    def settle_kill(self) -> None:
        """Cancel again what the switch was to cancel when the program ended or the connection was lost."""
        if self._killed():
            self.kill()

    def cancel_again(self, found: BrokerOrder) -> None:
        """Repeat a cancel that may never have arrived (a crash, a lost request); twice harms nobody."""
        client = self.client_of(found.order_id)
        known = None if client is None else client.core.book.open.get(found.order_id)
        if known is not None and known.status is _S.PENDING_CANCEL and found.status in _CANCELLABLE:
            self._cancel_soon(known)

    def kill(self) -> None:
        """Let nothing leave but the sells of the switch, and cancel at the broker what Assay has there."""
        self.outbox.stop(None, "the kill switch is engaged", but_flatten=True)
        self.tasks.run(self._cancel_everything(), f"kill {self.ref.key}")

    async def _cancel_everything(self) -> None:
        """Cancel by the broker's own list, whatever the sessions and their storage know; external orders stay."""
        attempt = 0
        while self._killed() and not self._stopped and not self.refused:
            try:
                orders = await self.broker.open_orders()
            except BrokerFault:
                attempt += 1
                await self.pause(min(backoff(attempt), MOST / 4))
                continue
            for found in orders:
                client = self.client_of(found.order_id)
                if client is None:
                    continue
                known = client.core.book.find(found.order_id)
                if known is None or known.purpose is not Purpose.FLATTEN:
                    self._cancel_soon(known or order_of(found, client.session_id, self.ref.account))
            return


def _end(passes: list[asyncio.Future[None]], error: BaseException | None) -> None:
    """Answer those who wait for a comparison."""
    for done in passes:
        if not done.done():
            if error is None:
                done.set_result(None)
            else:
                done.set_exception(error)
    passes.clear()
