"""The asking half of the desk: every command returns once its result is durable, or raises a sentence."""

from __future__ import annotations

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

if TYPE_CHECKING:
    from decimal import Decimal

    from desktop.domain.orders import OrderKind
    from desktop.domain.risk import RiskLimits
    from desktop.domain.sessions import ExecutionMode, StopChoice
    from desktop.domain.triggers import TriggerKind
    from desktop.engine.api import SessionDraft
    from desktop.engine.feed_shelf import FeedShelf
    from desktop.engine.kill_switch import KillSwitch
    from desktop.engine.manager import SessionManager
    from desktop.ports import Clock

KILL_REFUSAL = "The kill switch is engaged: nothing is started until you release it. Nothing was changed."


class DeskCommands(DeskReads):
    """Commands to sessions, to all of them, and to the kill switch."""

    def __init__(self, manager: SessionManager, shelf: FeedShelf, clock: Clock, kill: KillSwitch) -> None:
        super().__init__(manager, shelf, clock)
        self._kill = kill

    # sessions --------------------------------------------------------------------------------------------------
    async def create_session(self, draft: SessionDraft, *, start: bool = True) -> str:
        """Make a session durable and start it.

        Raises:
            FieldError: a setting cannot be right; nothing was created.
            UserMistake: the kill switch is engaged.
        """
        if start:
            self._refuse_when_killed()
        rig = await self._shelf.rig(feed_key(draft), {})
        instruments = {item.symbol: item for item in rig.feed.instruments()}
        settings = settings_of(draft, instruments, rig.feed.origin)
        runner = await self._manager.create(settings)
        if start:
            await self._manager.start(runner.session_id)
        return runner.session_id

    async def start_session(self, session_id: str) -> None:
        self._refuse_when_killed()
        await self._manager.start(session_id)

    async def pause_session(self, session_id: str) -> None:
        await self._manager.pause(session_id)

    async def resume_session(self, session_id: str) -> None:
        self._refuse_when_killed()
        await self._manager.resume(session_id)

    async def stop_session(self, session_id: str, choice: StopChoice) -> None:
        await self._manager.stop(session_id, choice)

    async def delete_session(self, session_id: str) -> None:
        await self._manager.delete(session_id)
        self._charts.forget(session_id)

    async def pause_all(self) -> None:
        await self._manager.pause_all("all sessions paused by the user")

    async def resume_all(self) -> None:
        self._refuse_when_killed()
        await self._manager.resume_all()

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
        runner = self._manager.runner(session_id)
        if runner.failed:
            raise UserMistake(f"{runner.settings.name} has failed: {runner.note} Nothing was sent.")
        await runner.ask(command)

    # kill switch -----------------------------------------------------------------------------------------------
    async def engage_kill(self, *, flatten: bool = False) -> None:
        """Latch the switch, then block, cancel and (if asked) flatten in every session.

        Raises:
            EnvironmentFault: some session could not be reached; the latch holds all the same.
        """
        await self._kill.engage()
        problems = await self._manager.kill(flatten=flatten, reason="kill switch")
        if problems:
            raise EnvironmentFault(
                "The kill switch is engaged and nothing new will be sent, but not every session could be cleared: "
                + "; ".join(problems)
            )

    async def release_kill(self) -> None:
        """Release the switch; the caller has had the word typed."""
        problems = await self._manager.release_kill()
        if problems:
            raise EnvironmentFault("The kill switch stays engaged: " + "; ".join(problems))
        await self._kill.release()

    def _refuse_when_killed(self) -> None:
        if self._kill.engaged:
            raise UserMistake(KILL_REFUSAL)

    def running(self) -> int:
        """Return how many sessions run or are paused."""
        states = (SessionState.RUNNING, SessionState.PAUSED, SessionState.RECOVERING)
        return sum(not item.failed and item.unit.core.status in states for item in self._all())
