"""The lab on real processes and a real storage: results come back, are kept, reproduced, cancelled and cleared away."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from decimal import Decimal
from multiprocessing import active_children
from pathlib import Path
from typing import cast

import numpy as np
import pytest

from desktop.domain.errors import DataFileError, FieldError, NotFound, StorageFault
from desktop.domain.market import HOUR
from desktop.domain.sessions import FillModelKind, FillSettings
from desktop.domain.strategies import Strategy
from desktop.domain.trials import Trial, family_of
from desktop.engine.jobs import Jobs
from desktop.engine.replay_key import run_key, session_of
from desktop.feeds.simulated_history import simulated_history
from desktop.ports import EvidenceStore
from desktop.research.api import SIMULATED, BacktestDraft, DataRef, Lab, WorkCancelled
from desktop.research.lab import ResearchLab
from desktop.research.lab_data import Workshop
from desktop.research.lab_work import curve_of
from desktop.store.evidence_store import StoredEvidence
from desktop.store.history_store import HistoryStore
from desktop.store.storage import Storage

D = Decimal
CROSS = Strategy(
    "Cross", "1h", "crosses_above(sma(fast), sma(slow))", "crosses_below(sma(fast), sma(slow))",
    parameters={"fast": D(5), "slow": D(20)},
)  # fmt: skip
DRAFT = BacktestDraft(CROSS, (DataRef("NOVA", SIMULATED),), fills=FillSettings.of(FillModelKind.FIXED))


@asynccontextmanager
async def opened(directory: Path) -> AsyncIterator[tuple[Lab, Jobs]]:
    with Storage.open(directory) as storage:
        jobs = Jobs()
        workshop = Workshop(HistoryStore(directory), simulated_history, run_key, session_of)
        lab = ResearchLab(jobs, StoredEvidence(storage), workshop, [("NOVA", "Nova (simulated)", "USD")])
        try:
            yield lab, jobs
        finally:
            await lab.close()
            await jobs.close()


def bars_file(path: Path, count: int = 400, *, swing: float = 3.0) -> Path:
    lines = ["time,open,high,low,close,volume"]
    for number in range(count):
        price = 100 + swing * np.sin(number / 7)
        at = 1_700_000_000 // 3600 * 3600 + number * 3600
        lines.append(f"{at},{price:.2f},{price + 1:.2f},{price - 1:.2f},{price:.2f},1000")
    path.write_text("\n".join(lines) + "\n")
    return path


class _Full:
    """A storage that takes no trial; nothing else is asked of it."""

    def save_trial(self, _: Trial) -> None:
        raise StorageFault("The disk is full.")


def _lines(path: str) -> list[str]:
    return Path(path).read_text().splitlines()


def _there(path: str) -> bool:
    return Path(path).exists()


async def test_a_backtest_is_run_stored_reproduced_charted_exported_and_deleted(tmp_path: Path) -> None:
    file = bars_file(tmp_path / "acme_1h.csv")
    draft = replace(DRAFT, data=(DataRef("ACME", f"file:{file}"),))
    shares: list[float] = []
    async with opened(tmp_path / "data") as (lab, _):
        view = await lab.start_backtest(draft, on_progress=shares.append)
        assert view.trades
        assert view.evidence.trades == len(view.trades)
        assert view.monthly is not None
        assert view.rules is not None
        assert [rule.text for rule in view.rules] == [CROSS.entry, CROSS.exit]
        assert shares == sorted(shares)
        (evidence,) = await lab.stored()
        assert evidence == view.evidence
        again = await lab.reproduce(evidence.key)
        assert again.identical
        assert again.report.evidence.reproduced == 1
        trade = view.trades[0]
        chart = await lab.chart(view, "ACME", begin=trade.entry_time - HOUR * 10, end=trade.exit_time + HOUR * 10)
        assert chart.bars.start[0] <= trade.entry_time <= trade.exit_time <= chart.bars.start[-1]
        assert {trade.entry_price, trade.exit_price} <= {fill.price for fill in chart.fills}
        written = [
            *await lab.export_csv(view, str(tmp_path / "out")),
            *await lab.export_html(view, str(tmp_path / "a.html")),
        ]
        assert all(_lines(path) for path in written)
        assert len(_lines(written[0])) == len(view.trades) + 1
        later = await lab.export_csv(view, str(tmp_path / "out"))
        assert later[0] == str(tmp_path / "out" / "cross" / "trades.csv"), "nothing is written over"
        assert (await lab.export_csv(view, str(tmp_path / "out")))[0].endswith("cross-2/trades.csv")
        await lab.delete(evidence.key)
        assert await lab.stored() == []
        with pytest.raises(NotFound):
            await lab.load(evidence.key)
        assert _there(view.place)
    assert not _there(view.place)


async def test_a_report_says_what_its_bars_were_made_of(tmp_path: Path) -> None:
    file = bars_file(tmp_path / "acme_1h.csv")
    draft = replace(DRAFT, strategy=replace(CROSS, timeframe="4h"), data=(DataRef("ACME", f"file:{file}"),))
    async with opened(tmp_path / "data") as (lab, _):
        view = await lab.start_backtest(draft)
        assert view.made_of == "Rules were judged on 4h bars made of the 1h bars of the prices."
        page = await asyncio.to_thread(Path((await lab.export_html(view, str(tmp_path / "a.html")))[0]).read_text)
        assert view.made_of in page
        assert (await lab.start_backtest(replace(draft, strategy=CROSS))).made_of == ""


@pytest.mark.parametrize("names", [("SPY, 1h | raw.csv",), ("acme, 1h.csv", "beta 1h.csv")])
async def test_a_backtest_on_files_with_commas_bars_and_blanks_in_their_names_is_reproduced(
    tmp_path: Path, names: tuple[str, ...]
) -> None:
    (tmp_path / "my, data").mkdir()
    data = tuple(
        DataRef(f"S{number}", f"file:{bars_file(tmp_path / 'my, data' / name)}") for number, name in enumerate(names)
    )
    async with opened(tmp_path / "data") as (lab, _):
        view = await lab.start_backtest(replace(DRAFT, data=data))
        assert (await lab.reproduce(view.evidence.key)).identical


async def test_a_stored_backtest_is_shown_in_a_later_session_without_what_was_not_stored(tmp_path: Path) -> None:
    async with opened(tmp_path) as (lab, _):
        first = await lab.start_backtest(DRAFT)
    async with opened(tmp_path) as (lab, _):
        view = await lab.load(first.evidence.key)
        assert view.trades == first.trades
        assert view.monthly is None
        assert view.curve.equity[-1] == pytest.approx(float(first.evidence.equity))
        with pytest.raises(NotFound, match="Reproduce"):
            await lab.chart(view, "NOVA", begin=0, end=1)
        found = await lab.reproduce(first.evidence.key)
        assert found.identical
        assert (await lab.load(first.evidence.key)).monthly == first.monthly


async def test_a_stored_backtest_through_an_undecided_split_says_so_whenever_it_is_opened(tmp_path: Path) -> None:
    lines = ["date,open,high,low,close,volume"]
    for number in range(120):
        price, traded = (100, 1000) if number < 60 else (25, 4000)
        shown = price * (1 + 0.01 * np.sin(number / 3))
        day = np.datetime64("2020-01-01") + number
        lines.append(f"{day},{shown:.2f},{shown * 1.01:.2f},{shown * 0.99:.2f},{shown:.2f},{traded}")
    file = tmp_path / "acme_1d.csv"
    file.write_text("\n".join(lines) + "\n")
    strategy = replace(CROSS, timeframe="1d")
    draft = replace(DRAFT, strategy=strategy, data=(DataRef("ACME", f"file:{file}"),))
    async with opened(tmp_path / "data") as (lab, _):
        first = await lab.start_backtest(draft)
        assert "a probable split, the first of 4:1" in first.warnings[0]
    async with opened(tmp_path / "data") as (lab, _):
        (listed,) = await lab.stored()
        assert listed.undecided_splits == 1
        assert (await lab.load(listed.key)).warnings == first.warnings
        again = await lab.reproduce(listed.key)
        assert (again.identical, again.report.warnings) == (True, first.warnings)
        accepted = await lab.start_backtest(replace(draft, splits="accept"))
        assert accepted.evidence.undecided_splits == 0
        again = await lab.reproduce(listed.key)
        assert (again.report.evidence.undecided_splits, again.report.warnings) == (0, ())


async def test_changed_data_is_no_reproduction_and_the_evidence_stays(tmp_path: Path) -> None:
    file = bars_file(tmp_path / "acme_1h.csv")
    draft = replace(DRAFT, data=(DataRef("ACME", f"file:{file}"),))
    async with opened(tmp_path / "data") as (lab, _):
        view = await lab.start_backtest(draft)
        bars_file(file, swing=4.0)
        with pytest.raises(FieldError, match="has changed"):
            await lab.reproduce(view.evidence.key)
        assert [item.digest for item in await lab.stored()] == [view.evidence.digest]


async def test_a_quick_look_is_not_stored_and_mistakes_come_back_as_they_were_raised(tmp_path: Path) -> None:
    async with opened(tmp_path) as (lab, _):
        await lab.start_backtest(DRAFT, keep=False)
        assert await lab.stored() == []
        with pytest.raises(DataFileError):
            await lab.start_backtest(replace(DRAFT, data=(DataRef("ACME", f"file:{tmp_path / 'none.csv'}"),)))
        with pytest.raises(FieldError) as caught:
            await lab.start_backtest(replace(DRAFT, currency="EUR"))
        assert caught.value.field == "currency"
        wrong = replace(DRAFT, strategy=replace(CROSS, entry="sma(fast) <"), cash=D(0), data=(), hours="never", seed=-1)
        assert {item.field for item in lab.check(wrong)} == {"strategy", "cash", "data", "hours", "seed"}
        assert not lab.check(DRAFT)


async def test_a_sweep_ranks_its_variants_and_tells_how_far_it_is(tmp_path: Path) -> None:
    told: list[int] = []
    async with opened(tmp_path) as (lab, _):
        result = await lab.start_sweep(
            DRAFT, {"fast": "3:6:1", "slow": "10,20"}, workers=1, on_progress=lambda now: told.append(now.done)
        )
        assert len(result.variants) == 8
        assert told[-1] == 8
        assert result.best is not None
        assert "best of 8" in result.warning
        assert result.remark == ""
        (trial,) = await lab.trials()
        assert (trial.kind, trial.tried, trial.failed, trial.metric) == ("sweep", 8, 0, "sharpe")
        assert trial.ranges == {"fast": "3, 4, 5, 6", "slow": "10, 20"}
        assert trial.family == family_of(replace(CROSS, name="tuned", parameters={"fast": D(3), "slow": D(10)}))
        assert set(trial.best) == {"fast", "slow"}
        assert trial.fingerprints
        with pytest.raises(FieldError) as caught:
            await lab.start_sweep(DRAFT, {"fast": "3:x"})
        assert caught.value.field == "fast"


async def test_a_sweep_that_cannot_be_put_on_record_is_shown_and_says_so(tmp_path: Path) -> None:
    async with opened(tmp_path) as (lab, _):
        assert isinstance(lab, ResearchLab)
        lab._evidence = cast("EvidenceStore", _Full())
        result = await lab.start_sweep(DRAFT, {"fast": "3,5"}, workers=1)
        assert len(result.variants) == 2
        assert result.warning.startswith("The disk is full.")


async def test_a_walk_forward_brings_its_windows_and_a_curve_to_draw(tmp_path: Path) -> None:
    async with opened(tmp_path) as (lab, _):
        view = await lab.start_walk_forward(DRAFT, {"fast": "3,5"}, "2000/1000", workers=1)
        assert len(view.result.windows) == 3
        assert len(view.curve.at) == len(view.curve.drawdown) == 3000
        (trial,) = await lab.trials()
        assert (trial.kind, trial.tried, trial.ranges) == ("walk-forward", 2, {"fast": "3, 5"})


async def test_a_cancelled_sweep_ends_at_once_and_leaves_no_process(tmp_path: Path) -> None:
    before = {process.pid for process in active_children()}
    async with opened(tmp_path) as (lab, jobs):
        running = asyncio.Event()
        work = lab.start_sweep(
            DRAFT, {"fast": "2:200:1", "slow": "3:200:1"}, workers=2, on_progress=lambda _: running.set()
        )
        await asyncio.wait_for(running.wait(), 60)
        work.cancel()
        with pytest.raises(WorkCancelled):
            await asyncio.wait_for(work, 5)  # half a second, were the machine idle
        (trial,) = await lab.trials()  # its best was seen, so those that finished count
        assert 0 < trial.tried < 199 * 198
        left = {process.pid for process in active_children()}
        assert left <= before | set(jobs.processes)


async def test_a_cancelled_backtest_leaves_nothing(tmp_path: Path) -> None:
    async with opened(tmp_path) as (lab, _):
        work = lab.start_backtest(DRAFT)
        work.cancel()
        work.cancel()
        with pytest.raises(WorkCancelled):
            await work
        assert work.done
        assert await lab.stored() == []


async def test_closing_the_lab_ends_what_runs(tmp_path: Path) -> None:
    async with opened(tmp_path) as (lab, _):
        work = lab.start_sweep(DRAFT, {"fast": "2:200:1", "slow": "3:200:1"}, workers=1)
    with pytest.raises(WorkCancelled):
        await work


async def test_stored_series_and_simulated_prices_are_offered_and_a_file_is_described(tmp_path: Path) -> None:
    file = bars_file(tmp_path / "acme_1h.csv")
    async with opened(tmp_path / "data") as (lab, _):
        (only,) = await lab.data()
        assert only.ref == DataRef("NOVA", SIMULATED)
        choice = await lab.look_at(str(file))
        assert (choice.ref.symbol, choice.timeframe, choice.rows) == ("ACME", "1h", 400)


def test_a_long_curve_is_drawn_with_its_highest_lowest_and_deepest_points() -> None:
    count = 1_000_000
    rng = np.random.default_rng(1)
    equity = 1e5 + np.cumsum(rng.normal(size=count))
    fall = equity / np.maximum.accumulate(equity) - 1
    curve = curve_of(np.arange(count, dtype=np.int64), equity, fall, equity, "SPY")
    assert len(curve.at) < 5_000
    assert curve.equity.max() == equity.max()
    assert curve.equity.min() == equity.min()
    assert curve.drawdown.min() == fall.min()
    assert (curve.at[0], curve.at[-1]) == (0, count - 1)
