"""The loop keeps asyncio's promises on Qt; each fault of qasync's own loop has its test here."""

import asyncio
import gc
import os
import signal
import sys
import threading
import time
from collections.abc import AsyncIterator

import pytest
from PySide6.QtCore import QObject, QTimer, QTimerEvent
from PySide6.QtWidgets import QApplication

from desktop.ui.loop import LONGEST_ARM, WindowLoop, make_loop


def running() -> WindowLoop:
    found = asyncio.get_running_loop()
    assert isinstance(found, WindowLoop)
    return found


async def test_a_sleep_never_wakes_early() -> None:
    for delay in (0.0004, 0.003, 0.011, 0.0499):
        begin = time.monotonic()
        await asyncio.sleep(delay)
        assert time.monotonic() - begin >= delay


async def test_a_wait_of_more_than_24_days_is_armed_again_instead_of_overflowing(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    armed: list[int] = []
    loop = running()
    monkeypatch.setattr(loop._waker, "arm", armed.append)
    handle = loop.call_later(60 * 86_400, print)
    assert armed[-1] == LONGEST_ARM
    loop._run_due()  # the day is over, the time has not come
    assert armed[-1] == LONGEST_ARM
    assert not handle.cancelled()
    handle.cancel()


async def test_system_exit_in_an_executor_reaches_the_one_who_waits() -> None:
    with pytest.raises(SystemExit) as caught:
        await running().run_in_executor(None, sys.exit, 3)
    assert caught.value.code == 3


def test_system_exit_in_a_task_leaves_the_loop(qapp: QApplication) -> None:
    async def leave() -> None:
        sys.exit(4)

    loop = make_loop()
    with pytest.raises(SystemExit) as caught:
        loop.run_until_complete(leave())
    assert caught.value.code == 4
    loop.close()


def test_an_abandoned_async_generator_is_finalised(qapp: QApplication) -> None:
    ended: list[str] = []

    async def numbers() -> AsyncIterator[int]:
        try:
            yield 1
            yield 2
        finally:
            await asyncio.sleep(0)
            ended.append("finalised")

    async def take_one() -> None:
        async for _ in numbers():
            break
        gc.collect()
        await asyncio.sleep(0.01)

    loop = make_loop()
    loop.run_until_complete(take_one())
    loop.run_until_complete(loop.shutdown_asyncgens())
    assert ended == ["finalised"]
    loop.close()


async def test_call_later_returns_a_timer_handle_that_knows_its_time() -> None:
    loop = running()
    before = loop.time()
    handle = loop.call_later(5, print)
    assert isinstance(handle, asyncio.TimerHandle)
    assert before + 5 <= handle.when() <= loop.time() + 5
    handle.cancel()


async def test_cancelled_timers_do_not_linger() -> None:
    loop = running()
    kept = loop.call_later(3600, print)
    for _ in range(1000):
        loop.call_later(3600, print).cancel()
    assert len(loop._waits) <= 4
    kept.cancel()


async def test_a_cancelled_timer_never_runs() -> None:
    ran: list[int] = []
    running().call_later(0.001, ran.append, 1).cancel()
    soon = running().call_soon(ran.append, 2)
    soon.cancel()
    await asyncio.sleep(0.01)
    assert ran == []


async def test_timers_run_in_the_order_of_their_times() -> None:
    order: list[str] = []
    running().call_later(0.02, order.append, "late")
    running().call_later(0.005, order.append, "early")
    await asyncio.sleep(0.03)
    assert order == ["early", "late"]


@pytest.mark.skipif(not hasattr(signal, "SIGUSR1"), reason="signals of POSIX")
async def test_a_signal_handler_runs_while_the_loop_is_idle() -> None:
    heard = asyncio.Event()
    loop = running()
    loop.add_signal_handler(signal.SIGUSR1, heard.set)
    try:
        os.kill(os.getpid(), signal.SIGUSR1)
        await asyncio.wait_for(heard.wait(), 5)
    finally:
        loop.remove_signal_handler(signal.SIGUSR1)


async def test_a_burst_of_callbacks_costs_one_posted_event(monkeypatch: pytest.MonkeyPatch) -> None:
    loop = running()
    await asyncio.sleep(0)
    wakes: list[int] = []
    wake = loop._waker.wake

    def count() -> None:
        wakes.append(1)
        wake()

    monkeypatch.setattr(loop._waker, "wake", count)
    done: list[int] = []
    for number in range(500):
        loop.call_soon(done.append, number)
    for _ in range(3):
        await asyncio.sleep(0)
    assert done == list(range(500))
    assert len(wakes) <= 4


async def test_callbacks_that_queue_callbacks_do_not_starve_qt() -> None:
    loop = running()
    fired = asyncio.Event()
    spinning = True

    def spin() -> None:
        if spinning:
            loop.call_soon(spin)

    timer = QTimer()
    timer.setSingleShot(True)
    timer.timeout.connect(fired.set)
    timer.start(5)
    spin()
    await asyncio.wait_for(fired.wait(), 10)
    spinning = False


async def test_another_thread_can_wake_the_loop() -> None:
    heard: asyncio.Queue[int] = asyncio.Queue()
    loop = running()

    def speak() -> None:
        for number in range(100):
            loop.call_soon_threadsafe(heard.put_nowait, number)

    thread = threading.Thread(target=speak)
    thread.start()
    assert [await asyncio.wait_for(heard.get(), 5) for _ in range(100)] == list(range(100))
    thread.join()


async def test_an_idle_loop_arms_nothing() -> None:
    class Counter(QObject):
        def timerEvent(self, event: QTimerEvent) -> None:
            raise AssertionError("no timer was asked for")

    counter = Counter()
    loop = running()
    await asyncio.sleep(0.01)
    assert loop._waker._timer == 0
    assert not loop._soon
    counter.deleteLater()


async def test_sub_processes_sockets_timeouts_and_groups_work() -> None:
    process = await asyncio.create_subprocess_exec(sys.executable, "-c", "print(6 * 7)", stdout=asyncio.subprocess.PIPE)
    out, _ = await process.communicate()
    assert out.strip() == b"42"

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write((await reader.readline()).upper())
        writer.close()
        await writer.wait_closed()

    server = await asyncio.start_server(answer, "127.0.0.1", 0)
    async with server:
        reader, writer = await asyncio.open_connection(*server.sockets[0].getsockname())
        writer.write(b"quote\n")
        assert await reader.readline() == b"QUOTE\n"
        writer.close()
        await writer.wait_closed()
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.01):
            await asyncio.sleep(30)
    async with asyncio.TaskGroup() as group:
        tasks = [group.create_task(asyncio.sleep(0.001, number)) for number in range(3)]
    assert [task.result() for task in tasks] == [0, 1, 2]


