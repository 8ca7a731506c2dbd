"""Requests to Alpaca within its limit: questions may be repeated, orders never, cancels always have room."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from random import Random
from typing import Any

from desktop.brokers.alpaca import errors
from desktop.domain.broker_errors import BrokerFault, NotSent, OutcomeUnknown
from desktop.net.backoff import Backoff, Pause
from desktop.net.budget import RateBudget, Use, retry_after
from desktop.net.http import Answer, HttpClient

TRIES = 3  # of what may be repeated


class AlpacaRest:
    """One account's requests. Whatever changes something is one request, unless repeating it changes nothing more."""

    def __init__(
        self, client: HttpClient, budget: RateBudget, random: Random, *, live: bool, pause: Pause = asyncio.sleep
    ) -> None:
        self._client, self._budget, self._random = client, budget, random
        self._live, self._pause = live, pause

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
        backoff = Backoff(self._random)
        tries = 0
        while True:
            tries += 1
            await self._room(use)
            try:
                answer = await self._send("GET", path, query=query)
            except (NotSent, OutcomeUnknown) as fault:
                if tries >= TRIES:
                    raise BrokerFault(f"Alpaca did not answer the question for {what}. {fault}") from None
                await self._pause(backoff.next())
                continue
            if answer.ok and answer.readable:
                return answer.data
            if answer.status == 404 and missing:
                return None
            worth_repeating = answer.status == 429 or answer.status >= 500 or answer.ok
            if tries >= TRIES or not worth_repeating:
                raise errors.of_read(answer, live=self._live, what=what)
            await self._pause(retry_after(answer.headers) if answer.status == 429 else backoff.next())

    async def once(self, method: str, path: str, body: Mapping[str, Any], *, what: str) -> Mapping[str, Any]:
        """Send an order or a change of one, one time; returns the order in the answer.

        Raises:
            NotSent: the limit leaves no room now, or there was no connection.
            OutcomeUnknown: it may be there.
            OrderRefused, CredentialsRefused: Alpaca said no.
        """
        wait = self._budget.wait(Use.ORDER)
        if wait > 0.0:
            raise NotSent(
                f"Alpaca's limit of {self._budget.limit} requests a minute is nearly used up and the rest is kept for "
                f"cancels. {what[:1].upper()}{what[1:]} was not sent; it is tried again by itself.",
                retry_after=wait,
            )
        answer = await self._send(method, path, body=body)
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
        wait = self._budget.wait(Use.CANCEL)
        if wait > 0.0:
            raise NotSent(f"Alpaca asked to wait. {what[:1].upper()}{what[1:]} was not sent yet.", retry_after=wait)
        answer = await self._send("DELETE", path)
        if not answer.ok:
            raise errors.of_order(answer, live=self._live, what=what)

    async def _room(self, use: Use) -> None:
        wait = self._budget.wait(use)
        if wait > 0.0:
            await self._pause(wait)

    async def _send(
        self, method: str, path: str, *, query: Mapping[str, str] | None = None, body: Mapping[str, Any] | None = None
    ) -> Answer:
        self._budget.took()
        answer = await self._client.send(method, path, query=query, body=body)
        self._budget.heard(answer.headers)
        if answer.status == 429:
            self._budget.shut(retry_after(answer.headers))
        return answer
