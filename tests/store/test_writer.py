"""What the storage says about errors, and what it does with those it does not know."""

from __future__ import annotations

from pathlib import Path

import apsw
import pytest

from desktop.domain.errors import StorageFault
from desktop.ports import Batch
from desktop.store import health
from desktop.store.storage import Storage
from desktop.store.writes import Write
from tests.store import values as v


@pytest.mark.parametrize(
    ("error", "state"),
    [
        (apsw.FullError(), "full"),
        (OSError(28, "No space left on device"), "full"),
        (apsw.IOError("disk I/O error"), "full"),
        (apsw.ReadOnlyError("attempt to write a readonly database"), "full"),
        (apsw.CantOpenError(), "full"),
        (apsw.BusyError(), "locked"),
        (apsw.LockedError(), "locked"),
        (apsw.CorruptError(), "corrupt"),
        (apsw.NotADBError(), "corrupt"),
    ],
)
def test_every_fault_of_the_disk_has_a_sentence_with_advice(tmp_path: Path, error: Exception, state: str) -> None:
    found = health.health_of(error, tmp_path)
    assert found is not None
    assert found.state.value == state
    assert not found.ok
    assert "No new order leaves; cancels still work" in found.sentence
    assert str(tmp_path) in found.sentence


def test_an_error_of_our_own_is_no_fault_of_the_disk(tmp_path: Path) -> None:
    assert health.health_of(ValueError("ours"), tmp_path) is None
    assert health.HEALTHY.ok


def test_damage_is_told_even_when_no_copy_can_be_made(storage: Storage, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(_: Path) -> Path:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("desktop.store.database.set_aside", refuse)
    found = storage._health_of(apsw.CorruptError())
    assert found is not None
    assert found.state.value == "corrupt"


def test_a_backup_that_fails_does_not_stop_the_work(storage: Storage, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(_: Path) -> Path:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("desktop.store.database.back_up_if_due", refuse)
    storage._back_up()
    storage.commit(Batch(v.SESSION, 1, settings=v.SETTINGS)).result()


def test_a_listener_that_fails_does_not_stop_the_storage(storage: Storage) -> None:
    def fail() -> None:
        raise RuntimeError("the window is gone")

    storage.on_health(fail)
    storage._set_health(health.locked(storage.directory))
    assert not storage.health.ok
    storage._set_health(health.HEALTHY)
    storage.commit(Batch(v.SESSION, 1, settings=v.SETTINGS)).result()


def test_the_storage_thread_outlives_an_error_of_its_own(storage: Storage, monkeypatch: pytest.MonkeyPatch) -> None:
    def confused(_: BaseException) -> None:
        raise RuntimeError("no idea")

    assert storage._writer is not None
    monkeypatch.setattr(storage._writer, "_health_of", confused)
    with pytest.raises(RuntimeError, match="no idea"):
        storage._submit(Write("", action=lambda connection: connection.execute("NOT SQL"))).result()
    monkeypatch.undo()
    storage.commit(Batch(v.SESSION, 1, settings=v.SETTINGS)).result()


def test_a_read_of_a_locked_database_is_said_in_a_sentence(storage: Storage, monkeypatch: pytest.MonkeyPatch) -> None:
    class Locked:
        def execute(self, *_: object) -> None:
            raise apsw.BusyError("database is locked")

    monkeypatch.setattr(storage.reader(), "_connection", Locked())
    with pytest.raises(StorageFault, match="Another program holds"):
        storage.session_ids()


def test_a_query_that_is_wrong_raises_what_it_raised(storage: Storage) -> None:
    with pytest.raises(apsw.SQLError):
        storage.reader().rows("NOT SQL")
    with storage.reader().snapshot(), storage.reader().snapshot():
        assert storage.session_ids() == []


def test_a_closed_writer_takes_nothing(tmp_path: Path) -> None:
    storage = Storage.open(tmp_path)
    writer = storage._writer
    assert writer is not None
    storage.close()
    with pytest.raises(StorageFault, match="closed"):
        writer.flush()
    with pytest.raises(StorageFault):
        storage.put_setting("a", 1)
