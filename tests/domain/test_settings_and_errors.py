"""What cannot be right is refused at its field; errors are sentences with advice."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal

import pytest

from desktop.domain.errors import (
    AssayError,
    DataFileError,
    FieldError,
    InsufficientCash,
    InsufficientPosition,
    NotFound,
    PositionNotFound,
    RuleError,
)
from desktop.domain.instruments import Instrument
from desktop.domain.market import Bar, Quote, timeframe_us
from desktop.domain.sessions import FillModelKind, FillSettings, SessionSettings
from desktop.domain.strategies import Protection, Sizing, SizingKind, Strategy

D = Decimal
STRATEGY = Strategy("a", "1m", "close > 1")
SETTINGS = SessionSettings("s", "n", STRATEGY, "v", (Instrument("SPY"), Instrument("AAPL")))


@pytest.mark.parametrize(
    ("make", "field"),
    [
        (lambda: replace(SETTINGS, instruments=()), "symbols"),
        (lambda: replace(SETTINGS, instruments=(Instrument("SPY"), Instrument("SPY"))), "symbols"),
        (lambda: replace(SETTINGS, instruments=(Instrument("SPY"), Instrument("KRX", currency="KRW"))), "symbols"),
        (lambda: replace(SETTINGS, cash=D(0)), "cash"),
        (lambda: replace(SETTINGS, cash=D("nan")), "cash"),
        (lambda: replace(STRATEGY, name=" "), "name"),
        (lambda: replace(STRATEGY, entry=""), "entry"),
        (lambda: replace(STRATEGY, timeframe="7m"), "timeframe"),
        (lambda: Sizing(value=D(0)), "sizing.value"),
        (lambda: Sizing(value=D("inf")), "sizing.value"),
        (lambda: Sizing(SizingKind.RISK_PER_TRADE, D(101)), "sizing.value"),
        (lambda: Protection(stop_loss=D(100)), "protection.stop_loss"),
        (lambda: Protection(take_profit=D(0)), "protection.take_profit"),
        (lambda: Protection(trailing_stop=D("nan")), "protection.trailing_stop"),
    ],
)
def test_a_value_that_cannot_be_right_is_refused_at_its_field(make: Callable[[], object], field: str) -> None:
    with pytest.raises(FieldError) as caught:
        make()
    assert caught.value.field == field


def test_what_is_unusual_but_possible_is_taken() -> None:
    assert Protection(take_profit=D(500)).take_profit == 500
    assert Sizing(SizingKind.FIXED_QUANTITY, D(1_000_000)).value == 1_000_000
    assert SETTINGS.instrument("AAPL").symbol == "AAPL"
    with pytest.raises(KeyError):
        SETTINGS.instrument("MSFT")


def test_the_named_fill_models_are_those_of_the_requirements() -> None:
    ideal, fixed, realistic = (FillSettings.of(kind) for kind in FillModelKind)
    assert (ideal.fee_percent, ideal.slippage_max_bp, ideal.volume_share) == (D(0), D(0), D(0))
    assert (fixed.slippage_mean_bp, fixed.fee_percent) == (D(10), D("0.1"))
    assert (realistic.slippage_mean_bp, realistic.latency_mean_us, realistic.volume_share) == (D(2), 10_000, D("0.1"))


def test_a_bar_ends_a_timeframe_after_its_start_and_a_quote_has_a_middle() -> None:
    assert Bar("X", "5m", 0, 1.0, 1.0, 1.0, 1.0, 0.0).end == timeframe_us("5m") == 300_000_000
    assert Quote("X", 0, 1.0, 2.0).mid == 1.5


@pytest.mark.parametrize(
    ("error", "parts"),
    [
        (
            RuleError("no function rsii.", column=3, suggestion="Did you mean rsi?"),
            ["column 3: no function", "Did you mean"],
        ),
        (RuleError("empty."), ["empty."]),
        (NotFound("session", "x"), ["There is no session 'x'."]),
        (PositionNotFound("SPY", "demo"), ["'SPY'", "Session demo holds none", "No order was sent"]),
        (
            InsufficientCash(symbol="SPY", needed=D(1_000_000), available=D("5.5"), currency="USD"),
            ["1,000,000 USD", "5.5 USD", "No order was sent"],
        ),
        (InsufficientPosition(symbol="SPY", needed=D(10), available=D(3)), ["sells 10", "only 3", "No order was sent"]),
        (DataFileError("bars.csv", "no close.", row=7), ["bars.csv, row 7: no close."]),
        (DataFileError("bars.csv", "empty."), ["bars.csv: empty."]),
    ],
)
def test_an_error_is_a_sentence_that_says_what_was_protected(error: AssayError, parts: list[str]) -> None:
    for part in parts:
        assert part in str(error)
