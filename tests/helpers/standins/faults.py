"""The queue of faults that a test puts in the way of requests and messages: deterministic, first in, first met."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from decimal import Decimal

WHERE = ("submit", "cancel", "replace", "read", "history", "stream", "data")
REQUEST_KINDS = (
    *("lose-request", "lose-answer", "delay", "429", "500", "502", "504"),
    *("reject", "part-fill", "lag", "unreadable", "revoke", "halt"),
)
STREAM_KINDS = ("drop-socket", "silence", "duplicate", "reorder", "lose")


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that goes wrong once."""

    where: str
    kind: str
    taken: bool = False  # of 5xx: the order was placed all the same
    after: int | None = None  # of "delay": requests to wait for; None = until release()
    late: bool = False  # of "delay": taken only when released; of "reject": taken, the stream tells
    retry_after: int = 1  # seconds, of 429
    message: str = ""  # the venue's words of a rejection
    status: int = 403
    quantity: Decimal | None = None  # of "part-fill"


class Faults:
    """What goes wrong next, by place."""

    def __init__(self) -> None:
        self._waiting: dict[str, deque[Fault]] = {where: deque() for where in WHERE}
        self.met: list[Fault] = []
        self.lag = 0  # reads that an order has to wait for until it is shown

    def add(
        self,
        where: str,
        kind: str | int,
        count: int = 1,
        *,
        taken: bool = False,
        after: int | None = None,
        late: bool = False,
        retry_after: int = 1,
        message: str = "",
        status: int = 403,
        quantity: Decimal | str | int | None = None,
    ) -> None:
        """Let the next `count` requests or messages of a place meet a fault; "lag" waits `count` reads instead."""
        kind = str(kind)
        if where not in WHERE or kind not in (STREAM_KINDS if where in {"stream", "data"} else REQUEST_KINDS):
            raise ValueError(f"there is no fault {kind!r} at {where!r}")
        if kind == "lag":
            self.lag = count
            return
        part = None if quantity is None else Decimal(quantity)
        fault = Fault(where, kind, taken, after, late, retry_after, message, status, part)
        self._waiting[where].extend([fault] * count)

    def take(self, where: str) -> Fault | None:
        """Return and use up what the next request or message of a place meets."""
        waiting = self._waiting.get(where)
        if not waiting:
            return None
        self.met.append(waiting.popleft())
        return self.met[-1]

    @property
    def pending(self) -> int:
        """How many were added and not met yet."""
        return sum(len(waiting) for waiting in self._waiting.values())

    def clear(self) -> None:
        for waiting in self._waiting.values():
            waiting.clear()
        self.lag = 0
