from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest

from desktop.domain.codec import from_json
from desktop.domain.events import SessionChanged
from desktop.domain.market import DAY, HOUR, FeedOrigin
from desktop.domain.sessions import SessionSettings, SessionState
from desktop.ports import Batch, EquityPoint
from desktop.store.paper_days import read_paper_runs
from desktop.store.storage import Storage
from tests.store import values as v

S = SessionState
VERSION = v.SETTINGS.strategy_version
REAL = replace(v.SETTINGS, session_id="real", origin=FeedOrigin.REAL_TIME)
FIRST = 20_000  # days since 1970-01-01


def at(day: int, hour: int = 12) -> int:
    return (FIRST + day) * DAY + hour * HOUR


def store(storage: Storage, settings: SessionSettings, moves: list[tuple[int, S, S]], points: list[int]) -> None:
    session = settings.session_id
    facts = [SessionChanged(session, when, before, after, "test") for when, before, after in moves]
    equity = [EquityPoint(session, when, Decimal(1), Decimal(1), 0.0) for when in points]
    storage.commit(Batch(session, 1, facts=facts, equity=equity, settings=settings)).result()


def days_of(storage: Storage, session_id: str = "real") -> list[int]:
    runs = storage.read(lambda reader: read_paper_runs(reader, VERSION)).result()
    return [day - FIRST for run in runs if run.session_id == session_id for day in run.days]


def test_days_count_on_which_the_session_ran_and_saw_prices(tmp_path: Path) -> None:
    moves = [
        (at(0), S.CREATED, S.RUNNING),
        (at(3), S.RUNNING, S.PAUSED),
        (at(5), S.PAUSED, S.RUNNING),
        (at(6), S.RUNNING, S.STOPPED),
    ]
    with Storage.open(tmp_path) as storage:
        # day 2: the program was off; day 4: paused; day 7: stopped, prices still came
        store(storage, REAL, moves, [at(0, 13), at(0, 14), at(1), at(3, 5), at(3, 20), at(4), at(5, 13), at(7)])
        assert days_of(storage) == [0, 1, 3, 5]


@pytest.mark.parametrize(
    "settings",
    [
        replace(REAL, origin=FeedOrigin.DEMO),
        replace(REAL, origin=FeedOrigin.REPLAY),
        replace(REAL, broker="alpaca"),
        replace(REAL, strategy_version="another"),
    ],
    ids=["demo", "replay", "live", "another version"],
)
def test_nothing_else_counts_as_paper_trading(tmp_path: Path, settings: SessionSettings) -> None:
    with Storage.open(tmp_path) as storage:
        store(storage, settings, [(at(0), S.CREATED, S.RUNNING)], [at(day) for day in range(9)])
        assert days_of(storage) == []


def test_a_session_that_was_deleted_since_still_counts(tmp_path: Path) -> None:
    with Storage.open(tmp_path) as storage:
        store(storage, REAL, [(at(0), S.CREATED, S.RUNNING)], [at(0, 13)])
        storage.end_session("real").result()
        assert days_of(storage) == [0]


def test_settings_of_other_versions_are_not_even_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    read: list[str] = []

    def counted(kind: type, raw: dict[str, str]) -> object:
        read.append(raw["session_id"])
        return from_json(kind, raw)

    with Storage.open(tmp_path) as storage:
        store(storage, REAL, [(at(0), S.CREATED, S.RUNNING)], [at(0, 13)])
        for name in ("one", "two"):
            store(storage, replace(REAL, session_id=name, strategy_version="fedcba987654"), [], [])
        monkeypatch.setattr("desktop.store.reader.from_json", counted)
        assert days_of(storage) == [0]
        assert read == ["real"]
        assert len(storage.reader().sessions()) == 3
