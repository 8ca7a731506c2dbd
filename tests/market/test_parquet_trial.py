from __future__ import annotations

import multiprocessing
import os
import signal
from pathlib import Path

import pytest

from desktop.domain.errors import DataFileError
from desktop.domain.market import MINUTE
from desktop.market import parquet_trial
from desktop.market.history import read_history
from tests.market.test_history_parquet import FIRST, MICROS, bars


def _dies(path: str) -> None:
    os.kill(os.getpid(), signal.SIGABRT)


def test_fault_34_a_file_that_would_end_the_program_is_refused_in_a_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    bars(tmp_path, MICROS, [FIRST + number * MINUTE for number in range(5)])
    monkeypatch.setattr(parquet_trial, "_sound", set())  # it was read while it was made
    monkeypatch.setattr(parquet_trial, "_walk", _dies)
    with pytest.raises(DataFileError, match="would end the program"):
        read_history(tmp_path / "bars.parquet", symbol="X", timeframe="1m")


def _cannot_begin(path: str) -> None:
    raise SystemExit(1)


def test_a_trial_that_cannot_begin_says_nothing_of_the_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    bars(tmp_path, MICROS, [FIRST + number * MINUTE for number in range(5)])
    monkeypatch.setattr(parquet_trial, "_sound", set())
    monkeypatch.setattr(parquet_trial, "_walk", _cannot_begin)
    assert len(read_history(tmp_path / "bars.parquet", symbol="X", timeframe="1m")) == 5
    assert not parquet_trial._sound


def test_a_sound_file_is_walked_through_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    bars(tmp_path, MICROS, [FIRST + number * MINUTE for number in range(5)])
    path = tmp_path / "bars.parquet"
    assert parquet_trial.survives(path)
    monkeypatch.setattr(parquet_trial, "_walk", _dies)
    assert parquet_trial.survives(path)


def test_a_process_for_such_work_asks_no_other(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(type(multiprocessing.current_process()), "daemon", property(lambda _: True))
    assert parquet_trial.survives(tmp_path / "anything")
