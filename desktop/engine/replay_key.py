"""What makes two replays the same run: strategy, data and options, but not how fast or where they run."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence

from desktop.domain.codec import to_json
from desktop.domain.sessions import SessionSettings
from desktop.domain.strategy_text import format_strategy

FORMAT = 1  # of the stored state and the place in the data; another one cannot be resumed
ID_DIGITS = 32


def run_key(settings: SessionSettings, fingerprints: Sequence[str]) -> str:
    """Return the hash of a replay's strategy, options and files.

    Args:
        settings: As made from the options; session id, name and feed are not part of it.
        fingerprints: Hash of each file's content, in the order of the symbols.
    """
    content = {
        "format": FORMAT,
        "strategy": format_strategy(settings.strategy),
        "files": list(fingerprints),
        "instruments": to_json(settings.instruments),
        "cash": str(settings.cash.normalize()),
        "mode": settings.mode.value,
        "limits": to_json(settings.limits),
        "hours": settings.hours,
        "fills": to_json(settings.fills),
        "seed": settings.seed,
    }
    return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()


def session_of(key: str) -> str:
    """Return the id of a run's session: the same for the same run, so that orders carry the same ids again."""
    return key[:ID_DIGITS]
