from desktop.domain.market import HOUR, SECOND
from desktop.engine.clock import FastClock, SystemClock


class Hands:
    """A wall clock and a monotonic clock that a test moves."""

    def __init__(self) -> None:
        self.wall, self.mono = 1_000_000.0, 50.0

    def pass_time(self, seconds: float) -> None:
        self.wall += seconds
        self.mono += seconds

    def clock(self) -> SystemClock:
        return SystemClock(lambda: self.wall, lambda: self.mono)


def test_time_passes_as_the_monotonic_clock_says() -> None:
    hands = Hands()
    clock = hands.clock()
    began = clock.now()
    hands.pass_time(1.5)
    assert clock.now() - began == 1_500_000
    assert clock.monotonic() == 51.5
    assert clock.take_jump() == 0


def test_fault_25_a_wall_clock_set_back_an_hour_never_takes_message_time_back() -> None:
    hands = Hands()
    clock = hands.clock()
    began = clock.now()
    hands.wall -= 3600
    hands.pass_time(1)
    assert clock.now() - began == SECOND
    assert clock.set_back
    hands.wall += 3600
    assert clock.now() - began == SECOND
    assert not clock.set_back


def test_fault_26_an_hour_of_sleep_is_seen_once_and_time_is_right_after_it() -> None:
    hands = Hands()
    clock = hands.clock()
    began = clock.now()
    hands.wall += 3600  # the monotonic clock stands still while the machine sleeps
    hands.pass_time(1)
    assert clock.now() - began == HOUR + SECOND
    assert clock.take_jump() == HOUR
    assert clock.take_jump() == 0


def test_small_corrections_of_the_wall_clock_are_drift_and_change_nothing() -> None:
    hands = Hands()
    clock = hands.clock()
    began = clock.now()
    hands.wall += 0.5
    hands.pass_time(1)
    assert clock.now() - began == SECOND
    assert clock.take_jump() == 0


def test_fault_25_a_clock_that_has_to_go_on_from_a_later_time_starts_there_and_still_sees_a_sleep() -> None:
    hands = Hands()
    clock = hands.clock()
    later = clock.now() + HOUR
    clock.not_before(later)
    assert (clock.now(), clock.take_jump()) == (later, 0)
    hands.pass_time(1)
    assert clock.now() == later + SECOND
    assert clock.set_back
    clock.not_before(later)
    assert clock.now() == later + SECOND
    hands.wall += 600
    assert clock.now() == later + SECOND + HOUR // 6
    assert clock.take_jump() == HOUR // 6


def test_a_fast_clock_goes_on_from_a_later_time_as_fast() -> None:
    hands = Hands()
    fast = FastClock(20, hands.clock())
    hands.pass_time(3)
    later = fast.now() + HOUR
    fast.not_before(later)
    assert fast.now() == later
    hands.pass_time(1)
    assert fast.now() == later + 20 * SECOND
    fast.not_before(later)
    assert fast.now() == later + 20 * SECOND


def test_a_fast_clock_runs_as_many_times_faster() -> None:
    hands = Hands()
    fast = FastClock(20, hands.clock())
    began = fast.now()
    hands.pass_time(3)
    assert fast.now() - began == 60 * SECOND
    assert fast.monotonic() == 53.0
    assert fast.take_jump() == 0
