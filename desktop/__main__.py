"""Entry points: `assay` and `python -m desktop` (command line, window by default), `assay-window` (window only)."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence

from desktop.domain.errors import AssayError, UserMistake

USER_MISTAKE, OUR_FAULT = 2, 1


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; returns the exit status: 0, 2 (the user's mistake) or 1 (ours or the machine's)."""
    from desktop.cli.parser import build_parser  # noqa: PLC0415 - the parser is not needed by those who import us

    options = build_parser().parse_args(arguments)
    try:
        return _run(options.command, options)
    except UserMistake as error:
        print(f"assay: {error}", file=sys.stderr)
        return USER_MISTAKE
    except AssayError as error:
        print(f"assay: {error}", file=sys.stderr)
        return OUR_FAULT
    except BrokenPipeError:  # the reader of our output has seen enough (`assay audit | head`)
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except KeyboardInterrupt:
        print("assay: interrupted; what was committed is kept, the same command goes on from there.", file=sys.stderr)
        return 130


def _run(command: str | None, options: argparse.Namespace) -> int:
    """Import and run what was asked for; each command imports only what it needs."""
    if command is None:
        from desktop.app import run_window  # noqa: PLC0415

        return run_window(options)
    if command == "check-rule":
        from desktop.cli.check_rule import check_rule  # noqa: PLC0415

        return check_rule(options)
    if command == "backtest":
        from desktop.cli.backtest import backtest  # noqa: PLC0415

        return backtest(options)
    if command == "paper":
        from desktop.cli.paper import paper  # noqa: PLC0415

        return paper(options)
    if command == "live":
        from desktop.cli.live import run_live  # noqa: PLC0415

        return run_live(options)
    if command == "history":
        from desktop.cli.history import history  # noqa: PLC0415

        return history(options)
    if command == "sweep":
        from desktop.cli.sweep import sweep  # noqa: PLC0415

        return sweep(options)
    if command == "demo":
        from desktop.app import run_demo  # noqa: PLC0415

        return run_demo(options)
    from desktop.cli.stored import stored  # noqa: PLC0415

    return stored(options)


def window_main() -> int:
    """Open the window (the entry without a console)."""
    return main([])


if __name__ == "__main__":
    sys.exit(main())
