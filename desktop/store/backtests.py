"""Backtests as rows: one row for each, and its fills, trades and curve packed beside it."""

from __future__ import annotations

import json
import zlib
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from desktop.domain.codec import from_json, to_json
from desktop.domain.errors import EvidenceDiffers, NotFound
from desktop.domain.evidence import Evidence, EvidenceDetail
from desktop.domain.fills import Fill
from desktop.domain.positions import ClosedTrade
from desktop.domain.sessions import SessionSettings
from desktop.store.reader import Reader
from desktop.store.rows import dumps, shape
from desktop.store.statements import COLUMNS, select
from desktop.store.writes import AuditEntry, Write

ASSAY = ""  # the audit chain of what belongs to no session
FILLS, TRADES, CURVE = "fills", "trades", "curve"
NOTES = "notes"  # warnings, and splits nobody decided on; evidence of before they were noted has no such part
_SINCE = 2  # the schema that brought the tables
_LEVEL = 3  # of compression: a quarter more bytes than the best, in a tenth of the time
_REPRODUCED = 'UPDATE "backtests" SET "reproduced" = "reproduced" + 1 WHERE "key" = ?'


def fresh(evidence: Evidence, detail: EvidenceDetail, at: int) -> Write:
    """Return the work of storing a backtest that is not there yet; `at`: µs UTC by the wall clock."""
    settings = evidence.settings
    what = f"Backtest {evidence.short_id} of {settings.strategy.name} {settings.strategy_version} stored"
    text = f"{what}: {evidence.trades:,} trades, equity {evidence.equity:,f} {settings.currency}"
    write = Write(ASSAY, audit=[_entry("BacktestStored", text, evidence, at)], sync_full=True)
    row = (
        evidence.key,
        settings.strategy.name,
        settings.strategy_version,
        dumps(to_json(settings)),
        json.dumps(evidence.fingerprints),
        json.dumps(evidence.files),
        evidence.program,
        evidence.began,
        evidence.ended,
        evidence.bars,
        dumps(evidence.metrics),
        evidence.trades,
        str(evidence.cash),
        str(evidence.equity),
        str(evidence.fees),
        evidence.digest,
        at,
        0,
    )
    write.put("backtests", evidence.key, row)
    parts = {
        FILLS: _packed([shape(Fill).encode(item) for item in detail.fills]),
        TRADES: _packed([shape(ClosedTrade).encode(item) for item in detail.trades]),
        CURVE: _packed(detail.curve),
    }
    for part, content in parts.items():
        write.put("backtest_parts", (evidence.key, part), (evidence.key, part, content))
    _put_notes(write, evidence)
    return write


def _put_notes(write: Write, evidence: Evidence) -> None:
    if evidence.undecided_splits is not None:
        content = _packed([[evidence.undecided_splits, *evidence.warnings]])
        write.put("backtest_parts", (evidence.key, NOTES), (evidence.key, NOTES, content))


def reproduced(evidence: Evidence, at: int) -> Write:
    """Return the work of recording that a stored backtest has come to the same again, with what is noted of it now.

    A split that was decided on since no longer counts against it; one that was not known of does from now on.
    """
    settings = evidence.settings
    text = f"Backtest {evidence.short_id} of {settings.strategy.name} {settings.strategy_version} reproduced"
    write = Write(
        ASSAY,
        audit=[_entry("BacktestReproduced", text, evidence, at)],
        action=lambda connection: _run(connection, _REPRODUCED, evidence.key),
        sync_full=True,
    )
    _put_notes(write, evidence)
    return write


def differing(stored: Evidence, now: Evidence, at: int) -> tuple[Write, EvidenceDiffers]:
    """Return the work of recording that a backtest has come to something else, and the error that says so."""
    error = EvidenceDiffers(
        stored.short_id,
        strategy=stored.settings.strategy.name,
        before=f"{stored.trades:,} trades and equity {stored.equity:,f} with Assay {stored.program}",
        after=f"{now.trades:,} trades and equity {now.equity:,f} with Assay {now.program}",
    )
    return Write(ASSAY, audit=[_entry("BacktestDiffers", str(error), now, at)], sync_full=True), error


