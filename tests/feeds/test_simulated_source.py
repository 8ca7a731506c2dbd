"""The simulated past as a download: the same whenever it is asked for, in pages that fit together."""

from __future__ import annotations

from itertools import pairwise

import pytest

from desktop.domain.errors import NotFound
from desktop.domain.market import DAY, HOUR, MINUTE, Bar
from desktop.feeds import simulated_source as module
from desktop.feeds.simulated_history import END, simulated_history
from desktop.feeds.simulated_source import SimulatedSource
from desktop.ports import HistorySource
from desktop.rules.columns import Columns


async def fetched(timeframe: str, begin: int, end: int) -> list[Bar]:
    source: HistorySource = SimulatedSource()
    found = [bar async for page in source.bars("NOVA", timeframe, begin, end) for bar in page]
    await source.close()
    return found


async def test_it_is_the_past_that_backtests_run_on() -> None:
    bars = await fetched("1h", END - 5_000 * HOUR, END)
    known = simulated_history("NOVA", "1h").columns
    columns = Columns.of(bars)
    assert columns.start.tolist() == known.start.tolist()
    assert columns.close.tolist() == known.close.tolist()
    assert columns.volume.tolist() == known.volume.tolist()


@pytest.mark.parametrize(("timeframe", "length"), [("1m", MINUTE), ("1d", DAY), ("1w", 7 * DAY)])
async def test_pages_do_not_show_and_parts_are_the_same_as_the_whole(
    timeframe: str, length: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    begin = END + 3 * DAY + 5  # after the end of the sample, between two bars
    whole = await fetched(timeframe, begin, begin + 40 * length)
    monkeypatch.setattr(module, "PAGE", 7)
    assert await fetched(timeframe, begin, begin + 40 * length) == whole
    assert (await fetched(timeframe, begin + 10 * length, begin + 20 * length)) == whole[10:20]
    assert len(whole) == 40
    assert all(after.start - bar.start == length for bar, after in pairwise(whole))
    assert begin <= whole[0].start < begin + length
    assert all(bar.low <= min(bar.open, bar.close) <= max(bar.open, bar.close) <= bar.high for bar in whole)


async def test_what_it_does_not_have_is_said() -> None:
    with pytest.raises(NotFound, match="has NOVA, HELX"):
        await SimulatedSource().instrument("NOPE")
    assert (await SimulatedSource().instrument("NOVA")).symbol == "NOVA"
