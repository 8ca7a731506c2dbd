"""`assay sessions|orders|fills|backtests|audit`: what is stored, read beside a running Assay, changing nothing."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from desktop.cli.output import exact, iso, print_json, print_table
from desktop.cli.report_values import evidence_values
from desktop.data_place import look_into
from desktop.domain.codec import to_json
from desktop.domain.errors import NotFound
from desktop.store.reader import EVERYTHING, Reader
from desktop.store.storage import Storage


def stored(options: argparse.Namespace) -> int:
    """Print what one of the commands asks for; returns the exit status.

    Raises:
        NotFound: there is no data in the directory, or no such session.
        StorageFault: the data cannot be read.
    """
    directory = _directory(options)
    storage = look_into(directory)
    try:
        reader = storage.reader()
        _check_session(reader, options)
        if options.command == "audit" and options.action == "verify":
            return _verify(storage, options)
        return _COMMANDS[options.command](reader, options)
    finally:
        storage.close()


def _directory(options: argparse.Namespace) -> Path:
    directory: Path | None = options.data_dir
    if directory is None:
        from desktop.config import default_data_dir  # noqa: PLC0415 - only without --data-dir

        directory = default_data_dir()
    return directory


def _check_session(reader: Reader, options: argparse.Namespace) -> None:
    wanted: str = getattr(options, "session", "")
    if wanted and all(item.session_id != wanted for item in reader.sessions()):
        raise NotFound("session", wanted, "`assay sessions` lists them.")


def _limit(options: argparse.Namespace) -> int:
    return options.limit if options.limit > 0 else EVERYTHING


def _show(options: argparse.Namespace, name: str, rows: Sequence[dict[str, Any]], columns: Sequence[str]) -> int:
    if options.json:
        print_json({name: list(rows)})
    elif rows:
        print_table([column.replace("_", " ") for column in columns], [[row[key] for key in columns] for row in rows])
    else:
        print(f"There are no {name}.")
    return 0


def _sessions(reader: Reader, options: argparse.Namespace) -> int:
    rows = [
        {
            "session": item.session_id,
            "name": item.settings.name,
            "state": item.state.value,
            "symbols": ", ".join(instrument.symbol for instrument in item.settings.instruments),
            "timeframe": item.settings.strategy.timeframe,
            "feed": item.settings.feed,
            "mode": item.settings.mode.value,
            "cash": exact(item.settings.cash),
            "currency": item.settings.currency,
            "strategy_version": item.settings.strategy_version,
            "created_at": iso(item.created_at),
            "updated_at": iso(item.updated_at),
            "deleted": item.ended,
        }
        for item in reader.sessions()
        if not options.session or item.session_id == options.session
    ][-options.limit if options.limit > 0 else 0 :]
    return _show(options, "sessions", rows, ("session", "name", "state", "symbols", "timeframe", "mode", "feed"))


def _orders(reader: Reader, options: argparse.Namespace) -> int:
    rows = [
        {
            "order": order.order_id,
            "session": order.session_id,
            "time": iso(order.created_at),
            "symbol": order.symbol,
            "side": order.side.value,
            "kind": order.kind.value,
            "purpose": order.purpose.value,
            "quantity": exact(order.quantity),
            "limit_price": None if order.limit_price is None else exact(order.limit_price),
            "stop_price": None if order.stop_price is None else exact(order.stop_price),
            "status": order.status.value,
            "filled": exact(order.filled),
            "average_price": None if order.average_price is None else exact(order.average_price),
            "fees": exact(order.fees),
            "reason": order.reason,
        }
        for order in reader.orders(options.session or None, limit=_limit(options))
    ]
    columns = ("time", "symbol", "side", "kind", "quantity", "status", "filled", "average_price", "purpose", "reason")
    return _show(options, "orders", rows, columns)


def _fills(reader: Reader, options: argparse.Namespace) -> int:
    rows = [
        {
            "execution": item.fill.execution_id,
            "order": item.fill.order_id,
            "session": item.session_id,
            "time": iso(item.fill.at),
            "symbol": item.fill.symbol,
            "side": item.fill.side.value,
            "quantity": exact(item.fill.quantity),
            "price": exact(item.fill.price),
            "fee": exact(item.fill.fee),
            "realised": exact(item.realised),
            "cash": exact(item.cash),
        }
        for item in reader.fills(options.session or None, limit=_limit(options))
    ]
    columns = ("time", "symbol", "side", "quantity", "price", "fee", "realised", "cash")
    return _show(options, "fills", rows, columns)


def _backtests(reader: Reader, options: argparse.Namespace) -> int:
    from desktop.store.backtests import read_backtests  # noqa: PLC0415 - only this command needs them

    rows = [evidence_values(item) for item in read_backtests(reader, limit=_limit(options))]
    if options.json:
        print_json({"backtests": rows})
        return 0
    short = [
        {
            **row,
            "evidence": row["evidence"][:12],
            "stored": row["created_at"][:16].replace("T", " "),
            "symbols": ", ".join(row["symbols"]),
            "return": _percent(row["metrics"]["total_return"]),
            "sharpe": _ratio(row["metrics"]["sharpe"]),
            "drawdown": _percent(row["metrics"]["max_drawdown"]),
        }
        for row in rows
    ]
    columns = ("evidence", "stored", "strategy", "strategy_version", "symbols", "timeframe", "fills", "seed", "trades",
               "return", "sharpe", "drawdown", "reproduced", "undecided_splits")  # fmt: skip
    return _show(options, "backtests", short, columns)


def _percent(value: float | None) -> str | None:
    return None if value is None else f"{100 * value:+.2f}%"


def _ratio(value: float | None) -> str | None:
    return None if value is None else f"{value:.2f}"


def _audit(reader: Reader, options: argparse.Namespace) -> int:
    found = reader.audit(options.session or None, text=options.text, limit=_limit(options))
    found.sort(key=lambda record: (record.session_id, record.sequence))
    if not options.json:
        for record in found:
            print(f"{iso(record.at)}  {record.text}")
        if not found:
            print("There are no records.")
        return 0
    rows = [
        {
            "session": record.session_id,
            "sequence": record.sequence,
            "at": iso(record.at),
            "wall": iso(record.wall),
            "kind": record.kind,
            "text": record.text,
            "data": to_json(record.data),
        }
        for record in found
    ]
    print_json({"records": rows})
    return 0


def _verify(storage: Storage, options: argparse.Namespace) -> int:
    report = storage.verify_audit(options.session or None)
    if options.json:
        findings = [
            {"session": item.session_id, "sequence": item.sequence, "finding": item.sentence}
            for item in report.findings
        ]
        print_json({"ok": report.ok, "sessions": report.sessions, "records": report.records, "findings": findings})
        return 0 if report.ok else 1
    if report.ok:
        print(f"The audit trail is whole: {report.records:,} records, chains: {report.sessions}.")
        return 0
    for item in report.findings:
        print(f"{item.session_id or 'Assay'}, record {item.sequence}: {item.sentence}")
    print("The audit trail was changed or cut off. Keep the data directory as it is and restore a backup beside it.")
    return 1


_COMMANDS: dict[str, Callable[[Reader, argparse.Namespace], int]] = {
    "sessions": _sessions,
    "orders": _orders,
    "fills": _fills,
    "backtests": _backtests,
    "audit": _audit,
}
