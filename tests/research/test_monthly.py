from __future__ import annotations

from datetime import UTC, datetime

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from desktop.research.monthly import YearReturns, monthly_returns
from desktop.research.trading_days import trading_days

DAY = 86_400_000_000


def table(points: list[tuple[str, float]], cash: float = 100.0) -> tuple[YearReturns, ...]:
    start = [int(datetime.fromisoformat(text).replace(tzinfo=UTC).timestamp()) * 1_000_000 for text, _ in points]
    days = trading_days(np.array(start, dtype=np.int64))
    return monthly_returns(np.array([value for _, value in points]), days, starting_cash=cash)


def test_a_month_goes_from_the_end_of_the_one_before() -> None:
    (year,) = table([("2024-01-02", 105), ("2024-01-31", 110), ("2024-02-01", 90), ("2024-02-29T23:00", 99)])
    assert year.year == 2024
    assert list(year.months[:2]) == pytest.approx([0.1, -0.1])
    assert year.months[2:] == (None,) * 10
    assert year.total == pytest.approx(-0.01)


def test_a_year_begins_with_the_end_of_the_year_before() -> None:
    first, second = table([("2023-12-29", 120), ("2024-01-02", 60), ("2024-03-01", 90)])
    assert (first.year, second.year) == (2023, 2024)
    assert first.months[:11] == (None,) * 11
    assert first.months[11] == pytest.approx(0.2)
    assert [second.months[0], second.months[2]] == pytest.approx([-0.5, 0.5])
    assert (second.months[1], second.months[3]) == (None, None)
    assert second.total == pytest.approx(-0.25)


def test_a_year_without_bars_has_an_empty_row() -> None:
    rows = table([("2021-06-01", 110), ("2023-06-01", 121)])
    assert [row.year for row in rows] == [2021, 2022, 2023]
    assert rows[1] == YearReturns(2022, (None,) * 12, None)
    assert rows[2].total == pytest.approx(0.1)


def test_after_ruin_there_is_no_return() -> None:
    (year,) = table([("2024-01-31", 0), ("2024-02-29", 50)])
    assert year.months[:2] == (-1.0, None)


def test_without_bars_there_is_no_table() -> None:
    assert table([]) == ()


@settings(max_examples=50)
@given(
    steps=st.lists(st.tuples(st.integers(1, 70 * DAY), st.floats(0.5, 2)), min_size=1, max_size=60),
)
def test_months_and_years_compound_to_the_total_return(steps: list[tuple[int, float]]) -> None:
    start = 1_600_000_000_000_000 + np.cumsum([step for step, _ in steps])
    equity = np.array([100.0 * value for value in np.cumprod([growth for _, growth in steps]).tolist()])
    rows = monthly_returns(equity, trading_days(start), starting_cash=100.0)
    for returns in ([one for row in rows for one in row.months], [row.total for row in rows]):
        total = np.prod([1 + one for one in returns if one is not None])
        assert total == pytest.approx(equity[-1] / 100.0, rel=1e-9)
