from __future__ import annotations

from random import Random

from desktop.net.backoff import FIRST, LONGEST, Backoff


def test_waits_double_with_jitter_up_to_the_longest_and_begin_anew() -> None:
    backoff = Backoff(Random(1))
    waits = [backoff.next() for _ in range(12)]
    for number, wait in enumerate(waits):
        whole = min(LONGEST, FIRST * 2**number)
        assert whole / 2 <= wait <= whole
    backoff.reset()
    assert backoff.next() <= FIRST


def test_the_same_seed_waits_alike_and_another_one_does_not() -> None:
    first, again, other = (Backoff(Random(seed)) for seed in (1, 1, 2))
    assert first.next() == again.next() != other.next()


def test_it_never_grows_beyond_numbers() -> None:
    backoff = Backoff(Random(1))
    backoff.tries = 100_000
    assert backoff.next() <= LONGEST
