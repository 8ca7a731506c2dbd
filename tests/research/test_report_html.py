from __future__ import annotations

import re
from collections import Counter
from dataclasses import replace
from decimal import Decimal
from html.parser import HTMLParser
from pathlib import Path

import numpy as np
import pytest

from desktop.domain.errors import EnvironmentFault
from desktop.domain.risk import RiskLimits
from desktop.domain.sessions import FillModelKind
from desktop.research.report import BacktestReport
from desktop.research.report_html import render, write_html
from desktop.research.report_style import RED_BLUE
from desktop.research.report_tables import TRADES_SHOWN
from tests.research.report_kit import report

EMPTY = {"meta", "br", "hr", "line"}  # elements without an end; `line` is closed where it begins
NASTY = '<script>alert("1")</script> & "quotes"'


class Page(HTMLParser):
    """Reads a page strictly: every element that begins has to end, in order."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.tags: Counter[str] = Counter()
        self.texts: list[str] = []
        self.attributes: list[tuple[str, str, str]] = []
        self.feed(text)
        self.close()
        assert not self.open

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags[tag] += 1
        self.attributes += [(tag, name, value or "") for name, value in attrs]
        if tag not in EMPTY:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags[tag] += 1

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.texts.append(data)

    @property
    def text(self) -> str:
        return "\n".join(self.texts)


@pytest.fixture(scope="module")
def made() -> BacktestReport:
    return report()


def test_the_page_says_what_was_run_and_found(made: BacktestReport) -> None:
    page = Page(render(made))
    for expected in (
        "RSI swing",
        "Sharpe ratio",
        "Monthly returns, %",
        "rsi(14) < 35",
        "0123456789ab",
        "f" * 64,
        "stop-loss",
        "Realistic fills",
        'entry = "rsi(period) < 35 and volume > 0"',
    ):
        assert expected in page.text, expected
    assert page.tags["svg"] == 2
    assert page.tags["polyline"] == 3


def test_the_page_needs_no_network_and_runs_no_script(made: BacktestReport) -> None:
    text = render(made)
    page = Page(text)
    assert page.tags["script"] == page.tags["link"] == page.tags["img"] == page.tags["iframe"] == 0
    assert not re.search(r"https?://|url\(|@import|javascript:", text)
    assert not [name for _, name, _ in page.attributes if name in {"src", "href"} or name.startswith("on")]
    assert ("meta", "content", "default-src 'none'; style-src 'unsafe-inline'") in page.attributes


def test_names_rules_and_reasons_are_escaped() -> None:
    found = report(count=300, symbols=(NASTY,), name=NASTY, description=NASTY)
    found = replace(found, result=replace(found.result, warnings=(NASTY,)), benchmark_name=NASTY)
    text = render(found)
    assert "<script" not in text
    assert Page(text).text.count(NASTY) > 5


def test_the_same_report_gives_the_same_page() -> None:
    first, second = (
        re.sub(r"run_seconds.*", "", render(report(count=400, fills=FillModelKind.REALISTIC))) for _ in range(2)
    )
    assert first == second


def test_gains_and_losses_carry_sign_and_colour(made: BacktestReport) -> None:
    text = render(made)
    assert re.search(r'<td class="n up">\+[\d,.]+</td>', text)
    assert re.search(r'<td class="n down">\N{MINUS SIGN}[\d,.]+</td>', text)
    assert "prefers-color-scheme:dark" in text
    assert RED_BLUE.down_light not in text
    assert RED_BLUE.down_light in render(made, directions=RED_BLUE)


def test_of_ten_thousand_trades_the_latest_are_shown_and_the_page_stays_small(made: BacktestReport) -> None:
    trades = tuple(
        replace(made.result.trades[0], pnl=Decimal(number), reason=f"trade-{number}") for number in range(10_000)
    )
    text = render(replace(made, result=replace(made.result, trades=trades)))
    page = Page(text)
    assert f"The {TRADES_SHOWN} latest of 10,000; all of them are in trades.csv" in page.text
    assert ("trade-9999" in page.texts, "trade-9500" in page.texts, "trade-9499" in page.texts) == (True, True, False)
    assert "10,000" in page.texts
    assert len(text) < 500_000


def test_a_run_without_trades_says_so() -> None:
    page = Page(render(report(count=60, entry="close < 0")))
    assert "No position was closed." in page.text
    assert "No risk check stopped anything." in page.text
    assert "nan" not in page.text.lower().split()
    assert "None" not in page.text


def test_what_was_stopped_is_counted_by_check(made: BacktestReport) -> None:
    page = Page(render(replace(made, result=replace(made.result, blocks={"max positions": 3, "no cash": 1200}))))
    assert page.texts.index("no cash") < page.texts.index("max positions")
    assert "1,200" in page.texts


def test_open_positions_and_limits_are_told() -> None:
    made = report(count=40, entry="close > 0", exit="")
    settings = replace(
        made.result.settings, limits=RiskLimits(max_daily_loss=Decimal("2.5"), duplicate_window=1_500_000)
    )
    page = Page(render(replace(made, result=replace(made.result, settings=settings))))
    assert "Open at the end, USD" in page.text
    assert "max daily loss 2.5 %, duplicate window 1.5 s" in page.text


@pytest.mark.parametrize("kind", list(FillModelKind))
def test_each_kind_of_fills_has_its_honest_note(kind: FillModelKind) -> None:
    assert f"{kind.value.capitalize()} fills" in Page(render(report(count=50, fills=kind))).text


def test_a_report_without_bars_has_no_curve(made: BacktestReport) -> None:
    nothing = np.empty(0)
    result = replace(made.result, start=np.empty(0, dtype=np.int64), equity=nothing, bars=0, trades=())
    page = Page(render(replace(made, result=result, drawdown=nothing, benchmark=nothing, monthly=())))
    assert "There are no bars" in page.text
    assert page.tags["svg"] == 0


def test_the_page_is_written_where_it_was_asked_for(made: BacktestReport, tmp_path: Path) -> None:
    path = write_html(made, tmp_path / "new" / "report.html")
    assert path.read_text(encoding="utf-8") == render(made)


def test_a_page_that_cannot_be_written_is_named(made: BacktestReport, tmp_path: Path) -> None:
    with pytest.raises(EnvironmentFault, match="cannot be written"):
        write_html(made, tmp_path)


def test_beside_a_benchmark_that_moved_far_more_the_equity_is_drawn_by_itself_too(made: BacktestReport) -> None:
    assert Page(render(made)).tags["svg"] == 2
    wild = replace(made, benchmark=np.linspace(1e5, 1e8, len(made.benchmark)))
    page = Page(render(wild))
    assert page.tags["svg"] == 3
    assert "moved far more, so here is the equity by itself" in page.text


def test_yearly_figures_of_a_short_run_carry_a_hint(made: BacktestReport) -> None:
    short = replace(made, metrics=replace(made.metrics, return_count=12, periods_per_year=252))
    assert "12 days of returns: annualised figures" in Page(render(short)).text
    long = replace(made, metrics=replace(made.metrics, return_count=400, periods_per_year=252))
    assert "say little" not in Page(render(long)).text


def test_on_paper_the_page_is_light_nothing_is_cut_off_and_tables_go_on_with_their_heads(made: BacktestReport) -> None:
    paper = render(made).split("@media print{", 1)[1].split("</style>", 1)[0]
    for rule in (
        "color-scheme:light", "overflow:visible", "print-color-adjust:exact", "thead{display:table-header-group}",
        "tr{break-inside:avoid}",
    ):  # fmt: skip
        assert rule in paper
    assert "UP_LIGHT" not in paper


def test_on_a_phone_texts_of_charts_keep_their_size(made: BacktestReport) -> None:
    page = render(made)
    assert "<text" not in page
    phone = page.split("@media (max-width:640px){", 1)[1]
    assert ".plot span{font-size:11px}" in phone
