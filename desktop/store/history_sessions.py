"""Which trading hours' bars a download keeps, of a feed that has several."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from desktop.domain.errors import FieldError
from desktop.domain.market import DAY, timeframe_us
from desktop.market.calendars import load_hours
from desktop.market.history_download import DownloadRequest
from desktop.market.history_merge import Existing
from desktop.store.history_add import stored_as
from desktop.store.history_store import HistoryStore


@dataclass(frozen=True, slots=True)
class KeptHours:
    """Hours whose bars are kept.

    Attributes:
        spec: As `trading_hours` takes them; empty: every bar is kept.
        is_open: Whether they are open at a time (µs UTC); None likewise.
    """

    spec: str = ""
    is_open: Callable[[int], bool] | None = None


async def choose_hours(
    store: HistoryStore, request: DownloadRequest, feed: str, sessions: Mapping[str, str]
) -> KeptHours:
    """Return which hours' bars are kept; daily and longer bars have no others.

    Args:
        store: What is stored already.
        request: What is asked for.
        feed: The feed's name.
        sessions: The hours it has, by name (`ports.HistorySource.sessions`).

    Raises:
        FieldError: the feed does not have these, or the stored series is of other ones.
    """
    asked = request.hours or next(iter(sessions), "")
    if asked and asked not in sessions:
        has = " and ".join(sessions) or "no choice of hours: its bars are what there is"
        raise FieldError("hours", f"{feed} has {has}.")
    spec = sessions.get(asked, "")
    if not spec or timeframe_us(request.timeframe) >= DAY:
        return KeptHours()
    there = await asyncio.to_thread(stored_as, store, request.symbol, "bars", request.timeframe, feed, adjusted=False)
    if there is not None and there.hours not in {"", spec} and request.existing is not Existing.REPLACE:
        raise FieldError(
            "hours",
            f"are {asked} ({spec}), but the stored series {there.series_id} holds bars of {there.hours}. Take the "
            "same, or replace it.",
        )
    return KeptHours(spec, (await load_hours(spec)).is_open)
