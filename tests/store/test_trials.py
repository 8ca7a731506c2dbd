"""What was tried of a strategy is on record and stays there."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from desktop.domain.errors import StorageFault
from desktop.domain.trials import SWEEP, Trial, tried_variants
from desktop.store.evidence_store import StoredEvidence
from desktop.store.storage import Storage

TRIAL = Trial(
    "fa" * 6, "Cross", "0123456789ab", SWEEP, {"fast": "5, 6", "slow": "20 to 90, 71 values"}, 142, 3, "sharpe",
    {"fast": "5", "slow": "20"}, 1.08, 0.62, ("aa", "bb"), ("spy.csv", "aapl.csv"),
)  # fmt: skip


def test_a_trial_comes_back_as_it_was_recorded_after_a_restart(tmp_path: Path) -> None:
    with Storage.open(tmp_path) as storage:
        StoredEvidence(storage).save_trial(TRIAL)
        StoredEvidence(storage).save_trial(replace(TRIAL, strategy="Later", score=None, deflated=None))
    with Storage.open(tmp_path) as storage:
        later, first = StoredEvidence(storage).trials()
        assert later.strategy == "Later"
        assert first.at > 0
        assert replace(first, at=0) == TRIAL
        record = storage.audit()[1]
        assert record.kind == "VariantsTried"
        assert record.text == "Sweep of Cross 0123456789ab: 142 variants of fast, slow tried"
        assert storage.verify_audit().findings == ()


def test_a_storage_that_is_only_looked_at_records_nothing_and_says_so(tmp_path: Path) -> None:
    Storage.open(tmp_path).close()
    with Storage.open(tmp_path, read_only=True) as storage:
        with pytest.raises(StorageFault, match="reading only"):
            StoredEvidence(storage).save_trial(TRIAL)
        assert StoredEvidence(storage).trials() == []


def test_the_same_ranges_on_the_same_data_count_once() -> None:
    assert tried_variants([]) == 0
    assert tried_variants([TRIAL, replace(TRIAL, at=5, tried=140)]) == 142
    assert tried_variants([TRIAL, replace(TRIAL, fingerprints=("cc",))]) == 284
    assert tried_variants([TRIAL, replace(TRIAL, ranges={"fast": "5"}, tried=1)]) == 143
