"""The asking half of the desk: every command returns once its result is durable, or raises a sentence."""

from __future__ import annotations

import asyncio
import uuid
from typing import TYPE_CHECKING

from desktop.domain.commands import (
    Approve,
    CancelOrder,
    CancelTrigger,
    ClosePosition,
    Command,
    ModifyTrigger,
    PlaceOrder,
    Refresh,
    Reject,
    ReplaceOrder,
    SetLimits,
    SetMode,
    SetTrigger,
)
from desktop.domain.errors import EnvironmentFault, NotFound, UserMistake
from desktop.domain.sessions import SessionState
from desktop.engine.desk_reads import DeskReads
from desktop.engine.drafts import feed_key, settings_of
from desktop.engine.live.admission import Admission
from desktop.engine.manager import KILL_REFUSAL

if TYPE_CHECKING:
    from collections.abc import Sequence
    from decimal import Decimal

    from desktop.domain.accounts import AccountLimits
    from desktop.domain.orders import OrderKind
    from desktop.domain.risk import RiskLimits
    from desktop.domain.sessions import ExecutionMode, StopChoice
    from desktop.domain.triggers import TriggerKind
    from desktop.domain.validation import Verdict
    from desktop.engine.api import SessionDraft
    from desktop.engine.feed_shelf import FeedShelf
    from desktop.engine.kill_switch import KillSwitch
    from desktop.engine.live.accounts import Accounts
    from desktop.engine.manager import SessionManager
    from desktop.engine.together import Together
    from desktop.ports.validation import Gatekeeper


