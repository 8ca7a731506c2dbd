"""Fault 33: a stalled loop says where it stands, and a long stall pauses entries."""

import asyncio
import threading

from desktop.ui.loop_lag import BEAT, KEPT, LoopLag


class Clock:
    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


def probe(clock: Clock) -> tuple[LoopLag, list[tuple[float, str]], list[float]]:
    stalls: list[tuple[float, str]] = []
    long_stalls: list[float] = []
    lag = LoopLag(
        on_stall=lambda late, stack: stalls.append((late, stack)), on_long_stall=long_stalls.append, monotonic=clock
    )
    return lag, stalls, long_stalls


def test_fault_33_a_stall_over_250_ms_dumps_the_main_threads_stack_once() -> None:
    clock = Clock()
    lag, stalls, long_stalls = probe(clock)
    clock.now += 0.2
    assert not lag.look()
    clock.now += 0.1
    watchdog = threading.Thread(target=lag.look)
    watchdog.start()
    watchdog.join()
    assert not lag.look()
    assert len(stalls) == 1
    assert "test_fault_33_a_stall_over_250_ms" in stalls[0][1]
    assert long_stalls == []


def test_fault_33_a_stall_over_two_seconds_pauses_entries_when_the_loop_comes_back() -> None:
    clock = Clock()
    lag, stalls, long_stalls = probe(clock)
    clock.now += 2.5
    lag.look()
    assert long_stalls == []
    lag.beat()
    assert long_stalls == [2.5]
    clock.now += 0.3
    assert lag.look()
    assert len(stalls) == 2


def test_figures_are_those_of_the_last_minute() -> None:
    clock = Clock()
    lag, _, _ = probe(clock)
    assert (lag.p99_ms, lag.max_ms) == (0.0, 0.0)
    for number in range(KEPT + 100):
        lag._expected = clock.now - (0.5 if number == 0 else 0.001 if number % 200 else 0.02)
        lag.beat()
    assert round(lag.p99_ms) == 1
    assert round(lag.max_ms) == 20


async def test_the_probe_beats_on_the_running_loop_and_ends_with_its_thread() -> None:
    stalls: list[float] = []
    lag = LoopLag(on_stall=lambda late, stack: stalls.append(late), on_long_stall=stalls.append)
    lag.start()
    await asyncio.sleep(3 * BEAT)
    lag.stop()
    assert len(lag._lags) >= 1
    assert not any(thread.name == "loop watchdog" for thread in threading.enumerate())
