"""A backtest as one HTML page that needs nothing else: no script, no network, pictures drawn in it."""

from __future__ import annotations

from html import escape
from pathlib import Path

from desktop.domain.errors import EnvironmentFault
from desktop.research import report_numbers as numbers
from desktop.research.report import BacktestReport
from desktop.research.report_chart import Curve, chart, dwarfed
from desktop.research.report_settings import settings_section
from desktop.research.report_style import GREEN_RED, Directions, style
from desktop.research.report_tables import (
    clause_section,
    end_section,
    metrics_section,
    month_section,
    symbol_section,
    trade_section,
    warning_section,
)

_HEAD = (
    '<!doctype html><html lang="en"><head><meta charset="utf-8">'
    '<meta name="viewport" content="width=device-width,initial-scale=1">'
    "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">"
)


def render(report: BacktestReport, *, directions: Directions = GREEN_RED) -> str:
    """Return the page of a report; the same report gives the same page.

    Args:
        report: The report.
        directions: Colours of gain and loss, as the trader's market has them.
    """
    settings = report.result.settings
    title = f"{settings.strategy.name}: backtest"
    return "".join(
        (
            _HEAD,
            f"<title>{escape(title)}</title><style>{style(directions)}</style></head><body><main>",
            _heading(report),
            _tiles(report),
            warning_section(report),
            _curves(report),
            metrics_section(report),
            month_section(report),
            clause_section(report),
            symbol_section(report),
            trade_section(report),
            end_section(report),
            settings_section(report),
            "</main></body></html>\n",
        )
    )


def write_html(report: BacktestReport, path: Path, *, directions: Directions = GREEN_RED) -> Path:
    """Write the page of a report; return its path.

    Raises:
        EnvironmentFault: the file cannot be written.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(render(report, directions=directions), encoding="utf-8", newline="\n")
    except OSError as error:
        message = f"{path} cannot be written: {error.strerror}. Choose another place; the backtest itself is not lost."
        raise EnvironmentFault(message) from error
    return path


def _heading(report: BacktestReport) -> str:
    result, strategy = report.result, report.result.settings.strategy
    symbols = ", ".join(item.symbol for item in result.settings.instruments)
    period = "no bars"
    if len(result.start):
        first, last = (numbers.moment(int(result.start[place])) for place in (0, -1))
        period = f"{first} to {last} UTC"
    about = f"Backtest of {symbols}, {strategy.timeframe} bars, {period} ({result.bars:,} bars)"
    lines = (strategy.description, report.made_of)
    said = "".join(f"<p>{escape(line)}</p>" for line in lines if line)
    return f'<header><h1>{escape(strategy.name)}</h1><p class="muted">{escape(about)}</p>{said}</header>'


def _tiles(report: BacktestReport) -> str:
    metrics, result = report.metrics, report.result
    currency = result.settings.currency
    tiles = (
        (f"Equity, {currency}", numbers.money(result.final_equity, currency), False),
        ("Total return", numbers.percent(metrics.total_return, signed=True), True),
        ("Growth a year", numbers.percent(metrics.cagr, signed=True), True),
        ("Max drawdown", numbers.percent(metrics.max_drawdown, signed=True), True),
        ("Sharpe ratio", numbers.number(metrics.sharpe, 2), False),
        ("Trades", f"{metrics.trade_count:,}", False),
        ("Win rate", numbers.percent(metrics.win_rate, decimals=1), False),
    )
    cells = (
        f'<div class="tile"><span class="muted">{escape(name)}</span>'
        f'<b class="{numbers.tone(text) if coloured else "flat"}">{text}</b></div>'
        for name, text, coloured in tiles
    )
    few = numbers.few_days(metrics.return_count, metrics.periods_per_year)
    note = f'<p class="muted">{escape(few)}</p>' if few else ""
    return f'<div class="tiles">{"".join(cells)}</div>{note}'


def _curves(report: BacktestReport) -> str:
    result = report.result
    if not len(result.start):
        return "<section><h2>Equity</h2><p>There are no bars, so there is no curve.</p></section>"
    currency, name = result.settings.currency, report.benchmark_name
    equity = chart(
        result.start,
        (
            Curve("benchmark", f"{name}, bought and held", report.benchmark),
            Curve("equity", "Equity", result.equity),
        ),
        height=340,
        label=lambda value: numbers.number(value, 0 if abs(value) >= 100 else 2),
        title=f"Equity in {currency} and {name} bought and held with the same cash",
    )
    alone = ""
    if dwarfed(result.equity, report.benchmark):
        own = chart(
            result.start,
            (Curve("equity", "Equity", result.equity),),
            height=220,
            label=lambda value: numbers.number(value, 0 if abs(value) >= 100 else 2),
            title=f"Equity in {currency} on a scale of its own",
        )
        alone = f'<p class="muted">{escape(name)} moved far more, so here is the equity by itself:</p>{own}'
    drawdown = chart(
        result.start,
        (Curve("drawdown", "Drawdown", report.drawdown),),
        height=150,
        label=lambda value: numbers.percent(value, decimals=1),
        title="Fall below the highest equity so far",
    )
    return (
        f"<section><h2>Equity, {escape(currency)}</h2>"
        '<p class="muted keys"><span><i class="key"></i>Equity at each close</span> <span><i class="key other"></i>'
        f"{escape(name)} bought and held with the same cash, without fees</span></p>{equity}{alone}"
        f"<h3>Drawdown</h3>{drawdown}</section>"
    )
