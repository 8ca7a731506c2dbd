"""PostgreSQL instead of SQLite: the same storage passes the same tests, on a real server."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from desktop.config import Settings, save_settings
from desktop.domain.errors import AlreadyRunning, FieldError, NewerDatabase, StorageFault
from desktop.domain.events import OrderChanged
from desktop.ports import Batch
from desktop.store import schema
from desktop.store.health import HealthState
from desktop.store.models import TABLES, Orders
from desktop.store.postgres import PostgresBackend, check_url, translated
from desktop.store.schema import Migration
from desktop.store.storage import Storage
from tests.cli.kit import Paper, Shell, outcome
from tests.helpers import postgres
from tests.helpers.replay_files import write_bars, write_strategy
from tests.store import test_backtests as backtests
from tests.store import test_chain as chain
from tests.store import test_paper_days as paper_days
from tests.store import test_storage as same
from tests.store import values as v
from tests.store.conftest import StillClock


@pytest.fixture(scope="module")
def server() -> Iterator[postgres.Server]:
    with postgres.server() as running:
        yield running


@pytest.fixture
def url(server: postgres.Server) -> str:
    return server.database()


@pytest.fixture
def storage(url: str, tmp_path: Path, clock: StillClock) -> Iterator[Storage]:
    opened = Storage.open(tmp_path, clock=clock, retry_seconds=0.01, url=url)
    yield opened
    opened.close()


SAME = [
    same.test_it_is_the_store_the_engine_asks_for,
    same.test_a_session_that_is_not_there_loads_as_none,
    same.test_a_batch_without_a_state_leaves_the_stored_one,
    same.test_an_order_that_moves_on_stays_one_row_in_its_place,
    same.test_rows_of_one_instant_are_listed_in_the_order_they_were_stored,
    same.test_a_repeated_fill_is_one_row,
    same.test_a_closed_position_is_no_longer_held,
    same.test_the_state_of_a_session_is_listed_and_survives_new_settings,
    same.test_a_deleted_session_is_out_of_sight_and_its_trail_stays,
    same.test_sessions_do_not_see_each_other,
    same.test_the_latest_position_of_a_feed_is_found,
    same.test_equity_and_bars_are_read_by_range,
    same.test_after_a_failed_batch_nothing_of_that_session_is_stored_until_it_is_loaded,
    same.test_settings_are_small_values_by_name_and_on_record,
    same.test_a_run_is_found_again_with_its_report,
    chain.test_invariant_8_a_transaction_that_fails_behind_its_records_leaves_no_gap,
    chain.test_one_chain_can_be_verified_alone,
    chain.test_the_trail_is_searched_by_text_session_kind_and_time,
]


@pytest.mark.parametrize("check", SAME, ids=lambda check: check.__name__.removeprefix("test_"))
def test_what_holds_on_sqlite_holds_on_postgresql(check: Any, storage: Storage) -> None:
    check(storage)


OPENING = [
    backtests.test_a_backtest_comes_back_as_it_was_stored,
    paper_days.test_days_count_on_which_the_session_ran_and_saw_prices,
    paper_days.test_a_session_that_was_deleted_since_still_counts,
    same.test_closing_stores_what_waits_and_then_refuses,
]


@pytest.mark.parametrize("check", OPENING, ids=lambda check: check.__name__.removeprefix("test_"))
def test_what_opens_a_storage_of_its_own_holds_too(
    check: Any, url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Storage, "open", partial(Storage.open, url=url))
    check(tmp_path)


def test_the_models_read_the_exact_values_that_the_storage_wrote(storage: Storage, url: str) -> None:
    from peewee import PostgresqlDatabase

    order = v.order(1)
    storage.commit(Batch(v.SESSION, 1, settings=v.SETTINGS, facts=[OrderChanged(v.SESSION, 1, order)])).result()
    database = PostgresqlDatabase(url, prefer_psycopg3=True, field_types={"EXACTDEC": "NUMERIC"})
    with database.bind_ctx(TABLES), database.connection_context():
        found = Orders.get(Orders.order_id == order.order_id)
        assert (found.quantity, found.reserved) == (order.quantity, order.reserved)
        assert isinstance(found.quantity, Decimal)


def test_two_programs_never_write_to_one_database(storage: Storage, url: str, tmp_path: Path) -> None:
    with pytest.raises((AlreadyRunning, StorageFault), match=r"[aA]nother Assay"):
        Storage.open(tmp_path / "elsewhere", url=url)
    with Storage.open(tmp_path / "looking", url=url, read_only=True) as looking:
        assert looking.session_ids() == []


def test_fault_37_a_newer_database_is_refused_and_left_untouched(url: str, tmp_path: Path) -> None:
    import psycopg

    Storage.open(tmp_path, url=url).close()
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("""INSERT INTO migrations VALUES (999, 'future', 0)""")
    for read_only in (False, True):
        with pytest.raises(NewerDatabase, match="schema 999"):
            Storage.open(tmp_path, url=url, read_only=read_only)


def test_a_database_of_another_program_is_left_alone(url: str, tmp_path: Path) -> None:
    import psycopg

    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("CREATE TABLE theirs (id int)")
    with pytest.raises(StorageFault, match="another program"):
        Storage.open(tmp_path, url=url)


def test_an_empty_database_is_no_data_to_look_at(url: str, tmp_path: Path) -> None:
    with pytest.raises(StorageFault, match="no Assay data"):
        Storage.open(tmp_path, url=url, read_only=True)


def test_fault_38_a_migration_that_fails_leaves_the_tables_as_they_were_and_one_that_works_copies_them_first(
    url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import psycopg

    with Storage.open(tmp_path, url=url) as storage:
        storage.put_setting("colour", "dark").result()
    broken = Migration(schema.NEWEST + 1, "broken", ('CREATE TABLE "half" ("a" {whole})', "NO SUCH STATEMENT"))
    backend = PostgresBackend(tmp_path, url)
    with pytest.raises(psycopg.errors.SyntaxError):
        _migrate(backend, broken)
    with psycopg.connect(url) as connection:
        assert connection.execute("SELECT to_regclass('half')").fetchone() == (None,)
    working = Migration(schema.NEWEST + 1, "more", ('CREATE TABLE "more" ("a" {exact})',))
    _migrate(backend, working)
    with psycopg.connect(url) as connection:
        kept = connection.execute(f"SELECT value FROM assay_before_{schema.NEWEST + 1}.preferences").fetchone()
        assert kept == ('"dark"',)
        assert connection.execute("SELECT to_regclass('more')").fetchone() == ("more",)


def _migrate(backend: PostgresBackend, step: Migration) -> None:
    database = backend.writing()
    try:
        backend._migrate(database.connection(), (*schema.MIGRATIONS, step))
    finally:
        database.close()


def test_fault_8_a_server_that_went_away_blocks_and_what_waited_is_stored_when_it_is_back(
    server: postgres.Server, url: str, tmp_path: Path
) -> None:
    with Storage.open(tmp_path, url=url, retry_seconds=0.01) as storage:
        storage.commit(same.created()).result(10)
        server.stop()
        waiting = storage.put_setting("colour", "dark")
        lost = _until(lambda: storage.health)
        assert lost.state is HealthState.LOCKED
        assert "cannot be reached" in lost.sentence
        assert not waiting.done()
        server.start()
        waiting.result(30)
        assert storage.health.ok
        assert storage.settings() == {"colour": "dark"}
        assert storage.verify_audit().ok


def test_fault_8_a_server_that_falls_silent_is_noticed_in_seconds(url: str, tmp_path: Path) -> None:
    database = PostgresBackend(tmp_path, f"{url}&keepalives_count=5").reading(must_hold_data=False)
    try:
        asked = database.connection()._psycopg.info.get_parameters()
    finally:
        database.close()
    assert (asked["keepalives_idle"], asked["tcp_user_timeout"]) == ("5", "10000")
    assert asked["keepalives_count"] == "5"  # what the URL says goes first


def test_invariant_8_what_another_program_wrote_meanwhile_is_not_written_over(url: str, tmp_path: Path) -> None:
    import psycopg

    ends = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'Assay' AND datname = %s"
    with Storage.open(tmp_path / "one", url=url, retry_seconds=0.01) as first:
        first.put_setting("colour", "dark").result(10)
        with psycopg.connect(url, autocommit=True) as server:
            server.execute(ends, (server.info.dbname,))
        with Storage.open(tmp_path / "two", url=url, retry_seconds=0.01) as second:
            second.put_setting("colour", "blue").result(10)
        late = first.put_setting("colour", "light")
        lost = _until(lambda: first.health)
        assert "was written by another Assay" in lost.sentence
        assert not late.done()
    with Storage.open(tmp_path / "two", url=url) as third:
        assert third.settings() == {"colour": "blue"}
        assert third.verify_audit().ok


def _until(read: Any) -> Any:
    """Return the first health that is not well; the storage's own retries bring it about."""
    import threading

    for _ in range(2_000):
        found = read()
        if not found.ok:
            return found
        threading.Event().wait(0.005)
    raise AssertionError("the storage never noticed")


