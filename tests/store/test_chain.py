"""The audit trail: gapless, tamper-evident, its head kept elsewhere too (A2, invariant 8)."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import TYPE_CHECKING

import apsw
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from desktop.domain.events import Fact, Warned
from desktop.ports import AuditRecord, Batch
from desktop.store.audit import export_audit
from desktop.store.chain import EMPTY, MIRROR, Head, HeadMirror, record_hash
from desktop.store.storage import Storage
from desktop.store.writes import AuditEntry, Write
from tests.store import values as v

if TYPE_CHECKING:
    from tests.store.conftest import StillClock

S = v.SESSION


def filled(directory: Path, count: int = 6) -> None:
    """Store a session with some records, and close."""
    with Storage.open(directory) as storage:
        facts = [v.order_changed(number) for number in range(1, count + 1)]
        storage.commit(Batch(S, 1, facts=facts, settings=v.SETTINGS)).result()


def tamper(directory: Path, *statements: str) -> None:
    connection = apsw.Connection(str(directory / "assay.db"))
    for statement in statements:
        connection.execute(statement)
    connection.close()


def found(directory: Path) -> list[tuple[str, int, str]]:
    with Storage.open(directory, read_only=True) as storage:
        report = storage.verify_audit()
        assert report.ok == (not report.findings)
        return [(item.session_id, item.sequence, item.sentence) for item in report.findings]


@settings(max_examples=20, deadline=None)
@given(st.lists(st.lists(st.tuples(st.sampled_from(["a", "b"]), v.facts), max_size=4), max_size=4))
def test_invariant_8_the_chain_of_any_facts_is_gapless_and_verifies(
    tmp_path_factory: pytest.TempPathFactory, batches: list[list[tuple[str, Fact]]]
) -> None:
    from dataclasses import replace

    directory = tmp_path_factory.mktemp("data")
    counts = {"a": 0, "b": 0}
    with Storage.open(directory) as storage:
        for batch in batches:
            for session_id, fact in batch:
                storage.commit(Batch(session_id, 1, facts=[replace(fact, session_id=session_id)]))
                counts[session_id] += 1
        report = storage.verify_audit()
        assert report.ok
        assert report.records == sum(counts.values())
        for session_id, count in counts.items():
            records = storage.audit(session_id=session_id, limit=1000)
            assert [record.sequence for record in reversed(records)] == list(range(1, count + 1))
    assert found(directory) == []


@settings(max_examples=15, deadline=None)
@given(st.lists(v.facts, min_size=1, max_size=8), st.data())
def test_two_runs_with_the_same_facts_have_the_same_records_apart_from_wall_stamps(
    tmp_path_factory: pytest.TempPathFactory, facts: list[Fact], data: st.DataObject
) -> None:
    runs: list[list[AuditRecord]] = []
    for _ in range(2):
        cut = data.draw(st.integers(0, len(facts)))  # how the facts are batched must not matter
        with Storage.open(tmp_path_factory.mktemp("data")) as storage:
            storage.commit(Batch(S, 1, facts=facts[:cut]))
            storage.commit(Batch(S, 2, facts=facts[cut:])).result()
            runs.append(list(storage.audit(session_id=S)))
    first, second = ([(r.sequence, r.at, r.kind, r.text, r.data) for r in run] for run in runs)
    assert first == second


def test_with_one_clock_the_hashes_are_the_same_too(tmp_path: Path, clock: StillClock) -> None:
    heads = []
    for name in ("one", "two"):
        with Storage.open(tmp_path / name, clock=clock) as storage:
            storage.commit(Batch(S, 1, facts=[v.booked(), v.order_changed()])).result()
        heads.append(HeadMirror(tmp_path / name).read()[S])
    assert heads[0] == heads[1]
    assert heads[0].sequence == 2


def test_the_wall_stamp_stands_beside_the_message_time(storage: Storage, clock: StillClock) -> None:
    clock.at = 5_000_000
    storage.commit(Batch(S, 1, facts=[v.booked(3)])).result()
    (record,) = storage.audit()
    assert (record.at, record.wall) == (3, 5_000_000)


@pytest.mark.parametrize(
    ("change", "sequence"),
    [
        ("UPDATE audit SET text = 'nothing happened' WHERE sequence = 3", 3),
        ("UPDATE audit SET data = '{}' WHERE sequence = 3", 3),
        ("UPDATE audit SET wall = wall + 1 WHERE sequence = 3", 3),
        ("UPDATE audit SET at = at + 1 WHERE sequence = 3", 3),
        ("UPDATE audit SET kind = 'Warned' WHERE sequence = 3", 3),
        ("UPDATE audit SET hash = 'x' WHERE sequence = 3", 3),
        ("DELETE FROM audit WHERE sequence = 3", 3),
        ("DELETE FROM audit WHERE sequence = 6", 6),
        ("DELETE FROM audit WHERE sequence = 1", 1),
        ("DELETE FROM audit", 1),
        ("UPDATE heads SET sequence = 7", 7),
    ],
)
def test_invariant_8_every_change_of_a_stored_record_is_found(tmp_path: Path, change: str, sequence: int) -> None:
    filled(tmp_path)
    assert found(tmp_path) == []
    tamper(tmp_path, change)
    assert found(tmp_path)[0][:2] == (S, sequence)


def test_invariant_8_a_chain_cut_off_with_its_head_is_noticed_by_the_mirror_and_put_on_record(tmp_path: Path) -> None:
    filled(tmp_path)
    with Storage.open(tmp_path, read_only=True) as storage:
        (row,) = storage.reader().rows("SELECT hash FROM audit WHERE sequence = 4")
    tamper(tmp_path, "DELETE FROM audit WHERE sequence > 4", f"UPDATE heads SET sequence = 4, hash = '{row[0]}'")
    assert [item[:2] for item in found(tmp_path)] == [(S, 5)]
    with Storage.open(tmp_path) as storage:
        storage.commit(Batch(S, 9, facts=[v.order_changed(9)])).result()
        (record,) = storage.audit(text="cut off")
        assert (record.session_id, record.kind, record.data) == (
            "",
            "AuditTruncated",
            {"session": S, "now": 4, "before": 6},
        )
    with Storage.open(tmp_path) as storage:
        assert len(storage.audit(text="cut off")) == 1
    (finding,) = found(tmp_path)
    assert finding[0] == ""


def test_invariant_8_a_chain_rewritten_from_a_record_on_differs_from_the_mirror(tmp_path: Path) -> None:
    filled(tmp_path)
    with Storage.open(tmp_path, read_only=True) as storage:
        rows = storage.reader().rows(
            "SELECT sequence, at, wall, kind, text, data, hash FROM audit WHERE session_id = 's1' ORDER BY sequence"
        )
    previous, statements = rows[3][6], []
    for sequence, at, wall, kind, _, data, _ in rows[4:]:
        previous = record_hash(previous, S, sequence, at, wall, kind, "changed", data)
        statements.append(f"UPDATE audit SET text = 'changed', hash = '{previous}' WHERE sequence = {sequence}")
    tamper(tmp_path, *statements, f"UPDATE heads SET hash = '{previous}'")
    (finding,) = found(tmp_path)
    assert finding[1] == 6
    assert "mirror" in finding[2]


def test_invariant_8_a_record_changed_together_with_its_own_hash_breaks_the_chain_behind_it(tmp_path: Path) -> None:
    filled(tmp_path)
    with Storage.open(tmp_path, read_only=True) as storage:
        rows = storage.reader().rows(
            "SELECT sequence, at, wall, kind, text, data, hash FROM audit WHERE session_id = 's1' ORDER BY sequence"
        )
    sequence, at, wall, kind, _, data, _ = rows[2]
    changed = record_hash(rows[1][6], S, sequence, at, wall, kind, "changed", data)
    tamper(tmp_path, f"UPDATE audit SET text = 'changed', hash = '{changed}' WHERE sequence = 3")
    assert [item[:2] for item in found(tmp_path)] == [(S, 4)]


def test_invariant_8_a_transaction_that_fails_behind_its_records_leaves_no_gap(storage: Storage) -> None:
    def fail(_: object) -> None:
        raise ValueError("ours")

    storage.commit(Batch(S, 1, facts=[v.order_changed(1)], settings=v.SETTINGS)).result()
    failing = Write(S, audit=[AuditEntry(S, 2, "Warned", "never stored", "{}")], action=fail)
    with pytest.raises(ValueError, match="ours"):
        storage._submit(failing).result()
    storage.commit(Batch(S, 3, facts=[v.order_changed(3)])).result()
    assert [record.sequence for record in storage.audit(session_id=S)] == [2, 1]
    assert storage.verify_audit().ok


def test_a_session_that_vanished_whole_is_noticed(tmp_path: Path) -> None:
    filled(tmp_path)
    tamper(tmp_path, "DELETE FROM audit", "DELETE FROM heads")
    assert [item[:2] for item in found(tmp_path)] == [(S, 1)]


def test_one_chain_can_be_verified_alone(storage: Storage) -> None:
    storage.commit(Batch("a", 1, facts=[v.order_changed(session_id="a")]))
    storage.commit(Batch("b", 1, facts=[v.order_changed(session_id="b")]))
    report = storage.verify_audit("a")
    assert (report.sessions, report.records, report.ok) == (1, 1, True)


def test_the_mirror_passes_over_a_torn_line_and_goes_on_behind_it(tmp_path: Path) -> None:
    hashed = "ab" * 32
    (tmp_path / MIRROR).write_text(f"s\t1\t{hashed}\ns\t2\t{hashed[:10]}")
    mirror = HeadMirror(tmp_path)
    assert mirror.read() == {"s": Head(1, hashed)}
    mirror.compact()
    mirror.append({"s": Head(3, hashed), "": Head(1, hashed)})
    mirror.close()
    assert mirror.read() == {"s": Head(3, hashed), "": Head(1, hashed)}


def test_a_large_mirror_keeps_the_newest_heads_only(tmp_path: Path) -> None:
    hashed = "cd" * 32
    (tmp_path / MIRROR).write_text("".join(f"s\t{number}\t{hashed}\n" for number in range(1, 16_000)))
    HeadMirror(tmp_path).compact()
    assert (tmp_path / MIRROR).stat().st_size < 200
    assert HeadMirror(tmp_path).read() == {"s": Head(15_999, hashed)}


def test_an_empty_or_missing_mirror_is_no_head(tmp_path: Path) -> None:
    mirror = HeadMirror(tmp_path)
    mirror.compact()
    assert mirror.read() == {}
    (tmp_path / MIRROR).touch()
    mirror.compact()
    assert mirror.read() == {}
    assert EMPTY.sequence == 0


def test_the_trail_is_searched_by_text_session_kind_and_time(storage: Storage) -> None:
    for number, name in enumerate(("a", "b"), start=1):
        warned = Warned(name, 100 * number, "daily loss", "Half of 5 % is used_up")
        facts: list[Fact] = [v.booked(number, session_id=name), warned]
        storage.commit(Batch(name, number, facts=facts)).result()
    reader = storage.reader()
    assert [(r.session_id, r.sequence) for r in reader.audit()] == [("b", 2), ("b", 1), ("a", 2), ("a", 1)]
    assert [r.session_id for r in reader.audit(text="DAILY LOSS")] == ["b", "a"]
    assert reader.audit(text="5 % is used_up", limit=1)[0].session_id == "b"
    assert reader.audit(text="5_% is") == []
    assert [r.sequence for r in reader.audit("a", kind="FillBooked")] == [1]
    assert [r.session_id for r in reader.audit(since=100, until=200)] == ["a"]
    assert [r.sequence for r in reader.audit("b", after=1)] == [2]
    assert [r.kind for r in storage.audit(session_id="a", text="71.25")] == ["FillBooked"]


def test_the_trail_is_handed_out_as_csv_and_json(storage: Storage, tmp_path: Path) -> None:
    storage.commit(Batch(S, 1, facts=[Warned(S, 7, '=HYPERLINK("x")', 'a, "b"\n한국'), v.booked()])).result()
    records = list(reversed(storage.audit()))
    assert export_audit(records, tmp_path / "trail.json") == 2
    rows = json.loads((tmp_path / "trail.json").read_text(encoding="utf-8"))["records"]
    assert [row["data"] for row in rows] == [record.data for record in records]
    assert export_audit(records, tmp_path / "trail.csv") == 2
    with (tmp_path / "trail.csv").open(encoding="utf-8", newline="") as file:
        table = list(csv.DictReader(file))
    assert table[0]["text"] == '\'=HYPERLINK("x"): a, "b"\n한국'
    assert json.loads(table[1]["data"]) == records[1].data
