"""How a replay is held back by message time, on a fake clock."""

from __future__ import annotations

from desktop.domain.market import SECOND
from desktop.engine.replay_pace import LONGEST_WAIT, Pace


class Time:
    def __init__(self) -> None:
        self.at = 5.0

    def monotonic(self) -> float:
        return self.at

    def sleep(self, seconds: float) -> None:
        self.at += seconds


def test_at_full_speed_no_message_is_early() -> None:
    assert Pace().ahead(10**15) == 0.0


def test_at_twenty_times_a_minute_takes_three_seconds() -> None:
    time = Time()
    pace = Pace(20.0, monotonic=time.monotonic, sleep=time.sleep)
    assert pace.ahead(1_000 * SECOND) == 0.0
    assert pace.ahead(1_060 * SECOND) == 3.0
    time.at += 3.5
    assert pace.ahead(1_060 * SECOND) == -0.5


def test_it_never_waits_longer_than_a_moment_so_that_a_stop_is_seen() -> None:
    time = Time()
    pace = Pace(1.0, monotonic=time.monotonic, sleep=time.sleep)
    pace.wait(3_600.0)
    assert time.at == 5.0 + LONGEST_WAIT
    assert not pace.stopped
    pace.stop()
    assert pace.stopped
