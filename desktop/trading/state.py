"""What every part of a session core shares: settings in force, state, message time, counters and the effects so far."""

from __future__ import annotations

from typing import Any

from desktop.domain import events
from desktop.domain.codec import from_json, to_json
from desktop.domain.effects import BROKER_REQUESTS, Effect
from desktop.domain.errors import IllegalMove
from desktop.domain.events import Fact
from desktop.domain.fills import Fill
from desktop.domain.moves import move
from desktop.domain.positions import ClosedTrade
from desktop.domain.risk import RiskLimits
from desktop.domain.sessions import SESSION_MOVES, ExecutionMode, SessionSettings, SessionState

_ID_PREFIX = 24  # client order ids hold at most 48 characters


class CoreState:
    """The state of one session that its collaborators share; changed by the core only, one message at a time."""

    __slots__ = (
        "account",
        "adopted",
        "effects",
        "fills",
        "flatten",
        "kill",
        "limits",
        "mode",
        "note",
        "now",
        "ordinal",
        "prefix",
        "resume_to",
        "session_id",
        "settings",
        "signals",
        "status",
        "tells_changes",
        "trades",
        "triggers",
    )

    def __init__(self, settings: SessionSettings) -> None:
        self.settings = settings
        self.session_id = settings.session_id
        self.account = settings.account
        self.prefix = settings.session_id[:_ID_PREFIX]
        self.limits: RiskLimits = settings.limits
        self.mode: ExecutionMode = settings.mode
        self.status = SessionState.CREATED
        self.resume_to = SessionState.RUNNING  # what a recovery goes back to
        self.note = ""  # why it is in this state
        self.kill = False
        self.flatten = False  # every holding is to be sold, also what late fills bring
        self.now = 0  # message time, µs UTC; never goes back
        self.ordinal = 0  # of the last order
        self.signals = 0  # number of the last signal
        self.triggers = 0
        self.adopted = 0  # number of the last execution booked for what was found at the broker
        self.effects: list[Effect] = []
        self.tells_changes = True  # of signals, orders, triggers, positions, fills and trades; a backtest does not
        self.fills: list[Fill] = []  # every execution and trade where they are not told: what a backtest is asked for
        self.trades: list[ClosedTrade] = []

    @property
    def alive(self) -> bool:
        """Whether rules are judged (paused and recovering sessions still leave positions by rule)."""
        return self.status in _ALIVE

    def emit(self, effect: Effect) -> None:
        self.effects.append(effect)

    def take(self) -> list[Effect]:
        """Return the effects since the last call and start a new list."""
        effects, self.effects = self.effects, []
        return effects

    def take_facts(self) -> list[Fact]:
        """Return the facts since the last call, where nothing can have been asked of a broker."""
        return [effect for effect in self.take() if not isinstance(effect, BROKER_REQUESTS)] if self.effects else []

    def advance_to(self, at: int) -> None:
        """Let message time pass; an earlier time counts as the last one."""
        self.now = max(self.now, at)

    def warn(self, topic: str, sentence: str) -> None:
        self.effects.append(events.Warned(self.session_id, self.now, topic, sentence))

    def expect(self, wanted: SessionState, *now: SessionState) -> None:
        """Refuse a command that only makes sense in certain states.

        Raises:
            IllegalMove: the session is in none of `now`; nothing is changed.
        """
        if self.status not in now:
            legal = tuple(sorted(state.value for state in SESSION_MOVES[self.status]))
            raise IllegalMove(f"Session {self.settings.name}", self.status.value, wanted.value, legal)

    def become(self, wanted: SessionState, reason: str) -> None:
        """Move the session along its table.

        Raises:
            IllegalMove: the table does not allow it; nothing is changed.
        """
        before = self.status
        self.status = move(SESSION_MOVES, f"Session {self.settings.name}", before, wanted)
        self.note = reason
        self.effects.append(events.SessionChanged(self.session_id, self.now, before, wanted, reason))

    def next_order(self) -> tuple[str, int]:
        """Mint the client order id and ordinal of the next order, once."""
        self.ordinal += 1
        return f"{self.prefix}-{self.ordinal}", self.ordinal

    def next_signal(self) -> str:
        self.signals += 1
        return f"{self.prefix}-s{self.signals}"

    def next_trigger(self) -> str:
        self.triggers += 1
        return f"{self.prefix}-t{self.triggers}"

    def next_adoption(self) -> int:
        self.adopted += 1
        return self.adopted

    def snapshot(self) -> dict[str, Any]:
        """Return everything but settings and effects as JSON values."""
        return {
            "status": self.status.value,
            "resume_to": self.resume_to.value,
            "note": self.note,
            "kill": self.kill,
            "flatten": self.flatten,
            "now": self.now,
            "counters": [self.ordinal, self.signals, self.triggers, self.adopted],
            "limits": to_json(self.limits),
            "mode": self.mode.value,
        }

    def restore(self, data: dict[str, Any]) -> None:
        self.status = SessionState(data["status"])
        self.resume_to = SessionState(data["resume_to"])
        self.note = data["note"]
        self.kill, self.flatten, self.now = data["kill"], data["flatten"], data["now"]
        self.ordinal, self.signals, self.triggers, *rest = data["counters"]
        self.adopted = rest[0] if rest else 0
        self.limits = from_json(RiskLimits, data["limits"])
        self.mode = ExecutionMode(data["mode"])


_ALIVE = frozenset({SessionState.RUNNING, SessionState.PAUSED, SessionState.RECOVERING})
