"""What is said of the bars a test ran on."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from desktop.domain.strategies import Evaluate, Strategy
from desktop.feeds.recording import Recording
from desktop.market.history import read_history
from desktop.research.bars_used import can_make, made_of

RSI = Strategy("Dip", "1h", "rsi(14) < 30")


def recording(tmp_path: Path, *seconds: int) -> Recording:
    found = []
    for place, step in enumerate(seconds):
        path = tmp_path / f"{place}.csv"
        lines = [f"{1_700_006_400 + number * step},1,2,0.5,1.5,10" for number in range(50)]
        path.write_text("time,open,high,low,close,volume\n" + "\n".join(lines) + "\n")
        found.append(read_history(path, symbol=f"S{place}"))
    return Recording(tuple(found), tuple(item.instrument for item in found), "1h", {}, ())


def test_bars_that_were_recorded_are_said_nothing_of(tmp_path: Path) -> None:
    assert made_of(RSI, recording(tmp_path, 3600)) == ""


def test_bars_made_of_finer_ones_are_named_once_each(tmp_path: Path) -> None:
    assert made_of(RSI, recording(tmp_path, 60, 3600, 60)) == (
        "Rules were judged on 1h bars made of the 1m bars of the prices."
    )
    both = made_of(RSI, recording(tmp_path, 60, 300))
    assert both == "Rules were judged on 1h bars made of the 1m bars and 5m bars of the prices."


def test_rules_judged_at_every_price_say_so(tmp_path: Path) -> None:
    said = made_of(replace(RSI, evaluate=Evaluate.QUOTE), recording(tmp_path, 60))
    assert said.startswith("Rules were judged at every price, on the 1h bar that was forming")


@pytest.mark.parametrize(
    ("timeframe", "kind", "of", "can"),
    [
        ("1h", "bars", "1m", True),
        ("1h", "bars", "1h", True),
        ("1m", "bars", "1h", False),
        ("10m", "bars", "3m", False),
        ("1h", "quotes", "", True),
        ("1h", "bars", "", True),
    ],
)
def test_bars_are_made_of_whole_numbers_of_finer_ones(timeframe: str, kind: str, of: str, *, can: bool) -> None:
    assert can_make(timeframe, kind, of) is can
