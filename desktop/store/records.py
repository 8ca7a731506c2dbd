"""What the reader returns where the domain has no value for it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, NamedTuple

from desktop.domain.fills import Fill
from desktop.domain.sessions import SessionSettings, SessionState


@dataclass(frozen=True, slots=True)
class SessionRecord:
    """A stored session without what it holds."""

    session_id: str
    settings: SessionSettings
    state: SessionState
    created_at: int
    updated_at: int
    ended: bool


@dataclass(frozen=True, slots=True)
class StoredFill:
    """A fill with the session it was booked in and the cash after it."""

    session_id: str
    account: str
    cash: Decimal
    realised: Decimal
    fill: Fill


class Run(NamedTuple):
    """A replay of the command line; `report` is None until it is finished."""

    run_key: str
    session_id: str
    created_at: int
    finished_at: int
    report: Mapping[str, Any] | None
