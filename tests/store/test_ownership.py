"""One Assay per data directory (fault 28)."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from desktop.domain.errors import AlreadyRunning, StorageFault
from desktop.store.ownership import LOCK, DataDirectory, owner_pid
from desktop.store.storage import Storage

ROOT = Path(__file__).parents[2]
OWN = """
import sys
from pathlib import Path
from desktop.store.ownership import DataDirectory
ownership = DataDirectory.claim(Path(sys.argv[1]))
print("mine", flush=True)
sys.stdin.readline()
print(ownership.show_requested(), flush=True)
sys.stdin.readline()
"""


def start_owner(directory: Path) -> subprocess.Popen[str]:
    process = subprocess.Popen(
        [sys.executable, "-c", OWN, str(directory)], cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "mine\n"
    return process


def test_fault_28_a_second_start_is_refused_and_asks_the_first_to_show_itself(tmp_path: Path) -> None:
    with start_owner(tmp_path) as owner:
        assert owner.stdin is not None
        assert owner.stdout is not None
        with pytest.raises(AlreadyRunning, match=f"process {owner.pid}"):
            DataDirectory.claim(tmp_path)
        with pytest.raises(AlreadyRunning):
            Storage.open(tmp_path)
        owner.stdin.write("\n")
        owner.stdin.flush()
        assert owner.stdout.readline() == "True\n"
        owner.stdin.write("\n")
    DataDirectory.claim(tmp_path).release()


def test_fault_28_a_directory_whose_owner_was_killed_is_free(tmp_path: Path) -> None:
    with start_owner(tmp_path) as owner:
        owner.send_signal(signal.SIGKILL)
        owner.wait()
    with DataDirectory.claim(tmp_path) as ownership:
        assert owner_pid(tmp_path) == os.getpid()
        assert not ownership.show_requested()


def test_one_process_cannot_claim_twice_and_a_release_frees(tmp_path: Path) -> None:
    ownership = DataDirectory.claim(tmp_path)
    with pytest.raises(AlreadyRunning):
        DataDirectory.claim(tmp_path)
    assert ownership.show_requested()
    assert not ownership.show_requested()
    ownership.release()
    ownership.release()
    assert owner_pid(tmp_path) is None
    DataDirectory.claim(tmp_path).release()


def test_an_old_request_does_not_reach_a_new_owner(tmp_path: Path) -> None:
    with DataDirectory.claim(tmp_path), pytest.raises(AlreadyRunning):
        DataDirectory.claim(tmp_path)
    with DataDirectory.claim(tmp_path) as ownership:
        assert not ownership.show_requested()


def test_the_storage_keeps_a_claim_that_is_the_callers(tmp_path: Path) -> None:
    with DataDirectory.claim(tmp_path) as ownership:
        Storage.open(tmp_path, ownership=ownership).close()
        with pytest.raises(AlreadyRunning):
            DataDirectory.claim(tmp_path)
    with Storage.open(tmp_path), pytest.raises(AlreadyRunning):
        DataDirectory.claim(tmp_path)


def test_a_failed_opening_gives_the_directory_up(tmp_path: Path) -> None:
    (tmp_path / "assay.db").write_bytes(b"rubbish" * 1000)
    with pytest.raises(StorageFault):
        Storage.open(tmp_path)
    DataDirectory.claim(tmp_path).release()


def test_a_place_that_is_no_directory_is_said(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(StorageFault, match="cannot write"):
        DataDirectory.claim(tmp_path / "file" / "data")


def test_an_unreadable_owner_is_nobody(tmp_path: Path) -> None:
    assert owner_pid(tmp_path) is None
    (tmp_path / LOCK).write_text("12x")
    assert owner_pid(tmp_path) is None
