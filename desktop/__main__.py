"""Entry points: `assay` and `python -m desktop` (command line, window by default), `assay-window` (window only)."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence
from importlib import import_module

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


#: Where each command is; what is not named lists what is stored. Each imports only what it needs.
_COMMANDS = {
    "": ("desktop.app", "run_window"),
    "check-rule": ("desktop.cli.check_rule", "check_rule"),
    "backtest": ("desktop.cli.backtest", "backtest"),
    "paper": ("desktop.cli.paper", "paper"),
    "live": ("desktop.cli.live", "run_live"),
    "history": ("desktop.cli.history", "history"),
    "sweep": ("desktop.cli.sweep", "sweep"),
    "demo": ("desktop.app", "run_demo"),
}
_STORED = ("desktop.cli.stored", "stored")


def _run(command: str | None, options: argparse.Namespace) -> int:
    """Import and run what was asked for."""
    module, name = _COMMANDS.get(command or "", _STORED)
    status: int = getattr(import_module(module), name)(options)
    return status


def window_main() -> int:
    """Open the window (the entry without a console)."""
    return main([])


if __name__ == "__main__":
    sys.exit(main())
