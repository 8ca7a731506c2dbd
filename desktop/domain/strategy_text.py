"""A strategy as the readable text file of its import and export, and the hash that names its content."""

from __future__ import annotations

import hashlib
import json
import re
from decimal import Decimal
from typing import Any

from desktop.domain.errors import FieldError
from desktop.domain.strategies import Evaluate, Protection, Sizing, SizingKind, Strategy
from desktop.domain.toml_text import Section, exact_number, plain, quoted, read_toml

MAX_RULE = 2_000  # characters of a formula
MAX_NAME = 100
MAX_DESCRIPTION = 4_000
MAX_PARAMETERS = 50
VERSION_DIGITS = 12

_TEXTS = ("name", "description", "timeframe", "entry", "exit", "evaluate")
_KEYS = (*_TEXTS, "entry_limit", "parameters", "sizing", "protection")
_PROTECTION = ("stop_loss", "take_profit", "trailing_stop")
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]{0,39}")


def parse_strategy(text: str) -> Strategy:
    """Return the strategy of a strategy file's text. No rule is compiled or run here.

    Raises:
        FieldError: the text is no TOML, too large, or has an unknown key or a bad value; names the field.
    """
    tables = read_toml(text, "strategy file")
    main = Section(tables, _KEYS)
    for key in ("name", "timeframe", "entry"):
        if not main.has(key):
            raise FieldError(key, "is missing; a strategy needs name, timeframe and entry.")
    limit = main.number("entry_limit")
    if limit is not None and not 0 < limit < 100:
        raise FieldError("entry_limit", "must be a percentage above 0 and below 100.")
    return Strategy(
        name=main.text("name", "", MAX_NAME),
        description=main.text("description", "", MAX_DESCRIPTION),
        timeframe=main.text("timeframe", "", 10),
        entry=main.text("entry", "", MAX_RULE),
        exit=main.text("exit", "", MAX_RULE),
        evaluate=Evaluate(main.choice("evaluate", Evaluate.BAR, [item.value for item in Evaluate])),
        entry_limit_percent=limit,
        parameters=_parameters(main.table("parameters")),
        sizing=_sizing(Section(main.table("sizing"), ("kind", "value"), "sizing.")),
        protection=_protection(Section(main.table("protection"), _PROTECTION, "protection.")),
    )


def _parameters(table: Any) -> dict[str, Decimal]:
    if len(table) > MAX_PARAMETERS:
        raise FieldError("parameters", f"are {len(table)}, the most is {MAX_PARAMETERS}.")
    for name in table:
        if not _NAME.fullmatch(name):
            raise FieldError(f"parameters.{name[:40]}", "is no name: up to 40 letters, digits and _, a letter first.")
    return {name: exact_number(f"parameters.{name}", value) for name, value in table.items()}


def _sizing(section: Section) -> Sizing:
    usual = Sizing()
    kind = SizingKind(section.choice("kind", usual.kind, [item.value for item in SizingKind]))
    value = section.number("value")
    if value is None and section.has("kind"):
        raise FieldError("sizing.value", f"is missing; {kind.value} needs it.")
    return Sizing(kind, usual.value if value is None else value)


def _protection(section: Section) -> Protection:
    return Protection(**{name: section.number(name) for name in _PROTECTION})


def format_strategy(strategy: Strategy) -> str:
    """Return the text of a strategy file; `parse_strategy` reads back an equal strategy."""
    lines = [f"name = {quoted(strategy.name)}"]
    if strategy.description:
        lines.append(f"description = {quoted(strategy.description)}")
    lines += [
        f"timeframe = {quoted(strategy.timeframe)}",
        f"entry = {quoted(strategy.entry)}",
        f"exit = {quoted(strategy.exit)}",
        f"evaluate = {quoted(strategy.evaluate.value)}",
    ]
    if strategy.entry_limit_percent is not None:
        lines.append(f"entry_limit = {plain(strategy.entry_limit_percent)}")
    if strategy.parameters:
        lines += ["", "[parameters]", *(f"{name} = {plain(value)}" for name, value in strategy.parameters.items())]
    lines += ["", "[sizing]", f"kind = {quoted(strategy.sizing.kind.value)}", f"value = {plain(strategy.sizing.value)}"]
    guards = [(name, getattr(strategy.protection, name)) for name in _PROTECTION]
    if any(value is not None for _, value in guards):
        lines += ["", "[protection]", *(f"{name} = {plain(value)}" for name, value in guards if value is not None)]
    return "\n".join(lines) + "\n"


def strategy_version(strategy: Strategy) -> str:
    """Return the first 12 hex digits of the SHA-256 of the content; equal strategies have equal versions."""
    content = {
        "name": strategy.name,
        "description": strategy.description,
        "timeframe": strategy.timeframe,
        "entry": strategy.entry,
        "exit": strategy.exit,
        "evaluate": strategy.evaluate.value,
        "entry_limit": _optional(strategy.entry_limit_percent),
        "parameters": {name: plain(value) for name, value in strategy.parameters.items()},
        "sizing": [strategy.sizing.kind.value, plain(strategy.sizing.value)],
        "protection": [_optional(getattr(strategy.protection, name)) for name in _PROTECTION],
    }
    canonical = json.dumps(content, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest()[:VERSION_DIGITS]


def _optional(value: Decimal | None) -> str | None:
    return None if value is None else plain(value)
