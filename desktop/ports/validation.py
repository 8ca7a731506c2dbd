"""What the engine asks before a live session is made: whether the strategy has earned it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Protocol

from desktop.domain.broker import AccountInfo
from desktop.domain.sessions import SessionSettings
from desktop.domain.validation import Prerequisite, Thresholds, Verdict


class Gatekeeper(Protocol):
    """Judges a strategy version by what is stored of it."""

    thresholds: Thresholds

    async def judge(
        self,
        settings: SessionSettings,
        *,
        limits_confirmed: bool,
        overrides: Mapping[Prerequisite, str],
        account: AccountInfo | None,
        link: str,
    ) -> Sequence[Verdict]:
        """Return every prerequisite with its evidence.

        Args:
            settings: Of the session that is wanted.
            limits_confirmed: The user confirmed its limits.
            overrides: Reasons the user typed.
            account: What the broker says of the account; None: it is not connected.
            link: Why it is not, as a sentence.
        """
        ...

    def require(self, verdicts: Sequence[Verdict]) -> None:
        """Raise PreRequisiteNotMetError unless every prerequisite passes."""
        ...

    def first_capital(self, cash: Decimal) -> Decimal:
        """Return what a first live session may use of `cash`."""
        ...