def test_the_last_window_may_close_while_the_main_task_is_pending(qapp: QApplication) -> None:
    loop = make_loop()
    with pytest.raises(RuntimeError, match="stopped before its main task"):
        loop.run_until_complete(_stop_and_wait(loop))
    for task in asyncio.all_tasks(loop):
        task.cancel()
    loop.run_until_complete(asyncio.sleep(0))
    loop.close()


async def _stop_and_wait(loop: WindowLoop) -> None:
    loop.call_soon(loop.stop)
    await asyncio.sleep(3600)


def test_a_loop_can_run_again_and_closes_once(qapp: QApplication) -> None:
    loop = make_loop()
    assert loop.run_until_complete(asyncio.sleep(0, "one")) == "one"
    assert loop.run_until_complete(asyncio.sleep(0, "two")) == "two"
    loop.close()
    loop.close()
    with pytest.raises(RuntimeError):
        loop.call_later(1, print)
    with pytest.raises(RuntimeError):
        loop.call_soon_threadsafe(print)


def test_there_is_no_loop_without_an_application(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("desktop.ui.loop.QCoreApplication.instance", staticmethod(lambda: None))
    with pytest.raises(RuntimeError, match="QApplication"):
        make_loop()


async def test_a_task_that_lets_qt_run_its_events_loses_no_step_of_another_task() -> None:
    steps: list[int] = []
    gate = asyncio.get_running_loop().create_future()

    async def other() -> None:
        steps.append(await gate)
        await asyncio.sleep(0)
        steps.append(2)

    waiting = asyncio.create_task(other())
    await asyncio.sleep(0)
    gate.set_result(1)
    me = asyncio.current_task()
    for _ in range(5):
        QApplication.processEvents()  # runs the other task's step while this one is running
    assert asyncio.current_task() is me
    await asyncio.wait_for(waiting, 5)
    assert steps == [1, 2]
