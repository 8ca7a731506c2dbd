"""The write-ahead log is brought into the file beside the writer: no commit waits for it, and a crash loses nothing."""

from __future__ import annotations

import random
import shutil
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import apsw
import pytest

from desktop.store import checkpoints
from desktop.store.checkpoints import CheckpointedDatabase
from desktop.store.database import connect, prepare
from desktop.store.storage import Storage
from tests.store.test_crashes import check, start


class Beside:
    """The connection of the checkpoints, under the test's control."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self.gate, self.begun = threading.Event(), threading.Event()
        self.gate.set()
        self.error: Exception | None = None
        self.threads: set[str] = set()
        self.done: list[tuple[int, int]] = []
        self.closed = False

    def __call__(self) -> Beside:
        self._database = connect(self._path, read_only=False)
        prepare(self._database)
        return self

    def connection(self) -> Beside:
        return self

    def wal_checkpoint(self) -> tuple[int, int]:
        self.threads.add(threading.current_thread().name)
        self.begun.set()
        assert self.gate.wait(30)
        if self.error is not None:
            raise self.error
        self.done.append(self._database.connection().wal_checkpoint())
        return self.done[-1]

    def close(self) -> None:
        self.closed = True
        self._database.close()


@pytest.fixture
def beside(tmp_path: Path) -> Beside:
    return Beside(tmp_path / "file.db")


@pytest.fixture
def written(tmp_path: Path, beside: Beside) -> Iterator[CheckpointedDatabase]:
    database = connect(tmp_path / "file.db", read_only=False)
    prepare(database)
    database.connection().execute("CREATE TABLE kept (number INTEGER, text TEXT)")
    opened = CheckpointedDatabase(database, beside, after=10, longest=60)
    yield opened
    beside.gate.set()
    opened.close()


def insert(database: CheckpointedDatabase, count: int) -> None:
    """Commit rows one by one, each about a page."""
    for number in range(count):
        database.connection().execute("INSERT INTO kept VALUES (?, ?)", (number, "x" * 3_000))


def in_the_file(path: Path, copy: Path) -> int:
    """Count the rows of the database file itself, without its log."""
    shutil.copy2(path, copy)
    with closing(sqlite3.connect(copy)) as alone:
        alone.execute("PRAGMA journal_mode = DELETE")
        return int(alone.execute("SELECT COUNT(*) FROM kept").fetchone()[0])


def wait_until(event: threading.Event) -> None:
    assert event.wait(30)


def test_the_log_is_brought_in_by_a_thread_of_its_own_and_begins_anew(
    written: CheckpointedDatabase, beside: Beside, tmp_path: Path
) -> None:
    insert(written, 5)
    assert not beside.begun.is_set(), "a short log is left alone"
    insert(written, 10)
    wait_until(beside.begun)
    written.connection().execute("SELECT 1").fetchall()
    for _ in range(1_000):
        if beside.done:
            break
        beside.begun.clear()
        beside.begun.wait(0.01)
    assert beside.threads == {"assay-checkpoints"}
    assert in_the_file(tmp_path / "file.db", tmp_path / "copy.db") >= 10
    assert beside.done[-1] == (beside.done[-1][0],) * 2, "all of the log is in the file"
    insert(written, 1)
    assert written._pages < 10, "and the log begins anew"
    assert written._due == 10


def test_commits_do_not_wait_for_a_checkpoint_that_takes_long(written: CheckpointedDatabase, beside: Beside) -> None:
    beside.gate.clear()
    insert(written, 15)
    wait_until(beside.begun)
    insert(written, 15)  # it would hang here
    assert written.connection().execute("SELECT COUNT(*) FROM kept").fetchone()[0] == 30
    assert beside.done == []


def test_a_log_that_nobody_brings_in_is_brought_in_by_the_writer(
    written: CheckpointedDatabase, beside: Beside, tmp_path: Path
) -> None:
    beside.gate.clear()
    insert(written, 200)
    assert beside.done == []
    assert written._pages < 60 + 2 * 10, "the log does not grow without end"
    assert in_the_file(tmp_path / "file.db", tmp_path / "copy.db") > 60


@pytest.mark.parametrize("error", [apsw.FullError("disk full"), apsw.BusyError("locked"), OSError("gone")])
def test_a_checkpoint_that_fails_is_tried_again_and_no_commit_fails(
    written: CheckpointedDatabase, beside: Beside, error: Exception, caplog: pytest.LogCaptureFixture
) -> None:
    beside.error = error
    insert(written, 15)
    wait_until(beside.begun)
    beside.error = None
    beside.begun.clear()
    insert(written, 15)
    wait_until(beside.begun)
    written.close()
    assert beside.done or "could not be brought in" in caplog.text
    assert beside.closed


def test_an_error_in_the_writers_own_checkpoint_is_no_error_of_the_commit(
    written: CheckpointedDatabase, caplog: pytest.LogCaptureFixture
) -> None:
    class Refusing:
        def wal_checkpoint(self) -> None:
            raise apsw.BusyError("another checkpoint is under way")

    assert written._committed(Refusing(), "main", 70) == 0
    assert "another checkpoint is under way" in caplog.text


def test_a_storage_whose_log_was_never_long_has_no_thread_for_it(tmp_path: Path) -> None:
    with Storage.open(tmp_path) as storage:
        storage.put_setting("a", 1).result()
        assert "assay-checkpoints" not in {thread.name for thread in threading.enumerate()}


def test_closing_ends_the_thread_and_tidies_the_log_away(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _at_every_few_pages(monkeypatch)
    storage = Storage.open(tmp_path)
    futures = [storage.put_setting(f"name {number}", "x" * 2_000) for number in range(201)]
    for future in futures:
        future.result()
    assert "assay-checkpoints" in {thread.name for thread in threading.enumerate()}
    storage.close()
    assert "assay-checkpoints" not in {thread.name for thread in threading.enumerate()}
    assert sorted(path.name for path in tmp_path.glob("assay.db*")) == ["assay.db"]
    with Storage.open(tmp_path, read_only=True) as again:
        assert len(again.settings()) == 201
        assert again.verify_audit().ok


def _at_every_few_pages(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the log be brought in all the time."""
    make = checkpoints.CheckpointedDatabase

    def often(database: Any, beside: Any) -> CheckpointedDatabase:
        return make(database, beside, after=4)

    monkeypatch.setattr(checkpoints, "CheckpointedDatabase", often)


def test_fault_5_killed_while_the_log_is_brought_in_every_step_is_whole(tmp_path: Path) -> None:
    draw = random.Random(20261122)
    last = 0
    for _ in range(8):
        acknowledged, kill_at = last, last + draw.randrange(20, 60)
        with start(tmp_path, "1000000", "4") as child:
            assert child.stdout is not None
            for line in child.stdout:
                acknowledged = int(line)
                if acknowledged >= kill_at:
                    break
            for _ in range(draw.randrange(20_000)):
                pass  # an instant that no checkpoint knows of
            child.kill()
        last = check(tmp_path, acknowledged)
    assert last > 150
