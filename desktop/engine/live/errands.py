"""What is asked of a broker about orders that are there: cancels, changes, and what became of the unanswered ones."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from desktop.domain.broker_errors import BrokerFault, CredentialsRefused, NotSent, OrderRefused
from desktop.domain.fills import OrderReport
from desktop.domain.orders import TERMINAL, Order, OrderStatus, Purpose
from desktop.engine.live.answers import order_of
from desktop.engine.live.waiting import MOST, backoff

if TYPE_CHECKING:
    from collections.abc import Callable

    from desktop.domain.broker import BrokerOrder
    from desktop.domain.effects import ReplaceAtBroker
    from desktop.engine.live.link import AccountLink
    from desktop.engine.live.live_side import LiveSide

_S = OrderStatus
_PATIENCE = 3  # cancels that fail before it is said
_CHANGEABLE = frozenset({_S.NEW, _S.PARTIALLY_FILLED})
_CANCELLABLE = frozenset({_S.PENDING_NEW, _S.NEW, _S.PARTIALLY_FILLED, _S.SUSPENDED, _S.DONE_FOR_DAY})


class Errands:
    """Requests about orders of one account; each goes on until the broker has answered it.

    Attributes:
        wanted: Ids of orders that are to be cancelled as soon as the broker shows them.
    """

    def __init__(self, link: AccountLink, killed: Callable[[], bool], reach: Callable[[str], None]) -> None:
        self._link, self._killed, self._reach = link, killed, reach
        self.wanted: set[str] = set()
        self._asking: set[str] = set()
        self._cancelling: set[str] = set()
        self._failed: Counter[str] = Counter()  # cancels of each open order that came to nothing
        self._changing: set[str] = set()
        self._unchanged: dict[str, float] = {}  # changes without an answer: when the order was first seen as it was

    @property
    def _ended(self) -> bool:
        return self._link.stopped or self._link.refused

    # cancels ---------------------------------------------------------------------------------------------------
    def cancel(self, client: LiveSide, order_id: str) -> None:
        """Ask for a cancel at once, whatever the storage does; what has not left is not sent."""
        letter = self._link.outbox.find(order_id)
        if letter is not None and not letter.posted:
            self._link.outbox.withdraw(letter, "it was cancelled before")
            return
        if letter is not None:
            self.wanted.add(order_id)  # its answer is awaited: then
            return
        order = client.core.book.find(order_id)
        if order is not None:
            self._cancel_soon(order)

    def shown(self, order: Order) -> None:
        """Take that the broker shows an order as open: perhaps it was to be cancelled all along."""
        if order.order_id in self.wanted:
            self.wanted.discard(order.order_id)
            self._cancel_soon(order)

    def _cancel_soon(self, order: Order) -> None:
        if order.order_id in self._cancelling:
            self.wanted.add(order.order_id)  # should the one under way be refused, it is asked again after a while
            return
        self._cancelling.add(order.order_id)
        self._link.tasks.run(self._cancel(order), f"cancel {order.order_id}")

    async def _cancel(self, order: Order) -> None:
        """Ask until the broker has taken the request or the order is done; asking twice harms nobody."""
        attempt = 0
        try:
            while not self._ended:
                attempt += 1
                self._reach("during-cancel")
                try:
                    await self._link.broker.cancel(order)
                except NotSent as error:
                    await self._link.pause(error.retry_after or backoff(attempt))
                except CredentialsRefused as error:
                    self._link.credentials_refused(str(error))
                except OrderRefused as error:
                    self.wanted.add(order.order_id)
                    still_open = await self._ask_once(order, reason=f"the cancel was refused: {error}")
                    if still_open:
                        self._came_to_nothing(order, f"refuses to cancel it ({str(error).rstrip('.')})")
                    if not still_open or order.order_id not in self.wanted:
                        return
                    await self._link.pause(backoff(attempt))
                except Exception as error:  # noqa: BLE001 - whatever it was, the order is to be cancelled
                    if not isinstance(error, BrokerFault):
                        self._link.on_error(error, f"cancelling {order.order_id}")
                    self._came_to_nothing(order, "does not answer to its cancel")
                    await self._link.pause(backoff(attempt))
                    self._link.reconcile_soon()
                else:
                    self._reach("during-cancel")
                    self.wanted.discard(order.order_id)
                    self._failed.pop(order.order_id, None)
                    return
        finally:
            self._cancelling.discard(order.order_id)

    def _came_to_nothing(self, order: Order, how: str) -> None:
        """Say once of an order, after a few tries, that its cancel fails: what waits for that, and what to do."""
        client = self._link.client_of(order.order_id)
        known = None if client is None else client.core.book.open.get(order.order_id)
        if client is None or known is None:
            return
        self._failed[order.order_id] += 1
        if self._failed[order.order_id] != _PATIENCE:
            return
        waits = [item for item in client.core.book.of(order.symbol) if item.status is _S.INTENT]
        after = "".join(f" {item.side.value} {item.quantity:f} {item.symbol} waits for it." for item in waits)
        stands = (
            f"The stop at {known.stop_price:f} goes on protecting the position there."
            if known.purpose is Purpose.GUARD and known.stop_price is not None
            else "It can still fill, and is booked if it does."
        )
        self._link.note(
            "cancel",
            f"The broker {how}: order {order.order_id} of {client.name}, {known.side.value} {known.quantity:f} "
            f"{known.symbol}.{after} {stands} Cancel it in the broker's own program; Assay takes note and goes on.",
        )

    def again(self, found: BrokerOrder) -> None:
        """Repeat a cancel that may never have arrived (a crash, a lost request); twice harms nobody."""
        client = self._link.client_of(found.order_id)
        known = None if client is None else client.core.book.open.get(found.order_id)
        if known is not None and known.status is _S.PENDING_CANCEL and found.status in _CANCELLABLE:
            self._cancel_soon(known)
        if known is not None and client is not None:
            self._see_change(client, known, found)

    def _see_change(self, client: LiveSide, known: Order, found: BrokerOrder) -> None:
        """Give a change up that got no answer, once the broker has shown the order as it was for a minute.

        Should it arrive after all, what the broker then says of the order counts.
        """
        order_id, now = known.order_id, self._link.clock.monotonic()
        if known.status is not _S.PENDING_REPLACE or found.status not in _CHANGEABLE or order_id in self._changing:
            self._unchanged.pop(order_id, None)
        elif now - self._unchanged.setdefault(order_id, now) >= MOST:
            del self._unchanged[order_id]
            reason = "not changed: no answer came, and the broker shows the order as it was"
            client.report(OrderReport(order_id, _S.NEW, found.updated_at, reason=reason))

    async def _ask_once(self, order: Order, *, reason: str) -> bool:
        """Find out what became of an order that cannot be cancelled; return whether the broker shows it as open."""
        try:
            found = await self._link.broker.order(order.order_id, order.symbol)
        except BrokerFault:
            self._link.reconcile_soon()
            return False
        client = self._link.client_of(order.order_id)
        if found is None or client is None:
            return False
        self.wanted.discard(order.order_id)
        self._link.take_order(found)
        if found.status in TERMINAL:
            return False
        client.report(OrderReport(order.order_id, _S.NEW, client.now(), reason=reason))
        return True

    async def cancel_everything(self) -> None:
        """Cancel by the broker's own list, whatever the sessions and their storage know; external orders stay."""
        attempt = 0
        while self._killed() and not self._ended:
            try:
                orders = await self._link.broker.open_orders()
            except BrokerFault:
                attempt += 1
                await self._link.pause(min(backoff(attempt), MOST / 4))
                continue
            for found in orders:
                client = self._link.client_of(found.order_id)
                if client is None:
                    continue
                known = client.core.book.find(found.order_id)
                if known is None or known.purpose is not Purpose.FLATTEN:
                    self._cancel_soon(known or order_of(found, client.session_id, self._link.ref.account))
            return

    # changes ---------------------------------------------------------------------------------------------------
    def replace(self, client: LiveSide, request: ReplaceAtBroker) -> None:
        """Ask for a change of a working order."""
        order = client.core.book.open.get(request.order_id)
        if order is not None:
            self._link.tasks.run(self._replace(client, order, request), f"replace {order.order_id}")

    async def _replace(self, client: LiveSide, order: Order, request: ReplaceAtBroker) -> None:
        objection = ""
        if self._killed():
            objection = "the kill switch is engaged"
        elif not self._link.broker.abilities.replaces:
            objection = "this broker changes no orders; cancel it and place another"
        if objection:
            client.report(OrderReport(order.order_id, _S.NEW, client.now(), reason=f"not changed: {objection}"))
            return
        self._changing.add(order.order_id)
        try:
            answer = await self._link.broker.replace(order, request.quantity, request.limit_price, request.stop_price)
        except (OrderRefused, NotSent, CredentialsRefused) as error:
            client.report(OrderReport(order.order_id, _S.NEW, client.now(), reason=f"not changed: {error}"))
        except Exception as error:  # noqa: BLE001 - whatever it was, the request may have left
            if not isinstance(error, BrokerFault):
                self._link.on_error(error, f"changing {order.order_id}")
            self.resolve(client, order)
        else:
            self._link.take_order(answer)
        finally:
            self._changing.discard(order.order_id)

    # unknown ---------------------------------------------------------------------------------------------------
    def resolve(self, client: LiveSide, order: Order) -> None:
        """Ask for an order until the broker shows it: that it is not found proves nothing (fault 11)."""
        if order.order_id not in self._asking:
            self._asking.add(order.order_id)
            self._link.tasks.run(self._resolve(client, order), f"ask for {order.order_id}")

    async def _resolve(self, client: LiveSide, order: Order) -> None:
        attempt, order_id = 0, order.order_id
        try:
            while not self._ended and not client.failed:
                attempt += 1
                await self._link.pause(backoff(attempt))
                known = client.core.book.open.get(order_id)
                if known is None or known.status not in (_S.UNKNOWN, _S.PENDING_REPLACE):
                    return
                if self._link.is_up and await self.ask(order):
                    return
        finally:
            self._asking.discard(order_id)

    async def ask(self, order: Order) -> bool:
        """Ask for one order; return whether it was found."""
        try:
            found = await self._link.broker.order(order.order_id, order.symbol)
        except CredentialsRefused as error:
            self._link.credentials_refused(str(error))
            return False
        except BrokerFault:
            return False
        if found is not None:
            self._link.take_order(found)
        return found is not None
