"""Local times of a time zone as UTC, with the hours that daylight-saving time skips or repeats told apart."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import numpy as np

from desktop.domain.errors import FieldError
from desktop.domain.market import SECOND
from desktop.rules.columns import BoolArray, IntArray

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_DAYS = 47_482  # 1970 to 2100
_DAY_SECONDS = 86_400
#: The three answers to a local time.
FINE, SKIPPED, REPEATED = 0, 1, 2


class LocalTimes:
    """Every change of one zone's distance from UTC between 1970 and 2100."""

    __slots__ = ("_begins", "_ends", "_offsets", "_repeats", "zone")

    def __init__(self, zone: str) -> None:
        """Look the zone's changes up.

        Raises:
            FieldError: there is no such IANA zone.
        """
        self.zone = zone
        try:
            info = ZoneInfo(zone)
        except (ZoneInfoNotFoundError, ValueError, OSError):
            raise FieldError(
                "timezone", f"{zone!r} is no time zone. Give its IANA name, for example America/New_York or Asia/Seoul."
            ) from None
        first, changes = _changes(info)
        self._offsets: IntArray = np.array([first, *(after for _, _, after in changes)], dtype=np.int64)
        self._begins: IntArray = np.array([at + min(before, after) for at, before, after in changes], dtype=np.int64)
        self._ends: IntArray = np.array([at + max(before, after) for at, before, after in changes], dtype=np.int64)
        self._repeats: BoolArray = np.array([after < before for _, before, after in changes], dtype=np.bool_)

    def to_utc(self, local: IntArray) -> tuple[IntArray, IntArray]:
        """Return µs UTC of local times (µs since 1970 on the zone's clock), and FINE, SKIPPED or REPEATED for each.

        A time in an hour that the clocks skip or repeat has no UTC time that is sure; what is returned for it is none.
        """
        index = np.searchsorted(self._begins, local, side="right")
        state: IntArray = np.zeros(len(local), dtype=np.int64)
        if len(self._begins):
            before = np.maximum(index - 1, 0)
            inside = (index > 0) & (local < self._ends[before])
            state[inside] = np.where(self._repeats[before[inside]], REPEATED, SKIPPED)
        utc: IntArray = local - self._offsets[index]
        return utc, state

    def sentence(self, state: int) -> str:
        """Say what is wrong with a time that is SKIPPED or REPEATED."""
        if state == SKIPPED:
            return f"does not exist in {self.zone}: the clocks skip that hour; the row was left out."
        return f"comes twice in {self.zone}: the clocks repeat that hour; the row was left out."


def _changes(info: ZoneInfo) -> tuple[int, list[tuple[int, int, int]]]:
    """Return the offset at 1970 and (µs UTC, offset before, offset after) of each change; offsets in µs."""
    first = before = _offset(info, 0)
    found = []
    for day in range(_DAYS):
        after = _offset(info, (day + 1) * _DAY_SECONDS)
        if after == before:
            continue
        low, high = day * _DAY_SECONDS, (day + 1) * _DAY_SECONDS
        while high - low > 1:
            middle = (low + high) // 2
            low, high = (middle, high) if _offset(info, middle) == before else (low, middle)
        found.append((high * SECOND, before * SECOND, after * SECOND))
        before = after
    return first * SECOND, found


def _offset(info: ZoneInfo, second: int) -> int:
    offset = info.utcoffset((_EPOCH + timedelta(seconds=second)).astimezone(info))
    return int(offset.total_seconds()) if offset is not None else 0


@lru_cache(maxsize=8)
def local_times(zone: str) -> LocalTimes | None:
    """Return the changes of a zone, looked up once; None for UTC.

    Raises:
        FieldError: there is no such IANA zone.
    """
    return None if zone in {"", "UTC"} else LocalTimes(zone)
