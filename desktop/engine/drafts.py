"""From the new-session dialog to settings: every mistake at its field, nothing started on a wrong one."""

from __future__ import annotations

import re
from decimal import Decimal
from pathlib import PurePath
from typing import TYPE_CHECKING

from desktop.domain.errors import AssayError, FieldError, RuleError
from desktop.domain.instruments import AssetClass, Instrument
from desktop.domain.sessions import SessionSettings
from desktop.domain.strategies import Evaluate
from desktop.domain.strategy_text import strategy_version
from desktop.market.calendars import check_hours
from desktop.rules.compile import Rule, compile_rule
from desktop.rules.nodes import Role

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from desktop.domain.strategies import Strategy
    from desktop.engine.api import SessionDraft


PERCENTAGES = (
    "max_risk_per_trade",
    "max_position_size",
    "max_allocation",
    "max_daily_loss",
    "price_collar",
    "max_drift",
)


def compile_strategy(strategy: Strategy) -> tuple[Rule, ...]:
    """Return the compiled entry rule and, where there is one, exit rule.

    Raises:
        FieldError: a rule cannot be compiled; names the field.
    """
    rules = []
    for field, text, role in (("entry", strategy.entry, Role.ENTRY), ("exit", strategy.exit, Role.EXIT)):
        if field == "exit" and not text.strip():
            continue
        try:
            rules.append(
                compile_rule(
                    text,
                    role=role,
                    parameters=strategy.parameters,
                    timeframe=strategy.timeframe,
                    on_quotes=strategy.evaluate is Evaluate.QUOTE,
                )
            )
        except RuleError as error:
            raise FieldError(field, str(error)) from error
    return tuple(rules)


REPLAY = "replay:"
_STORED = re.compile(r"[:,]series:\d")
EXCHANGE = "ccxt:"
ALPACA = "alpaca"


def feed_key(draft: SessionDraft) -> str:
    """Return the key of the feed a draft runs on; a replay's names its speed and its file."""
    if draft.feed.startswith(REPLAY):
        path = draft.feed.removeprefix(REPLAY)
        return f"{REPLAY}{path}" if draft.replay_speed is None else f"{REPLAY}{draft.replay_speed:g}:{path}"
    return draft.feed


def replay_symbol(path: str) -> str:
    """Return the symbol a recorded file is traded as: the first part of its name, in capitals."""
    return PurePath(path).stem.split("_")[0].upper() or "FILE"


def expected_instruments(draft: SessionDraft) -> tuple[Instrument, ...]:
    """Return what a feed that is not open yet will offer, as far as the draft's symbols tell.

    A replay's file is read, and an exchange is asked for its pairs, when the session is created.
    """
    if draft.feed.startswith(EXCHANGE):
        return tuple(
            Instrument(symbol, currency=symbol.partition("/")[2], asset_class=AssetClass.CRYPTO)
            for symbol in draft.symbols
            if symbol.count("/") == 1 and not symbol.startswith("/") and not symbol.endswith("/")
        )
    if draft.feed == ALPACA:  # thousands, which it names when it is opened; it has those in dollars only
        return tuple(Instrument(symbol) for symbol in draft.symbols)
    if not draft.feed.startswith(REPLAY):
        return ()
    if _STORED.search(draft.feed):  # a stored series knows its symbol, and is asked when it is opened
        return tuple(Instrument(symbol, currency=draft.currency) for symbol in draft.symbols)
    return (Instrument(replay_symbol(draft.feed.removeprefix(REPLAY)), currency=draft.currency),)


def mistakes(draft: SessionDraft, instruments: Mapping[str, Instrument]) -> tuple[FieldError, ...]:
    """Return every mistake of a draft; `instruments` are those of its feed."""
    found: list[FieldError] = []

    def attempt(field: str, error: AssayError | None) -> None:
        if isinstance(error, FieldError):
            found.append(error)
        elif error is not None:
            found.append(FieldError(field, str(error)))

    if not draft.name.strip():
        found.append(FieldError("name", "Give the session a name."))
    attempt("strategy", _raised(lambda: compile_strategy(draft.strategy)))
    attempt("hours", _raised(lambda: check_hours(draft.hours) if draft.hours != "instrument" else None))
    found.extend(_symbol_mistakes(draft, instruments))
    if not draft.cash.is_finite() or draft.cash <= 0:
        found.append(FieldError("cash", "must be an amount above zero."))
    if draft.tick_interval < 100_000:
        found.append(FieldError("tick_interval", "must be at least 0.1 seconds."))
    found.extend(_limit_mistakes(draft))
    return tuple(found)


def _symbol_mistakes(draft: SessionDraft, instruments: Mapping[str, Instrument]) -> list[FieldError]:
    if not draft.symbols:
        return [FieldError("symbols", "Name at least one symbol.")]
    found = []
    for symbol in draft.symbols:
        if draft.symbols.count(symbol) > 1:
            found.append(FieldError("symbols", f"{symbol} is named twice."))
        if symbol not in instruments:
            known = ", ".join(sorted(instruments)[:12])
            found.append(FieldError("symbols", f"The feed has no {symbol}. It has {known}."))
        elif instruments[symbol].currency != draft.currency:
            found.append(
                FieldError(
                    "symbols",
                    f"{symbol} is priced in {instruments[symbol].currency}, the session in {draft.currency}. "
                    "One currency per session.",
                )
            )
    if draft.benchmark and draft.benchmark not in instruments:
        found.append(FieldError("benchmark", f"The feed has no {draft.benchmark}."))
    return list({str(item): item for item in found}.values())


def _limit_mistakes(draft: SessionDraft) -> list[FieldError]:
    found = []
    limits = draft.limits
    for name in PERCENTAGES:
        value = getattr(limits, name)
        if value is not None and (not value.is_finite() or value <= 0):
            found.append(FieldError(name, "must be a percentage above zero, or off."))
    for name in ("max_positions", "max_orders_per_minute", "max_order_value"):
        value = getattr(limits, name)
        if value is not None and (not Decimal(value).is_finite() or value <= 0):
            found.append(FieldError(name, "must be above zero, or off."))
    return found


def _raised(call: Callable[[], object]) -> AssayError | None:
    try:
        call()
    except AssayError as error:
        return error
    return None


def settings_of(draft: SessionDraft, instruments: Mapping[str, Instrument], origin: str) -> SessionSettings:
    """Return the settings of a draft.

    Raises:
        FieldError: the first of its mistakes.
    """
    found: Sequence[FieldError] = mistakes(draft, instruments)
    if found:
        raise found[0]
    benchmark = draft.benchmark or draft.symbols[0]
    return SessionSettings(
        session_id="",
        name=draft.name.strip(),
        strategy=draft.strategy,
        strategy_version=strategy_version(draft.strategy),
        instruments=tuple(instruments[symbol] for symbol in draft.symbols),
        cash=draft.cash,
        currency=draft.currency,
        mode=draft.mode,
        feed=feed_key(draft),
        origin=origin,
        limits=draft.limits,
        hours=draft.hours,
        fills=draft.fills,
        seed=draft.seed,
        tick_interval=draft.tick_interval,
        benchmark=benchmark,
        broker=draft.broker,
        account=draft.account,
    )
