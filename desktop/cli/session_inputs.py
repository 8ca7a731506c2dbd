"""A session on files from the command line: strategy, limits, data and options put together, shared by its commands."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from desktop.cli.fill_options import fills_of
from desktop.cli.replay_data import read_data
from desktop.cli.texts import read_text
from desktop.domain.limits_text import parse_limits
from desktop.domain.market import FeedOrigin
from desktop.domain.risk import RiskLimits
from desktop.domain.sessions import ExecutionMode, SessionSettings
from desktop.domain.strategy_text import parse_strategy, strategy_version
from desktop.engine.drafts import compile_strategy
from desktop.engine.replay_key import run_key, session_of
from desktop.feeds.recording import Recording
from desktop.market.calendars import trading_hours
from desktop.trading.proposals import StrategyRules


@dataclass(frozen=True, slots=True)
class SessionInputs:
    """What a session on files is made of.

    Attributes:
        settings: The session; its id follows from everything that makes the run.
        rules: Compiled.
        data: The files.
        key: Hash of strategy, files and options: the same for the same run.
    """

    settings: SessionSettings
    rules: StrategyRules
    data: Recording
    key: str


def session_inputs(
    options: argparse.Namespace, *, files: Sequence[Path], flag: str, mode: ExecutionMode
) -> SessionInputs:
    """Read everything that the options name.

    Args:
        options: With `strategy`, `symbol`, `cash`, `currency`, `lot`, `hours`, `seed`, `limits` and those
            of `fill_options`.
        files: One for each symbol.
        flag: The option that named the files, for the sentences.
        mode: Who decides on signals.

    Raises:
        UserMistake: a file or option cannot be right.
    """
    strategy = parse_strategy(read_text(options.strategy, "strategy file"))
    compiled = compile_strategy(strategy)
    hours = trading_hours(options.hours)
    limits = RiskLimits() if options.limits is None else parse_limits(read_text(options.limits, "limits file"))
    data = read_data(options, strategy.timeframe, hours.zone, files=files, flag=flag)

    def settings(session_id: str) -> SessionSettings:
        return SessionSettings(
            session_id=session_id,
            name=strategy.name,
            strategy=strategy,
            strategy_version=strategy_version(strategy),
            instruments=data.instruments,
            cash=options.cash,
            currency=options.currency,
            mode=mode,
            feed="replay:" + ",".join(str(path) for path in data.paths),
            origin=FeedOrigin.REPLAY,
            limits=limits,
            hours=options.hours,
            fills=fills_of(options),
            seed=options.seed,
            benchmark=data.instruments[0].symbol,
        )

    key = run_key(settings(""), data.fingerprints)
    rules = StrategyRules(compiled[0], compiled[1] if len(compiled) > 1 else None)
    return SessionInputs(settings(session_of(key)), rules, data, key)
