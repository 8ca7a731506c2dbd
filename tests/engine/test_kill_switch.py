from pathlib import Path

from desktop.engine.kill_switch import KillSwitch


async def test_an_engaged_switch_is_still_engaged_after_a_restart_until_it_is_released(tmp_path: Path) -> None:
    told: list[int] = []
    path = tmp_path / "data" / "kill-switch"
    switch = KillSwitch(path, lambda: told.append(1))
    assert not switch.engaged
    await switch.engage()
    assert switch.engaged
    after_a_crash = KillSwitch(path, lambda: None)
    assert after_a_crash.engaged
    await after_a_crash.release()
    assert not after_a_crash.engaged
    assert not KillSwitch(path, lambda: None).engaged
    assert told == [1]


async def test_without_a_data_directory_the_switch_works_in_memory() -> None:
    switch = KillSwitch(None, lambda: None)
    await switch.engage()
    assert switch.engaged
    await switch.release()
    assert not switch.engaged


async def test_who_was_out_of_reach_at_the_release_is_known_until_it_is_engaged_again(tmp_path: Path) -> None:
    path = tmp_path / "kill-switch"
    switch = KillSwitch(path, lambda: None)
    await switch.engage()
    await switch.release(["b", "a"])
    assert switch.excused == KillSwitch(path, lambda: None).excused == {"a", "b"}
    await switch.engage()
    assert not switch.excused
    assert not KillSwitch(path, lambda: None).excused
