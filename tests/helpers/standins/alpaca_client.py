"""The wire of Alpaca by hand: requests and streams as a test of the stand-in itself makes them."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import aiohttp

from tests.helpers.standins.alpaca import AlpacaStandin


class AlpacaClient:
    """Sends what it is told; every answer is (status, JSON)."""

    def __init__(self, standin: AlpacaStandin, session: aiohttp.ClientSession) -> None:
        self.standin, self.session = standin, session
        self.headers: dict[str, str] = {}  # of the last answer

    async def ask(self, method: str, path: str, body: Any = None) -> tuple[int, Any]:
        data = None if body is None else json.dumps(body)
        async with self.session.request(method, f"{self.standin.url}/v2/{path}", data=data) as answer:
            self.headers = dict(answer.headers)
            text = await answer.text()
            return answer.status, json.loads(text) if text.startswith(("{", "[")) else text

    async def get(self, path: str) -> Any:
        status, answer = await self.ask("GET", path)
        assert status == 200, answer
        return answer

    async def place(self, client_id: str, side: str = "buy", kind: str = "market", **more: Any) -> tuple[int, Any]:
        """Ask for ten SPY, or for what `more` says."""
        body = {"symbol": "SPY", "qty": "10", "side": side, "type": kind, "time_in_force": "day"}
        return await self.ask("POST", "orders", {**body, "client_order_id": client_id, **more})

    async def placed(self, client_id: str, side: str = "buy", kind: str = "market", **more: Any) -> dict[str, Any]:
        status, answer = await self.place(client_id, side, kind, **more)
        assert status == 200, answer
        return dict(answer)

    async def listen(self) -> aiohttp.ClientWebSocketResponse:
        """Return an order stream that listens."""
        socket = await self.session.ws_connect(f"{self.standin.url}/stream")
        data = {"key_id": self.standin.key_id, "secret_key": self.standin.secret}
        await socket.send_json({"action": "authenticate", "data": data})
        assert json.loads((await socket.receive()).data)["data"]["status"] == "authorized"
        await socket.send_json({"action": "listen", "data": {"streams": ["trade_updates"]}})
        assert json.loads((await socket.receive()).data)["data"]["streams"] == ["trade_updates"]
        return socket


@asynccontextmanager
async def at_alpaca(standin: AlpacaStandin) -> AsyncIterator[AlpacaClient]:
    """Start a stand-in with SPY at 100.00/100.02 and a client that it accepts."""
    headers = {"APCA-API-KEY-ID": standin.key_id, "APCA-API-SECRET-KEY": standin.secret}
    async with standin, aiohttp.ClientSession(headers=headers) as session:
        standin.price("SPY", "100.00", "100.02")
        yield AlpacaClient(standin, session)
