"""A crypto stand-in as a process of its own: it prints its port as its first line and runs until it is killed."""

from __future__ import annotations

import argparse
import asyncio
import sys
from decimal import Decimal
from pathlib import Path

from tests.helpers.standins.base import Standin


def run_process(kind: type[Standin]) -> None:
    """Run a stand-in as the command line says."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--ledger", type=Path, default=None)
    parser.add_argument("--cash", type=Decimal, default=Decimal(100_000))
    parser.add_argument("--price", action="append", default=[], metavar="SYMBOL=BID,ASK")
    asyncio.run(_run(kind, parser.parse_args()))


async def _run(kind: type[Standin], options: argparse.Namespace) -> None:
    standin = kind(cash=options.cash, ledger=options.ledger)
    for text in options.price:
        symbol, _, prices = text.partition("=")
        bid, _, ask = prices.partition(",")
        standin.price(symbol, bid, ask or bid)
    async with standin:
        sys.stdout.write(f"{standin.port}\n")
        sys.stdout.flush()
        await asyncio.Event().wait()
