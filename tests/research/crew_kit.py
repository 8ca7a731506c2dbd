"""Processes as the system lists them, for tests that leave none behind."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

import pytest


def process_ids() -> dict[int, tuple[int, str]]:
    """Return parent and command line of every process, by its id; zombies are gone."""
    if not Path("/proc/self/stat").exists():
        pytest.skip("processes are listed by /proc, which this system has not")
    found: dict[int, tuple[int, str]] = {}
    for entry in Path("/proc").iterdir():
        if not entry.name.isdigit():
            continue
        try:
            state, parent = (entry / "stat").read_text().rpartition(")")[2].split()[:2]
            command = (entry / "cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
        except OSError:  # it ended while we looked
            continue
        if state != "Z":
            found[int(entry.name)] = (int(parent), command)
    return found


def workers_of(parent: int) -> set[int]:
    """Return the worker processes below a process, at any depth.

    Python's own tracker of shared names is left out: it is one for the whole life of a program and ends with it.
    """
    listed = process_ids()
    below, more = {parent}, True
    while more:
        found = {pid for pid, (above, _) in listed.items() if above in below}
        more = not found <= below
        below |= found
    return {pid for pid in below - {parent} if "resource_tracker" not in listed[pid][1]}


def wait_for(met: Callable[[], bool], seconds: float = 30.0) -> None:
    """Wait until something that other processes do is done."""
    until = time.monotonic() + seconds
    while not met():
        assert time.monotonic() < until, "it did not come about in time"
        time.sleep(0.01)
