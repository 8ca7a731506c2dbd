"""The order stream: introduce oneself, listen to trade updates, and hand each on in the order said."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from desktop.brokers.alpaca.errors import refused_credentials
from desktop.domain.broker_errors import BrokerFault
from desktop.net.socket import Wire

_REFUSED = frozenset({401, 402})  # the caller; whatever else is refused may be granted later
LISTEN = {"action": "listen", "data": {"streams": ["trade_updates"]}}


class OrderStream:
    """Speaks Alpaca's side of `MendingStream`."""

    def __init__(
        self, key_id: str, secret: str, *, live: bool, on_update: Callable[[Mapping[str, Any]], Awaitable[None]]
    ) -> None:
        """`on_update` takes the data of each trade update."""
        self._key_id, self._secret, self._live = key_id, secret, live
        self._on_update = on_update

    async def greet(self, wire: Wire) -> None:
        """Authenticate and listen.

        Raises:
            CredentialsRefused: the key is not accepted.
            BrokerFault: the answer was another one: a second connection, trouble at Alpaca. Trying again helps.
        """
        await wire.say({"action": "authenticate", "data": {"key_id": self._key_id, "secret_key": self._secret}})
        answer = await self._answer(wire, "authorization")
        if answer.get("status") != "authorized":
            raise refused_credentials(live=self._live)
        await wire.say(LISTEN)
        answer = await self._answer(wire, "listening")
        if "trade_updates" not in (answer.get("streams") or ()):
            raise BrokerFault("Alpaca does not let this account listen to its orders. It is tried again.")

    @staticmethod
    def probe() -> object:
        """Return what the other side answers with `listening` while it is there."""
        return LISTEN

    async def take(self, message: Any) -> None:
        """Take a message: a trade update is handed on, answers to a probe have done their part by coming."""
        if isinstance(message, Mapping) and message.get("stream") == "trade_updates":
            data = message.get("data")
            if not isinstance(data, Mapping):
                raise BrokerFault("A trade update of Alpaca holds nothing.")
            await self._on_update(data)
        elif isinstance(message, Mapping) and message.get("stream") == "authorization":
            raise refused_credentials(live=self._live)  # said unasked: the key was revoked

    async def _answer(self, wire: Wire, stream: str) -> Mapping[str, Any]:
        """Return the data of the answer that is waited for; what else comes before it belongs to nobody yet."""
        for _ in range(100):
            message = await wire.hear()
            fault = self._fault(message)
            if fault is not None:
                raise fault
            if isinstance(message, Mapping) and message.get("stream") == stream:
                data = message.get("data")
                return data if isinstance(data, Mapping) else {}
            if isinstance(message, Mapping) and message.get("stream") == "trade_updates":
                await self.take(message)
        raise BrokerFault("Alpaca's order stream does not answer.")

    def _fault(self, message: Any) -> BrokerFault | None:
        """Return the error that a message tells of by its code; None: it tells of none."""
        items = message if isinstance(message, list) else [message]
        for item in items:
            data = item.get("data", item) if isinstance(item, Mapping) else None
            if not isinstance(data, Mapping) or data.get("code") is None:
                continue
            code = data["code"]
            if code in _REFUSED:
                return refused_credentials(live=self._live)
            if code == 406:
                return BrokerFault(
                    "Alpaca lets this account be listened to once only, and another program does. Close that one; it "
                    "is tried again by itself."
                )
            said = " ".join(str(data.get("msg") or data.get("message") or "no words").split())[:120]
            return BrokerFault(f"Alpaca's order stream has trouble ({said}, code {code}). It is tried again by itself.")
        return None
