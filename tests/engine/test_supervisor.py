import asyncio

from desktop.engine.supervisor import RestartPolicy
from desktop.engine.tasks import TaskSet


def test_three_restarts_in_ten_minutes_with_growing_delay_then_no_more() -> None:
    policy = RestartPolicy()
    assert [policy.delay(float(second)) for second in (0, 10, 20, 30)] == [1.0, 2.0, 4.0, None]
    assert policy.restarts == 3


def test_failures_of_more_than_ten_minutes_ago_are_forgotten() -> None:
    policy = RestartPolicy()
    for second in (0, 1, 2):
        policy.delay(float(second))
    assert policy.delay(603.0) == 1.0


async def test_an_exception_of_a_background_task_is_heard_with_its_name() -> None:
    errors: list[tuple[str, str]] = []
    tasks = TaskSet(lambda error, name: errors.append((str(error), name)))

    async def breaks() -> None:
        raise ValueError("lost")

    tasks.run(breaks(), "poll")
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    assert errors == [("lost", "poll")]


async def test_stop_ends_every_background_task() -> None:
    tasks = TaskSet(lambda error, name: None)
    ended: list[str] = []

    async def wait() -> None:
        try:
            await asyncio.Event().wait()
        finally:
            ended.append("ended")

    tasks.run(wait(), "waits for ever")
    await asyncio.sleep(0)
    await tasks.stop()
    assert ended == ["ended"]
