"""Moves a stand-in that runs in a process of its own: the test's calls as requests to paths the venue does not have."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from aiohttp import web

if TYPE_CHECKING:
    from tests.helpers.standins.base import Standin

#: What may be called from outside, with keyword or positional arguments.
VERBS = frozenset(
    {
        *(
            "price",
            "fill",
            "expire",
            "reject",
            "end_of_day",
            "set_status",
            "refuse_cancel",
            "settle_replace",
            "place_elsewhere",
            "cancel_elsewhere",
            "hold",
            "halt",
        ),
        *("resume", "split", "bust", "revoke", "restore", "silence", "speak", "drop_sockets", "release", "list_asset"),
    }
)


def add_control(app: web.Application, standin: Standin) -> None:
    """Let `POST /_standin/VERB` with `{"args": [], "kwargs": {}}` call the stand-in."""

    async def call(request: web.Request) -> web.Response:
        verb, data = request.match_info["verb"], await request.json()
        if verb == "fault":
            standin.faults.add(*data["args"], **data["kwargs"])
            result: Any = None
        elif verb == "requests":
            result = [asdict(one) for one in standin.requests]
        elif verb == "connected":
            await standin.connected(*data["args"])
            result = None
        elif verb in VERBS:
            result = getattr(standin, verb)(*data["args"], **data["kwargs"])
            result = asdict(result) if hasattr(result, "__dataclass_fields__") else None
        else:
            raise web.HTTPNotFound(text=f"a stand-in cannot {verb}")
        return web.Response(text=json.dumps(result, default=str), content_type="application/json")

    app.router.add_post("/_standin/{verb}", call)
