"""Streams to clients: what is said goes past the faults of the stream into each socket's outbox."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from aiohttp import WSMsgType, web

if TYPE_CHECKING:
    from tests.helpers.standins.base import Standin


class Channel:
    """One stream of one client: what is said waits here for the socket, so that saying is synchronous."""

    def __init__(self, request: web.Request, socket: web.WebSocketResponse, name: str, *, binary: bool) -> None:
        self.request, self.socket, self.name, self.binary = request, socket, name, binary
        self.authorised = self.listening = False
        self.topics: dict[str, set[str]] = {}  # what it subscribed to, by kind
        self._outbox: asyncio.Queue[str] = asyncio.Queue()
        self._sender = asyncio.create_task(self._send())

    def say(self, message: Any) -> None:
        self._outbox.put_nowait(message if isinstance(message, str) else json.dumps(message, default=str))

    def cut(self) -> None:
        """End the connection without a farewell."""
        self.listening = False
        if self.request.transport is not None:
            self.request.transport.abort()

    async def settled(self) -> None:
        await self._outbox.join()

    async def close(self) -> None:
        self._sender.cancel()
        await asyncio.gather(self._sender, return_exceptions=True)
        while not self._outbox.empty():
            self._outbox.get_nowait()
            self._outbox.task_done()
        await self.socket.close()

    async def _send(self) -> None:
        while True:
            text = await self._outbox.get()
            try:
                await (self.socket.send_bytes(text.encode()) if self.binary else self.socket.send_str(text))
            except ConnectionError:
                self.listening = False
            finally:
                self._outbox.task_done()


class Streams:
    """Every WebSocket of a stand-in."""

    def __init__(self, standin: Standin) -> None:
        self.standin = standin
        self._late: dict[str, Any] = {}  # channel name -> message that is said after the next

    def emit(self, name: str, message: Any, topic: tuple[str, str] | None = None) -> None:
        """Say a message to every listening channel of a name (and of a topic), past the faults of the stream."""
        if self.standin.silent:
            return
        fault = self.standin.faults.take("stream" if name == "orders" else "data")
        kind = fault.kind if fault else ""
        if kind == "reorder":
            self._late[name] = (message, topic)
            return
        if kind == "silence":
            self.standin.silent = True
        if kind == "drop-socket":
            self.standin.drop_sockets(name)
        if kind in {"silence", "drop-socket", "lose"}:
            return
        for _ in range(2 if kind == "duplicate" else 1):
            self._say(name, message, topic)
        late = self._late.pop(name, None)
        if late is not None:
            self._say(name, *late)
        self.standin.touch()

    def _say(self, name: str, message: Any, topic: tuple[str, str] | None) -> None:
        for channel in self.standin.channels:
            wanted = topic is None or {topic[1], "*"} & channel.topics.get(topic[0], set())
            if channel.name == name and channel.listening and wanted:
                channel.say(message)

    async def serve(
        self,
        request: web.Request,
        name: str,
        hear: Callable[[Channel, Any], None],
        *,
        binary: bool = False,
        greet: Callable[[Channel], None] | None = None,
    ) -> web.WebSocketResponse:
        """Serve one WebSocket: `hear` takes each message that the client sends, decoded from JSON."""
        socket = web.WebSocketResponse(autoping=False)
        await socket.prepare(request)
        channel = Channel(request, socket, name, binary=binary)
        self.standin.channels.append(channel)
        try:
            if greet is not None:
                greet(channel)
            async for message in socket:
                if self.standin.silent:
                    continue  # neither a pong nor an answer: as when the other end has hung
                if message.type is WSMsgType.PING:
                    await socket.pong(message.data)
                elif message.type in {WSMsgType.TEXT, WSMsgType.BINARY}:
                    hear(channel, json.loads(message.data))
                    self.standin.touch()
        finally:
            self.standin.channels.remove(channel)
            await channel.close()
            self.standin.touch()
        return socket
