"""Chunks of a sweep suit how fast its runs come back, and how long the rest takes is told."""

from __future__ import annotations

from itertools import pairwise

import pytest

from desktop.research.crew import executor_crew
from desktop.research.pace import CHUNK_SECONDS, ChunkPace, Outlook
from desktop.research.sweep import SweepProgress, run_sweep
from tests.research.sweep_kit import AtOnce, market_of, random_bars, rsi_grid, settings_of


class Hand:
    """A clock that is moved by hand."""

    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


@pytest.mark.parametrize(("seconds", "largest"), [(0.0001, 64), (0.02, 20), (0.6, 1), (5.0, 1)])
def test_chunks_begin_with_one_run_and_grow_to_less_than_half_a_second(seconds: float, largest: int) -> None:
    clock = Hand()
    pace = ChunkPace(1, clock)
    sizes = []
    for _ in range(60):
        sizes.append(pace.size)
        clock.now += pace.size * seconds
        pace.took(pace.size)
    assert sizes[0] == 1
    assert all(after <= 2 * before for before, after in pairwise(sizes))
    assert max(sizes) == pytest.approx(largest, abs=1)
    assert max(sizes) * seconds <= max(CHUNK_SECONDS, seconds) + 1e-6


def test_two_workers_that_answer_at_once_do_not_make_slow_runs_look_fast() -> None:
    clock = Hand()
    pace = ChunkPace(2, clock)
    for _ in range(20):
        clock.now += 0.6
        pace.took(1)
        pace.took(1)
        assert pace.size <= 2
    clock.now += 0.6
    pace.took(1)
    assert pace.size == 1


def test_chunks_shrink_where_runs_become_slow() -> None:
    clock = Hand()
    pace = ChunkPace(1, clock)
    for _ in range(30):
        clock.now += pace.size * 0.001
        pace.took(pace.size)
    assert pace.size == 64
    for _ in range(12):
        clock.now += pace.size * 0.5
        pace.took(pace.size)
    assert pace.size == 1


def test_what_is_left_is_told_from_two_per_cent_on_without_the_start_of_the_workers() -> None:
    clock = Hand()
    outlook = Outlook(1000, clock)
    assert outlook.left(1) is None  # the workers had to start for it
    clock.now += 9.5
    assert outlook.left(20) == pytest.approx(0.5 * 980)
    clock.now += 490.0
    assert outlook.left(1000) == 0
    clock.now = 100.0
    early = Outlook(1000, clock)
    early.left(1)
    clock.now += 5
    assert early.left(19) is None


def test_the_first_word_of_a_sweep_comes_after_one_variant_and_each_later_one_tells_what_is_left() -> None:
    seen: list[SweepProgress] = []
    crew = executor_crew(AtOnce())
    run_sweep(settings_of(), market_of(random_bars(300)), rsi_grid("period=2:40"), crew=crew, progress=seen.append)
    assert [item.done for item in seen][:1] == [1]
    assert seen[-1].done == seen[-1].total
    assert seen[0].left is None
    assert seen[-1].left == 0
    assert all(item.left is not None for item in seen[1:])