class DeskCommands(DeskReads):
    """Commands to sessions, to all of them, and to the kill switch."""

    def __init__(
        self,
        manager: SessionManager,
        together: Together,
        shelf: FeedShelf,
        kill: KillSwitch,
        accounts: Accounts,
        gate: Gatekeeper | None = None,
    ) -> None:
        """`gate` judges who may trade live; None: nobody."""
        super().__init__(manager, shelf, accounts)
        self._together, self._kill = together, kill
        self._admission = Admission(gate, accounts)

    # sessions --------------------------------------------------------------------------------------------------
    async def create_session(self, draft: SessionDraft, *, start: bool = True) -> str:
        """Make a session durable and start it.

        Raises:
            FieldError: a setting cannot be right; nothing was created.
            UserMistake: the kill switch is engaged.
            PreRequisiteNotMetError: a live session was asked for that has not earned it; nothing was created.
        """
        if start and self._kill.engaged:
            raise UserMistake(KILL_REFUSAL)
        key, session_id = feed_key(draft), uuid.uuid4().hex
        try:
            rig = await self._shelf.rig(key, {}, session_id)
            instruments = {item.symbol: item for item in rig.feed.instruments()}
            settings = settings_of(draft, instruments, rig.feed.origin)
            settings = await self._admission.admit(
                settings, limits_confirmed=draft.limits_confirmed, overrides=draft.overrides
            )
            runner = await self._manager.create(settings, session_id)
        except BaseException:
            await self._shelf.release(key, session_id)
            raise
        if start:
            await self._manager.start(runner.session_id)
        return runner.session_id

    async def check_live(self, draft: SessionDraft) -> Sequence[Verdict]:
        """Return the prerequisites of a live session with their evidence; its feed and account are opened for that.

        Raises:
            FieldError: a setting cannot be right.
            UserMistake: it is a paper session, or live trading is not there.
        """
        key, asker = feed_key(draft), uuid.uuid4().hex
        try:
            rig = await self._shelf.rig(key, {}, asker)
            instruments = {item.symbol: item for item in rig.feed.instruments()}
            settings = settings_of(draft, instruments, rig.feed.origin)
        finally:
            await self._shelf.release(key, asker)
        return await self._admission.judge(settings, limits_confirmed=draft.limits_confirmed, overrides=draft.overrides)

    async def start_session(self, session_id: str) -> None:
        await self._manager.start(session_id)

    async def pause_session(self, session_id: str) -> None:
        await self._manager.pause(session_id)

    async def resume_session(self, session_id: str) -> None:
        await self._manager.resume(session_id)

    async def stop_session(self, session_id: str, choice: StopChoice) -> None:
        await self._manager.stop(session_id, choice)

    async def delete_session(self, session_id: str) -> None:
        await self._manager.delete(session_id)
        self._charts.forget(session_id)

    async def pause_all(self) -> None:
        await self._together.pause_all("all sessions paused by the user")

    async def resume_all(self) -> None:
        await self._together.resume_all()

    async def set_mode(self, session_id: str, mode: ExecutionMode) -> None:
        await self._ask(session_id, SetMode(mode))

    async def set_limits(self, session_id: str, limits: RiskLimits) -> None:
        await self._ask(session_id, SetLimits(limits))

    # signals ---------------------------------------------------------------------------------------------------
    async def approve(
        self,
        signal_id: str,
        *,
        quantity: Decimal | None = None,
        kind: OrderKind | None = None,
        limit_price: Decimal | None = None,
        confirmed: bool = False,
    ) -> None:
        """Confirm a signal; everything is checked again at this instant, and twice sends once.

        Raises:
            NotFound: there is no such signal.
            UserMistake: it can no longer be approved; says why.
        """
        await self._of_signal(signal_id, Approve(signal_id, quantity, kind, limit_price, confirmed))

    async def reject(self, signal_id: str) -> None:
        await self._of_signal(signal_id, Reject(signal_id))

    async def refresh_signal(self, signal_id: str) -> None:
        """Judge the rule again now: the old signal is turned down and a fresh one raised where the rule still holds."""
        runner = self.find_signal(signal_id)
        if runner is None:
            raise NotFound("signal", signal_id, "It was answered or has expired.")
        await runner.ask(Refresh(signal_id))

    async def _of_signal(self, signal_id: str, command: Command) -> None:
        runner = self.find_signal(signal_id)
        if runner is None:
            raise NotFound("signal", signal_id, "It was answered or has expired. No order was sent.")
        await runner.ask(command)

    # orders and positions --------------------------------------------------------------------------------------
    async def place_order(self, session_id: str, order: PlaceOrder) -> None:
        await self._ask(session_id, order)

    async def close_position(
        self, session_id: str, symbol: str, quantity: Decimal | None = None, *, confirmed: bool = False
    ) -> None:
        await self._ask(session_id, ClosePosition(symbol, quantity, confirmed))

    async def cancel_order(self, session_id: str, order_id: str) -> None:
        await self._ask(session_id, CancelOrder(order_id))

    async def replace_order(
        self,
        session_id: str,
        order_id: str,
        *,
        quantity: Decimal | None = None,
        limit_price: Decimal | None = None,
        stop_price: Decimal | None = None,
    ) -> None:
        await self._ask(session_id, ReplaceOrder(order_id, quantity, limit_price, stop_price))

    async def set_trigger(
        self,
        session_id: str,
        symbol: str,
        kind: TriggerKind,
        *,
        level: Decimal | None = None,
        trail_percent: Decimal | None = None,
        quantity: Decimal | None = None,
    ) -> None:
        await self._ask(session_id, SetTrigger(symbol, kind, level, trail_percent, quantity))

    async def move_trigger(
        self, session_id: str, trigger_id: str, *, level: Decimal | None = None, trail_percent: Decimal | None = None
    ) -> None:
        await self._ask(session_id, ModifyTrigger(trigger_id, level, trail_percent))

    async def cancel_trigger(self, session_id: str, trigger_id: str) -> None:
        await self._ask(session_id, CancelTrigger(trigger_id))

    async def _ask(self, session_id: str, command: Command) -> None:
        await self._manager.runner(session_id).ask(command)

    # accounts at brokers ---------------------------------------------------------------------------------------
    async def arm(self, session_id: str, typed: str) -> None:
        """Let a live session buy until the program ends; `typed` is what the user typed.

        Raises:
            UserMistake: it trades on paper, or that is not the word.
        """
        await self._accounts.arm(self._manager.runner(session_id), typed)

    async def disarm(self, session_id: str) -> None:
        await self._accounts.disarm(self._manager.runner(session_id))

    async def reconcile(self, account: str) -> None:
        """Compare an account (its key) with its broker now; one that was refused is connected anew, with its prices.

        Raises:
            BrokerFault: it cannot be reached, or refuses the credentials still.
            KeyringFault: the credentials cannot be read.
        """
        was_refused = self._accounts.opened(account).refused
        await self._accounts.reconcile(account)
        if was_refused:
            await self.renew_prices()

    async def reconnect(self, account: str) -> None:
        """Connect an account anew, with the credentials that are kept now, and prices that were refused with them.

        Raises:
            KeyringFault: they cannot be read.
            BrokerFault: the prices cannot be had again.
        """
        await self._accounts.reconnect(account)
        await self.renew_prices()

    async def renew_prices(self) -> None:
        """Open prices anew that were given up, with the credentials that are kept now; does nothing where none were.

        Raises:
            EnvironmentFault: they cannot be had, or the credentials not be read.
        """
        await self._shelf.renew()

    async def adopt_difference(self, session_id: str, symbol: str) -> None:
        """Book what the broker holds beyond the journals into a session; a split in all that hold the symbol."""
        await self._accounts.adopt(self._manager.runner(session_id), symbol)

    async def ignore_difference(self, account: str, symbol: str) -> None:
        """Leave what differs in a symbol of an account out from now on."""
        await self._accounts.ignore(account, symbol)

    async def declare_lost(self, session_id: str, order_id: str, typed: str) -> None:
        """Take an order without any answer as never placed; `typed` is what the user typed."""
        await self._accounts.declare_lost(self._manager.runner(session_id), order_id, typed)

    async def set_account_limits(self, account: str, limits: AccountLimits) -> None:
        """Change the limits of a whole account."""
        self._accounts.set_limits(account, limits)

    # kill switch -----------------------------------------------------------------------------------------------
    async def engage_kill(self, *, flatten: bool = False) -> None:
        """Block, cancel and (if asked) flatten in every session at once, and latch the switch on disk.

        It holds from the first instant, also while the storage takes no writes.

        Raises:
            EnvironmentFault: some session could not be reached, or the latch is not on disk; it holds all the same.
        """
        latched, found, _ = await asyncio.gather(
            self._kill.engage(), self._together.kill(flatten=flatten), self._kill_links(), return_exceptions=True
        )
        problems = [str(found)] if isinstance(found, BaseException) else list(found)
        if isinstance(latched, BaseException):
            problems.append(f"it could not be written to disk and would not outlive a restart ({latched})")
        if problems:
            raise EnvironmentFault(
                "The kill switch is engaged and nothing new will be sent, but not everything could be done: "
                + "; ".join(problems)
            )

    async def _kill_links(self) -> None:
        """Stop what waits to leave and cancel at the brokers; the latch holds by now, whatever the sessions do."""
        self._accounts.kill()

    async def release_kill(self) -> None:
        """Release the switch; the caller has had the word typed.

        Raises:
            EnvironmentFault: it stays engaged, in every session.
        """
        absent = [item.session_id for item in self._all() if item.failed and item.unit.core.state.kill]
        await self._kill.release(absent)  # first: the protection that the sessions send at once must not meet the latch
        if self._kill.engaged:
            raise EnvironmentFault("The kill switch stays engaged: it was engaged again meanwhile.")
        problems = await self._together.release_kill()
        if problems:
            await self._kill.engage()
            await self._together.kill(flatten=False)
            raise EnvironmentFault("The kill switch stays engaged: " + "; ".join(problems))

    def running(self) -> int:
        """Return how many sessions run or are paused."""
        states = (SessionState.RUNNING, SessionState.PAUSED, SessionState.RECOVERING)
        return sum(not item.failed and item.unit.core.status in states for item in self._all())
