"""Fault 33: a stalled loop says where it stands."""

import asyncio
import threading
import weakref

from desktop.ui.stall_watch import BEAT, StallWatch, stack_of


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


class Painter:
    """Stands for what must end when its function returns."""


def test_fault_33_a_report_does_not_keep_the_main_threads_locals_alive() -> None:
    clock = Clock()
    told, go_on = threading.Event(), threading.Event()

    def slow_to_write(late: float, stack: str) -> None:
        told.set()
        assert go_on.wait(5)

    watch = StallWatch(slow_to_write, monotonic=clock)
    clock.now += 1
    watchdog = threading.Thread(target=watch.look)

    def paint() -> "weakref.ref[Painter]":
        painter = Painter()
        watchdog.start()
        assert told.wait(5)
        return weakref.ref(painter)

    painter = paint()
    try:
        assert painter() is None, "the painter ended with its function, though the stack is still being written"
    finally:
        go_on.set()
        watchdog.join()


def test_a_thread_that_is_not_there_has_no_stack() -> None:
    assert stack_of(1) == ""
    assert "test_a_thread_that_is_not_there" in stack_of(threading.get_ident())


async def test_the_watch_beats_on_the_running_loop_and_ends_with_its_thread() -> None:
    watch = StallWatch(lambda late, stack: None)
    watch.start()
    before = watch._expected
    await asyncio.sleep(3 * BEAT)
    assert watch._expected > before
    watch.stop()
    assert not any(thread.name == "loop watchdog" for thread in threading.enumerate())
