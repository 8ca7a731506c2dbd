"""A full disk, a locked and a damaged database, newer data, a migration killed half way (faults 7 to 9, 37, 38)."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import threading
from dataclasses import replace
from pathlib import Path
from typing import Any

import apsw
import pytest

from desktop.domain.errors import NewerDatabase, StorageFault
from desktop.ports import Batch
from desktop.store import database as files
from desktop.store.models import TABLES
from desktop.store.schema import MIGRATIONS, NEWEST, Migration
from desktop.store.storage import Storage
from tests.store import values as v

S = v.SESSION


def connection_of(storage: Storage) -> Any:
    """Return the writing connection itself: the faults happen there."""
    assert storage._writer is not None
    return storage._writer._transactions._connection


def follow(storage: Storage) -> tuple[list[str], dict[str, threading.Event]]:
    """Return the health states as they come, and an event for each."""
    seen: list[str] = []
    events = {name: threading.Event() for name in ("ok", "full", "locked", "corrupt")}

    def heard() -> None:
        seen.append(storage.health.state.value)
        events[storage.health.state.value].set()

    storage.on_health(heard)
    return seen, events


def stored_session(directory: Path) -> None:
    with Storage.open(directory) as storage:
        facts = [v.order_changed(number) for number in range(1, 400)]
        storage.commit(Batch(S, 1, facts=facts, settings=v.SETTINGS, state={"step": 1})).result()


def test_fault_7_a_full_disk_holds_what_happened_and_saves_it_in_order_once_there_is_room(storage: Storage) -> None:
    storage.commit(Batch(S, 1, settings=v.SETTINGS, state={"step": 1})).result()
    connection = connection_of(storage)
    pages = connection.execute("PRAGMA page_count").fetchone()[0]
    connection.execute(f"PRAGMA max_page_count = {pages}").fetchall()
    seen, events = follow(storage)
    futures = []
    for number in range(2, 40):
        facts = [v.order_changed(number, reason="x" * 4000)]
        futures.append(storage.commit(Batch(S, number, facts=facts, state={"step": number})))
    assert events["full"].wait(10)
    assert not storage.health.ok
    assert "No new order leaves; cancels still work" in storage.health.sentence
    assert not all(future.done() for future in futures)
    assert storage.reader().session_ids() == [S]
    connection.execute("PRAGMA max_page_count = 1073741823").fetchall()
    for future in futures:
        assert future.result(10) is None
    assert storage.health.ok
    assert storage.health.sentence == ""
    assert seen == ["full", "ok"]
    loaded = storage.load(S)
    assert loaded is not None
    assert loaded.state == {"step": 39}
    assert [order.ordinal for order in loaded.orders] == list(range(2, 40))
    assert storage.verify_audit().ok


def test_fault_7_closing_on_a_full_disk_ends_and_says_what_was_not_stored(tmp_path: Path) -> None:
    storage = Storage.open(tmp_path, retry_seconds=0.01)
    storage.commit(Batch(S, 1, settings=v.SETTINGS, state={"step": 1})).result()
    connection = connection_of(storage)
    pages = connection.execute("PRAGMA page_count").fetchone()[0]
    connection.execute(f"PRAGMA max_page_count = {pages}").fetchall()
    _, events = follow(storage)
    lost = storage.commit(Batch(S, 2, facts=[v.order_changed(2, reason="x" * 40_000)], state={"step": 2}))
    assert events["full"].wait(10)
    with pytest.raises(StorageFault):
        storage.flush(0.01)
    storage.close()
    with pytest.raises(StorageFault, match="takes no more data"):
        lost.result()
    with Storage.open(tmp_path) as again:
        loaded = again.load(S)
        assert loaded is not None
        assert loaded.state == {"step": 1}
        assert again.verify_audit().ok


def test_fault_8_a_database_locked_by_another_program_is_waited_for(storage: Storage, tmp_path: Path) -> None:
    storage.commit(Batch(S, 1, settings=v.SETTINGS)).result()
    connection_of(storage).set_busy_timeout(5)
    _, events = follow(storage)
    other = apsw.Connection(str(tmp_path / "assay.db"))
    other.execute("BEGIN IMMEDIATE")
    future = storage.commit(Batch(S, 2, facts=[v.order_changed()]))
    assert events["locked"].wait(10)
    assert "Another program holds" in storage.health.sentence
    assert not future.done()
    other.execute("ROLLBACK")
    other.close()
    future.result(10)
    assert storage.health.ok
    assert len(storage.reader().orders()) == 1


def test_fault_8_a_database_locked_at_the_start_is_said_in_a_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    stored_session(tmp_path)
    monkeypatch.setattr(files.connect, "__kwdefaults__", {"busy_seconds": 0.01})
    other = apsw.Connection(str(tmp_path / "assay.db"))
    other.execute("PRAGMA locking_mode = EXCLUSIVE").fetchall()
    other.execute("BEGIN EXCLUSIVE")
    with pytest.raises(StorageFault, match="Another program holds"):
        Storage.open(tmp_path)
    other.close()
    with Storage.open(tmp_path) as storage:
        assert storage.session_ids() == [S]


def damage(path: Path) -> None:
    """Write rubbish over pages behind the first ones."""
    size = path.stat().st_size
    with path.open("r+b") as file:
        file.seek(size // 2 // 4096 * 4096)
        file.write(os.urandom(4096 * 4))


def test_fault_9_a_damaged_database_is_copied_aside_and_opened_for_reading_only(tmp_path: Path) -> None:
    stored_session(tmp_path)
    damage(tmp_path / "assay.db")
    before = (tmp_path / "assay.db").read_bytes()
    storage = Storage.open(tmp_path)
    assert storage.health.state.value == "corrupt"
    (aside,) = (tmp_path / "backups").glob("damaged-*")
    assert str(aside) in storage.health.sentence
    assert (aside / "assay.db").read_bytes() == before
    assert storage.session_ids() == [S]
    with pytest.raises(StorageFault, match="damaged"):
        storage.commit(Batch(S, 2))
    storage.close()
    assert (tmp_path / "assay.db").read_bytes() == before


def test_fault_9_the_advice_to_put_the_backup_in_its_place_works(tmp_path: Path) -> None:
    stored_session(tmp_path)
    with Storage.open(tmp_path):
        pass  # makes today's backup
    (backup,) = (tmp_path / "backups").glob("daily-*.db")
    damage(tmp_path / "assay.db")
    for name in ("assay.db", "assay.db-wal", "assay.db-shm"):
        (tmp_path / name).unlink(missing_ok=True)
    shutil.copy(backup, tmp_path / "assay.db")
    with Storage.open(tmp_path) as storage:
        assert storage.health.ok
        assert len(storage.reader().orders()) == 399
        assert storage.verify_audit().ok


@pytest.mark.parametrize("content", [b"no database at all" * 1000, b"SQLite format 3\x00" + b"\xff" * 5000])
def test_fault_9_a_file_that_is_no_database_is_copied_aside_and_said(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "assay.db").write_bytes(content)
    with pytest.raises(StorageFault, match="damaged"):
        Storage.open(tmp_path)
    (aside,) = (tmp_path / "backups").glob("damaged-*")
    assert (aside / "assay.db").read_bytes() == content


def test_fault_9_damage_found_while_running_stops_all_writing(
    storage: Storage, monkeypatch: pytest.MonkeyPatch
) -> None:
    storage.commit(Batch(S, 1, settings=v.SETTINGS)).result()
    assert storage._writer is not None

    def found(*_: object) -> None:
        raise apsw.CorruptError("database disk image is malformed")

    monkeypatch.setattr(storage._writer._transactions, "commit", found)
    first = storage.commit(Batch(S, 2))
    with pytest.raises(StorageFault, match="untouched copy"):
        first.result()
    assert storage.health.state.value == "corrupt"
    monkeypatch.undo()
    with pytest.raises(StorageFault, match="damaged"):
        storage.commit(Batch("other", 3, settings=replace(v.SETTINGS, session_id="other"))).result()
    assert storage.session_ids() == [S]


def test_a_database_of_another_program_is_left_alone(tmp_path: Path) -> None:
    other = apsw.Connection(str(tmp_path / "assay.db"))
    other.execute("CREATE TABLE recipes (name)")
    other.close()
    before = (tmp_path / "assay.db").read_bytes()
    with pytest.raises(StorageFault, match="another program"):
        Storage.open(tmp_path)
    assert (tmp_path / "assay.db").read_bytes() == before


def test_fault_37_a_newer_database_is_refused_untouched(tmp_path: Path) -> None:
    stored_session(tmp_path)
    connection = apsw.Connection(str(tmp_path / "assay.db"))
    connection.execute("INSERT INTO migrations VALUES (99, 'from the future', 1)")
    connection.execute("PRAGMA journal_mode = DELETE").fetchall()
    connection.close()
    before = (tmp_path / "assay.db").read_bytes()
    for read_only in (False, True):
        with pytest.raises(NewerDatabase, match="newer Assay"):
            Storage.open(tmp_path, read_only=read_only)
    assert (tmp_path / "assay.db").read_bytes() == before
    assert not (tmp_path / "backups").exists()
    assert not (tmp_path / "assay.db-wal").exists()


NEXT = Migration(
    NEWEST + 1,
    "colours",
    ('ALTER TABLE "sessions" ADD COLUMN "colour" TEXT', 'CREATE TABLE "colours" ("name" TEXT)', 'DROP TABLE "heads"'),
)


def test_migrations_make_the_tables_of_the_models(tmp_path: Path) -> None:
    from playhouse.apsw_ext import APSWDatabase

    with Storage.open(tmp_path):
        pass
    migrated = apsw.Connection(str(tmp_path / "assay.db"))
    models = APSWDatabase(":memory:", field_types={"EXACTDEC": "TEXT"})
    with models.bind_ctx(TABLES):
        models.create_tables(TABLES)

    def described(connection: Any) -> dict[str, tuple[set[Any], set[str]]]:
        names = [row[0] for row in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        return {
            name: (
                {tuple(row)[1:] for row in connection.execute(f"PRAGMA table_info({name})")},
                {row[1] for row in connection.execute(f"PRAGMA index_list({name})")},
            )
            for name in names
            if name not in {"migrations", "sqlite_sequence"}
        }

    assert described(migrated) == described(models.connection())
    migrated.close()
    models.close()


def test_the_numbers_of_the_migrations_count_up_from_one() -> None:
    assert [step.number for step in MIGRATIONS] == list(range(1, len(MIGRATIONS) + 1))


def test_a_migration_backs_up_first_and_runs_once(tmp_path: Path) -> None:
    stored_session(tmp_path)
    database = files.connect(tmp_path / "assay.db", read_only=False)
    steps = (*MIGRATIONS, NEXT)
    assert files.migrate(database, tmp_path, steps) == NEWEST
    assert files.migrate(database, tmp_path, steps) == NEWEST + 1
    database.close()
    (backup,) = (tmp_path / "backups").glob(f"before-schema-{NEWEST + 1}-*.db")
    copy = apsw.Connection(str(backup))
    assert copy.execute("SELECT COUNT(*) FROM orders").fetchall() == [(399,)]
    assert copy.execute("SELECT MAX(number) FROM migrations").fetchall() == [(NEWEST,)]
    copy.close()


def test_fault_38_a_migration_that_fails_is_rolled_back(tmp_path: Path) -> None:
    stored_session(tmp_path)
    database = files.connect(tmp_path / "assay.db", read_only=False)
    broken = replace(NEXT, statements=(*NEXT.statements, "NOT SQL"))
    with pytest.raises(apsw.SQLError):
        files.migrate(database, tmp_path, (*MIGRATIONS, broken))
    database.close()
    with Storage.open(tmp_path) as storage:
        assert len(storage.reader().orders()) == 399
        assert storage.verify_audit().ok


MIGRATE = """
import sys
from pathlib import Path
from desktop.store import database as files
from tests.store.test_storage_faults import MIGRATIONS, NEXT
files.migrate(files.connect(Path(sys.argv[1]) / "assay.db", read_only=False), Path(sys.argv[1]), (*MIGRATIONS, NEXT))
"""


def run_child(code: str, directory: Path, **environment: str) -> int:
    done = subprocess.run(
        [sys.executable, "-c", code, str(directory)],
        cwd=Path(__file__).parents[2],
        env={**os.environ, **environment},
        capture_output=True,
        check=False,
    )
    assert done.returncode in {0, -9, 137}, done.stderr.decode()
    return done.returncode


@pytest.mark.parametrize("statement", [1, 2, 3])
def test_fault_38_a_migration_killed_half_way_leaves_the_old_schema_and_runs_again(
    tmp_path: Path, statement: int
) -> None:
    stored_session(tmp_path)
    assert run_child(MIGRATE, tmp_path, ASSAY_CRASH_AT=f"inside-migration:{statement}") != 0
    with Storage.open(tmp_path) as storage:
        assert len(storage.reader().orders()) == 399
        assert storage.verify_audit().ok
        assert storage.reader().rows("SELECT MAX(number) FROM migrations") == [(NEWEST,)]
    assert len(list((tmp_path / "backups").glob(f"before-schema-{NEWEST + 1}-*.db"))) == 1
    assert run_child(MIGRATE, tmp_path) == 0


def test_fault_38_a_first_start_killed_half_way_starts_anew(tmp_path: Path) -> None:
    opening = (
        "import sys; from pathlib import Path; from desktop.store.storage import Storage; "
        "Storage.open(Path(sys.argv[1])).close()"
    )
    assert run_child(opening, tmp_path, ASSAY_CRASH_AT="inside-migration:7") != 0
    stored_session(tmp_path)
    with Storage.open(tmp_path) as storage:
        assert storage.session_ids() == [S]


def test_a_backup_is_made_once_a_day_and_three_are_kept(tmp_path: Path) -> None:
    stored_session(tmp_path)
    folder = tmp_path / "backups"
    folder.mkdir(exist_ok=True)
    for day in ("20200101", "20200102", "20200103", "20200104"):
        (folder / f"daily-{day}.db").touch()
    made = files.back_up_if_due(tmp_path)
    assert made is not None
    assert files.back_up_if_due(tmp_path) is None
    assert [path.name for path in sorted(folder.glob("daily-*.db"))] == [
        "daily-20200103.db",
        "daily-20200104.db",
        made.name,
    ]


def test_an_empty_database_needs_no_backup(tmp_path: Path) -> None:
    with Storage.open(tmp_path):
        pass
    assert files.back_up_if_due(tmp_path) is None
