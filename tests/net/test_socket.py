from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from random import Random
from typing import Any

import pytest
from aiohttp import web

from desktop.domain.broker_errors import BrokerFault, CredentialsRefused
from desktop.net.backoff import Backoff
from desktop.net.socket import MendingStream, StreamClosed, Wire

Serve = Callable[[int, web.WebSocketResponse], Awaitable[None]]
PATIENCE = 20.0


class Life:
    """A stream and what it told."""

    def __init__(self, url: str, **options: Any) -> None:
        self.messages: list[Any] = []
        self.told: list[str] = []
        self.waits: list[float] = []
        self.refuse: list[BrokerFault] = []
        self._heard = asyncio.Event()
        self.stream = MendingStream(
            url,
            title="The service",
            greet=self.greet,
            take=self.take,
            probe=lambda: {"are": "you there"},
            on_up=lambda: self.tell("up"),
            on_down=lambda why: self.tell(f"down: {why}"),
            on_end=lambda fault: self.tell(f"end: {fault}"),
            backoff=Backoff(Random(1)),
            pause=self.pause,
            **{"patience": 5.0, **options},
        )

    async def greet(self, wire: Wire) -> None:
        await wire.say({"hello": True})
        assert await wire.hear() == {"welcome": True}
        if self.refuse:
            raise self.refuse.pop(0)

    async def take(self, message: Any) -> None:
        if message == "break":
            raise ZeroDivisionError
        self.messages.append(message)
        self._heard.set()

    def tell(self, what: str) -> None:
        self.told.append(what)
        self._heard.set()

    async def pause(self, seconds: float) -> None:
        self.waits.append(seconds)
        await asyncio.sleep(0)

    async def until(self, condition: Callable[[], object]) -> None:
        async with asyncio.timeout(PATIENCE):
            while not condition():
                self._heard.clear()
                await self._heard.wait()

    def ups(self) -> int:
        return self.told.count("up")


@asynccontextmanager
async def life(serve: Serve, **options: Any) -> AsyncIterator[Life]:
    connections: list[web.WebSocketResponse] = []

    async def handle(request: web.Request) -> web.WebSocketResponse:
        socket = web.WebSocketResponse(autoping=False)
        await socket.prepare(request)
        connections.append(socket)
        number = len(connections)
        await socket.receive_json()
        await socket.send_json({"welcome": True})
        await serve(number, socket)
        return socket

    app = web.Application()
    app.router.add_get("/stream", handle)
    runner = web.AppRunner(app, shutdown_timeout=0.05)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    port = runner.addresses[0][1]
    held = Life(f"ws://127.0.0.1:{port}/stream", **options)
    try:
        yield held
    finally:
        await held.stream.stop()
        await runner.cleanup()


async def for_ever(socket: web.WebSocketResponse) -> None:
    async for _ in socket:
        pass


async def test_text_and_binary_frames_are_the_same_message() -> None:
    async def both(_: int, socket: web.WebSocketResponse) -> None:
        await socket.send_str('{"price": 1.5}')
        await socket.send_bytes(b'{"price": 1.5}')
        await for_ever(socket)

    async with life(both) as held:
        await held.stream.start()
        await held.until(lambda: len(held.messages) == 2)
        assert held.messages == [{"price": 1.5}, {"price": 1.5}]
        assert held.told == ["up"]


@pytest.mark.parametrize("how", ["close", "garbage", "break", "frame"])
async def test_whatever_ends_a_connection_a_new_one_is_made(how: str) -> None:
    async def serve(number: int, socket: web.WebSocketResponse) -> None:
        if number == 1:
            if how == "garbage":
                await socket.send_str("{not json")
            elif how == "break":
                await socket.send_json("break")
            elif how == "frame":
                await socket.send_bytes(b"\xff\xfe")
            else:
                return
        await for_ever(socket)

    async with life(serve) as held:
        await held.stream.start()
        await held.until(lambda: held.ups() == 2)
        assert held.told[0] == "up"
        assert held.told[1].startswith("down: ")
        assert 0 < held.waits[0] <= 0.5


async def test_fault_20_a_silent_connection_is_asked_and_then_made_anew() -> None:
    async def serve(number: int, socket: web.WebSocketResponse) -> None:
        await for_ever(socket)  # open, and never a word: no pong either

    async with life(serve, heartbeat=0.02, patience=0.2) as held:
        await held.stream.start()
        await held.until(lambda: held.ups() == 2)
        assert "open but silent" in held.told[1]


async def test_fault_20_a_silent_broker_is_found_within_ten_seconds(monkeypatch: pytest.MonkeyPatch) -> None:
    waited: list[float] = []
    hear = Wire.hear

    async def silent(self: Wire, patience: float | None = None) -> Any:
        if patience is None:
            return await hear(self)
        waited.append(patience)
        raise TimeoutError

    async with life(lambda _, socket: for_ever(socket), patience=30.0) as held:
        monkeypatch.setattr(Wire, "hear", silent)
        await held.stream.start()
        await held.until(lambda: len(held.told) >= 2)
        assert "open but silent" in held.told[1]
        assert sum(waited[:2]) <= 10


async def test_fault_20_a_quiet_connection_that_answers_stays() -> None:
    asked: list[Any] = []

    async def serve(number: int, socket: web.WebSocketResponse) -> None:
        async for message in socket:
            asked.append(message.json())
            await socket.send_json({"here": len(asked)})

    async with life(serve, heartbeat=0.01) as held:
        await held.stream.start()
        await held.until(lambda: len(held.messages) >= 3)
        assert asked[0] == {"are": "you there"}
        assert held.told == ["up"]


async def test_waits_grow_while_it_cannot_be_reached_and_start_tells() -> None:
    held = Life("ws://127.0.0.1:9/stream")
    with pytest.raises(BrokerFault, match="cannot be reached"):
        await held.stream.start()
    await held.until(lambda: len(held.told) >= 5)
    await held.stream.stop()
    assert held.waits[3] > held.waits[0]
    assert not held.ups()


async def test_fault_19_refused_once_is_tried_again_refused_twice_ends_it() -> None:
    async with life(lambda _, socket: for_ever(socket)) as held:
        held.refuse = [CredentialsRefused("no")]
        with pytest.raises(CredentialsRefused):
            await held.stream.start()
        await held.until(held.ups)
    async with life(lambda _, socket: for_ever(socket)) as held:
        held.refuse = [CredentialsRefused("no"), CredentialsRefused("still no")]
        with pytest.raises(CredentialsRefused):
            await held.stream.start()
        await held.until(lambda: held.told[-1] == "end: still no")
        assert not held.ups()


async def test_what_no_new_connection_mends_ends_it() -> None:
    async with life(lambda _, socket: for_ever(socket)) as held:
        held.refuse = [StreamClosed("not in your plan")]
        with pytest.raises(StreamClosed):
            await held.stream.start()
        await held.until(lambda: held.told == ["end: not in your plan"])


async def test_stopping_leaves_no_task_and_starting_again_works() -> None:
    async with life(lambda _, socket: for_ever(socket)) as held:
        before = asyncio.all_tasks()
        await held.stream.start()
        await held.stream.stop()
        assert held.stream.wire is None
        assert not [task for task in asyncio.all_tasks() - before if "stream of" in task.get_name()]
        await held.stream.start()
        assert held.ups() == 2
