"""Options of every sub-command, in one place."""

from __future__ import annotations

import argparse
from decimal import Decimal, InvalidOperation
from pathlib import Path

from desktop import __version__
from desktop.cli.fill_options import add_fill_options
from desktop.live_feeds import PUBLIC_FEEDS


def positive_decimal(text: str) -> Decimal:
    """Return an exact number above zero."""
    try:
        value = Decimal(text)
    except InvalidOperation:
        raise argparse.ArgumentTypeError(f"{text!r} is not a number") from None
    if not value.is_finite() or value <= 0:
        raise argparse.ArgumentTypeError(f"{text!r} is not above zero")
    return value


def speed(text: str) -> float:
    """Return a replay speed: 20x is 20.0, max is 0."""
    if text == "max":
        return 0.0
    try:
        value = float(text.removesuffix("x"))
    except ValueError:
        value = -1.0
    if not 0 < value <= 100_000:
        raise argparse.ArgumentTypeError(f"{text!r} is neither 'max' nor a speed such as 1x or 20x")
    return value


def build_parser() -> argparse.ArgumentParser:
    """Return the parser of the whole command line."""
    parser = argparse.ArgumentParser(
        prog="assay", description="Test a trading strategy before it gets money. Without a command the window opens."
    )
    parser.add_argument("--version", action="version", version=f"Assay {__version__}")
    parser.add_argument(
        "--smoke", action="store_true", help="open the window, wait for its first paint, close it again"
    )
    parser.add_argument("--broker-url", default="", help=argparse.SUPPRESS)  # a stand-in on this machine
    _data_dir(parser, None)
    commands = parser.add_subparsers(dest="command", metavar="COMMAND")
    _check_rule(commands)
    _backtest(commands)
    _paper(commands)
    _live(commands)
    _history(commands)
    _sweep(commands)
    _demo(commands)
    for name, text in (
        ("sessions", "list the stored sessions"),
        ("orders", "list the stored orders"),
        ("fills", "list the stored fills"),
    ):
        stored = commands.add_parser(name, help=text)
        _data_dir(stored)
        stored.add_argument("--session", default="", help="only this session")
        stored.add_argument("--limit", type=int, default=1000, help="newest rows at most (default 1000)")
        _json(stored)
    backtests = commands.add_parser("backtests", help="list the backtests that are kept as evidence, newest first")
    _data_dir(backtests)
    backtests.add_argument("--limit", type=int, default=1000, help="newest at most (default 1000)")
    _json(backtests)
    audit = commands.add_parser("audit", help="search the audit trail, or verify it")
    audit.add_argument("action", nargs="?", choices=["list", "verify"], default="list")
    _data_dir(audit)
    audit.add_argument("--session", default="", help="only this session")
    audit.add_argument("--text", default="", help="only records that contain this")
    audit.add_argument("--limit", type=int, default=1000, help="newest records at most (default 1000)")
    _json(audit)
    return parser


def _data_dir(parser: argparse.ArgumentParser, default: object = argparse.SUPPRESS) -> None:
    parser.add_argument("--data-dir", type=Path, default=default, metavar="DIR", help="where Assay keeps its data")


