"""The signals of a session: pending ones with their timers, and the runs of true bars they came from."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Container
from dataclasses import dataclass
from typing import Any

from desktop.domain.codec import from_json, to_json
from desktop.domain.events import Blocked, SignalChanged
from desktop.domain.moves import move
from desktop.domain.quick import changed
from desktop.domain.risk import Block, Check, Outcome
from desktop.domain.signals import SIGNAL_MOVES, Signal, SignalKind, SignalState
from desktop.trading.state import CoreState

_RECENT = 100
NEVER = 1 << 62  # µs UTC: no timer is set
_LIVE = frozenset({SignalState.PENDING, SignalState.CONFIRMED})


class SignalBook:
    """Pending and confirmed signals by id, and the last hundred of all.

    Attributes:
        live: PENDING and CONFIRMED ones.
        waiting: The PENDING ones among them.
        recent: The last 100 in the order they were raised, whatever became of them.
        next_due: Message time of the next expiry or overdue mark.
    """

    def __init__(self, state: CoreState) -> None:
        self._state = state
        self.live: dict[str, Signal] = {}
        self.waiting: dict[str, Signal] = {}
        self.recent: OrderedDict[str, Signal] = OrderedDict()
        self.next_due = NEVER

    def pending(self, symbol: str, kind: SignalKind) -> Signal | None:
        """Return the waiting signal of a symbol and kind; there is at most one."""
        for signal in self.waiting.values():
            if signal.symbol == symbol and signal.kind is kind:
                return signal
        return None

    def put(self, signal: Signal, *, at: int = 0) -> Signal:
        """Take a new or changed signal and tell of it."""
        now = at or self._state.now
        if signal.updated_at != now:
            signal = changed(signal, updated_at=now)
        if signal.state in _LIVE:
            self.live[signal.signal_id] = signal
        else:
            self.live.pop(signal.signal_id, None)
        self.recent[signal.signal_id] = signal
        if len(self.recent) > _RECENT:
            self.recent.popitem(last=False)
        if signal.state is SignalState.PENDING:
            self.waiting[signal.signal_id] = signal
            self._set_timer()
        elif self.waiting.pop(signal.signal_id, None) is not None:
            self._set_timer()
        if self._state.tells_changes:
            self._state.effects.append(SignalChanged(self._state.session_id, now, signal))
        return signal

    def move(self, signal: Signal, wanted: SignalState, reason: str = "", *, at: int = 0, **changes: Any) -> Signal:
        """Move a signal along its table.

        Raises:
            IllegalMove: the table does not allow it; nothing is changed.
        """
        if wanted not in SIGNAL_MOVES[signal.state]:
            move(SIGNAL_MOVES, f"Signal {signal.signal_id}", signal.state, wanted)  # raises, and says what is legal
        now = at or self._state.now
        after = changed(signal, state=wanted, reason=reason or signal.reason, updated_at=now, **changes)
        return self.put(after, at=now)

    def block(self, signal: Signal, block: Block) -> Signal:
        """Move a signal to BLOCKED with what stood in the way."""
        return self.move(signal, SignalState.BLOCKED, **blocked_by(block))

    def expire(self, signal: Signal, reason: str) -> Signal:
        return self.move(signal, SignalState.EXPIRED, reason)

    def expire_all(self, reason: str, *, kind: SignalKind | None = None, symbol: str = "", before: int = NEVER) -> None:
        """Expire every waiting signal (of a kind, of a symbol, raised before a time)."""
        for signal in tuple(self.waiting.values()):
            if signal.created_at >= before:
                continue
            if (kind is None or signal.kind is kind) and symbol in ("", signal.symbol):
                self.expire(signal, reason)

    def run_timers(self) -> None:
        """Expire entries and mark waiting exits as overdue whose time has come; stamped with the time it came."""
        now, ttl = self._state.now, self._state.settings.signal_ttl
        if now < self.next_due:
            return
        for signal in tuple(self.waiting.values()):
            due = self._due(signal)
            if due > now:
                continue
            if signal.kind is SignalKind.ENTRY:
                self.move(signal, SignalState.EXPIRED, f"Nobody answered within {ttl / 1e6:g} s.", at=due)
            else:
                self.put(changed(signal, overdue=True), at=due)

    def _due(self, signal: Signal) -> int:
        if signal.kind is SignalKind.ENTRY:
            return signal.expires_at
        return NEVER if signal.overdue else signal.created_at + self._state.settings.signal_ttl

    def _set_timer(self) -> None:
        self.next_due = min(map(self._due, self.waiting.values()), default=NEVER)

    def snapshot(self) -> list[Any]:
        return [to_json(signal) for signal in self.live.values()]

    def restore(self, data: list[Any], recent: list[Signal]) -> None:
        self.live = {item["signal_id"]: from_json(Signal, item) for item in data}
        self.waiting = {key: item for key, item in self.live.items() if item.state is SignalState.PENDING}
        self.recent = OrderedDict((signal.signal_id, signal) for signal in recent[-_RECENT:])
        for signal in self.live.values():
            self.recent[signal.signal_id] = signal
        self._set_timer()


def blocked_by(block: Block) -> dict[str, Any]:
    """Return the fields of a signal that say which check blocked it and what it saw (K3)."""
    return {
        "blocked_by": block.check.value,
        "block_value": block.value,
        "block_limit": block.limit,
        "reason": block.sentence,
    }


@dataclass(slots=True)
class Run:
    """Bars in a row on which one rule of one symbol was true without becoming an order.

    Attributes:
        answered: A signal of this run was raised, rejected, expired or blocked: none is raised again before it ends.
        block: What stood in the way last.
        count: Bars it stood in the way.
        signal_id: The signal that was recorded as blocked.
    """

    answered: bool = False
    block: Block | None = None
    count: int = 0
    signal_id: str = ""


class Runs:
    """The runs of true bars; a lasting block is told at its start and, counted, at its end.

    Attributes:
        going: Those that are on, by symbol and kind.
    """

    def __init__(self, state: CoreState) -> None:
        self._state = state
        self.going: dict[tuple[str, SignalKind], Run] = {}

    def get(self, symbol: str, kind: SignalKind) -> Run | None:
        return self.going.get((symbol, kind))

    def begin(self, symbol: str, kind: SignalKind) -> Run:
        """Return the run that is on, a new one if there is none."""
        return self.going.setdefault((symbol, kind), Run())

    def blocked(self, symbol: str, kind: SignalKind, block: Block) -> bool:
        """Count a block; returns whether it is a new one (the first of the run, or another check than before)."""
        run = self.begin(symbol, kind)
        if run.block is not None and run.block.check is block.check:
            run.count += 1
            return False
        self._tell_count(symbol, kind, run)
        run.block, run.count = block, 1
        return True

    def end(self, symbol: str, kind: SignalKind) -> None:
        """End a run: its rule was not true, it became an order, or the other rule's turn has come."""
        run = self.going.pop((symbol, kind), None)
        if run is not None:
            self._tell_count(symbol, kind, run)

    def end_all(self) -> None:
        for symbol, kind in tuple(self.going):
            self.end(symbol, kind)

    def end_blocked(self, check: Check) -> None:
        """End the runs that a check stood in the way of, for the user has lifted it: they may be asked anew."""
        for (symbol, kind), run in tuple(self.going.items()):
            if run.block is not None and run.block.check is check:
                self.end(symbol, kind)

    def end_of(self, symbols: Container[str]) -> None:
        """End every run of some symbols."""
        for symbol, kind in tuple(self.going):
            if symbol in symbols:
                self.end(symbol, kind)

    def _tell_count(self, symbol: str, kind: SignalKind, run: Run) -> None:
        if run.block is None or run.count < 2:
            return
        self._state.emit(
            Blocked(
                self._state.session_id,
                self._state.now,
                symbol,
                WHAT[kind],
                run.block,
                count=run.count,
                signal_id=run.signal_id,
            )
        )

    def snapshot(self) -> list[Any]:
        return [
            [symbol, kind.value, run.answered, to_json(run.block), run.count, run.signal_id]
            for (symbol, kind), run in self.going.items()
        ]

    def restore(self, data: list[Any]) -> None:
        self.going = {}
        for symbol, kind, answered, block, count, signal_id in data:
            seen = None if block is None else _block(block)
            self.going[symbol, SignalKind(kind)] = Run(answered, seen, count, signal_id)


def _block(data: dict[str, str]) -> Block:
    return Block(Check(data["check"]), Outcome(data["outcome"]), data["value"], data["limit"], data["sentence"])


WHAT = {SignalKind.ENTRY: "entry", SignalKind.EXIT: "rule exit"}
