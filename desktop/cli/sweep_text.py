"""A sweep and a walk-forward for a trader to read: the best variants, the windows, and what to bear in mind."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import inf
from pathlib import Path
from typing import Any

from desktop.cli.output import print_table
from desktop.cli.report_text import Money, print_split_warnings
from desktop.research.ranking import METRICS

VARIANTS_SHOWN = 10
FAILURES_SHOWN = 5
_TITLES = ("Return", "Sharpe", "Max drawdown", "Trades", "Win rate", "Profit factor", "Equity")


def print_sweep(report: Mapping[str, Any]) -> None:
    """Print the best variants of a sweep."""
    _print_head(report)
    names = list(report["parameters"])
    ranked = sorted((item for item in report["variants"] if not item["failure"]), key=_order(report["metric"]))
    shown = ranked[:VARIANTS_SHOWN]
    print(f"{report['tried']:,} variants, best by {report['metric']}:")
    money = Money(report["currency"])
    print_table([*names, *_TITLES], [[*_chosen(item, names), *_figures(item, money)] for item in shown])
    if len(ranked) > len(shown):
        print(f"and {len(ranked) - len(shown):,} more; --json has all of them")
    _print_failures([item for item in report["variants"] if item["failure"]])
    if report["warning"]:
        print(f"\n{report['warning']}")
    _print_record(report)
    print(f"\n{report['run_seconds']:.2f} s")


def print_walk_forward(report: Mapping[str, Any]) -> None:
    """Print the windows of a walk-forward and its figures out of sample."""
    _print_head(report)
    names = list(report["parameters"])
    rows = []
    gaps = any(item["not_traded"] for item in report["windows"])
    for item in report["windows"]:
        chosen, result = item["in_sample"], item["out_of_sample"]
        rows.append(
            [
                item["out_of_sample_from"][:10],
                item["out_of_sample_bars"],
                *([None] * len(names) if chosen is None else _chosen(chosen, names)),
                _percent(None if chosen is None else chosen["metrics"]["total_return"]),
                _percent(None if result is None else result["metrics"]["total_return"]),
                None if result is None else result["metrics"]["trade_count"],
                _ratio(item["efficiency"]),
                *([item["not_traded"]] if gaps else []),
            ]
        )
    anchor = "anchored" if report["anchored"] else "rolling"
    print(
        f"{len(rows):,} windows, {report['in_sample']:,} {report['unit']} in sample and {report['out_of_sample']:,} "
        f"out of sample, {anchor}; {report['tried']:,} variants in each, best by {report['metric']}:"
    )
    titles = ["From", "Bars", *names, "In sample", "Out of sample", "Trades", "Efficiency"]
    print_table([*titles, *(["Not traded"] if gaps else [])], rows)
    metrics = report["metrics"]
    money = Money(report["currency"])
    print(
        f"\nOut of sample: equity {money.plain(report['equity'])}, {_percent(metrics['total_return'])}, Sharpe "
        f"{_ratio(metrics['sharpe'])}, max drawdown {_percent(metrics['max_drawdown'])}, "
        f"{metrics['trade_count']:,} trades, efficiency {_ratio(report['efficiency'])}"
    )
    _print_failures(report["failures"])
    print(f"\n{report['warning']}")
    _print_record(report)
    print(f"\n{report['run_seconds']:.2f} s")


def _print_record(report: Mapping[str, Any]) -> None:
    print(f"\n{report['record']['sentence']}")


def _print_head(report: Mapping[str, Any]) -> None:
    files = ", ".join(Path(name).name for name in report["files"])
    print(f"{report['strategy']}  {', '.join(report['symbols'])}  {report['timeframe']}  {files}")
    print(f"{report['from'][:10]} to {report['to'][:10]}, {report['bars']:,} bars, fills {report['fills']}")
    print_split_warnings(report)
    print()


def _print_failures(failed: Sequence[Mapping[str, Any]]) -> None:
    if not failed:
        return
    print(f"\n{len(failed):,} variant{'' if len(failed) == 1 else 's'} cannot run:")
    for item in failed[:FAILURES_SHOWN]:
        values = ", ".join(f"{name}={value}" for name, value in item["parameters"].items())
        print(f"  {values}: {item['failure']}")
    if len(failed) > FAILURES_SHOWN:
        print(f"  and {len(failed) - FAILURES_SHOWN:,} more")


def _order(metric: str) -> Any:
    """Return a sort key that puts the best first; a profit factor without a losing trade is infinite."""

    def key(item: Mapping[str, Any]) -> tuple[float, int]:
        value = item["metrics"][metric]
        if value is None:
            value = inf if metric == "profit_factor" and item["metrics"]["win_rate"] == 1.0 else None
        if value is None:
            return inf, item["number"]
        return -value if METRICS[metric] else value, item["number"]

    return key


def _chosen(item: Mapping[str, Any], names: Sequence[str]) -> list[str]:
    return [item["parameters"][name] for name in names]


def _figures(item: Mapping[str, Any], money: Money) -> list[str | int | None]:
    metrics = item["metrics"]
    return [
        _percent(metrics["total_return"]),
        _ratio(metrics["sharpe"]),
        _percent(metrics["max_drawdown"]),
        metrics["trade_count"],
        _percent(metrics["win_rate"], signed=False),
        _ratio(metrics["profit_factor"]),
        money.plain(item["equity"]),
    ]


def _percent(value: float | None, *, signed: bool = True) -> str | None:
    if value is None:
        return None
    return f"{value * 100:+.2f} %" if signed else f"{value * 100:.1f} %"


def _ratio(value: float | None) -> str | None:
    return None if value is None else f"{value:.2f}"
