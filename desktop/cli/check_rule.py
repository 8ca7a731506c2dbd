"""`assay check-rule`: what a rule needs, or its mistake with the column."""

from __future__ import annotations

import argparse
from decimal import Decimal, InvalidOperation

from desktop.cli.output import print_json
from desktop.domain.errors import FieldError, RuleError
from desktop.domain.market import timeframe_us
from desktop.rules.compile import Rule, compile_rule
from desktop.rules.nodes import Role


def check_rule(options: argparse.Namespace) -> int:
    """Print look-back and columns of a rule.

    Raises:
        RuleError: the rule is a mistake; with --json it is printed as an object and the status is 2.
    """
    timeframe_us(options.timeframe)
    role = Role.EXIT if options.exit else Role.ENTRY
    try:
        rule = compile_rule(options.rule, role=role, parameters=_parameters(options.set), timeframe=options.timeframe)
    except RuleError as error:
        if not options.json:
            raise
        print_json({"ok": False, "message": error.message, "column": error.column, "suggestion": error.suggestion})
        return 2
    if options.json:
        print_json(_as_json(rule))
        return 0
    print(f"{rule.text}\n  look-back  {rule.look_back} bars of {rule.timeframe}")
    print(f"  columns    {', '.join(sorted(rule.columns)) or 'none'}")
    if rule.timeframes:
        print(f"  timeframes {', '.join(rule.timeframes)}")
    if rule.smoothing:
        print(f"  smoothing  {rule.smoothing} bars; a running feed loads {rule.history} bars of history first")
    return 0


def _parameters(settings: list[str]) -> dict[str, Decimal]:
    values: dict[str, Decimal] = {}
    for setting in settings:
        name, equals, text = setting.partition("=")
        try:
            values[name.strip()] = Decimal(text.strip())
        except InvalidOperation:
            equals = ""
        if not equals or not name.strip():
            raise FieldError("--set", f"{setting!r} is not NAME=NUMBER.")
    return values


def _as_json(rule: Rule) -> dict[str, object]:
    return {
        "ok": True,
        "rule": rule.text,
        "look_back": rule.look_back,
        "columns": sorted(rule.columns),
        "timeframes": list(rule.timeframes),
        "uses_position": rule.uses_position,
        "history": rule.history,
    }
