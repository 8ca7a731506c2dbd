"""`assay history download`: bars of a feed's past into the data directory, ended by Ctrl-C at any time."""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import signal
import sys
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from desktop.cli.history_text import print_report, report_values, undecided
from desktop.cli.output import iso, print_json
from desktop.domain.errors import FieldError
from desktop.engine.clock import SystemClock
from desktop.history_feeds import HistoryFeeds
from desktop.market.history_download import DownloadProgress, DownloadReport, DownloadRequest
from desktop.market.history_merge import Existing
from desktop.market.history_range import period
from desktop.store.history_add import stored_as
from desktop.store.history_download import HistoryDownload
from desktop.store.history_store import HistoryStore

if TYPE_CHECKING:
    from desktop.brokers.keeper import BrokerAccounts

INTERRUPTED = 130


def download(options: argparse.Namespace, directory: Path, existing: Existing) -> int:
    """Download bars and store them; returns the exit status.

    Raises:
        UserMistake: an option cannot be right, the feed does not have it, or it is stored already.
        EnvironmentFault: the feed or the disk failed; what was stored before stays.
    """
    begin, end = period(options.begin, options.end, fields=("--from", "--to"))
    if (begin is None) == (options.bars is None):
        raise FieldError("--from", "give either --from, or --bars with how many.")
    request = DownloadRequest(
        options.feed, options.symbol, options.timeframe, begin, end, options.bars, existing, options.hours
    )
    store = HistoryStore(directory)
    if existing is Existing.REFUSE:
        _refuse_early(store, request)
    return asyncio.run(_run(options, request, store))


def _refuse_early(store: HistoryStore, request: DownloadRequest) -> None:
    """Say before the download what would be said after it."""
    there = stored_as(store, request.symbol, "bars", request.timeframe, request.feed, adjusted=False)
    if there is not None:
        raise FieldError(
            "--symbol",
            f"{request.symbol} {request.timeframe} from {request.feed} is stored already (series {there.series_id}, to "
            f"{iso(there.last)}). --add adds what is missing, --replace takes its place. Nothing was downloaded.",
        )


async def _run(options: argparse.Namespace, request: DownloadRequest, store: HistoryStore) -> int:
    clock, cache = SystemClock(), store.directory / "cache"
    feeds = HistoryFeeds(clock, cache, options.url, lambda: _accounts(clock, cache))
    told = _progress if sys.stderr.isatty() and not options.json else None
    work = HistoryDownload(store, request, feeds.open, feeds.now, told)
    loop = asyncio.get_running_loop()
    with contextlib.suppress(NotImplementedError):  # Windows ends the loop by itself
        loop.add_signal_handler(signal.SIGINT, work.cancel)
    done = await work.run()
    if told is not None:
        print(file=sys.stderr)
    if not done.complete and options.keep_partial:
        kept = await work.keep(request.existing)
        done = replace(kept, complete=False, sentence=done.sentence.partition(" Nothing of it is stored")[0])
    _print(options, done)
    if not done.complete:
        hint = "" if options.keep_partial else " --keep-partial stores what has come; --add goes on later."
        print(f"assay: {done.sentence}{hint}", file=sys.stderr)
        return INTERRUPTED
    if done.sentence:
        print(f"assay: {done.sentence}", file=sys.stderr)
    return undecided(done.report)


def _accounts(clock: SystemClock, cache: Path) -> BrokerAccounts:
    from desktop.live_brokers import broker_accounts  # noqa: PLC0415 - only where a feed needs an account

    return broker_accounts(clock, cache)


def _print(options: argparse.Namespace, done: DownloadReport) -> None:
    if options.json:
        print_json(report_values(done.report) | {"complete": done.complete, "feed": done.request.feed})
    else:
        print_report(done.report)


def _progress(now: DownloadProgress) -> None:
    until = f" to {iso(now.until)}" if now.until else ""
    print(f"\r{now.share:4.0%}  {now.bars:,} bars{until}   ", end="", file=sys.stderr, flush=True)
