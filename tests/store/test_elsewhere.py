from __future__ import annotations

import asyncio
import multiprocessing
import os
import time

import pytest

from desktop.domain.errors import EnvironmentFault, FieldError, UserMistake
from desktop.store.elsewhere import Elsewhere


def refuse(kind: str) -> int:
    if kind == "field":
        raise FieldError("hours", "cannot be read.")
    if kind == "mistake":
        raise UserMistake("There is nothing.")
    os._exit(3)


def test_work_is_done_in_another_process_and_its_refusals_come_back() -> None:
    elsewhere = Elsewhere()
    assert elsewhere.run(os.getpid) != os.getpid()
    with pytest.raises(FieldError, match=r"cannot be read\.") as caught:
        elsewhere.run(refuse, "field")
    assert caught.value.field == "hours"
    with pytest.raises(EnvironmentFault, match=r"There is nothing\."):
        elsewhere.run(refuse, "mistake")
    with pytest.raises(EnvironmentFault, match="the process that did it ended"):
        elsewhere.run(refuse, "die")
    assert multiprocessing.active_children() == []


async def test_stopping_ends_what_runs_at_once_and_begins_nothing_more() -> None:
    elsewhere = Elsewhere()
    going = asyncio.ensure_future(asyncio.to_thread(elsewhere.run, time.sleep, 600))
    while not multiprocessing.active_children():  # noqa: ASYNC110 - nobody tells that a process has begun
        await asyncio.sleep(0)
    elsewhere.stop()
    with pytest.raises(EnvironmentFault, match="ended"):
        await asyncio.wait_for(going, 60)
    assert multiprocessing.active_children() == []
    with pytest.raises(EnvironmentFault):
        elsewhere.run(os.getpid)
