"""Why a backtest closed no trade: how often its rule was true, what stopped its orders, and what to try."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from desktop.domain.risk import Check
from desktop.research.statistics import ClauseCount, RuleCount
from desktop.rules.nodes import Role

_ADVICE: Mapping[str, str] = {
    Check.CASH: "Start with more cash or make the size of an entry smaller.",
    Check.MINIMUM: "The size comes to less than one unit: make it larger or start with more cash.",
    Check.HOURS: "The bars lie outside of the trading hours: choose the hours of these prices, or Always.",
    Check.POSITIONS: "Raise the limit of positions, or run without limits to see what the rule does.",
    Check.SIZE: "Raise the limit of a position's size, or make the size of an entry smaller.",
    Check.RISK: "Make the size smaller or the stop closer, or raise the limit of risk per trade.",
    Check.ALLOCATION: "Raise the limit of the total allocation, or make the size of an entry smaller.",
    Check.ORDER_VALUE: "Raise the limit of an order's value, or make the size of an entry smaller.",
    Check.DAILY_LOSS: "Raise the limit of the daily loss, or run without limits to see what the rule does.",
    Check.COLLAR: "The price moved too far for the collar: widen it, or run without limits.",
}
_USUAL = "Run without limits to see what the rule does."
_SHOWN = 3  # checks that are named


def why_no_trades(
    rules: Sequence[RuleCount],
    *,
    blocks: Mapping[str, int],
    signals: int,
    orders: int,
    open_positions: int,
    waiting: int,
) -> tuple[str, ...]:
    """Return sentences: what happened instead of a trade, then what to try.

    Args:
        rules: How often rules and clauses were true, of every symbol.
        blocks: How often each check stopped something.
        signals: That were raised.
        orders: That were placed.
        open_positions: Held at the end.
        waiting: Orders that never filled.
    """
    entries = [rule for rule in rules if rule.role is Role.ENTRY]
    exits = [rule for rule in rules if rule.role is Role.EXIT]
    if open_positions:
        return _never_closed(open_positions, exits)
    true = sum(rule.true or 0 for rule in entries)
    if entries and not true:
        return tuple(sentence for rule in entries for sentence in _never_true(rule, several=len(entries) > 1))
    said = [_often(true, entries)] if entries else []
    if blocks:
        said += _stopped(blocks)
    elif orders and waiting:
        said.append(
            f"{orders:,} orders were placed and none was filled. An entry limit far under the price, or signals on the "
            "last bar alone, do that: take the limit nearer to the price."
        )
    elif not signals:
        said.append(
            "No signal came of it. A signal is raised when the rule becomes true after it was known to be false: take "
            "more bars before the first time."
        )
    return tuple(said)


def _never_closed(count: int, exits: Sequence[RuleCount]) -> tuple[str, ...]:
    held = "1 position was bought and is" if count == 1 else f"{count:,} positions were bought and are"
    said = f"{held} still held at the end, so no trade is complete: the curve shows them at the last close."
    if not exits:
        return said, "There is no exit rule. Add one, or a stop-loss and take-profit."
    short = [sentence for rule in exits for sentence in _too_short(rule, several=len(exits) > 1)]
    if short:
        return said, *short
    never = [rule for rule in exits if rule.true == 0]
    if never:
        return (
            said,
            f"The exit rule {never[0].text} was true on none of {never[0].bars:,} bars. Loosen it, or add a stop.",
        )
    return said, "The exit rule was not true after the entry. Take more bars, or add a stop-loss and take-profit."


def _too_short(rule: RuleCount, *, several: bool) -> list[str]:
    """Return that clauses have fewer bars than their functions need, where that keeps the rule from being true."""
    short = [clause for clause in rule.clauses if rule.bars < clause.needs and not clause.known]
    alternative = rule.joined == "or" and len(short) < len(rule.clauses)
    if not short or (alternative and rule.true != 0):
        return []
    of = f" of {rule.symbol}" if several else ""
    named = ", ".join(f"{clause.text} needs {clause.needs:,} bars" for clause in short)
    bars = "1 bar" if rule.bars == 1 else f"{rule.bars:,}"
    so = (
        "that could never be true, and the rest of the rule never was"
        if alternative
        else "the rule could never be true"
    )
    return [f"{named}; the range{of} has {bars}, so {so}. Take more bars, or shorter lengths."]


def _never_true(rule: RuleCount, *, several: bool) -> list[str]:
    too_short = _too_short(rule, several=several)
    if too_short:
        return too_short
    of = f" of {rule.symbol}" if several else ""
    if rule.known == 0:
        unknown = f"The entry rule could not be judged on a single one of {rule.bars:,} bars{of}"
        return [f"{unknown}: its functions need more bars before. Take a longer period, or shorter lengths."]
    said = f"The entry rule was true on none of {rule.known or rule.bars:,} bars{of}: {rule.text}"
    never = [clause for clause in rule.clauses if clause.true == 0]
    if rule.joined == "and" and never:
        named = ", ".join(clause.text for clause in never)
        return [said, f"Never true, whatever the others said, was {named}. Loosen it first."]
    if rule.joined == "and":
        counts = ", ".join(f"{clause.text} on {clause.true or 0:,}" for clause in rule.clauses)
        return [said, f"Each clause was true at times ({counts}), but never all on one bar. {_loosen(rule.clauses)}"]
    return [said, "Move its number nearer to what the price does: the strategy editor shows its values bar by bar."]


def _loosen(clauses: Sequence[ClauseCount]) -> str:
    """Return which clause stood in the way most often, where that is known."""
    alone = [clause for clause in clauses if clause.alone]
    if not alone:
        return "Drop one of them, or loosen the one that is true least often."
    worst = max(alone, key=lambda clause: clause.alone or 0)
    return f"{worst.text} alone stood in the way on {worst.alone or 0:,} of them: loosen it first."


def _often(true: int, entries: Sequence[RuleCount]) -> str:
    bars = sum(rule.known or rule.bars for rule in entries)
    return f"The entry rule was true on {true:,} of {bars:,} bars."


def _stopped(blocks: Mapping[str, int]) -> list[str]:
    ranked = sorted(blocks.items(), key=lambda item: -item[1])[:_SHOWN]
    named = ", ".join(f"{check} ({count:,} times)" for check, count in ranked)
    return [f"Every entry was stopped by a check: {named}.", _ADVICE.get(ranked[0][0], _USUAL)]
