"""What is known of a stored series, as the history file keeps it: one JSON text beside its blocks."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

from desktop.domain.codec import from_json, to_json
from desktop.domain.errors import NotFound
from desktop.domain.history import SeriesInfo

HINT = "`assay history list` shows what is stored."


def series_of(connection: Any, series_id: int) -> SeriesInfo:
    """Return one series of an open file; None: there is no file (NotFound: there is no such series)."""
    found = None
    if connection is not None:
        found = connection.execute("SELECT series_id, info FROM series WHERE series_id = ?", (series_id,)).fetchone()
    if found is None:
        raise absent(series_id)
    return info_of(*found)


def absent(series_id: int) -> NotFound:
    """Return the error that says that a series is not there."""
    return NotFound("stored series", str(series_id), HINT)


def same_source(one: SeriesInfo, two: SeriesInfo) -> bool:
    """Whether two series are of the same source, read the same way; how gaps were counted does not matter."""

    def plain(info: SeriesInfo) -> SeriesInfo:
        return replace(info, series_id=0, imported_at=0, accepted=(), gaps=0, gap_count=0, judged="")

    return plain(one) == plain(two)


def text_of(info: SeriesInfo) -> str:
    """Return a series as it is kept."""
    return json.dumps(to_json(info))


def info_of(series_id: int, text: str) -> SeriesInfo:
    """Return a series from what is kept of it."""
    return replace(from_json(SeriesInfo, json.loads(text)), series_id=series_id)