def _json(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--json", action="store_true", help="print one JSON object and nothing else")


def _check_rule(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    check = commands.add_parser("check-rule", help="look-back and columns of a rule, or its mistake with the column")
    check.add_argument("rule")
    check.add_argument("--exit", action="store_true", help="check it as an exit rule (position terms allowed)")
    check.add_argument("--timeframe", default="1m", help="the timeframe it would run on (default 1m)")
    check.add_argument("--set", action="append", default=[], metavar="NAME=VALUE", help="a named parameter")
    _json(check)


def _paper(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    paper = commands.add_parser("paper", help="trade a strategy on paper, on a replay or a running feed")
    paper.add_argument("strategy", type=Path, metavar="STRATEGY.toml")
    source = paper.add_mutually_exclusive_group(required=True)
    source.add_argument("--replay", action="append", type=Path, metavar="FILE.csv", help="one for each --symbol")
    source.add_argument(
        "--feed", choices=["simulator", *PUBLIC_FEEDS], help="a running feed; those of exchanges need no account"
    )
    paper.add_argument("--feed-url", default="", help=argparse.SUPPRESS)  # a stand-in of the exchange
    paper.add_argument("--symbol", action="append", required=True, help="repeat for several")
    paper.add_argument("--speed", type=speed, default=0.0, help="max (default), 1x, 20x ...")
    paper.add_argument("--mode", choices=["manual", "semi-auto", "auto"], default="auto")
    _session(paper)
    paper.set_defaults(currency="")  # a running feed says it itself
    paper.add_argument("--seconds", type=float, default=None, help="with --feed: stop after so many seconds")
    _data_dir(paper)
    _json(paper)


def _live(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    live = commands.add_parser("live", help="trade a strategy on a broker's account, once it has earned it")
    live.add_argument("strategy", type=Path, metavar="STRATEGY.toml")
    live.add_argument("--broker", required=True, metavar="ID", help="alpaca-paper | alpaca | binance | kraken ...")
    live.add_argument("--account", required=True, metavar="NAME", help="as named under Live > Broker accounts")
    live.add_argument("--symbol", action="append", required=True, help="repeat for several")
    live.add_argument("--name", default="", help="of the session (default: the strategy's, live)")
    live.add_argument("--mode", choices=["manual", "semi-auto", "auto"], default="manual")
    live.add_argument("--feed", default="", help="where prices come from (default: the broker)")
    live.add_argument(
        "--cash", type=positive_decimal, default=Decimal(10_000), help="capital; the first session gets a tenth of it"
    )
    live.add_argument("--currency", default="", help="default: of the first symbol")
    live.add_argument("--hours", default="instrument", help="instrument (default) | always | XNYS | XKRX | own hours")
    live.add_argument("--limits", type=Path, default=None, metavar="FILE.toml", help="risk limits; else prudent ones")
    live.add_argument("--confirm-limits", action="store_true", help="you have read the limits and confirm them")
    live.add_argument(
        "--override", action="append", default=[], metavar="NAME=REASON", help="let backtest or paper trading pass"
    )
    live.add_argument("--check", action="store_true", help="only show the prerequisites with their evidence")
    live.add_argument("--arm", default="", metavar="LIVE", help="the word that lets it buy; else it is asked for")
    live.add_argument("--stop", choices=["keep", "cancel", "flatten"], default="", help="stop the session at the end")
    live.add_argument("--seconds", type=float, default=None, help="end after so many seconds")
    live.add_argument("--url", default="", help="replaces every address of the broker (a stand-in on this machine)")
    _data_dir(live)
    _json(live)


def _session(parser: argparse.ArgumentParser) -> None:
    """Add what makes a session, whatever it runs on."""
    parser.add_argument("--cash", type=positive_decimal, default=Decimal(100_000))
    parser.add_argument("--currency", default="USD")
    parser.add_argument("--lot", type=positive_decimal, default=None, help="smallest quantity step (default 1)")
    add_fill_options(parser)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--hours", default="always", help="always | XNYS | XKRX | 09:00-15:30@Asia/Seoul")
    parser.add_argument(
        "--splits",
        choices=["warn", "adjust", "accept"],
        default="warn",
        help="probable stock splits in files of bars: warn of them (default), adjust prices for them, or accept them",
    )
    parser.add_argument(
        "--limits", type=Path, default=None, metavar="FILE.toml", help="risk limits; without: cash only"
    )


def _backtest(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    backtest = commands.add_parser("backtest", help="backtest a strategy on files of recorded prices")
    backtest.add_argument("strategy", type=Path, metavar="STRATEGY.toml")
    backtest.add_argument(
        "--bars", action="append", type=Path, required=True, metavar="FILE.csv", help="one for each --symbol"
    )
    backtest.add_argument("--symbol", action="append", required=True, help="repeat for several")
    _period(backtest, "indicators start with the first bar from then on", "all of the file")
    _session(backtest)
    backtest.add_argument("--report", type=Path, default=None, metavar="FILE.html", help="write the report as a page")
    backtest.add_argument("--csv", type=Path, default=None, metavar="DIR", help="write trades, fills and curve as CSV")
    _data_dir(backtest)
    _json(backtest)


def _history(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    history = commands.add_parser("history", help="market history: import files, list, look for gaps and splits")
    actions = history.add_subparsers(dest="action", metavar="ACTION", required=True)
    load = actions.add_parser("import", help="import a CSV or Parquet file of bars, quotes or trades")
    load.add_argument("file", type=Path, metavar="FILE")
    load.add_argument("--symbol", required=True)
    load.add_argument("--timeframe", default=None, help="of bars (default: as their distances show it)")
    load.add_argument("--timezone", default="UTC", metavar="ZONE", help="of times that name none (default UTC)")
    load.add_argument("--date-order", choices=["year first", "day first", "month first"], default="year first")
    load.add_argument(
        "--map", default="", metavar="time=NAME,close=NAME,...", help="columns by their name, or #5 for the fifth"
    )
    load.add_argument("--currency", default="USD")
    load.add_argument("--hours", default="", help="gaps by always | XNYS | XKRX | 09:00-15:30@Asia/Seoul; kept")
    load.add_argument("--adjust-splits", action="store_true", help="adjust prices and volumes for probable splits")
    _existing(load)
    load.add_argument("--check", action="store_true", help="read and judge the file, store nothing")
    download = _download(actions)
    listed = actions.add_parser("list", help="list what is stored")
    delete = actions.add_parser("delete", help="delete a series")
    gaps = actions.add_parser("gaps", help="bars that are missing")
    gaps.add_argument(
        "--hours", default=None, metavar="HOURS",
        help="always | XNYS | XKRX | 09:00-15:30@Asia/Seoul; '' as the bars show it (default: as said at the import)",
    )  # fmt: skip
    splits = actions.add_parser("splits", help="probable stock splits; adjust for them or accept them")
    decision = splits.add_mutually_exclusive_group()
    decision.add_argument("--adjust", action="store_true", help="store an adjusted series beside this one")
    decision.add_argument("--accept", action="store_true", help="leave prices as they are and do not warn again")
    decision.add_argument("--again", action="store_true", help="adjust an adjusted series anew from the one as traded")
    for one in (delete, gaps, splits):
        one.add_argument("series", type=int, metavar="SERIES", help="its number in `assay history list`")
    for action in (load, download, listed, delete, gaps, splits):
        _data_dir(action)
        _json(action)


def _download(actions: argparse._SubParsersAction[argparse.ArgumentParser]) -> argparse.ArgumentParser:
    download = actions.add_parser("download", help="download bars from a feed")
    download.add_argument("--feed", default="simulator", help="simulator (default), ccxt:kraken ... or alpaca")
    download.add_argument("--url", default="", help=argparse.SUPPRESS)  # a stand-in for the feed's addresses
    download.add_argument("--symbol", required=True)
    download.add_argument("--timeframe", required=True, help="1m, 1h, 1d ...")
    _period(download, "from when", "up to now")
    download.add_argument("--bars", type=int, default=None, metavar="N", help="the last N bars instead of --from")
    download.add_argument(
        "--hours",
        choices=["regular", "extended"],
        default="",
        help="which bars of a day, where the feed has both (alpaca; default regular)",
    )
    _existing(download)
    download.add_argument(
        "--keep-partial", action="store_true", help="store what has come where it is ended or fails half-way"
    )
    return download


def _period(parser: argparse.ArgumentParser, begin: str, end: str) -> None:
    """Add --from and --to."""
    parser.add_argument(
        "--from", dest="begin", default="", metavar="TIME", help=f"2024-01-31 or 2024-01-31 14:30 (UTC): {begin}"
    )
    parser.add_argument(
        "--to", dest="end", default="", metavar="TIME", help=f"likewise; a day is in it (default: {end})"
    )


def _existing(parser: argparse.ArgumentParser) -> None:
    """Add what is done where such a series is stored already."""
    what = parser.add_mutually_exclusive_group()
    what.add_argument("--replace", action="store_true", help="put it in the place of the series that is stored")
    what.add_argument("--add", action="store_true", help="add to the stored series what it does not have")
    parser.add_argument(
        "--differing",
        choices=["stored", "new"],
        default=None,
        help="with --add: which bar stays where both have one and they differ (default: say so and change nothing)",
    )


def _sweep(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    sweep = commands.add_parser("sweep", help="try many values of a strategy's parameters on the same bars")
    sweep.add_argument("strategy", type=Path, metavar="STRATEGY.toml")
    sweep.add_argument(
        "--bars", action="append", type=Path, required=True, metavar="FILE.csv", help="one for each --symbol"
    )
    sweep.add_argument("--symbol", action="append", required=True, help="repeat for several")
    sweep.add_argument(
        "--set",
        action="append",
        required=True,
        metavar="NAME=VALUES",
        help="values of a parameter: period=5:30:1 or period=5,10,20; repeat for every combination of several",
    )
    sweep.add_argument("--metric", default="sharpe", help="what the best is chosen by (default sharpe)")
    where = sweep.add_mutually_exclusive_group()
    where.add_argument("--workers", type=int, default=None, metavar="N", help="processes (default: one a processor)")
    where.add_argument("--dask", default=None, metavar="ADDRESS", help="run on a Dask cluster, tcp://HOST:8786")
    sweep.add_argument(
        "--walk-forward",
        default=None,
        metavar="IN/OUT",
        help="choose on IN, try on OUT, move on by OUT: 2000/500 (bars) or 365d/90d (days)",
    )
    _period(sweep, "indicators start with the first bar from then on", "all of the file")
    sweep.add_argument("--anchored", action="store_true", help="with --walk-forward: IN grows from the first bar on")
    _session(sweep)
    _data_dir(sweep)
    _json(sweep)


def _demo(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    demo = commands.add_parser("demo", help="the demo session on simulated prices")
    demo.add_argument("--headless", action="store_true", help="without a display: print what happens")
    demo.add_argument("--minutes", type=float, default=1.0, help="how long (default 1)")
    demo.add_argument("--speed", type=speed, default=20.0, help="with --headless: how fast time runs (default 20x)")
    demo.add_argument("--picture", type=Path, default=None, metavar="FILE.png", help="write a picture of the window")
    _data_dir(demo)
