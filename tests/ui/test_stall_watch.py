"""Fault 33: a stalled loop says where it stands."""

import asyncio
import threading

from desktop.ui.stall_watch import BEAT, StallWatch


class Clock:
    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


def test_fault_33_a_stall_over_250_ms_dumps_the_main_threads_stack_once() -> None:
    clock = Clock()
    stalls: list[tuple[float, str]] = []
    watch = StallWatch(lambda late, stack: stalls.append((late, stack)), monotonic=clock)
    clock.now += 0.2
    assert not watch.look()
    clock.now += 0.1
    watchdog = threading.Thread(target=watch.look)
    watchdog.start()
    watchdog.join()
    assert not watch.look()
    assert len(stalls) == 1
    assert "test_fault_33_a_stall_over_250_ms" in stalls[0][1]


def test_fault_33_the_next_stall_is_told_again() -> None:
    clock = Clock()
    stalls: list[float] = []
    watch = StallWatch(lambda late, stack: stalls.append(late), monotonic=clock)
    clock.now += 0.5
    assert watch.look()
    watch.beat()
    assert not watch.look()
    clock.now += 0.5
    assert watch.look()
    assert len(stalls) == 2


async def test_the_watch_beats_on_the_running_loop_and_ends_with_its_thread() -> None:
    watch = StallWatch(lambda late, stack: None)
    watch.start()
    before = watch._expected
    await asyncio.sleep(3 * BEAT)
    assert watch._expected > before
    watch.stop()
    assert not any(thread.name == "loop watchdog" for thread in threading.enumerate())
