"""One request, one answer: sent once, and when no answer comes it is known whether the request can have arrived."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import aiohttp

from desktop.domain.broker_errors import NotSent, OutcomeUnknown
from desktop.net.budget import RateBudget, retry_after
from desktop.net.tls import CONTEXT


@dataclass(frozen=True, slots=True)
class Timeouts:
    """Seconds to wait for a connection, and for the next part of an answer (for all of it: three times that)."""

    connect: float = 5.0
    answer: float = 20.0


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back."""

    status: int
    headers: Mapping[str, str]
    body: bytes
    data: Any  # parsed JSON; None where it was none, or was not to be parsed
    readable: bool  # whether it could be read

    @property
    def ok(self) -> bool:
        """Whether the request was granted."""
        return 200 <= self.status < 300


class HttpClient:
    """Talks to one address over kept connections; nothing here or below sends a request twice."""

    def __init__(
        self,
        base: str,
        headers: Mapping[str, str],
        budget: RateBudget,
        *,
        title: str,
        timeouts: Timeouts,
        parse_float: Any = Decimal,
    ) -> None:
        """`headers` go with every request and hold secrets; `title` names the service in sentences."""
        self._base, self._headers, self._title = base.rstrip("/"), dict(headers), title
        self.budget, self._timeouts, self._parse_float = budget, timeouts, parse_float
        self._session: aiohttp.ClientSession | None = None

    def _open(self) -> aiohttp.ClientSession:
        if self._session is None:
            self._session = aiohttp.ClientSession(
                connector=aiohttp.TCPConnector(limit=8, keepalive_timeout=15.0, ssl=CONTEXT),
                timeout=aiohttp.ClientTimeout(
                    total=self._timeouts.connect + 3 * self._timeouts.answer,
                    connect=self._timeouts.connect,
                    sock_read=self._timeouts.answer,
                ),
            )
            # Else it sends DELETE again by itself on a broken connection, and the second answer hides the first.
            self._session._retry_connection = False  # noqa: SLF001 - there is no public way; a test counts what arrives
        return self._session

    async def send(
        self,
        method: str,
        path: str,
        *,
        query: Mapping[str, str] | None = None,
        body: Mapping[str, Any] | None = None,
        parsed: bool = True,
    ) -> Answer:
        """Send one request and count it; whether there is room for it is the caller's question.

        Args:
            method: GET, POST ...
            path: Quoted already.
            query: Not quoted yet.
            body: Sent as JSON.
            parsed: Whether the answer is parsed here, on the loop.

        Raises:
            NotSent: no connection came about, so nothing was written.
            OutcomeUnknown: it may have arrived, and no whole answer came.
        """
        content = None if body is None else json.dumps(body).encode()
        headers = self._headers if body is None else self._headers | {"Content-Type": "application/json"}
        self.budget.took()
        try:
            async with self._open().request(
                method, self._base + path, params=query, data=content, headers=headers, allow_redirects=False
            ) as response:
                raw = await response.read()
        except (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError, aiohttp.InvalidURL) as error:
            # Their texts may hold headers of the request: only the kind of error goes on.
            raise NotSent(
                f"{self._title} cannot be reached ({_reason(error)}). Nothing was sent; check the internet connection."
            ) from None
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            raise OutcomeUnknown(
                f"{self._title} gave no answer to a request ({_reason(error)}). It may have arrived all the same; "
                "it is not sent again."
            ) from None
        self.budget.heard(response.headers)
        if response.status == 429:
            self.budget.shut(retry_after(response.headers))
        return self._answer(response.status, response.headers, raw, parsed=parsed)

    def _answer(self, status: int, headers: Mapping[str, str], raw: bytes, *, parsed: bool) -> Answer:
        if not parsed and status == 200:
            return Answer(status, headers, raw, None, readable=True)
        try:
            data = json.loads(raw, parse_float=self._parse_float) if raw.strip() else None
        except (ValueError, RecursionError):
            return Answer(status, headers, raw, None, readable=False)
        return Answer(status, headers, raw, data, readable=data is not None)

    async def close(self) -> None:
        """Close every connection."""
        session, self._session = self._session, None
        if session is not None:
            await session.close()


def _reason(error: BaseException) -> str:
    if isinstance(error, TimeoutError):
        return "it took too long"
    if isinstance(error, aiohttp.ClientConnectorDNSError):
        return "its name was not found"
    if isinstance(error, aiohttp.ClientSSLError):
        return "the secure connection failed"
    if isinstance(error, OSError) and error.strerror:
        return error.strerror.lower()
    return "the connection broke"
