"""Where requests come in and meet their faults."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from aiohttp import web

from tests.helpers.standins.faults import Fault

if TYPE_CHECKING:
    from tests.helpers.standins.base import Standin

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]
FAULT = web.RequestKey("fault", Fault)
OUTCOME = web.RequestKey("outcome", str)  # a route may set it: "duplicate"


@dataclass(slots=True)
class Request:
    """One HTTP request as it arrived."""

    where: str  # submit | cancel | replace | read | ""
    method: str
    path: str  # with its query
    body: str
    client_id: str
    outcome: str = ""  # of a submit as in `Post`; else "answered" | "lost" | "failed" | "limited" | "refused"


class Gate:
    """Every request passes here: counted, authorised, and past the faults that a test has put in the way."""

    def __init__(self, standin: Standin) -> None:
        self.standin = standin
        self._held: list[tuple[int | None, asyncio.Future[None]]] = []

    def release(self) -> None:
        """Let every held answer go."""
        held, self._held = self._held, []
        for _, future in held:
            if not future.done():
                future.set_result(None)

    @web.middleware
    async def meet(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        where = self.standin.where(request)
        if not where or request.path.startswith("/_standin"):
            return await handler(request)
        body = await request.read()
        seen = Request(where, request.method, request.path_qs, body.decode(errors="replace"), "")
        seen.client_id = self.standin.client_id_of(request, body) if where == "submit" else ""
        self.standin.requests.append(seen)
        self.standin.touch()
        self._pass_held()
        if where == "read":
            self.standin.reads += 1
        try:
            answer = await self._answer(request, handler, seen)
        finally:
            self.standin.touch()
        if not answer.prepared:
            answer.headers.update(self.standin.headers())
        return answer

    async def _answer(self, request: web.Request, handler: Handler, seen: Request) -> web.StreamResponse:
        fault = self.standin.faults.take(seen.where)
        if fault is not None and fault.kind == "revoke":
            self.standin.revoke()
        if not self.standin.authorised(request):
            self._note(seen, "refused")
            return self.standin.error(401)
        if self._over_the_limit() or (fault is not None and fault.kind == "429"):
            self._note(seen, "limited")
            answer = self.standin.error(429)
            answer.headers["Retry-After"] = str(fault.retry_after if fault else 1)
            return answer
        if fault is None:
            return await self._handle(request, handler, seen)
        return await self._with(fault, request, handler, seen)

    async def _with(self, fault: Fault, request: web.Request, handler: Handler, seen: Request) -> web.StreamResponse:
        kind = fault.kind
        if kind == "lose-request":
            self._note(seen, "lost")
            return self._cut(request)
        if kind in {"500", "502", "504"} and not fault.taken:
            self._note(seen, "failed")
            return self.standin.error(int(kind))
        if kind == "reject" and not fault.late:
            self._note(seen, "refused")
            return self.standin.error(fault.status, fault.message or "rejected by the venue")
        if kind == "delay" and fault.late:
            await self._hold(fault.after)
        if kind == "halt":
            self.standin.halt(self.standin.symbol_of(request, seen))
        request[FAULT] = fault
        answer = await self._handle(request, handler, seen)
        if kind == "delay" and not fault.late:
            await self._hold(fault.after)
        if kind in {"500", "502", "504"}:
            return self.standin.error(int(kind))
        if kind == "unreadable":
            return web.Response(text="<html>gateway", content_type="text/html")
        return self._cut(request) if kind == "lose-answer" else answer

    async def _handle(self, request: web.Request, handler: Handler, seen: Request) -> web.StreamResponse:
        try:
            answer = await handler(request)
        except web.HTTPException:
            self._note(seen, "refused")
            raise
        self.standin.inspect(request, await request.read(), answer)
        good = "taken" if seen.where == "submit" else "answered"
        self._note(seen, request.get(OUTCOME) or (good if answer.status < 400 else "refused"))
        return answer

    def _note(self, seen: Request, outcome: str) -> None:
        seen.outcome = outcome
        if seen.where == "submit":
            self.standin.ledger.post(seen.client_id, outcome, self.standin.clock.now())

    def _cut(self, request: web.Request) -> web.Response:
        if request.transport is not None:
            request.transport.abort()
        return web.Response()

    async def _hold(self, after: int | None) -> None:
        future: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._held.append((after, future))
        await future

    def _pass_held(self) -> None:
        """Count a request against the answers that wait for some; this request is not among them."""
        still: list[tuple[int | None, asyncio.Future[None]]] = []
        for after, future in self._held:
            if after is not None and after <= 1:
                future.set_result(None)
            else:
                still.append((None if after is None else after - 1, future))
        self._held = still

    def _over_the_limit(self) -> bool:
        limit = self.standin.rate_limit
        return limit is not None and self.standin.used > limit
