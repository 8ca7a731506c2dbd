"""What a session knows of the account its orders go to: armed or not, connection, halts, differences, shared limits."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Protocol

from desktop.domain.codec import from_json, to_json
from desktop.domain.money import ONE, ZERO
from desktop.domain.orders import Purpose, Side
from desktop.domain.risk import Check
from desktop.trading.halts import Halts
from desktop.trading.risk_table import Case, Find, Finding


class Room(Protocol):
    """What is left of the limits of a whole account, asked by all its sessions in the same instant."""

    def look(self, case: Case, *, day: int) -> Finding | None:
        """Return the limit an entry would break; `day` is the trading day of message time."""
        ...


@dataclass(frozen=True, slots=True)
class Difference:
    """Units of one symbol at the broker that no journal explains (see `messages.DifferenceFound`)."""

    symbol: str
    quantity: Decimal
    price: Decimal
    sentence: str
    ratio: Decimal = ONE

    @property
    def is_split(self) -> bool:
        return self.ratio != ONE


class Outside:
    """The account as the session was told of it; only a session whose orders leave the process has one.

    Attributes:
        armed: Entries may leave. Never stored: each launch begins disarmed.
        connected: The link stands and was reconciled since. Not stored either: it is told anew.
        detail: Why it is not connected.
        halts: Why trading in symbols is halted.
        differences: What nobody has explained, by symbol.
        rests_stop: A stop-loss can rest at the broker.
        rests_pair: A stop-loss and a take-profit can rest there together, one cancelling the other.
    """

    def __init__(self, room: Room | None = None) -> None:
        self.room = room
        self.armed = False
        self.connected = False
        self.detail = "not connected yet"
        self.halts = Halts()
        self.differences: dict[str, Difference] = {}
        self.rests_stop = self.rests_pair = False

    # checks ----------------------------------------------------------------------------------------------------
    def table(self) -> dict[Check, Find]:
        """Return the checks that only such a session is asked."""
        return {
            Check.ARMED: self._armed,
            Check.LINK: self._link,
            Check.HALT: self.halts.find,
            Check.DIFFERENCE: self._open,
        }

    def _armed(self, _: Case) -> Finding | None:
        if self.armed:
            return None
        return Finding(
            "disarmed", "armed", "The session is not armed for live trading: it buys nothing until you arm it."
        )

    def _link(self, _: Case) -> Finding | None:
        if self.connected:
            return None
        return Finding(
            "lost", "connected", f"The connection to the broker is not up ({self.detail}). Nothing was sent."
        )

    def _open(self, case: Case) -> Finding | None:
        found = self.differences.get(case.request.symbol)
        if found is not None and case.request.purpose is Purpose.GUARD and self.covers(case.request.symbol):
            return None  # what is ours stays protected meanwhile
        return None if found is None else Finding(f"{found.quantity:f}", "0", found.sentence)

    def covers(self, symbol: str) -> bool:
        """Whether the broker holds at least what the journal does, so that protection of it cannot sell short."""
        found = self.differences.get(symbol)
        return found is None or (found.quantity > ZERO and not found.is_split)

    def limits(self, case: Case, *, day: int) -> Finding | None:
        """Return what the limits of the whole account say to an entry."""
        if self.room is None or case.request.side is Side.SELL:
            return None
        return self.room.look(case, day=day)

    # storage ---------------------------------------------------------------------------------------------------
    def snapshot(self) -> dict[str, Any]:
        return {"halts": self.halts.snapshot(), "differences": [to_json(item) for item in self.differences.values()]}

    def restore(self, data: Mapping[str, Any]) -> None:
        self.halts.restore(data["halts"])
        self.differences = {item["symbol"]: from_json(Difference, item) for item in data["differences"]}
