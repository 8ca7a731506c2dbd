"""What the strategy editor asks as one types: the mistake with its column, or what the rule needs and says now."""

from __future__ import annotations

from typing import TYPE_CHECKING

from desktop.domain.errors import FieldError, RuleError
from desktop.engine.api import RuleCheck
from desktop.rules.batch import BatchEvaluator
from desktop.rules.compile import Rule, compile_rule
from desktop.rules.nodes import Role

if TYPE_CHECKING:
    from collections.abc import Mapping
    from decimal import Decimal

    from desktop.engine.runner import SessionRunner


def check_rule(
    text: str,
    *,
    role: str,
    parameters: Mapping[str, Decimal],
    timeframe: str,
    runner: SessionRunner | None,
    symbol: str,
    on_quotes: bool = False,
) -> RuleCheck:
    """Return the editor's line under a rule, with its verdict on the bars of a session's symbol where one is given.

    `on_quotes`: the strategy is judged on every quote, which some functions do not allow.
    """
    if role == "exit" and not text.strip():
        return RuleCheck(True, "No exit rule: positions are left by protection, by a trigger or by hand.")
    try:
        rule = compile_rule(
            text,
            role=Role.EXIT if role == "exit" else Role.ENTRY,
            parameters=parameters,
            timeframe=timeframe,
            on_quotes=on_quotes,
        )
    except RuleError as error:
        return RuleCheck(False, error.message, error.column, error.suggestion)
    except FieldError as error:
        return RuleCheck(False, str(error))
    message = _needs(rule)
    if runner is None or symbol not in runner.symbols or runner.timeframe != timeframe or rule.uses_position:
        return RuleCheck(True, message)
    bars = runner.market.bars(symbol)
    if not len(bars):
        return RuleCheck(True, message)
    batch = BatchEvaluator(bars, timeframe=timeframe, zone=runner.market.zone(symbol))
    explanation = batch.explain(rule, len(bars) - 1)
    lines = tuple((clause.line, clause.verdict.value) for clause in explanation.clauses)
    return RuleCheck(True, message, verdict=explanation.verdict.value, lines=lines)


def _needs(rule: Rule) -> str:
    bars = "1 bar" if rule.look_back == 0 else f"{rule.look_back + 1:,} bars"
    columns = ", ".join(sorted(rule.columns))
    return f"Known after {bars} of {rule.timeframe}" + (f"; reads {columns}." if columns else ".")
