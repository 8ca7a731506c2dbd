from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from decimal import Decimal

import pytest

from desktop.domain.broker_errors import NotSent, OutcomeUnknown
from desktop.net.budget import RateBudget
from desktop.net.http import HttpClient, Timeouts
from tests.helpers.fake_clock import FakeClock

Serve = Callable[[int, bytes, asyncio.StreamWriter], Awaitable[bool]]  # number, request, writer -> keep the connection
OK = b'HTTP/1.1 200 OK\r\nContent-Length: 15\r\n\r\n{"price":100.1}'


@asynccontextmanager
async def server(serve: Serve, **timeouts: float) -> AsyncIterator[tuple[HttpClient, list[bytes]]]:
    """Yield a client and every request that arrived at a server which does exactly what a test says."""
    arrived: list[bytes] = []

    async def handle(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while True:
                head = await reader.readuntil(b"\r\n\r\n")
                arrived.append(head)
                length = next(
                    (int(line[15:]) for line in head.split(b"\r\n") if line.startswith(b"Content-Length:")), 0
                )
                await reader.readexactly(length)
                if not await serve(len(arrived), head, writer):
                    return
        except (asyncio.IncompleteReadError, ConnectionError):
            return
        finally:
            writer.close()

    listening = await asyncio.start_server(handle, "127.0.0.1", 0)
    port = listening.sockets[0].getsockname()[1]
    client = HttpClient(
        f"http://127.0.0.1:{port}",
        {"Secret-Header": "canary"},
        RateBudget(200, FakeClock()),
        title="The service",
        timeouts=Timeouts(**timeouts),
    )
    try:
        yield client, arrived
    finally:
        await client.close()
        listening.close()
        await listening.wait_closed()


async def answer(_: int, __: bytes, writer: asyncio.StreamWriter) -> bool:
    writer.write(OK)
    await writer.drain()
    return True


async def cut(_: int, __: bytes, ___: asyncio.StreamWriter) -> bool:
    return False


async def test_numbers_in_an_answer_are_exact() -> None:
    async with server(answer) as (client, arrived):
        found = await client.send("GET", "/price", query={"symbol": "A&B"})
        assert found.ok
        assert found.data == {"price": Decimal("100.1")}
        assert arrived[0].startswith(b"GET /price?symbol=A%26B HTTP/1.1")


@pytest.mark.parametrize("method", ["POST", "PATCH", "DELETE", "GET"])
async def test_fault_10_a_broken_connection_is_unknown_and_nothing_is_sent_twice(method: str) -> None:
    async with server(cut) as (client, arrived):
        with pytest.raises(OutcomeUnknown):
            await client.send(method, "/orders", body={"a": 1} if method in {"POST", "PATCH"} else None)
        assert len(arrived) == 1


@pytest.mark.parametrize("method", ["POST", "DELETE"])
async def test_fault_10_a_kept_connection_that_the_other_end_dropped_does_not_send_twice(method: str) -> None:
    async def once(number: int, _: bytes, writer: asyncio.StreamWriter) -> bool:
        return await answer(number, _, writer) if number == 1 else False

    async with server(once) as (client, arrived):
        assert (await client.send("GET", "/first")).ok
        with pytest.raises(OutcomeUnknown):
            await client.send(method, "/orders")
        assert len(arrived) == 2


async def test_a_refused_connection_was_not_sent() -> None:
    async with server(answer) as (client, _):
        pass
    gone = HttpClient("http://127.0.0.1:9", {}, RateBudget(9, FakeClock()), title="The service", timeouts=Timeouts())
    with pytest.raises(NotSent, match="cannot be reached"):
        await gone.send("POST", "/orders", body={})
    await gone.close()
    await client.close()


async def test_a_half_answer_is_unknown() -> None:
    async def half(_: int, __: bytes, writer: asyncio.StreamWriter) -> bool:
        writer.write(OK[:-5])
        await writer.drain()
        return False

    async with server(half) as (client, _):
        with pytest.raises(OutcomeUnknown):
            await client.send("POST", "/orders", body={})


async def test_no_answer_in_time_is_unknown() -> None:
    async def silent(_: int, __: bytes, ___: asyncio.StreamWriter) -> bool:
        return True

    async with server(silent, connect=5.0, answer=0.05) as (client, _):
        with pytest.raises(OutcomeUnknown, match="too long"):
            await client.send("POST", "/orders", body={})


async def test_a_redirect_is_not_followed_with_the_secrets() -> None:
    async def away(_: int, __: bytes, writer: asyncio.StreamWriter) -> bool:
        writer.write(b"HTTP/1.1 307 Temporary Redirect\r\nLocation: http://127.0.0.1:9/\r\nContent-Length: 0\r\n\r\n")
        await writer.drain()
        return True

    async with server(away) as (client, arrived):
        found = await client.send("POST", "/orders", body={})
        assert (found.status, found.readable) == (307, False)
        assert len(arrived) == 1


async def test_what_is_sent_counts_and_headers_and_429_are_heard() -> None:
    async def limited(_: int, __: bytes, writer: asyncio.StreamWriter) -> bool:
        writer.write(
            b"HTTP/1.1 429 Too Many\r\nRetry-After: 3\r\nX-RateLimit-Limit: 50\r\nX-RateLimit-Remaining: 0\r\n"
            b"Content-Length: 0\r\n\r\n"
        )
        await writer.drain()
        return True

    async with server(limited) as (client, _):
        await client.send("GET", "/a")
        assert (client.budget.limit, client.budget.remaining) == (50, 0)


async def test_errors_and_repr_hold_no_header() -> None:
    async with server(cut) as (client, _):
        with pytest.raises(OutcomeUnknown) as caught:
            await client.send("POST", "/orders", body={})
        shown = repr(client) + str(caught.value) + repr(caught.value.__cause__) + repr(caught.value)
        assert "canary" not in shown
        assert caught.value.__suppress_context__
