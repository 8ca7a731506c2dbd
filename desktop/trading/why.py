"""Why, or why not, right now (R4): the rule clause by clause, and every check that stands in the way."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from desktop.domain.orders import Purpose
from desktop.domain.risk import OUTCOMES, Check, Outcome
from desktop.domain.signals import SignalKind
from desktop.rules.nodes import Verdict

if TYPE_CHECKING:
    from desktop.trading.session_core import SessionCore


def explain_standing(core: SessionCore, symbol: str) -> dict[str, Any]:
    """Return what a symbol's rule says now and which checks would stop an order on it.

    Keys: `question`, `answer` (a sentence), `rule` (text), `verdict` ("true", "false", "unknown" or, without a rule,
    empty), `explanation` (Explanation.to_dict()), `checks` (list of (check, passes, sentence)).
    """
    held = core.marks[symbol].held
    desk = core.proposals
    rule = core.rules.exit if held else core.rules.entry
    explanation = None if rule is None else desk.explain_now(symbol, held=held)
    verdict = None if explanation is None else explanation.verdict
    request = desk.exit_request(symbol) if held else desk.entry_request(symbol)
    purpose = Purpose.RULE_EXIT if held else Purpose.ENTRY
    checks: list[tuple[str, bool, str]] = [_warm_up(verdict)]
    for check, finding in core.gate.standing(request):
        passes = finding is None or OUTCOMES[check][purpose] in (Outcome.PASS, Outcome.MARKETABLE)
        checks.append((check.value, passes, "" if finding is None else finding.sentence))
    stopping = [sentence for _, passes, sentence in checks[1:] if not passes]
    return {
        "question": "Why still held?" if held else "Why no entry?",
        "answer": _answer(core, symbol, held=held, verdict=verdict, stopping=stopping),
        "rule": "" if rule is None else rule.text,
        "verdict": "" if verdict is None else verdict.value,
        "explanation": {} if explanation is None else explanation.to_dict(),
        "checks": checks,
    }


def _warm_up(verdict: Verdict | None) -> tuple[str, bool, str]:
    unknown = verdict is Verdict.UNKNOWN
    sentence = "The rule is not known yet: an indicator in it needs more bars." if unknown else ""
    return (Check.WARM_UP.value, not unknown, sentence)


def _answer(core: SessionCore, symbol: str, *, held: bool, verdict: Verdict | None, stopping: list[str]) -> str:
    what = "exit" if held else "entry"
    if not core.state.alive:
        return f"The session is {core.status.value}: its rules are not judged."
    waiting = core.signal_book.pending(symbol, SignalKind.EXIT if held else SignalKind.ENTRY)
    if waiting is not None:
        held_by = f" It is held by: {waiting.held_by}." if waiting.held_by else " It waits for your answer."
        return f"An {what} signal is pending.{held_by}"
    if core.book.has(symbol):
        return f"An order on {symbol} is working already; the {what} rule is asked again when it is done."
    if verdict is None:
        return "The strategy has no exit rule: the position is left by its stop, its target or by hand."
    if verdict is Verdict.UNKNOWN:
        return f"The {what} rule is not known yet: an indicator in it needs more bars."
    if verdict is Verdict.FALSE:
        return f"The {what} rule is not true."
    if stopping:
        return f"The {what} rule is true, but: {stopping[0]}"
    return f"The {what} rule is true and nothing stands in the way."
