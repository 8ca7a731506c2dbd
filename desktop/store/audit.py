"""Following the audit chains, and handing the trail out as CSV or JSON."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from desktop.ports import AuditRecord
from desktop.store.chain import EMPTY, Head, record_hash

if TYPE_CHECKING:
    from desktop.store.reader import Reader

TRUNCATED = "AuditTruncated"  # kind of the record that Assay makes when it finds a chain shorter than its mirror
_COLUMNS = ("session_id", "sequence", "at", "wall", "kind", "text", "data")
_FORMULA = ("=", "+", "-", "@", "\t", "\r")  # a spreadsheet would run such a cell


@dataclass(frozen=True, slots=True)
class AuditFinding:
    """One thing that is wrong with a chain."""

    session_id: str
    sequence: int  # the first record it concerns
    sentence: str


@dataclass(frozen=True, slots=True)
class AuditReport:
    """What a verification saw."""

    sessions: int
    records: int
    findings: tuple[AuditFinding, ...]

    @property
    def ok(self) -> bool:
        """Whether every chain is whole."""
        return not self.findings


def verify(reader: Reader, mirror: Mapping[str, Head], session_id: str | None = None) -> AuditReport:
    """Return what is wrong with the chains of all sessions, or of one.

    Args:
        reader: Reads the database; all of it as of one instant.
        mirror: The heads kept beside the database, read before the instant.
        session_id: None = every chain.
    """
    with reader.snapshot():
        heads = {
            row[0]: Head(row[1], row[2]) for row in reader.rows('SELECT "session_id", "sequence", "hash" FROM "heads"')
        }
        stored = {row[0] for row in reader.rows('SELECT DISTINCT "session_id" FROM "audit"')}
        names = sorted(stored | set(heads) | set(mirror)) if session_id is None else [session_id]
        findings: list[AuditFinding] = []
        records = 0
        for name in names:
            count, found = _verify_chain(reader, name, heads.get(name, EMPTY), mirror.get(name, EMPTY))
            records += count
            findings.extend(found)
    return AuditReport(len(names), records, tuple(findings))


def _verify_chain(reader: Reader, session_id: str, head: Head, mirror: Head) -> tuple[int, list[AuditFinding]]:
    findings: list[AuditFinding] = []

    def find(sequence: int, sentence: str) -> None:
        findings.append(AuditFinding(session_id, sequence, sentence))

    last, count = EMPTY, 0
    for sequence, at, wall, kind, text, data, stored in reader.rows(
        'SELECT "sequence", "at", "wall", "kind", "text", "data", "hash" FROM "audit" WHERE "session_id" = ? '
        'ORDER BY "sequence"',
        (session_id,),
    ):
        count += 1
        if sequence != last.sequence + 1:
            find(last.sequence + 1, f"Records {last.sequence + 1} to {sequence - 1} are missing.")
        elif record_hash(last.hash, session_id, sequence, at, wall, kind, text, data) != stored:
            find(sequence, f"Record {sequence} or its place in the chain was changed after it was stored.")
        if kind == TRUNCATED:
            find(sequence, text)
        if sequence == mirror.sequence and stored != mirror.hash:
            find(sequence, f"Record {sequence} is not the one that was stored: its hash differs from the mirror's.")
        last = Head(sequence, stored)
    if last != head:
        find(last.sequence + 1, f"The chain ends at record {last.sequence}, its head says {head.sequence}.")
    if mirror.sequence > last.sequence:
        find(
            last.sequence + 1,
            f"The chain ends at record {last.sequence}, {mirror.sequence} were stored: it was cut off.",
        )
    return count, findings


def behind_mirror(heads: Mapping[str, Head], mirror: Mapping[str, Head]) -> list[tuple[str, str, dict[str, Any]]]:
    """Return (session, sentence, data) for every chain that ends before its mirror."""
    found = []
    for session_id, known in sorted(mirror.items()):
        head = heads.get(session_id, EMPTY)
        if head.sequence < known.sequence:
            whose = f"session {session_id}" if session_id else "Assay itself"
            sentence = (
                f"The audit trail of {whose} ends at record {head.sequence} although {known.sequence} were stored: "
                "the newest were cut off, by a power cut or by hand."
            )
            found.append(
                (session_id, sentence, {"session": session_id, "now": head.sequence, "before": known.sequence})
            )
    return found


def export_audit(records: Iterable[AuditRecord], path: Path) -> int:
    """Write records to a .csv or .json file (by its suffix) and return how many; times are µs UTC."""
    rows = [{name: getattr(record, name) for name in _COLUMNS} for record in records]
    if path.suffix.lower() == ".json":
        path.write_text(json.dumps({"records": rows}, ensure_ascii=False, indent=1), encoding="utf-8")
        return len(rows)
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(_COLUMNS)
        for row in rows:
            writer.writerow([_cell(json.dumps(value) if name == "data" else value) for name, value in row.items()])
    return len(rows)


def _cell(value: Any) -> Any:
    return f"'{value}" if isinstance(value, str) and value.startswith(_FORMULA) else value


def audit_filter(
    session_id: str | None, *, text: str, kind: str, since: int, until: int | None, after: int
) -> tuple[str, list[Any]]:
    """Return the condition of a search (see `Reader.audit`) and the values bound to it."""
    conditions: list[str] = ["1 = 1"]
    arguments: list[Any] = []

    def add(condition: str, *values: Any) -> None:
        conditions.append(condition)
        arguments.extend(values)

    if session_id:
        add('"session_id" = ?', session_id)
    if kind:
        add('"kind" = ?', kind)
    if since:
        add('"at" >= ?', since)
    if until is not None:
        add('"at" < ?', until)
    if after:
        add('"sequence" > ?', after)
    if text:
        pattern = "%" + text.lower().replace("!", "!!").replace("%", "!%").replace("_", "!_") + "%"
        columns = ("text", "kind", "data")
        add("(" + " OR ".join(f"LOWER(\"{name}\") LIKE ? ESCAPE '!'" for name in columns) + ")", *[pattern] * 3)
    return " AND ".join(conditions), arguments
