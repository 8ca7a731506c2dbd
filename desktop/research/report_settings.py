"""The settings of a report page: what it takes to run the same backtest again, and what its fills leave out."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields
from decimal import Decimal
from html import escape

from desktop.domain.market import SECOND
from desktop.domain.sessions import FillModelKind, FillSettings, SessionSettings
from desktop.domain.strategy_text import format_strategy
from desktop.research import report_numbers as numbers
from desktop.research.report import BacktestReport

_PERCENT = ("max_risk_per_trade", "max_position_size", "max_allocation", "max_daily_loss", "price_collar", "max_drift")
_SECONDS = ("duplicate_window", "max_quote_age")
_BY_KIND = {
    FillModelKind.IDEAL: (
        "Ideal fills: every order is filled whole, without fee, slippage or a limit by volume. Real trading will be "
        "worse; run it with realistic fills before you trust the result."
    ),
    FillModelKind.FIXED: (
        "Fixed fills: the same slippage and fee on every fill, whatever the size of the order or the bar. An order "
        "that is large beside the volume would do worse."
    ),
    FillModelKind.REALISTIC: (
        "Realistic fills: slippage is drawn for every fill from the seed, large orders move the price, and a fill "
        "takes a share of the bar's volume at most. These are assumptions, not measurements of your broker."
    ),
}
_OWN_COSTS = (
    "Costs of your own: fee, slippage, market impact and share of the volume were set by hand, as the settings say. "
    "The result is as true as these numbers are; hold them against what your broker charges and fills."
)
_ALWAYS = (
    (
        "A rule is judged at the close of a bar and its market order fills at the next bar's open. Inside a bar only "
        "four prices are known: a stop is taken to be reached before a target, and a gap fills at the open."
    ),
    (
        "Equity and drawdown are known at the close of each bar; in between the drawdown may have been deeper. "
        "Positions still open at the end are valued at the last close."
    ),
    (
        "One backtest shows what would have been, on data whose outcome may have shaped the rule. The more variants "
        "were tried, the more of the best one's result is luck."
    ),
)


def settings_section(report: BacktestReport) -> str:
    """Return settings, fingerprints and the note on fills."""
    rows = "".join(f"<tr><th>{escape(name)}</th><td>{escape(value)}</td></tr>" for name, value in _settings(report))
    notes = "".join(f"<p>{escape(note)}</p>" for note in fill_notes(report.result.settings.fills))
    strategy = escape(format_strategy(report.result.settings.strategy))
    return (
        f"<section><h2>How this was filled</h2>{notes}</section>"
        f"<section><h2>To run it again</h2><table><tbody>{rows}</tbody></table>"
        f"<h3>Strategy file</h3><pre>{strategy}</pre></section>"
    )


def _settings(report: BacktestReport) -> Iterator[tuple[str, str]]:
    result, settings = report.result, report.result.settings
    yield "Strategy version", settings.strategy_version
    yield "Seed", str(settings.seed)
    yield "Starting cash", f"{numbers.exact(settings.cash)} {settings.currency}"
    yield "Trading hours", settings.hours
    yield "Fills", _fills(settings.fills)
    yield "Risk limits", _limits(settings)
    for place, item in enumerate(settings.instruments):
        yield item.symbol, f"tick {item.tick:f}, lot {item.lot:f}, {item.currency}"
        if place < len(result.fingerprints):
            yield f"Data of {item.symbol} (SHA-256)", result.fingerprints[place]


def _fills(fills: FillSettings) -> str:
    if fills == FillSettings.of(FillModelKind.IDEAL):
        return fills.kind.value
    said = [
        f"slippage {fills.slippage_mean_bp:f} bp, at most {fills.slippage_max_bp:f} bp",
        f"fee {fills.fee_percent:f} %",
    ]
    if fills.impact_bp:
        said.append(f"impact {fills.impact_bp:f} bp at a bar's whole volume")
    if fills.volume_share:
        said.append(f"at most {numbers.exact(fills.volume_share * 100)} % of a bar's volume")
    return f"{fills.kind.value}: {', '.join(said)}"


def _limits(settings: SessionSettings) -> str:
    said = []
    for limit in fields(settings.limits):
        value: Decimal | int | None = getattr(settings.limits, limit.name)
        if value:
            said.append(f"{limit.name.replace('_', ' ')} {_limit(limit.name, Decimal(value))}")
    return ", ".join(said) or "none but the cash"


def fill_notes(fills: FillSettings) -> tuple[str, ...]:
    """Return in plain words what the fills of a backtest assume, and so what real trading adds."""
    as_named = fills == FillSettings.of(fills.kind)
    return (_BY_KIND[fills.kind] if as_named else _OWN_COSTS, *_ALWAYS)


def _limit(name: str, value: Decimal) -> str:
    if name in _SECONDS:
        return f"{numbers.exact(value / SECOND)} s"
    return numbers.exact(value) + (" %" if name in _PERCENT else "")
