"""Questions over HTTP: they change nothing, so they are asked again when no answer comes."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Collection, Mapping
from random import Random
from typing import Any

from desktop.domain.broker_errors import BrokerFault, NotSent, OutcomeUnknown
from desktop.net.backoff import Backoff, Pause
from desktop.net.budget import Use, retry_after
from desktop.net.http import Answer, HttpClient

TRIES = 3
NOT_FOUND = frozenset({404})


class Asker:
    """Asks one service within its rate limit.

    Args:
        client: Where to.
        random: Draws the jitter of the waits.
        title: Names the service in sentences.
        refused: Makes the error of an answer that is none, for what was asked for.
        pause: Waits.
    """

    def __init__(
        self,
        client: HttpClient,
        random: Random,
        *,
        title: str,
        refused: Callable[[Answer, str], BrokerFault],
        pause: Pause = asyncio.sleep,
    ) -> None:
        self._client, self._random, self._title = client, random, title
        self._refused, self._pause = refused, pause

    async def get(
        self,
        path: str,
        query: Mapping[str, str] | None = None,
        *,
        what: str,
        missing: Collection[int] = (),
        use: Use = Use.READ,
    ) -> Any:
        """Ask; returns parsed JSON, or None where the answer has one of the statuses `missing`.

        Raises:
            BrokerFault: no usable answer after a few tries (the kinds that `refused` makes, too).
        """
        answer = await self._answer(path, query, what=what, missing=missing, use=use, parsed=True)
        return answer.data if answer.ok else None

    async def raw(self, path: str, query: Mapping[str, str] | None = None, *, what: str) -> bytes:
        """Ask for something so large that it is parsed elsewhere; returns the body.

        Raises:
            BrokerFault: as `get`.
        """
        return (await self._answer(path, query, what=what, missing=(), use=Use.READ, parsed=False)).body

    async def _answer(
        self,
        path: str,
        query: Mapping[str, str] | None,
        *,
        what: str,
        missing: Collection[int],
        use: Use,
        parsed: bool,
    ) -> Answer:
        backoff, tries = Backoff(self._random), 0
        while True:
            tries += 1
            wait = self._client.budget.wait(use)
            if wait > 0.0:
                await self._pause(wait)
            try:
                answer = await self._client.send("GET", path, query=query, parsed=parsed)
            except (NotSent, OutcomeUnknown) as fault:
                if tries == TRIES:
                    raise BrokerFault(f"{self._title} did not answer the question for {what}. {fault}") from None
                await self._pause(backoff.next())
                continue
            if answer.status in missing or (answer.ok and answer.readable):
                return answer
            worth_repeating = answer.status == 429 or answer.status >= 500 or answer.ok
            if tries == TRIES or not worth_repeating:
                raise self._refused(answer, what)
            await self._pause(retry_after(answer.headers) if answer.status == 429 else backoff.next())

    async def close(self) -> None:
        """Close the connections."""
        await self._client.close()
