"""What every stand-in of a broker shares: a venue that is really there, on loopback sockets, and breaks on request.

A stand-in is a real server (aiohttp.web) that a real adapter talks to. A test runs it in its own loop::

    async with AlpacaStandin(cash=Decimal(100_000)) as standin:      # also: await standin.start() / .stop()
        standin.price("SPY", "100.00", "100.02")                     # moves the market and fills what is due
        broker = AlpacaBroker(ref, key_id=standin.key_id, secret=standin.secret, ..., url=standin.url)
        ...
        standin.ledger.check_no_duplicates()

or as a process of its own, which survives the client and prints its port as its first line (`process.py` starts it,
moves its market and reads its ledger)::

    python -m tests.helpers.standins.alpaca --port 0 --ledger FILE [--cash 100000] [--price SPY=100.00,100.02]

Vocabulary (lower case, neutral; each stand-in translates it to its own wire): side "buy"|"sell"; kind "market"|"limit"|
"stop"|"stop_limit"; time in force "day"|"gtc"; status "new"|"held"|"partially_filled"|"filled"|"pending_cancel"|
"canceled"|"expired"|"rejected"|"replaced". Money is Decimal, times are µs UTC.

`Standin` (below)
    url, port, key_id, secret          where it is and the credentials it accepts ("revoke" makes it accept none)
    clock                              anything with `now()` (µs UTC); the wall clock unless given
    await start(port=0) / stop()       listening; stop closes every socket and leaves no task; with
                                       start(standin.port) the venue is back later, with its books
    price(symbol, bid, ask, size=None) the market moves; market orders fill at once, limits and stops when crossed;
                                       `size`: no more than that trades at this price (part fills)
    fill(client_id, quantity=None, price=None)   a fill by hand, whatever the market says
    expire(client_id) / reject(client_id, reason) / end_of_day()
    set_status(client_id, status)      "suspended"|"done_for_day"|"stopped"|"calculated"|"accepted"|"pending_new"|"new"
    holds_cancels = True               cancels stay pending until cancel_elsewhere(id) or refuse_cancel(id)
    holds_replaces = True              replaces stay pending until settle_replace(id); a fill before it rejects them
    place_elsewhere(symbol=, side=, quantity=, kind="market", limit_price=None, client_id=None, ...) -> StandinOrder
                                       an order by hand, or of another machine (give it a client id like Assay's)
    cancel_elsewhere(client_id)
    halt(symbol) / resume(symbol)      a trading halt: orders are taken, nothing matches
    split(symbol, new, old)            positions are multiplied by new/old, open orders are cancelled
    bust(execution_id)                 the venue takes an execution back: position and cash are corrected
    revoke() / restore()               credentials are refused (open sockets are closed) / accepted again
    silence() / speak()                streams stay open, say nothing and answer no ping / say what happens from now on
    drop_sockets()                     every stream is cut, without a farewell
    release()                          answers held back by "delay" go out
    await settled()                    everything said so far was handed to the sockets
    await connected(n=1)               until n streams are listening
    await until(condition)             until `condition()` holds; looked at after every request and message
    requests: list[Request]            every HTTP request, in order (where, method, path, body, client_id, outcome)
    ledger: Ledger, venue: Venue, faults: Faults

`Faults` (faults.py): `standin.faults.add(where, kind, count=1, ...)`: the next `count` requests (messages) of a
place meet the fault, in the order added. where:
"submit"|"cancel"|"replace"|"read"|"stream" (orders)|"history" (market
data)|"data" (its stream).
    requests: "lose-request"           connection closed before it is taken
              "lose-answer"            taken, then the connection is closed without an answer
              "delay"                  taken, the answer waits for `after=n` further requests, or for release();
                                       with late=True it is taken only then
              429                      not taken; Retry-After: `retry_after` seconds
              500|502|504              `taken=False|True`
              "reject"                 refused with the venue's words (`message=`); with late=True it is taken and the
                                       stream tells of the rejection
              "part-fill"  (submit)    only `quantity` (default: half) of that order fills by itself
              "lag"        (read)      reads do not show orders younger than `count` reads
              "unreadable"             taken; the answer is not JSON
              "revoke", "halt"         as revoke(), halt(symbol of the request), from this request on
    stream:   "drop-socket"            the next message is lost with its sockets
              "silence"                from the next message on (speak() ends it)
              "duplicate"              said twice
              "reorder"                said after the message that follows it
              "lose"                   never said, the socket stays

`Ledger` (ledger.py): what is true at the venue, and durable with a file: one JSON line per post, order, execution.
    orders: dict[broker id, StandinOrder]; order(client_id) -> StandinOrder | None; by_client(client_id)
    posts: list[Post]                  every request to place an order that arrived, also lost and duplicate ones, with
                                       its outcome ("taken"|"lost"|"refused"|"duplicate"|"limited"|"failed")
    executions: list[Execution]; positions: dict[symbol, Position]; cash
    check_no_duplicates()              AssertionError unless: one order per client id, nothing was posted again once it
                                       was taken, execution ids unique, filled = sum of executions,
                                       position = their signed sum
    Ledger.read(path)                  the same from a file, in another process

`Venue` (matching.py): the synchronous matching core: `place`, `cancel`, `replace`, `price`, `fill`; it calls
`listener(event, order, execution | None)` for each change; event "new"|"fill"|"partial_fill"|"canceled"|"expired"|
"rejected"|"replaced"|"pending_cancel"|"held". A stand-in subclasses `Standin`, adds its routes, names the place of a
request (`where`), the body of an error (`error_body`), and turns events into stream messages (`announce`).
"""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any, Protocol, Self

