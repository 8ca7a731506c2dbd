"""On which days a strategy version traded on paper, on prices of real time: the evidence of L2.

A day counts where the session was RUNNING and a point of its equity was stored: replays, the demo, days on which the
program was off, and bars that were only fetched afterwards leave no such point.
"""

from __future__ import annotations

import json
from bisect import bisect_right

from desktop.domain.market import DAY, FeedOrigin
from desktop.domain.sessions import SessionState
from desktop.domain.validation import PaperRun
from desktop.store.reader import Reader

_MOVES = 'SELECT "at", "data" FROM "audit" WHERE "session_id" = ? AND "kind" = \'SessionChanged\' ORDER BY "sequence"'
_POINTS = 'SELECT "at" FROM "equity" WHERE "session_id" = ? ORDER BY "at"'
_TRADES = 'SELECT COUNT(*) FROM "trades" WHERE "session_id" = ?'


def read_paper_runs(reader: Reader, version: str) -> list[PaperRun]:
    """Return the paper sessions of a version on prices of real time, oldest first; deleted ones count."""
    found: list[PaperRun] = []
    with reader.snapshot():
        for record in reader.sessions(naming=version):
            settings = record.settings
            if settings.strategy_version != version or settings.is_live:
                continue
            if settings.origin != FeedOrigin.REAL_TIME:
                continue
            session = (settings.session_id,)
            trades = int(reader.rows(_TRADES, session)[0][0])
            found.append(PaperRun(settings.session_id, settings.name, _days(reader, settings.session_id), trades))
    return found


def _days(reader: Reader, session_id: str) -> tuple[int, ...]:
    times, states = [0], [""]
    for at, data in reader.rows(_MOVES, (session_id,)):
        times.append(at)
        states.append(json.loads(data)["after"])
    days: list[int] = []
    for (at,) in reader.rows(_POINTS, (session_id,)):
        day = at // DAY
        if (not days or days[-1] != day) and states[bisect_right(times, at) - 1] == SessionState.RUNNING:
            days.append(day)
    return tuple(days)
