"""Nothing trades live without evidence: each prerequisite holds by what was found, or by a typed reason on record."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop.domain.broker import AccountInfo, AccountRef
from desktop.domain.broker_errors import PreRequisiteNotMetError
from desktop.domain.errors import FieldError
from desktop.domain.evidence import Evidence
from desktop.domain.market import FeedOrigin
from desktop.domain.validation import PaperRun, Prerequisite, Thresholds, Verdict
from desktop.validation.prerequisites import Case, first_capital, judge, require
from tests.store import values as v

D = Decimal
REF = AccountRef("alpaca", "main")
ACCOUNT = AccountInfo(REF, "1XYZ", "USD", D(10_000), D(9_000), D(9_000), D(10_000), 1)


def evidence(sharpe: float | None, *, created_at: int = 1_700_000_000_000_000, origin: str = "") -> Evidence:
    return Evidence(
        key="c0ffee" * 10,
        settings=replace(v.SETTINGS, origin=origin or FeedOrigin.REPLAY),
        fingerprints=("aa",),
        files=("spy_1h.csv",),
        program="0.1.0",
        began=1,
        ended=99,
        bars=40_832,
        metrics={"sharpe": sharpe},
        trades=120,
        cash=D(1),
        equity=D(1),
        fees=D(0),
        digest="d",
        created_at=created_at,
    )


def run(*days: int, name: str = "dip on paper", trades: int = 4) -> PaperRun:
    return PaperRun("s1", name, days, trades)


GOOD = Case("RSI dip", "v1", [evidence(1.2)], [run(1, 2, 3, 4, 5)], limits_confirmed=True, ref=REF, account=ACCOUNT)
THRESHOLDS = Thresholds()


def named(verdicts: list[Verdict], prerequisite: Prerequisite) -> Verdict:
    return next(item for item in verdicts if item.prerequisite is prerequisite)


def test_all_prerequisites_met_let_a_session_through_each_with_its_evidence() -> None:
    verdicts = judge(GOOD, THRESHOLDS)
    require(verdicts)
    assert [item.prerequisite for item in verdicts] == list(Prerequisite)
    assert "spy_1h.csv: Sharpe 1.20, 120 trades." in named(verdicts, Prerequisite.BACKTEST).sentence
    assert named(verdicts, Prerequisite.PAPER).sentence.startswith("5 days of paper trading on real-time prices, 4 tr")
    assert "equity 10,000 USD" in named(verdicts, Prerequisite.BROKER).sentence


@pytest.mark.parametrize(
    ("case", "failing", "says"),
    [
        (replace(GOOD, backtests=[]), Prerequisite.BACKTEST, "no stored backtest of RSI dip v1"),
        (replace(GOOD, backtests=[evidence(1.0)]), Prerequisite.BACKTEST, "Sharpe 1.00 is not above 1.0"),
        (replace(GOOD, backtests=[evidence(None)]), Prerequisite.BACKTEST, "has no Sharpe ratio"),
        (replace(GOOD, backtests=[evidence(float("inf"))]), Prerequisite.BACKTEST, "is not above"),
        (
            replace(GOOD, backtests=[evidence(3.0, origin=FeedOrigin.DEMO)]),
            Prerequisite.BACKTEST,
            "simulated prices say nothing",
        ),
        (
            replace(GOOD, backtests=[replace(evidence(11.22), undecided_splits=2)]),
            Prerequisite.BACKTEST,
            "its prices hold 2 splits that nobody decided on",
        ),
        (
            replace(GOOD, backtests=[replace(evidence(11.22), undecided_splits=1)]),
            Prerequisite.BACKTEST,
            "its prices hold 1 split that nobody decided on",
        ),
        (replace(GOOD, paper=[]), Prerequisite.PAPER, "0 days of paper trading of RSI dip v1"),
        (replace(GOOD, paper=[run(1, 2, 3, 4)]), Prerequisite.PAPER, "replays and the demo do not count"),
        (replace(GOOD, limits_confirmed=False), Prerequisite.LIMITS, "confirm them"),
        (replace(GOOD, account=None), Prerequisite.BROKER, "not connected"),
        (replace(GOOD, account=None, link="The key was revoked."), Prerequisite.BROKER, "The key was revoked."),
        (replace(GOOD, account=replace(ACCOUNT, blocked="a margin call.")), Prerequisite.BROKER, "a margin call."),
        (replace(GOOD, keyring="The keyring is locked."), Prerequisite.KEYRING, "The keyring is locked."),
    ],
)
def test_one_that_fails_is_named_and_no_session_is_created(case: Case, failing: Prerequisite, says: str) -> None:
    verdicts = judge(case, THRESHOLDS)
    assert [item.prerequisite for item in verdicts if not item.met] == [failing]
    with pytest.raises(PreRequisiteNotMetError, match="No session was created") as caught:
        require(verdicts)
    assert [name for name, _ in caught.value.failed] == [failing.value]
    assert says in str(caught.value)


def test_every_failing_one_is_named_at_once() -> None:
    case = replace(GOOD, backtests=[], paper=[], limits_confirmed=False, account=None, keyring="Locked.")
    with pytest.raises(PreRequisiteNotMetError) as caught:
        require(judge(case, THRESHOLDS))
    assert [name for name, _ in caught.value.failed] == [item.value for item in Prerequisite]


def test_the_latest_backtest_counts_not_the_best() -> None:
    case = replace(GOOD, backtests=[evidence(0.4, created_at=2), evidence(2.5, created_at=1)])
    assert not named(judge(case, THRESHOLDS), Prerequisite.BACKTEST).met


def test_a_day_on_which_two_sessions_ran_counts_once() -> None:
    case = replace(GOOD, paper=[run(1, 2, 3), run(2, 3, 4)])
    assert named(judge(case, THRESHOLDS), Prerequisite.PAPER).value == "4 days"


def test_a_typed_reason_overrides_evidence_and_stays_beside_it() -> None:
    verdicts = judge(
        replace(GOOD, backtests=[], paper=[]),
        THRESHOLDS,
        {Prerequisite.BACKTEST: "tested for years elsewhere", Prerequisite.PAPER: " traded by hand since 2019 "},
    )
    require(verdicts)
    assert [(item.met, item.override) for item in verdicts[:2]] == [
        (False, "tested for years elsewhere"),
        (False, "traded by hand since 2019"),
    ]


def test_what_holds_is_not_marked_as_overridden() -> None:
    assert judge(GOOD, THRESHOLDS, {Prerequisite.BACKTEST: "no need, but typed"})[0].override == ""


@pytest.mark.parametrize("prerequisite", [Prerequisite.LIMITS, Prerequisite.BROKER, Prerequisite.KEYRING])
def test_what_no_order_can_be_sent_without_cannot_be_overridden(prerequisite: Prerequisite) -> None:
    with pytest.raises(FieldError, match="cannot be overridden"):
        judge(GOOD, THRESHOLDS, {prerequisite: "a long enough reason"})


def test_a_reason_that_says_nothing_is_refused() -> None:
    with pytest.raises(FieldError, match="say why"):
        judge(GOOD, THRESHOLDS, {Prerequisite.PAPER: "   ok     "})


def test_a_live_session_starts_with_the_first_rung() -> None:
    assert first_capital(D(50_000), THRESHOLDS) == D(5_000)


@given(sharpe=st.floats(-5, 5), days=st.sets(st.integers(0, 30)), limits=st.booleans())
def test_a_session_passes_exactly_where_every_threshold_is_met(sharpe: float, days: set[int], limits: bool) -> None:  # noqa: FBT001
    case = replace(GOOD, backtests=[evidence(sharpe)], paper=[run(*sorted(days))], limits_confirmed=limits)
    passes = all(item.passes for item in judge(case, THRESHOLDS))
    assert passes is (D(repr(sharpe)) > 1 and len(days) >= 5 and limits)


def test_a_backtest_through_undecided_splits_hides_no_sound_one_and_stands_for_none() -> None:
    spoilt = replace(evidence(11.22), undecided_splits=1)
    sound = [evidence(1.2), replace(evidence(1.2), undecided_splits=0)]
    for one in sound:
        found = named(judge(replace(GOOD, backtests=[spoilt, one]), THRESHOLDS), Prerequisite.BACKTEST)
        assert (found.met, found.value) == (True, "Sharpe 1.20")
