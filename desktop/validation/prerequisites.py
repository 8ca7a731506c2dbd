"""Whether a strategy version may trade live: each prerequisite with its evidence, none without (L2).

Nothing here asks anyone: whoever knows hands in what there is, so that a stored check can be judged again (V6).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from decimal import Decimal

from desktop.domain.broker import AccountInfo, AccountRef
from desktop.domain.broker_errors import PreRequisiteNotMetError
from desktop.domain.errors import FieldError
from desktop.domain.evidence import Evidence
from desktop.domain.market import FeedOrigin
from desktop.domain.validation import PaperRun, Prerequisite, Thresholds, Verdict

OVERRIDABLE = frozenset({Prerequisite.BACKTEST, Prerequisite.PAPER})
PHRASE = "I accept the risk"
LEAST_REASON = 10  # characters of a reason; less says nothing to whoever reads the record


@dataclass(frozen=True, slots=True)
class Case:
    """Everything that is known of a version that wants to trade live.

    Attributes:
        backtests: Stored backtests of the version, newest first.
        paper: Its paper sessions on prices of real time.
        limits_confirmed: The user confirmed the limits in force for this session.
        ref: The account it would trade on.
        account: What the broker said of the account after it let us in; None: not connected.
        link: Why it is not connected, as a sentence; empty where it is.
        keyring: Why credentials cannot be read; empty where they can.
    """

    name: str
    version: str
    backtests: Sequence[Evidence]
    paper: Sequence[PaperRun]
    limits_confirmed: bool
    ref: AccountRef
    account: AccountInfo | None = None
    link: str = ""
    keyring: str = ""


def judge(case: Case, thresholds: Thresholds, overrides: Mapping[Prerequisite, str] | None = None) -> list[Verdict]:
    """Return every prerequisite with its evidence.

    Args:
        case: What is known.
        thresholds: How much is asked for.
        overrides: By prerequisite, the reason the user typed for letting it pass all the same.

    Raises:
        FieldError: a prerequisite cannot be overridden, or the reason says nothing.
    """
    verdicts = [_backtest(case, thresholds), _paper(case, thresholds), _limits(case), _broker(case), _keyring(case)]
    reasons = dict(overrides or {})
    for prerequisite, reason in reasons.items():
        _check_override(prerequisite, reason)
    return [
        verdict if verdict.met else replace(verdict, override=reasons.get(verdict.prerequisite, "").strip())
        for verdict in verdicts
    ]


def require(verdicts: Sequence[Verdict]) -> None:
    """Let a live session through only where everything holds or was overridden.

    Raises:
        PreRequisiteNotMetError: names every prerequisite that fails.
    """
    failed = [(item.prerequisite.value, item.sentence) for item in verdicts if not item.passes]
    if failed:
        raise PreRequisiteNotMetError(failed)


def first_capital(cash: Decimal, thresholds: Thresholds) -> Decimal:
    """Return the share of `cash` that the first rung of the ladder gives a live session."""
    return cash * thresholds.capital_share


def _check_override(prerequisite: Prerequisite, reason: str) -> None:
    if prerequisite not in OVERRIDABLE:
        raise FieldError(prerequisite.value, "cannot be overridden: without it no order could be sent or answered for.")
    if len(reason.strip()) < LEAST_REASON:
        raise FieldError(prerequisite.value, f"say why in {LEAST_REASON} characters or more; it goes on record.")


def _backtest(case: Case, thresholds: Thresholds) -> Verdict:
    needed = f"Sharpe above {thresholds.min_sharpe}"
    on_market = [item for item in case.backtests if item.settings.origin != FeedOrigin.DEMO]
    on_prices = [item for item in on_market if not item.undecided_splits]
    if on_market and not on_prices:
        return Verdict(
            Prerequisite.BACKTEST, met=False, value="undecided splits", needed=needed, sentence=_split(on_market[0])
        )
    if not on_prices:
        demo = " Those on simulated prices say nothing about a market." if case.backtests else ""
        sentence = (
            f"There is no stored backtest of {case.name} {case.version} on market prices.{demo} Run one and keep it "
            "(Backtest, or assay backtest --data-dir)."
        )
        return Verdict(Prerequisite.BACKTEST, met=False, value="none", needed=needed, sentence=sentence)
    latest = on_prices[0]
    found = latest.metrics.get("sharpe")
    source = _source(latest)
    if found is None:
        sentence = f"{source} has no Sharpe ratio: too few days or no movement. Test it on a longer history."
        return Verdict(Prerequisite.BACKTEST, met=False, value="not defined", needed=needed, sentence=sentence)
    sharpe = Decimal(repr(float(found)))
    met = sharpe.is_finite() and sharpe > thresholds.min_sharpe
    value = f"Sharpe {sharpe:.2f}"
    trades = f"{latest.trades:,} trades"
    sentence = f"{source}: {value}, {trades}." if met else f"{source}: {value} is not above {thresholds.min_sharpe}."
    return Verdict(Prerequisite.BACKTEST, met=met, value=value, needed=needed, sentence=sentence)


def _source(evidence: Evidence) -> str:
    when = f"{datetime.fromtimestamp(evidence.created_at / 1e6, UTC):%Y-%m-%d %H:%M} UTC"
    return f"Backtest {evidence.short_id} of {when} on {', '.join(evidence.files)}"


def _split(evidence: Evidence) -> str:
    count = evidence.undecided_splits or 0
    splits = "1 split" if count == 1 else f"{count:,} splits"
    return (
        f"{_source(evidence)} does not count: its prices hold {splits} that nobody decided on, so gains and losses "
        "across them are not real. Decide on them under History, then run the backtest again."
    )


def _paper(case: Case, thresholds: Thresholds) -> Verdict:
    days = {day for run in case.paper for day in run.days}
    trades = sum(run.trades for run in case.paper)
    needed = f"{thresholds.min_paper_days} days on real-time prices"
    value = "1 day" if len(days) == 1 else f"{len(days)} days"
    met = len(days) >= thresholds.min_paper_days
    names = ", ".join(run.name for run in case.paper if run.days)
    if met:
        sentence = f"{value} of paper trading on real-time prices, {trades:,} trades: {names}."
    else:
        sentence = (
            f"{value} of paper trading of {case.name} {case.version} on real-time prices"
            f"{f' ({names})' if names else ''}, {thresholds.min_paper_days} are needed. Run it on paper on a real "
            "market (crypto needs no account); replays and the demo do not count."
        )
    return Verdict(Prerequisite.PAPER, met=met, value=value, needed=needed, sentence=sentence)


def _limits(case: Case) -> Verdict:
    met = case.limits_confirmed
    sentence = (
        "You confirmed the limits of this session." if met else "Read the limits of this session and confirm them."
    )
    value = "confirmed" if met else "not confirmed"
    return Verdict(Prerequisite.LIMITS, met=met, value=value, needed="confirmed by you", sentence=sentence)


def _broker(case: Case) -> Verdict:
    account, needed = case.account, "connected and authenticated"
    if account is None:
        sentence = case.link or f"{case.ref.key} is not connected. Connect it under Live > Broker accounts."
        return Verdict(Prerequisite.BROKER, met=False, value="not connected", needed=needed, sentence=sentence)
    if account.blocked:
        sentence = f"{case.ref.key} lets you trade nothing: {account.blocked} Settle that with the broker."
        return Verdict(Prerequisite.BROKER, met=False, value="blocked", needed=needed, sentence=sentence)
    sentence = (
        f"{case.ref.key} is connected: account {account.number}, equity {account.equity:,f} {account.currency}, "
        f"buying power {account.buying_power:,f} {account.currency}."
    )
    return Verdict(Prerequisite.BROKER, met=True, value="connected", needed=needed, sentence=sentence)


def _keyring(case: Case) -> Verdict:
    met = not case.keyring
    sentence = case.keyring or "The credentials are in the operating system's keyring."
    value = "in the keyring" if met else "not readable"
    return Verdict(Prerequisite.KEYRING, met=met, value=value, needed="in the keyring", sentence=sentence)
