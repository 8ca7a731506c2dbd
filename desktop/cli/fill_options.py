"""How orders are filled, from the command line: a named model, and costs of one's own in its place."""

from __future__ import annotations

import argparse
from decimal import Decimal, InvalidOperation

from desktop.domain.money import HUNDRED, ZERO
from desktop.domain.sessions import FillModelKind, FillSettings


def add_fill_options(parser: argparse.ArgumentParser) -> None:
    """Add --fills and the numbers of the model that can be one's own."""
    parser.add_argument("--fills", choices=["ideal", "fixed", "realistic"], default="realistic")
    as_the_model = "(default: as --fills says)"
    for flag, unit, text in (
        ("--fee", "PERCENT", "fee of each fill, per cent of its value"),
        ("--slippage", "BP", "mean slippage, basis points"),
        ("--impact", "BP", "market impact of an order as large as the bar's volume, basis points"),
        ("--volume-share", "PERCENT", "largest share of a bar's volume that an order gets; 0: all"),
    ):
        kind = _share if flag == "--volume-share" else _cost
        parser.add_argument(
            flag, type=kind, default=None, metavar=unit, help=f"{text} {as_the_model}".replace("%", "%%")
        )


def fills_of(options: argparse.Namespace) -> FillSettings:
    """Return the fill model that the options name."""
    share = options.volume_share
    return FillSettings.of(FillModelKind(options.fills)).with_costs(
        slippage_bp=options.slippage,
        fee_percent=options.fee,
        impact_bp=options.impact,
        volume_share=None if share is None else share / HUNDRED,
    )


def _cost(text: str) -> Decimal:
    try:
        value = Decimal(text)
    except InvalidOperation:
        raise argparse.ArgumentTypeError(f"{text!r} is not a number") from None
    if not value.is_finite() or value < ZERO:
        raise argparse.ArgumentTypeError(f"{text!r} is not zero or more")
    return value


def _share(text: str) -> Decimal:
    value = _cost(text)
    if value > HUNDRED:
        raise argparse.ArgumentTypeError(f"{text!r} is above 100 per cent")
    return value
