"""Whether a live session is made: its prerequisites judged, the verdict on record, its first capital cut (L2, L2a)."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from desktop.domain.accounts import record_id
from desktop.domain.broker import LinkState
from desktop.domain.errors import AssayError, FieldError, UserMistake
from desktop.domain.events import PrerequisitesJudged
from desktop.domain.instruments import AssetClass
from desktop.domain.money import ONE

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from desktop.domain.broker import AccountInfo, AccountRef
    from desktop.domain.instruments import Instrument
    from desktop.domain.sessions import SessionSettings
    from desktop.domain.validation import Prerequisite, Verdict
    from desktop.engine.live.accounts import Accounts
    from desktop.ports.validation import Gatekeeper

PATIENCE = 20.0  # seconds a broker may take to let us in
IDLE = 120.0  # seconds an account that was looked at stays connected without a session: its form is being filled in
_STATES = {
    LinkState.CONNECTING: "did not answer yet",
    LinkState.RECONNECTING: "cannot be reached now",
    LinkState.REFUSED: "refuses the credentials",
    LinkState.OFF: "is not connected",
}


class Admission:
    """The one door to live trading."""

    def __init__(self, gate: Gatekeeper | None, accounts: Accounts) -> None:
        """`gate` judges; None: this program was opened for paper trading only."""
        self._gate, self._accounts = gate, accounts

    async def judge(
        self, settings: SessionSettings, *, limits_confirmed: bool, overrides: Mapping[Prerequisite, str]
    ) -> Sequence[Verdict]:
        """Return every prerequisite of a live session with its evidence; its account is connected for that.

        Raises:
            UserMistake: it is a paper session, or live trading is not there.
            FieldError: something cannot be overridden, or a reason says nothing.
        """
        gate, ref = self._gate, self._accounts.ref_of(settings)
        if ref is None:
            raise UserMistake("A paper session has no prerequisites.")
        if gate is None:
            raise UserMistake("This Assay was opened for paper trading only. No session was created.")
        try:
            account, problem = await self._connected(ref)
            return await gate.judge(
                settings, limits_confirmed=limits_confirmed, overrides=overrides, account=account, link=problem
            )
        finally:
            self._accounts.release_soon(ref, IDLE)

    async def admit(
        self, settings: SessionSettings, *, limits_confirmed: bool, overrides: Mapping[Prerequisite, str]
    ) -> SessionSettings:
        """Return the settings a live session is made with: the first rung of its capital. A paper session passes as is.

        The verdict is durable before the session is made, passed or not.

        Raises:
            PreRequisiteNotMetError: names every prerequisite that fails; no session is made.
            UserMistake, FieldError: as `judge`.
        """
        ref = self._accounts.ref_of(settings)
        if ref is None:
            return settings
        try:
            return await self._admit(ref, settings, limits_confirmed=limits_confirmed, overrides=overrides)
        except BaseException:
            self._accounts.release_soon(ref)
            raise

    async def _admit(
        self,
        ref: AccountRef,
        settings: SessionSettings,
        *,
        limits_confirmed: bool,
        overrides: Mapping[Prerequisite, str],
    ) -> SessionSettings:
        gate = self._gate
        verdicts = await self.judge(settings, limits_confirmed=limits_confirmed, overrides=overrides)
        if gate is None:
            raise UserMistake("This Assay was opened for paper trading only. No session was created.")
        passed = all(item.passes for item in verdicts)
        await self._accounts.record(
            ref,
            PrerequisitesJudged(
                record_id(ref),
                self._accounts.clock.now(),
                settings.name,
                settings.strategy.name,
                settings.strategy_version,
                ref.key,
                gate.thresholds,
                tuple(verdicts),
                passed,
            ),
        )
        gate.require(verdicts)
        return replace(
            settings,
            instruments=await self._as_traded(ref, settings),
            cash=gate.first_capital(settings.cash),
            capital_allocation=gate.thresholds.capital_share,
        )

    async def _as_traded(self, ref: AccountRef, settings: SessionSettings) -> tuple[Instrument, ...]:
        """Return the instruments with the broker's own steps: a price or quantity off them would be refused there.

        Shares are traded whole: protection that rests at a broker, so that it works while Assay is off, and orders
        that last longer than the day are taken for whole shares only.

        Raises:
            FieldError: the broker does not trade a symbol, or in another currency.
            BrokerFault: it cannot be asked now.
        """
        link = await self._accounts.link(ref)
        symbols = [item.symbol for item in settings.instruments]
        there = {item.symbol: item for item in await link.broker.instruments(symbols)}
        for symbol in symbols:
            if symbol not in there:
                raise FieldError("symbols", f"{ref.key} does not trade {symbol}. No session was created.")
        return tuple(_whole(there[symbol]) for symbol in symbols)

    async def _connected(self, ref: AccountRef) -> tuple[AccountInfo | None, str]:
        """Return what the broker says of the account, or why it says nothing."""
        try:
            link = await self._accounts.connected(ref, PATIENCE)
        except AssayError as error:  # no such broker, no credentials, a keyring that is locked
            return None, str(error)
        if link.is_up and link.info is not None:
            return link.info, ""
        why = f" {link.detail}" if link.detail else ""
        return None, f"{ref.key} {_STATES.get(link.state, 'is not connected')}.{why}"


def _whole(item: Instrument) -> Instrument:
    """Return an instrument in whole units where it is a share."""
    return replace(item, lot=max(item.lot, ONE)) if item.asset_class is AssetClass.SHARE else item
