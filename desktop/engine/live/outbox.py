"""Orders on their way to a broker: each is handed over once, those of a session in a symbol in order, exits first.

This is the choke point of the kill switch: nothing is sent but from here, and the last question before a request is
made is whether it may still leave.
"""

from __future__ import annotations

import asyncio
from collections import deque
from dataclasses import dataclass
from typing import TYPE_CHECKING

from desktop.domain.broker import Pair
from desktop.domain.broker_errors import BrokerFault, CredentialsRefused, NotSent, OrderRefused
from desktop.domain.errors import ProgramBug
from desktop.domain.fills import OrderReport
from desktop.domain.messages import OrderUnresolved
from desktop.domain.orders import Order, OrderKind, OrderStatus, Purpose, Side
from desktop.engine.live.waiting import Rest, backoff

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from desktop.engine.live.link import AccountLink
    from desktop.engine.live.live_side import LiveSide

_S = OrderStatus
_LOOK, _LOOKS = 0.05, 100  # seconds between two looks for answers at the end, and how many


@dataclass(slots=True)
class Letter:
    """One order that is to be sent, or is being sent."""

    client: LiveSide
    order: Order
    posted: bool = False  # the request was made: whatever comes of it, it is not made again
    unwanted: str = ""  # why it is not to leave any more
    attempts: int = 0
    refreshed: bool = False  # the credentials were refused once and asked about since


class Outbox:
    """What waits to be sent to one account."""

    def __init__(self, link: AccountLink, killed: Callable[[], bool], reach: Callable[[str], None]) -> None:
        self._link, self._killed, self._reach = link, killed, reach
        self._boxes: dict[tuple[str, str], deque[Letter]] = {}  # by session and symbol
        self._letters: dict[str, Letter] = {}
        self._taken: set[str] = set()  # every client order id ever handed in here
        self.never_sent: dict[str, str] = {}  # ids that were handed in and certainly never left, with the reason
        self._rest = Rest(link.pause)
        self._not_before = 0.0  # monotonic seconds: the broker asked to wait

    def put(self, client: LiveSide, order: Order) -> None:
        """Take an order; an id that was here before is refused, whatever became of it."""
        if not client.belongs_to(self._link.ref) or order.account != self._link.ref.account:
            raise ProgramBug(f"Order {order.order_id} of {client.name} does not belong on {self._link.ref.key}.")
        if order.order_id in self._taken:
            self._link.note("order", f"Order {order.order_id} was handed over a second time. It was not sent again.")
            return
        self._taken.add(order.order_id)
        letter = self._letters[order.order_id] = Letter(client, order)
        place = client.session_id, order.symbol
        box = self._boxes.get(place)
        if box is not None:
            (box.append if order.side is Side.BUY else box.appendleft)(letter)
            return
        self._boxes[place] = deque([letter])
        self._link.tasks.run(self._empty(place), f"send {order.symbol} of {client.name}")

    def waiting(self) -> Iterator[Letter]:
        """Yield what has not left yet."""
        return (item for item in tuple(self._letters.values()) if not item.posted)

    def find(self, order_id: str) -> Letter | None:
        """Return an order that waits or is being sent."""
        return self._letters.get(order_id)

    def stop(self, client: LiveSide | None, reason: str, *, but_flatten: bool = False) -> None:
        """Let nothing (of one session) leave that has not left yet."""
        for letter in self.waiting():
            if client in (None, letter.client) and not (but_flatten and letter.order.purpose is Purpose.FLATTEN):
                letter.unwanted = reason
        self.wake()

    def withdraw(self, letter: Letter, reason: str) -> None:
        """Let one order not leave."""
        letter.unwanted = reason
        self.wake()

    def wake(self) -> None:
        """End the waits between attempts: something has changed."""
        self._rest.end()

    async def settled(self) -> None:
        """Wait a little for the answers to requests that were made, and for what did not leave to be told."""
        for _ in range(_LOOKS):
            if not self._letters:
                return
            await asyncio.sleep(_LOOK)

    # the worker ------------------------------------------------------------------------------------------------
    async def _empty(self, place: tuple[str, str]) -> None:
        box = self._boxes[place]
        try:
            while box:
                letter = box.popleft()
                try:
                    await self._deliver(letter)
                finally:
                    self._letters.pop(letter.order.order_id, None)
        finally:
            self._boxes.pop(place, None)

    async def _deliver(self, letter: Letter) -> None:
        """Send one order, as soon and as long as it may leave."""
        link = self._link
        while True:
            if reason := self._objection(letter):
                self._return(letter, reason)
                return
            wait = self._not_before - link.clock.monotonic()
            if wait > 0 or not link.ready:  # what happened at the broker meanwhile is learnt first
                letter.attempts += 1
                await self._rest.wait(wait if wait > 0 else backoff(letter.attempts))
                continue
            if await self._attempt(letter):
                return

    def _objection(self, letter: Letter) -> str:
        order = letter.order
        if letter.unwanted:
            return letter.unwanted
        if self._killed() and order.purpose is not Purpose.FLATTEN:
            return "the kill switch is engaged"
        if self._link.refused:
            return "the broker does not accept the credentials"
        if letter.client.is_old(order):
            return "it could not be sent in time"
        return letter.client.objection(order)

    async def _attempt(self, letter: Letter) -> bool:
        """Make the one request; return whether the order is done with here."""
        link, client, order = self._link, letter.client, letter.order
        letter.posted = True
        try:
            answer = await link.broker.submit(order, pair=_pair(order))
        except NotSent as error:
            letter.posted = False
            letter.attempts += 1
            self._not_before = max(self._not_before, link.clock.monotonic() + error.retry_after)
            if not error.retry_after:
                await self._rest.wait(backoff(letter.attempts))
            return False
        except CredentialsRefused as error:
            letter.posted = False
            if letter.refreshed or not await link.still_accepted():
                link.credentials_refused(str(error))  # the refusal is the objection now
            letter.refreshed = True
            return False
        except OrderRefused as error:
            self._reach("after-send")
            link.refused_order(client, order, error)
        except Exception as error:  # noqa: BLE001 - whatever it was, the request may have left: nobody knows
            self._reach("after-send")
            if not isinstance(error, BrokerFault):
                link.on_error(error, f"sending order {order.order_id}")
            client.hear(OrderUnresolved(client.now(), order.order_id, str(error)))
            link.errands.resolve(client, order)
        else:
            self._reach("after-send")
            link.take_order(answer)
        return True

    def _return(self, letter: Letter, reason: str) -> None:
        """Tell the session that an order did not leave, and never will under this id."""
        order, client = letter.order, letter.client
        sentence = f"It was not sent: {reason}."
        self.never_sent[order.order_id] = sentence
        status = _S.CANCELED if letter.unwanted or self._killed() else _S.REJECTED
        client.report(OrderReport(order.order_id, status, client.now(), reason=sentence))


def _pair(order: Order) -> Pair | None:
    """Return both exits of an order that is a pair of them."""
    if order.kind is not OrderKind.PAIR or order.limit_price is None or order.stop_price is None:
        return None
    return Pair(order.limit_price, order.stop_price)
