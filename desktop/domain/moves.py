"""Tables of legal moves: one literal mapping per life, checked at one place."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import TypeVar

from desktop.domain.errors import IllegalMove

State = TypeVar("State", bound=StrEnum)
Table = Mapping[State, frozenset[State]]


def move(table: Table[State], what: str, now: State, wanted: State) -> State:
    """Return `wanted` if the table allows it from `now`.

    Raises:
        IllegalMove: it does not; the caller's state is unchanged.
    """
    legal = table[now]
    if wanted not in legal:
        raise IllegalMove(what, now.value, wanted.value, tuple(sorted(state.value for state in legal)))
    return wanted