def removed(evidence: Evidence, at: int) -> Write:
    """Return the work of deleting a backtest; that it was there, and what it came to, stays in the audit trail."""
    settings = evidence.settings
    text = f"Backtest {evidence.short_id} of {settings.strategy.name} {settings.strategy_version} deleted"

    def delete(connection: Any) -> None:
        for table in ("backtest_parts", "backtests"):
            _run(connection, f'DELETE FROM "{table}" WHERE "key" = ?', evidence.key)  # noqa: S608 - two literal names

    return Write(ASSAY, audit=[_entry("BacktestDeleted", text, evidence, at)], action=delete, sync_full=True)


def _entry(kind: str, text: str, evidence: Evidence, at: int) -> AuditEntry:
    settings = evidence.settings
    data = {
        "key": evidence.key,
        "strategy_version": settings.strategy_version,
        "fingerprints": evidence.fingerprints,
        "seed": settings.seed,
        "program": evidence.program,
        "digest": evidence.digest,
        "metrics": evidence.metrics,
        "undecided_splits": evidence.undecided_splits,
    }
    return AuditEntry(ASSAY, at, kind, text, dumps(data))


def _run(connection: Any, statement: str, *arguments: Any) -> None:
    connection.execute(statement, arguments)


def _packed(rows: Sequence[Sequence[Any]]) -> bytes:
    return zlib.compress(json.dumps(rows, separators=(",", ":")).encode(), _LEVEL)


# reading ---------------------------------------------------------------------------------------------------------
def read_backtests(reader: Reader, *, strategy_version: str = "", limit: int = -1) -> list[Evidence]:
    """Return the stored backtests of one strategy version or of all, newest first.

    Args:
        reader: Of the storage.
        strategy_version: Only this version.
        limit: At most so many; -1 = all.
    """
    if int(reader.rows('SELECT MAX("number") FROM "migrations"')[0][0]) < _SINCE:  # older data, only looked at
        return []
    where, arguments = ('WHERE "strategy_version" = ? ', (strategy_version,)) if strategy_version else ("", ())
    tail = f'{where}ORDER BY "created_at" DESC, "key"'
    rows = reader.rows(select("backtests", COLUMNS["backtests"], tail), arguments)
    notes = dict(reader.rows('SELECT "key", "content" FROM "backtest_parts" WHERE "part" = ?', (NOTES,)))
    return [_evidence(row, notes.get(row[0])) for row in (rows if limit < 0 else rows[:limit])]


def read_backtest(reader: Reader, key: str) -> Evidence | None:
    """Return a stored backtest; None: there is none of this key."""
    found = reader.rows(select("backtests", COLUMNS["backtests"], 'WHERE "key" = ?'), (key,))
    notes = reader.rows('SELECT "content" FROM "backtest_parts" WHERE "key" = ? AND "part" = ?', (key, NOTES))
    return _evidence(found[0], notes[0][0] if notes else None) if found else None


def read_detail(reader: Reader, key: str) -> EvidenceDetail:
    """Return the fills, trades and curve of a stored backtest.

    Raises:
        NotFound: there is none of this key.
    """
    found: Mapping[str, bytes] = {
        row[0]: row[1] for row in reader.rows('SELECT "part", "content" FROM "backtest_parts" WHERE "key" = ?', (key,))
    }
    if not found:
        raise NotFound("backtest", key, "`assay backtests` lists them.")
    rows = {part: json.loads(zlib.decompress(bytes(content))) for part, content in found.items()}
    return EvidenceDetail(
        fills=shape(Fill).decode_all(rows[FILLS]),
        trades=shape(ClosedTrade).decode_all(rows[TRADES]),
        curve=[(at, equity) for at, equity in rows[CURVE]],
    )


def _evidence(row: Sequence[Any], notes: bytes | None) -> Evidence:
    noted: list[Any] = [None] if notes is None else json.loads(zlib.decompress(bytes(notes)))[0]
    undecided, *warnings = noted
    return Evidence(
        key=row[0],
        settings=from_json(SessionSettings, json.loads(row[3])),
        fingerprints=tuple(json.loads(row[4])),
        files=tuple(json.loads(row[5])),
        program=row[6],
        began=row[7],
        ended=row[8],
        bars=row[9],
        metrics=json.loads(row[10]),
        trades=row[11],
        cash=Decimal(row[12]),
        equity=Decimal(row[13]),
        fees=Decimal(row[14]),
        digest=row[15],
        created_at=row[16],
        reproduced=row[17],
        warnings=tuple(warnings),
        undecided_splits=undecided,
    )
