"""One account at one broker, shared by its sessions: orders out, reports in, unknown ones asked for, nothing lost."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from desktop.domain.broker import LinkState
from desktop.domain.broker_errors import BrokerFault, CredentialsRefused, OrderRefused
from desktop.domain.fills import OrderReport
from desktop.domain.messages import Halted
from desktop.domain.orders import TERMINAL, Order, OrderStatus
from desktop.engine.live.answers import prefix_of, reports_of
from desktop.engine.live.comparing import EVERY, Comparing
from desktop.engine.live.errands import Errands
from desktop.engine.live.money import Money
from desktop.engine.live.outbox import Outbox
from desktop.engine.live.promptness import SLOW, WatchedBroker
from desktop.engine.live.reconciler import Reconciler
from desktop.engine.live.strangers import Strangers
from desktop.trading.halts import BROKER

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from decimal import Decimal

    from desktop.domain.broker import AccountInfo, BrokerOrder
    from desktop.engine.live.live_side import LiveSide
    from desktop.engine.live.room import AccountRoom
    from desktop.engine.tasks import TaskSet
    from desktop.ports import Clock
    from desktop.ports.brokers import Broker
    from desktop.trading.session_core import SessionCore

_S = OrderStatus
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
        heard: Counts reports; a comparison that was overtaken by one is made again.
        outbox, errands, comparing, reconciler, money, strangers: Its parts: what leaves, what is asked about orders,
            when and how books are compared, what the account has, and orders that were placed elsewhere.
        stopped: Assay ends.
        opened_at: µs UTC, when it was opened in this launch.
    """

    def __init__(
        self,
        broker: Broker,
        room: AccountRoom,
        host: LinkHost,
        *,
        on_change: Callable[[], None],
        note: Callable[[str, str], None],
        keep: Callable[[], None],
    ) -> None:
        """`on_change` hears that what is shown of the account moved; `note` puts a topic and sentence on record.

        `keep` stores the account's record after a comparison.
        """
        self._keep = keep
        self.room, self.ref = room, broker.ref
        self.clock, self.tasks, self.pause, self.on_error = host.clock, host.tasks, host.pause, host.on_error
        self.broker = WatchedBroker(broker, host.pause, on_change)
        self.note, self._changed, self._killed = note, on_change, host.killed
        self.state, self.detail = LinkState.OFF, ""
        self.info: AccountInfo | None = None
        self.ready = False
        self.heard = 0
        self.strangers = Strangers(self, on_change, since=host.clock.now())
        self._clients: dict[str, LiveSide] = {}
        self.outbox = Outbox(self, host.killed, host.reach)
        self.errands = Errands(self, host.killed, host.reach)
        self.reconciler = Reconciler(self)
        self._refused_halts: set[str] = set()
        self.opened_at = host.clock.now()
        self.stopped = False
        self.comparing = Comparing(self)
        self.money = Money(self)

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
        self._refused_halts.update(client.core.halts.said_by(BROKER))  # of the launch before: tried again all the same
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
    def is_slow(self) -> bool:
        """Whether it stands, and a request has been waiting for its answer for too long."""
        return self.is_up and self.broker.is_slow

    @property
    def words(self) -> str:
        """What there is to say about the connection, slowness included."""
        slow = f"It is slow to answer: a request has waited for more than {SLOW:g} s." if self.is_slow else ""
        return " ".join(part for part in (self.detail, slow) if part)

    @property
    def refused(self) -> bool:
        return self.state is LinkState.REFUSED

    async def start(self) -> None:
        """Connect; what is lost later comes back by itself."""
        self.tasks.run(self.comparing.keep_on(), f"reconcile {self.ref.key}")
        await self._connect()

    async def renew(self, broker: Broker) -> None:
        """Go on with another adapter of the same account: its credentials were replaced."""
        await self.broker.stop()
        self.broker = WatchedBroker(broker, self.pause, self._changed)
        await self._connect()

    async def _connect(self) -> None:
        self._set(LinkState.CONNECTING, "")
        try:
            info = await self.broker.start(self)
        except CredentialsRefused as error:
            self.credentials_refused(str(error))
        except BrokerFault as error:
            if self.state is LinkState.CONNECTING:
                self._set(LinkState.RECONNECTING, str(error))
        except Exception as error:  # noqa: BLE001 - an adapter's own mistake must not leave the account for good
            self.on_error(error, f"connecting {self.ref.key}")
            if not self.is_up:
                self._set(LinkState.RECONNECTING, f"it could not be connected ({type(error).__name__})")
                self.tasks.run(self._connect_later(self.broker), f"connect {self.ref.key} again")
        else:
            self.info = info
            if not self.is_up:
                self.on_link(LinkState.CONNECTED, "")

    async def _connect_later(self, broker: WatchedBroker) -> None:
        await self.pause(EVERY)
        if broker is self.broker and not (self.stopped or self.is_up or self.refused):
            await self.broker.stop()
            await self._connect()

    async def stop(self) -> None:
        """End the connection; orders at the broker are left as they are."""
        self.stopped = True
        self.ready = False
        self.outbox.stop(None, "Assay was closed")
        await self.outbox.settled()
        await self.broker.stop()
        self._set(LinkState.OFF, "closed")

    def on_link(self, state: LinkState, detail: str) -> None:
        """Take a change of the connection from the broker; that it ends with Assay is no loss of it."""
        if self.stopped:
            self._set(state, detail)
            return
        if state is LinkState.REFUSED:
            self.credentials_refused(detail)
            return
        self.comparing.begin_anew()
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
        self.comparing.begin_anew()
        self.ready = False
        self._set(LinkState.REFUSED, detail)
        reason = f"the broker does not accept the credentials of {self.ref.key}: {detail}"
        self.note("credentials", f"{reason.rstrip('.')}. Replace them; positions stay as they are at the broker.")
        for client in self.clients:
            client.lost(reason)
            client.pause(reason)

    async def still_accepted(self) -> bool:
        """Ask once more whether the credentials hold: one refusal may be the broker's own trouble."""
        try:
            self.info = await self.broker.account()
        except CredentialsRefused:
            return False
        except BrokerFault:
            return True
        return True

    def say(self, detail: str) -> None:
        """Show what there is to say about the connection as it stands."""
        self._set(self.state, detail)

    def _set(self, state: LinkState, detail: str) -> None:
        self.state, self.detail = state, detail
        self._changed()

    # reconciling -----------------------------------------------------------------------------------------------
    def reconcile_soon(self, *, missing: bool = False) -> None:
        """Compare with the broker as soon as it can be reached; `missing`: for something that may need time to show."""
        self.comparing.soon(missing=missing)

    async def reconcile(self) -> None:
        """Compare with the broker now; returns once a comparison that began after the call is done.

        Raises:
            BrokerFault: the broker cannot be reached, or a read failed.
        """
        await self.comparing.now()

    def take_money(self, info: AccountInfo, then: tuple[Decimal, Mapping[str, Decimal]]) -> None:
        """Take what the broker says of the account; `then`: of the journals when it was asked."""
        self.info = info
        self.room.read(info, then)
        self._changed()

    def reconciled(self, clients: Iterable[LiveSide]) -> None:
        """Take that journals and broker were compared since the connection stands: orders may leave."""
        self.ready = True
        self.say("")
        self._keep()
        for client in clients:
            if self._clients.get(client.session_id) is client:
                client.connected()
        self.outbox.wake()
        if self._killed():
            self.kill()  # what it was to cancel may never have arrived

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
            self._refused_halts.add(order.symbol)
            self.halt(order.symbol, said)
        client.report(OrderReport(order.order_id, _S.REJECTED, client.now(), reason=said))

    def halt(self, symbol: str, reason: str) -> None:
        """Hold what would be sent in a symbol; an empty reason lets go."""
        for client in self.clients:
            if symbol in client.core.marks:
                client.hear(Halted(client.now(), symbol, reason))

    def lift_halts(self) -> None:
        """Try again after a while where only a refusal told of the halt: nobody tells when it is over."""
        for symbol in tuple(self._refused_halts):
            self.halt(symbol, "")
        self._refused_halts.clear()

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
        stated = report.cumulative
        if known is not None and stated is not None and known.filled < min(stated, known.quantity):
            self.reconcile_soon(missing=True)  # an execution is missing
        if report.status in TERMINAL:
            self.errands.wanted.discard(report.order_id)

    def on_order(self, order: BrokerOrder) -> None:
        """Take the whole state of an order, wherever it was placed."""
        self.heard += 1
        self.take_order(order)

    def take_order(self, found: BrokerOrder) -> None:
        """Bring the journal of its session to what the broker says of an order; others are shown."""
        client = self.client_of(found.order_id)
        if client is None:
            self.strangers.take(found)
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
        if after is not None and min(found.filled, after.quantity) > max(before, after.filled):
            self.reconciler.short.add(found.order_id)
            self.reconcile_soon(missing=True)  # it filled, and the executions are still to come
        else:
            self.reconciler.short.discard(found.order_id)
        if after is not None and found.status not in TERMINAL:
            self.errands.shown(after)

    # kill switch -----------------------------------------------------------------------------------------------
    def kill(self) -> None:
        """Let nothing leave but the sells of the switch, and cancel at the broker what Assay has there."""
        self.outbox.stop(None, "the kill switch is engaged", but_flatten=True)
        self.tasks.run(self.errands.cancel_everything(), f"kill {self.ref.key}")