from aiohttp import web

from tests.helpers.standins.control import add_control
from tests.helpers.standins.faults import Fault, Faults
from tests.helpers.standins.gate import FAULT, OUTCOME, Gate, Request
from tests.helpers.standins.hand import ByHand, Number
from tests.helpers.standins.ledger import ZERO, Execution, Ledger, Position, StandinOrder
from tests.helpers.standins.matching import Venue
from tests.helpers.standins.streams import Channel, Streams


class WallClock:
    """Time as it passes."""

    def now(self) -> int:
        return time.time_ns() // 1000


class Now(Protocol):
    """What a stand-in asks the time."""

    def now(self) -> int: ...


class Standin(ByHand):
    """A venue on a loopback socket. What a subclass gives is below `# --- The wire`."""

    key_id = "PKSTANDIN0000000000"
    secret = "stand-in-secret-that-must-never-be-seen"  # a canary: tests look for it in logs

    def __init__(self, *, cash: Number = 100_000, clock: Now | None = None, ledger: Path | None = None) -> None:
        self.clock = clock or WallClock()
        self.ledger = Ledger(Decimal(cash), ledger)
        self.venue = Venue(self.ledger, self.clock.now, self._heard)
        self.faults = Faults()
        self.requests: list[Request] = []
        self.channels: list[Channel] = []
        self.accepts = True  # the credentials are good
        self.silent = False
        self.holds_cancels = False
        self.holds_replaces = False
        self.rate_limit: int | None = None  # requests a minute; None: no limit
        self.port = 0
        self.reads = 0
        self._arrived: dict[str, int] = {}  # reads that had been made when an order came
        self._waiting: list[tuple[Callable[[], bool], asyncio.Future[None]]] = []
        self._runner: web.AppRunner | None = None
        self._gate, self._streams = Gate(self), Streams(self)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    async def start(self, port: int = 0) -> Self:
        """Listen; with a port of an earlier life the clients find it again."""
        self.ledger.open()
        app = web.Application(middlewares=[self._gate.meet])
        add_control(app, self)
        self.add_routes(app)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.05)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", port, reuse_address=True)
        await site.start()
        self.port = int(self._runner.addresses[0][1])
        return self

    async def stop(self) -> None:
        """Close every socket; the books stay readable."""
        self.release()
        for channel in list(self.channels):
            channel.cut()
            await channel.close()
        if self._runner is not None:
            await self._runner.cleanup()
            self._runner = None
        self.ledger.close()

    async def __aenter__(self) -> Self:
        return await self.start()

    async def __aexit__(self, *_: object) -> None:
        await self.stop()

    # --- The connection -----------------------------------------------------------------------------------------------

    def revoke(self) -> None:
        self.accepts = False
        self.drop_sockets()

    def restore(self) -> None:
        self.accepts = True

    def silence(self) -> None:
        self.silent = True

    def speak(self) -> None:
        self.silent = False

    def drop_sockets(self, name: str = "") -> None:
        for channel in list(self.channels):
            if name in {"", channel.name}:
                channel.cut()

    def release(self) -> None:
        self._gate.release()

    async def settled(self) -> None:
        for channel in list(self.channels):
            await channel.settled()

    async def connected(self, count: int = 1, name: str = "orders") -> None:
        await self.until(lambda: sum(one.listening for one in self.channels if one.name == name) >= count)

    async def until(self, condition: Callable[[], bool]) -> None:
        if not condition():
            future: asyncio.Future[None] = asyncio.get_running_loop().create_future()
            self._waiting.append((condition, future))
            await future

    def asked(self, where: str) -> Sequence[Request]:
        """Return the requests of one place."""
        return [one for one in self.requests if one.where == where]

    # --- The wire: what a subclass gives ------------------------------------------------------------------------------

    def add_routes(self, app: web.Application) -> None:
        """Add the venue's own paths."""
        raise NotImplementedError

    def where(self, request: web.Request) -> str:
        """Return the place of a request: submit | cancel | replace | read, or nothing for one that meets no faults."""
        raise NotImplementedError

    def authorised(self, request: web.Request) -> bool:
        """Whether a request carries credentials that are accepted now (look at `accepts` too)."""
        raise NotImplementedError

    def client_id_of(self, request: web.Request, body: bytes) -> str:
        """Return the client order id in a request to place an order."""
        raise NotImplementedError

    def error(self, status: int, message: str = "") -> web.Response:
        """Return an error as the venue says it: 401, 429, 5xx, and a rejection with `message`."""
        raise NotImplementedError

    def announce(self, event: str, order: StandinOrder, execution: Execution | None) -> None:
        """Say a change of an order to the stream: `self.emit("orders", message)`."""
        raise NotImplementedError

    def quoted(self, symbol: str) -> None:
        """The price of a symbol moved: say it to streams of market data."""

    def headers(self) -> Mapping[str, str]:
        """Return what every answer carries besides its body."""
        return {}

    def inspect(self, request: web.Request, body: bytes, answer: web.StreamResponse) -> None:
        """Look at a request and its answer before it leaves."""

    # --- What a subclass uses -----------------------------------------------------------------------------------------

    def emit(self, name: str, message: Any, topic: tuple[str, str] | None = None) -> None:
        """Say a message to every listening channel of a name (and of a topic), past the faults of the stream."""
        self._streams.emit(name, message, topic)

    async def stream(
        self,
        request: web.Request,
        name: str,
        hear: Callable[[Channel, Any], None],
        *,
        binary: bool = False,
        greet: Callable[[Channel], None] | None = None,
    ) -> web.WebSocketResponse:
        """Serve one WebSocket: `hear` takes each message that the client sends, decoded from JSON."""
        return await self._streams.serve(request, name, hear, binary=binary, greet=greet)

    def _heard(self, event: str, order: StandinOrder, execution: Execution | None) -> None:
        self._arrived.setdefault(order.order_id, self.reads)
        self.announce(event, order, execution)
        self.touch()

    def touch(self) -> None:
        """Look at what tests wait for."""
        waiting, self._waiting = self._waiting, []
        for condition, future in waiting:
            if future.done():
                continue
            if condition():
                future.set_result(None)
            else:
                self._waiting.append((condition, future))

    def shown(self, order: StandinOrder) -> bool:
        """Whether a read sees an order yet ("lag")."""
        return self.reads - self._arrived.get(order.order_id, -self.faults.lag) > self.faults.lag or not self.faults.lag

    def symbol_of(self, request: web.Request, seen: Request) -> str:
        """Return the symbol in a request to place an order."""
        return str(json.loads(seen.body)["symbol"])

    def part_of(self, request: web.Request, quantity: Decimal) -> Decimal | None:
        """Return what of a new order may fill by itself ("part-fill"); None: all of it."""
        fault = request.get(FAULT)
        if fault is None or fault.kind != "part-fill":
            return None
        return quantity / 2 if fault.quantity is None else fault.quantity

    def late_rejection(self, request: web.Request) -> str:
        """Return why a new order is rejected after it was taken; empty: it is not."""
        fault = request.get(FAULT)
        return (fault.message or "rejected by the venue") if fault and fault.kind == "reject" else ""

    @property
    def used(self) -> int:
        """Requests so far; the minute begins anew when a test empties `requests`."""
        return len(self.requests)


__all__ = [
    "FAULT",
    "OUTCOME",
    "ZERO",
    "Channel",
    "Execution",
    "Fault",
    "Number",
    "Position",
    "Request",
    "Standin",
    "StandinOrder",
]
