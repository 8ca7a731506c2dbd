"""A stream over a WebSocket that mends itself: connect, introduce oneself, listen, notice silence, try again."""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack
from typing import Any

import aiohttp

from desktop.domain.broker_errors import BrokerFault, CredentialsRefused
from desktop.net.backoff import Backoff, Pause
from desktop.net.tls import CONTEXT

log = logging.getLogger(__name__)

HEARTBEAT = 5.0  # seconds without a word until the other side is asked whether it is there
ANSWER = 5.0  # seconds until the question counts as unanswered
_FAREWELL = aiohttp.ClientWSTimeout(ws_close=0.5)  # seconds to wait for one: the other side may be gone
LARGEST_MESSAGE = 16 * 1024 * 1024  # bytes


class Wire:
    """One connection: whole JSON messages in and out, in text frames or binary ones."""

    def __init__(
        self, socket: aiohttp.ClientWebSocketResponse, *, title: str, patience: float, parse_float: Any
    ) -> None:
        self._socket, self._title = socket, title
        self.patience, self._parse_float = patience, parse_float

    async def say(self, message: object) -> None:
        """Send a message (BrokerFault: the connection is gone)."""
        try:
            await self._socket.send_str(json.dumps(message))
        except (aiohttp.ClientError, OSError):
            raise BrokerFault(f"The stream of {self._title} was cut.") from None

    async def hear(self, patience: float | None = None) -> Any:
        """Return the next message.

        Args:
            patience: Seconds to wait; None: as long as for any answer.

        Raises:
            TimeoutError: nothing came.
            BrokerFault: the connection is gone, or what came was no message.
        """
        message = await self._socket.receive(self.patience if patience is None else patience)
        if message.type not in {aiohttp.WSMsgType.TEXT, aiohttp.WSMsgType.BINARY}:
            raise BrokerFault(f"The stream of {self._title} was cut.")
        try:
            return json.loads(message.data, parse_float=self._parse_float)
        except (ValueError, RecursionError):
            raise BrokerFault(f"The stream of {self._title} sent something that cannot be read.") from None


class StreamClosed(BrokerFault):
    """The other side ended the stream for a reason that trying again does not mend."""


class MendingStream:
    """Keeps one stream going until it is stopped or refused.

    Args:
        url: Of the WebSocket.
        title: Names the service in sentences.
        greet: Introduces oneself on a new connection; raises BrokerFault to try again later, CredentialsRefused or
            StreamClosed to end.
        take: Takes each message after that; what it raises ends the connection, and a new one is made.
        probe: Returns a message that the other side answers; sent after a silence, and an answer is waited for.
        on_up: Called when a connection is greeted.
        on_down: Called with a sentence when it is lost or could not be made.
        on_end: Called with the error when it is not tried again.
    """

    def __init__(
        self,
        url: str,
        *,
        title: str,
        greet: Callable[[Wire], Awaitable[None]],
        take: Callable[[Any], Awaitable[None]],
        probe: Callable[[], object],
        on_up: Callable[[], None],
        on_down: Callable[[str], None],
        on_end: Callable[[BrokerFault], None],
        backoff: Backoff,
        pause: Pause = asyncio.sleep,
        heartbeat: float = HEARTBEAT,
        patience: float = 10.0,
        parse_float: Any = float,
    ) -> None:
        self._url, self._title = url, title
        self._greet, self._take, self._probe = greet, take, probe
        self._on_up, self._on_down, self._on_end = on_up, on_down, on_end
        self._backoff, self._pause = backoff, pause
        self._heartbeat, self._patience, self._parse_float = heartbeat, patience, parse_float
        self._task: asyncio.Task[None] | None = None
        self._first: asyncio.Future[None] | None = None
        self._wire: Wire | None = None
        self._refusals = 0

    async def start(self) -> None:
        """Begin, and wait until the first connection is greeted or could not be made.

        Raises:
            BrokerFault: it could not be made, for now or (CredentialsRefused, StreamClosed) for good.
        """
        await self.stop()
        loop = asyncio.get_running_loop()
        self._first = loop.create_future()
        self._task = loop.create_task(self._run(), name=f"stream of {self._title}")
        await asyncio.shield(self._first)

    async def stop(self) -> None:
        """Close the connection and try no more."""
        task, self._task = self._task, None
        if task is not None:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)
        if self._first is not None and not self._first.done():
            self._first.cancel()

    @property
    def wire(self) -> Wire | None:
        """The connection that is greeted now; None: there is none."""
        return self._wire

    async def _run(self) -> None:
        while True:
            try:
                await self._connection()
                fault = BrokerFault(f"The stream of {self._title} was closed.")
            except BrokerFault as error:
                fault = error
            except Exception as error:  # what takes a message failed: reported, then made good by a new connection
                log.exception("the stream of %s ended in an error", self._title)
                fault = BrokerFault(f"A message of {self._title} could not be taken ({type(error).__name__}).")
            if self._is_final(fault):
                self._on_end(fault)
                self._told(fault)
                return
            self._on_down(str(fault))
            self._told(fault)
            await self._pause(self._backoff.next())

    def _is_final(self, fault: BrokerFault) -> bool:
        """Whether to stop: closed for a reason, or refused twice in a row (once may be a slip of the provider)."""
        if isinstance(fault, CredentialsRefused):
            self._refusals += 1
            return self._refusals > 1
        self._refusals = 0
        return isinstance(fault, StreamClosed)

    def _told(self, fault: BrokerFault | None) -> None:
        """Let `start` return after the first try."""
        if self._first is not None and not self._first.done():
            if fault is None:
                self._first.set_result(None)
            else:
                self._first.set_exception(fault)
                self._first.exception()  # seen, also where nobody waits for it any more

    async def _connection(self) -> None:
        try:
            async with aiohttp.ClientSession() as session, AsyncExitStack() as stack:
                async with asyncio.timeout(self._patience):
                    socket = await session.ws_connect(
                        self._url, ssl=CONTEXT, timeout=_FAREWELL, max_msg_size=LARGEST_MESSAGE, compress=0
                    )
                stack.push_async_callback(socket.close)
                wire = Wire(socket, title=self._title, patience=self._patience, parse_float=self._parse_float)
                await self._greet(wire)
                self._wire = wire
                self._backoff.reset()
                self._refusals = 0
                self._on_up()
                self._told(None)
                await self._listen(wire)
        except (aiohttp.ClientError, OSError) as error:  # a time-out is one, too
            reason = "it took too long" if isinstance(error, TimeoutError) else "the connection failed"
            raise BrokerFault(f"The stream of {self._title} cannot be reached ({reason}).") from None
        finally:
            self._wire = None

    async def _listen(self, wire: Wire) -> None:
        """Hand on messages; after a silence ask once, and give up when there is still none."""
        while True:
            try:
                message = await wire.hear(self._heartbeat)
            except TimeoutError:
                await wire.say(self._probe())
                try:
                    message = await wire.hear(min(ANSWER, self._patience))
                except TimeoutError:
                    raise BrokerFault(f"The stream of {self._title} is open but silent. It is opened anew.") from None
            await self._take(message)
