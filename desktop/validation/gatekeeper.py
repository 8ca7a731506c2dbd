"""Judges a strategy version by what is stored of it. Implements `ports.validation.Gatekeeper`."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from decimal import Decimal

from desktop.domain.broker import AccountInfo, AccountRef
from desktop.domain.evidence import Evidence
from desktop.domain.sessions import SessionSettings
from desktop.domain.validation import PaperRun, Prerequisite, Thresholds, Verdict
from desktop.validation.prerequisites import Case, first_capital, judge, require


class StoredEvidenceGate:
    """Asks the storage for backtests and paper days, and the keyring whether it can be read."""

    def __init__(
        self,
        backtests: Callable[[str], Awaitable[Sequence[Evidence]]],
        paper: Callable[[str], Awaitable[Sequence[PaperRun]]],
        keyring: Callable[[], Awaitable[str]],
        thresholds: Thresholds | None = None,
    ) -> None:
        """Judge by `thresholds`; the two first take a strategy version.

        Args:
            backtests: Gives the stored backtests of a version, newest first.
            paper: Gives its paper sessions on prices of real time.
            keyring: Gives why credentials cannot be read; empty where they can.
            thresholds: How much is asked for; None: the usual.
        """
        self._backtests, self._paper, self._keyring = backtests, paper, keyring
        self.thresholds = thresholds or Thresholds()

    async def judge(
        self,
        settings: SessionSettings,
        *,
        limits_confirmed: bool,
        overrides: Mapping[Prerequisite, str],
        account: AccountInfo | None,
        link: str,
    ) -> Sequence[Verdict]:
        """Return every prerequisite with its evidence (see the port)."""
        version = settings.strategy_version
        case = Case(
            name=settings.strategy.name,
            version=version,
            backtests=await self._backtests(version),
            paper=await self._paper(version),
            limits_confirmed=limits_confirmed,
            ref=AccountRef(settings.broker, settings.account),
            account=account,
            link=link,
            keyring=await self._keyring(),
        )
        return judge(case, self.thresholds, overrides)

    def require(self, verdicts: Sequence[Verdict]) -> None:
        """Raise PreRequisiteNotMetError unless every prerequisite passes."""
        require(verdicts)

    def first_capital(self, cash: Decimal) -> Decimal:
        """Return what a first live session may use of `cash`."""
        return first_capital(cash, self.thresholds)
