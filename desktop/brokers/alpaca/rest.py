"""Requests to Alpaca within its limit: questions may be repeated, orders never, cancels always have room."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from random import Random
from typing import Any

from desktop.brokers.alpaca import errors
from desktop.domain.broker_errors import NotSent, OutcomeUnknown
from desktop.net.asking import NOT_FOUND, Asker
from desktop.net.backoff import Pause
from desktop.net.budget import Use
from desktop.net.http import HttpClient


class AlpacaRest:
    """One account's requests. Whatever changes something is one request."""

    def __init__(self, client: HttpClient, random: Random, *, live: bool, pause: Pause = asyncio.sleep) -> None:
        self._client, self._live = client, live
        self._asker = Asker(
            client,
            random,
            title="Alpaca",
            refused=lambda answer, what: errors.of_read(answer, live=live, what=what),
            pause=pause,
        )

    async def close(self) -> None:
        await self._client.close()

    async def get(
        self,
        path: str,
        query: Mapping[str, str] | None = None,
        *,
        what: str,
        missing: bool = False,
        use: Use = Use.READ,
    ) -> Any:
        """Ask; returns parsed JSON, or None where it is missing and may be.

        Raises:
            CredentialsRefused: the account's credentials are not accepted.
            BrokerFault: no usable answer after a few tries.
        """
        return await self._asker.get(path, query, what=what, missing=NOT_FOUND if missing else (), use=use)

    async def once(self, method: str, path: str, body: Mapping[str, Any], *, what: str) -> Mapping[str, Any]:
        """Send an order or a change of one, one time; returns the order in the answer.

        Raises:
            NotSent: the limit leaves no room now, or there was no connection.
            OutcomeUnknown: it may be there.
            OrderRefused, CredentialsRefused: Alpaca said no.
        """
        wait = self._client.budget.wait(Use.ORDER)
        if wait > 0.0:
            raise NotSent(
                f"Alpaca's limit of {self._client.budget.limit} requests a minute is nearly used up and the rest is "
                f"kept for cancels. {errors.opening(what)} was not sent; it is tried again by itself.",
                retry_after=wait,
            )
        answer = await self._client.send(method, path, body=body)
        if not answer.ok:
            raise errors.of_order(answer, live=self._live, what=what)
        if not isinstance(answer.data, dict) or not answer.data.get("id"):
            raise OutcomeUnknown(
                f"Alpaca's answer to {what} cannot be read, so it may or may not be there. It is looked up and never "
                "sent again."
            )
        return answer.data

    async def delete(self, path: str, *, what: str) -> None:
        """Ask to cancel, one time; cancelling again does no harm, but is not done here.

        Raises:
            NotSent: the provider asked to wait, or there was no connection.
            OutcomeUnknown: no answer came.
            OrderRefused, CredentialsRefused: Alpaca said no.
        """
        wait = self._client.budget.wait(Use.CANCEL)
        if wait > 0.0:
            raise NotSent(f"Alpaca asked to wait. {errors.opening(what)} was not sent yet.", retry_after=wait)
        answer = await self._client.send("DELETE", path)
        if not answer.ok:
            raise errors.of_order(answer, live=self._live, what=what)
