"""How busy the machine is: said with every figure, since other work on it makes each of them worse."""

from __future__ import annotations

import os
import time
from collections.abc import Sequence
from pathlib import Path

_STAT = Path("/proc/stat")


def load_words() -> str:
    """Return the load average of the last minute and of the last five, with the number of processors."""
    try:
        one, five, _ = os.getloadavg()
    except (AttributeError, OSError):  # Windows has none
        return f"load unknown, {os.cpu_count()} processors"
    return f"load {one:.2f} (1 min) {five:.2f} (5 min), {os.cpu_count()} processors"


class Others:
    """How much of the machine others used while something ran: in processors, of what this process did not use."""

    def __init__(self) -> None:
        self._begun = self._now()

    @staticmethod
    def _now() -> tuple[float, float, float]:
        spent = os.times()
        mine = spent.user + spent.system + spent.children_user + spent.children_system
        if not _STAT.exists():
            return time.monotonic(), mine, float("nan")
        words = _STAT.read_text().split("\n", 1)[0].split()[1:9]
        user, nice, system, _, _, irq, soft, steal = map(int, words)
        return time.monotonic(), mine, (user + nice + system + irq + soft + steal) / os.sysconf("SC_CLK_TCK")

    def words(self) -> str:
        """Return what this process and all others used since it was made."""
        (at, mine, busy), (until, spent, used) = self._begun, self._now()
        seconds = until - at
        ours = (spent - mine) / seconds
        return f"this process used {ours:.2f} processors, all others {(used - busy) / seconds - ours:.2f}"


def centile(values: Sequence[float], share: float) -> float:
    """Return a percentile; nan where nothing was measured."""
    return sorted(values)[min(len(values) - 1, int(len(values) * share))] if values else float("nan")