@pytest.mark.parametrize(
    "url",
    [
        "mysql://u@h/d",
        "postgresql://u@h",
        "postgresql://u:canary@h/d",
        "postgresql://u@h/d?password=canary",
        "postgresql://u@h/d?sslpassword=canary",
        "assay",
    ],
)
def test_a_url_that_is_none_or_holds_a_secret_is_refused_without_repeating_it(url: str, tmp_path: Path) -> None:
    with pytest.raises(FieldError) as caught:
        check_url(url)
    assert "canary" not in str(caught.value)
    with pytest.raises(FieldError):
        Storage.open(tmp_path, url=url)


def test_our_statements_are_put_as_the_server_takes_them() -> None:
    assert translated("BEGIN IMMEDIATE") == "BEGIN"
    assert translated('SELECT "a" FROM "b" WHERE "c" LIKE \'%x\' LIMIT ?') == (
        'SELECT "a" FROM "b" WHERE "c" LIKE \'%%x\' LIMIT NULLIF(%s, -1)'
    )


@pytest.mark.parametrize("point", ["inside-fill:1", "after-commit:2"])
def test_fault_5_a_replay_killed_on_the_server_resumes_to_the_same_end(
    url: str, tmp_path: Path, capsys: pytest.CaptureFixture[str], point: str
) -> None:
    paper = Paper(write_strategy(tmp_path), {"ABC": write_bars(tmp_path)}, ("--seed", "3"), tmp_path / "server")
    shell = Shell(capsys)
    alone = outcome(shell.json(*replace(paper, data_dir=tmp_path / "file").arguments))
    save_settings(tmp_path / "server", Settings(database_url=url))
    assert paper.child(ASSAY_CRASH_AT=point).returncode == -signal.SIGKILL
    assert outcome(shell.json(*paper.arguments)) == alone
    assert not (tmp_path / "server" / "assay.db").exists()
    assert shell.json("audit", "verify", "--data-dir", tmp_path / "server")["ok"]
    fills = [shell.json("fills", "--data-dir", tmp_path / place)["fills"] for place in ("server", "file")]
    assert fills[0] == fills[1] != []
