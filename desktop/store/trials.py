"""Sweeps and walk-forwards as records of the audit trail: what was tried can be added to, never taken back."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import Any

from desktop.domain.trials import Trial
from desktop.store.backtests import ASSAY
from desktop.store.reader import Reader
from desktop.store.rows import dumps
from desktop.store.writes import AuditEntry, Write

KIND = "VariantsTried"


def fresh(trial: Trial, at: int) -> Write:
    """Return the work of recording a trial; `at`: µs UTC by the wall clock."""
    found = asdict(trial)
    del found["at"]
    names = ", ".join(trial.ranges)
    text = f"{trial.kind} of {trial.strategy} {trial.strategy_version}: {trial.tried:,} variants of {names} tried"
    return Write(ASSAY, audit=[AuditEntry(ASSAY, at, KIND, text[:1].upper() + text[1:], dumps(found))], sync_full=True)


def read_trials(reader: Reader) -> list[Trial]:
    """Return every recorded trial, newest first."""
    rows = reader.rows(
        'SELECT "at", "data" FROM "audit" WHERE "session_id" = ? AND "kind" = ? ORDER BY "sequence" DESC',
        (ASSAY, KIND),
    )
    return [_trial(row[0], json.loads(row[1])) for row in rows]


def _trial(at: int, found: dict[str, Any]) -> Trial:
    for name in ("fingerprints", "files"):
        found[name] = tuple(found[name])
    return Trial(**found, at=at)
