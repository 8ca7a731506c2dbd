from __future__ import annotations

import pytest

from desktop.domain.market import SECOND
from desktop.net.budget import WINDOW, RateBudget, Use, retry_after
from tests.helpers.fake_clock import FakeClock


def headers(remaining: int, reset: int, limit: int = 200) -> dict[str, str]:
    return {
        "X-RateLimit-Limit": str(limit),
        "X-RateLimit-Remaining": str(remaining),
        "X-RateLimit-Reset": str(reset),
    }


def test_fault_18_reads_stop_before_orders_and_orders_before_cancels() -> None:
    clock = FakeClock()
    budget = RateBudget(200, clock)
    stopped: dict[Use, int] = {}
    for sent in range(201):
        for use in Use:
            if budget.wait(use) > 0:
                stopped.setdefault(use, sent)
        budget.took()
    assert stopped == {Use.READ: 160, Use.ORDER: 180}


def test_the_window_ends_and_everything_may_be_sent_again() -> None:
    clock = FakeClock()
    budget = RateBudget(10, clock)
    for _ in range(10):
        budget.took()
    assert budget.wait(Use.READ) == WINDOW
    clock.move(20)
    assert budget.wait(Use.READ) == pytest.approx(WINDOW - 20)
    clock.move(WINDOW)
    assert budget.wait(Use.READ) == 0


def test_the_services_own_count_is_believed() -> None:
    clock = FakeClock()
    budget = RateBudget(200, clock)
    now = clock.now() // SECOND
    budget.heard(headers(3, now + 10, limit=100))
    assert (budget.limit, budget.remaining) == (100, 3)
    assert budget.wait(Use.ORDER) == pytest.approx(10)
    assert budget.wait(Use.CANCEL) == 0
    budget.heard(headers(90, now + 10))  # an answer that was overtaken
    assert budget.remaining == 3
    budget.heard(headers(90, now + 70))
    assert budget.remaining == 90


def test_a_clock_that_is_wrong_never_makes_it_wait_longer_than_a_window() -> None:
    clock = FakeClock()
    budget = RateBudget(200, clock)
    budget.heard(headers(0, clock.now() // SECOND + 86_400))
    assert budget.wait(Use.ORDER) == WINDOW
    budget.heard(headers(0, 5))
    assert budget.wait(Use.ORDER) == 0


@pytest.mark.parametrize("odd", ["", "-1", "many", "1e9", "٣", "9" * 40])
def test_odd_headers_are_no_news(odd: str) -> None:
    budget = RateBudget(200, FakeClock())
    budget.took()
    budget.heard({"X-RateLimit-Remaining": odd, "X-RateLimit-Limit": odd, "X-RateLimit-Reset": odd})
    assert (budget.limit, budget.remaining) == (200, 199)
    assert retry_after({"Retry-After": odd}) == 1.0


def test_fault_18_retry_after_shuts_everything_also_cancels() -> None:
    clock = FakeClock()
    budget = RateBudget(200, clock)
    budget.shut(retry_after({"Retry-After": "7"}))
    assert budget.wait(Use.CANCEL) == 7
    clock.move(7)
    assert budget.wait(Use.CANCEL) == 0
    assert retry_after({"Retry-After": "9999"}) == WINDOW
