"""Backtests kept as evidence: whole or not at all, reproduced or shouted about."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest

from desktop.domain.errors import EvidenceDiffers, NotFound
from desktop.domain.evidence import Evidence, EvidenceDetail, digest_of
from desktop.domain.positions import ClosedTrade
from desktop.store.backtests import read_backtest, read_backtests, read_detail
from desktop.store.storage import Storage
from tests.store import values as v

D = Decimal
TRADES = tuple(
    ClosedTrade(
        f"t{number}", v.SESSION, "paper", "SPY", D(10), number, D("71.25"), number + 5, D("1234567890.123456789"),
        D("-0.000000000123456789"), D("0.10"), 4, "rule",
    )
    for number in range(3)
)  # fmt: skip
DETAIL = EvidenceDetail([v.fill(1), v.fill(2)], TRADES, [(1, 100_000.0), (2, 100_000.1)])
EVIDENCE = Evidence(
    key="c0ffee" * 10,
    settings=v.SETTINGS,
    fingerprints=("aa", "bb"),
    files=("spy.csv", "aapl.csv"),
    program="0.1.0",
    began=1,
    ended=99,
    bars=40_832,
    metrics={"sharpe": 0.1684314234701384, "sortino": None, "fees": "552.174912"},
    trades=3,
    cash=D("97095.575088"),
    equity=D("1234567890.123456789"),
    fees=D("552.174912"),
    digest=digest_of(DETAIL.fills, TRADES, D(1)),
)


def test_a_backtest_comes_back_as_it_was_stored(tmp_path: Path) -> None:
    with Storage.open(tmp_path) as storage:
        stored = storage.save_backtest(EVIDENCE, DETAIL)
        assert stored.created_at > 0
        assert replace(stored, created_at=0) == EVIDENCE
    with Storage.open(tmp_path, read_only=True) as storage:
        reader = storage.reader()
        assert read_backtests(reader) == [stored]
        assert read_backtests(reader, strategy_version=v.SETTINGS.strategy_version) == [stored]
        assert read_backtests(reader, strategy_version="another") == []
        detail = read_detail(reader, EVIDENCE.key)
        assert list(detail.fills) == DETAIL.fills
        assert tuple(detail.trades) == TRADES
        assert list(detail.curve) == DETAIL.curve
        assert storage.verify_audit().findings == ()


def test_the_same_result_again_is_counted_and_on_record(tmp_path: Path) -> None:
    with Storage.open(tmp_path) as storage:
        first = storage.save_backtest(EVIDENCE, DETAIL)
        again = storage.save_backtest(replace(EVIDENCE, program="0.2.0"), DETAIL)
        assert again == replace(first, reproduced=1)
        assert [record.kind for record in storage.audit()] == ["BacktestReproduced", "BacktestStored"]


def test_another_result_of_the_same_run_is_an_error_and_changes_nothing_stored(tmp_path: Path) -> None:
    with Storage.open(tmp_path) as storage:
        first = storage.save_backtest(EVIDENCE, DETAIL)
        other = replace(EVIDENCE, equity=D(1), digest="other", program="0.2.0")
        with pytest.raises(EvidenceDiffers, match=r"STORED EVIDENCE c0ffeec0ffee DIFFERS.*0\.1\.0.*0\.2\.0"):
            storage.save_backtest(other, DETAIL)
        assert read_backtest(storage.reader(), EVIDENCE.key) == first
        assert [record.kind for record in storage.audit()] == ["BacktestDiffers", "BacktestStored"]
        assert storage.audit()[0].data["digest"] == "other"


def test_the_digest_sees_the_last_decimal_and_no_trailing_zero() -> None:
    one = digest_of(DETAIL.fills, TRADES, D("100000.10"))
    assert one == digest_of(DETAIL.fills, TRADES, D("100000.1"))
    assert one != digest_of(DETAIL.fills, TRADES, D("100000.100000000001"))
    assert one != digest_of(DETAIL.fills, TRADES[:-1], D("100000.1"))
    assert one != digest_of(DETAIL.fills[:-1], TRADES, D("100000.1"))


def test_newest_backtests_are_listed_first_up_to_a_limit(tmp_path: Path) -> None:
    with Storage.open(tmp_path) as storage:
        for key in "abc":
            storage.save_backtest(replace(EVIDENCE, key=key * 64), DETAIL)
        assert [item.key[0] for item in read_backtests(storage.reader())] == ["c", "b", "a"]
        assert [item.key[0] for item in read_backtests(storage.reader(), limit=1)] == ["c"]


def test_a_backtest_that_is_not_there_is_not_found(tmp_path: Path) -> None:
    with Storage.open(tmp_path) as storage:
        assert read_backtest(storage.reader(), "none") is None
        with pytest.raises(NotFound, match="assay backtests"):
            read_detail(storage.reader(), "none")


def test_what_is_noted_of_splits_is_stored_and_a_later_decision_takes_its_place(tmp_path: Path) -> None:
    noted = replace(EVIDENCE, warnings=("AAPL: a probable split.",), undecided_splits=1)
    with Storage.open(tmp_path) as storage:
        assert storage.save_backtest(noted, DETAIL).undecided_splits == 1
    with Storage.open(tmp_path) as storage:
        reader = storage.reader()
        assert read_backtests(reader)[0].warnings == noted.warnings
        assert read_detail(reader, noted.key).curve == DETAIL.curve
        decided = storage.save_backtest(replace(noted, warnings=(), undecided_splits=0), DETAIL)
        assert (decided.undecided_splits, decided.warnings, decided.reproduced) == (0, (), 1)
        storage.delete_backtest(decided)
        assert read_backtests(reader) == []


def test_evidence_of_before_splits_were_noted_is_read_and_learns_of_them_when_it_is_run_again(tmp_path: Path) -> None:
    with Storage.open(tmp_path) as storage:
        old = storage.save_backtest(EVIDENCE, DETAIL)  # it brings no note
        assert (old.undecided_splits, old.warnings) == (None, ())
        again = storage.save_backtest(replace(EVIDENCE, warnings=("A split.",), undecided_splits=2), DETAIL)
        assert (again.undecided_splits, again.warnings) == (2, ("A split.",))
