"""The accounts that sessions trade on: opened once each, shared, and stored; what a user decides about them."""

from __future__ import annotations

import asyncio
from collections import Counter
from contextlib import suppress
from typing import TYPE_CHECKING

from desktop.domain.accounts import ARM_WORD, AccountLimits, AccountRecord, record_id
from desktop.domain.broker import AccountRef
from desktop.domain.broker_errors import CredentialsRefused
from desktop.domain.codec import from_json, to_json
from desktop.domain.commands import AdoptDifference, Arm, DeclareLost, Disarm, IgnoreDifference
from desktop.domain.errors import NotFound, ProgramBug, StorageFault, UserMistake
from desktop.domain.events import Warned
from desktop.engine.commits import durable
from desktop.engine.live.account_rows import account_view
from desktop.engine.live.link import AccountLink
from desktop.engine.live.live_side import LiveSide
from desktop.engine.live.room import AccountRoom
from desktop.engine.views import Table
from desktop.ports import Batch

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping, Sequence

    from desktop.domain.events import Fact
    from desktop.domain.sessions import SessionSettings
    from desktop.engine.changes import ChangeCollector
    from desktop.engine.runner import SessionRunner
    from desktop.engine.tasks import TaskSet
    from desktop.engine.views import AccountView
    from desktop.ports import Clock, Store
    from desktop.ports.brokers import Broker

_FAREWELL = 10.0  # seconds a connection may take to end


async def no_broker(ref: AccountRef) -> Broker:
    """Refuse every account: nothing was given that opens one (tests, paper only)."""
    raise NotFound("broker", ref.broker_id, "This program was started for paper trading only.")


class Accounts:
    """Links by account, and the half of each live session that talks to one. Implements `link.LinkHost`."""

    def __init__(
        self,
        open_broker: Callable[[AccountRef], Awaitable[Broker]],
        store: Store,
        clock: Clock,
        changes: ChangeCollector,
        tasks: TaskSet,
        *,
        publish: Callable[[Fact], None],
        killed: Callable[[], bool],
        on_error: Callable[[BaseException, str], None],
        reach: Callable[[str], None],
        pause: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        """`open_broker` makes the adapter of an account; `reach` is told the crash points that are passed."""
        self._open, self._store, self._changes, self._publish = open_broker, store, changes, publish
        self.clock, self.tasks = clock, tasks
        self._killed, self._on_error, self._reach, self._pause = killed, on_error, reach, pause
        self._links: dict[str, AccountLink] = {}
        self._tried: dict[str, asyncio.Event] = {}  # set once the first attempt to connect has ended
        self._asked: Counter[str] = Counter()  # how often each link was asked for
        self._opening = asyncio.Lock()
        self._armed: set[str] = set()  # sessions armed in this launch; never stored

    # surroundings of the links ---------------------------------------------------------------------------------
    def killed(self) -> bool:
        return self._killed()

    def reach(self, name: str) -> None:
        self._reach(name)

    def on_error(self, error: BaseException, where: str) -> None:
        self._on_error(error, where)

    async def pause(self, seconds: float) -> None:
        await self._pause(seconds)

    # links -----------------------------------------------------------------------------------------------------
    async def link(self, ref: AccountRef) -> AccountLink:
        """Return the link of an account; opened and started where it is not yet.

        Raises:
            BrokerNotFoundError: no such broker.
            KeyringFault: its credentials cannot be read.
        """
        async with self._opening:
            self._asked[ref.key] += 1
            known = self._links.get(ref.key)
            if known is not None:
                return known
            record = await asyncio.to_thread(self._stored, ref)
            broker = await self._open(ref)
            link = self._links[ref.key] = self._made(broker, record)
            tried = self._tried[ref.key] = asyncio.Event()
        self.tasks.run(_start(link, tried), f"connect {ref.key}")
        return link

    async def connected(self, ref: AccountRef, patience: float) -> AccountLink:
        """Return the link of an account once its first attempt to connect has ended, or after `patience` seconds.

        Raises:
            BrokerNotFoundError: no such broker.
            KeyringFault: its credentials cannot be read.
        """
        link = await self.link(ref)
        with suppress(TimeoutError):
            await asyncio.wait_for(self._tried[ref.key].wait(), patience)
        return link

    def release_soon(self, ref: AccountRef, after: float = 0.0) -> None:
        """Disconnect an account after so many seconds unless a session is on it by then."""
        if ref.key in self._links:
            self.tasks.run(self._release(self._links[ref.key], after), f"release {ref.key}")

    async def _release(self, link: AccountLink, after: float) -> None:
        ref = link.ref
        asked = self._asked[ref.key]
        if after:
            await self._pause(after)
        async with self._opening:
            wanted = any(True for _ in link.clients) or (after and asked != self._asked[ref.key])
            if wanted or self._links.get(ref.key) is not link or not self._tried[ref.key].is_set():
                return  # in use, or looked at again meanwhile, and released after that
            del self._links[ref.key], self._tried[ref.key]
        await link.stop()
        self._changes.removed(Table.ACCOUNTS, ref.key)
        self._changes.status()

    async def record(self, ref: AccountRef, fact: Fact) -> None:
        """Put a fact about an account on record; returns once it is durable (StorageFault: it cannot be)."""
        await durable(self._store, self._store.commit(Batch(record_id(ref), self.clock.now(), (fact,), sync_full=True)))
        self._publish(fact)

    def _made(self, broker: Broker, record: AccountRecord) -> AccountLink:
        ref = broker.ref
        room = AccountRoom(
            lambda: self._links[ref.key].cores() if ref.key in self._links else (),
            record.limits,
            lost_day=record.lost_day,
            on_loss=lambda sentence: self.note(ref, "daily loss", sentence),
        )
        link = AccountLink(
            broker,
            room,
            self,
            on_change=lambda: self._changed(ref),
            note=lambda topic, sentence: self.note(ref, topic, sentence),
            keep=lambda: self._keep(ref),
        )
        link.reconciler.ignored = dict(record.ignored)
        return link

    def _stored(self, ref: AccountRef) -> AccountRecord:
        state = self._store.account_state(record_id(ref))
        return from_json(AccountRecord, state) if state else AccountRecord()

    def _changed(self, ref: AccountRef) -> None:
        self._changes.changed(Table.ACCOUNTS, ref.key)
        self._changes.status()

    def note(self, ref: AccountRef, topic: str, sentence: str) -> None:
        """Put something about an account on record, with its state as it is now."""
        fact = Warned(record_id(ref), self.clock.now(), topic, sentence)
        self._keep(ref, (fact,))
        self._publish(fact)
        self._changed(ref)

    def _keep(self, ref: AccountRef, facts: Sequence[Fact] = ()) -> None:
        link = self._links.get(ref.key)
        if link is None:
            return
        found = link.reconciler
        record = AccountRecord(link.room.limits, dict(found.ignored), found.reconciled_at, link.room.lost_day)
        try:
            self._store.commit(
                Batch(record_id(ref), self.clock.now(), facts=facts, state=to_json(record), sync_full=True)
            )
        except StorageFault as error:
            self._on_error(error, ref.key)

    # sessions --------------------------------------------------------------------------------------------------
    @staticmethod
    def ref_of(settings: SessionSettings) -> AccountRef | None:
        """Return the account a session's orders go to; None on paper."""
        return AccountRef(settings.broker, settings.account) if settings.is_live else None

    async def room_for(self, settings: SessionSettings) -> AccountRoom | None:
        """Return the limits a session shares with the others of its account, its link being opened; None on paper."""
        ref = self.ref_of(settings)
        return None if ref is None else (await self.link(ref)).room

    def attach(self, runner: SessionRunner, *, absent: bool = False) -> None:
        """Give a live session its half that talks to the account; a paper session never gets one (invariant 10).

        One that is `absent` is only looked at, but what it holds counts; its account may be absent too.

        Raises:
            ProgramBug: it would fill its own orders, or its account was not opened.
        """
        ref = self.ref_of(runner.settings)
        if ref is None:
            return
        link = self._links.get(ref.key)
        if link is None and absent:
            return
        if link is None or runner.unit.venue is not None or runner.unit.core.outside is None:
            raise ProgramBug(f"{runner.settings.name} was to trade on {ref.key}, which is not open for it.")
        abilities = link.broker.abilities
        outside = runner.unit.core.outside
        outside.rests_stop, outside.rests_pair = abilities.resting_stop, abilities.resting_pair
        runner.live = LiveSide(runner, link, self._store, self._reach)
        link.attach(runner.live)

    def keep_armed(self, runner: SessionRunner) -> None:
        """Arm a session again that was rebuilt in this launch after it was armed."""
        if runner.live is not None and runner.session_id in self._armed:
            runner.live.stay_armed()

    def forget(self, runner: SessionRunner) -> None:
        """Let a deleted session go."""
        ref = self.ref_of(runner.settings)
        self._armed.discard(runner.session_id)
        if ref is not None and ref.key in self._links:
            self._links[ref.key].detach(runner.session_id)

    # the user --------------------------------------------------------------------------------------------------
    def links(self) -> Mapping[str, AccountLink]:
        """Return the open links by the account's key."""
        return self._links

    def opened(self, key: str) -> AccountLink:
        """Return an open link (NotFound: there is none)."""
        try:
            return self._links[key]
        except KeyError:
            raise NotFound("account", key, "No session is on it in this launch.") from None

    async def arm(self, runner: SessionRunner, typed: str) -> None:
        """Let a live session buy until the program ends.

        Raises:
            UserMistake: it trades on paper, or the word is not the one.
        """
        if runner.live is None:
            raise UserMistake(f"{runner.settings.name} trades on paper: there is nothing to arm.")
        if typed.strip() != ARM_WORD:
            raise UserMistake(f"Type {ARM_WORD} to arm {runner.settings.name}. It stays disarmed.")
        await runner.ask(Arm())
        self._armed.add(runner.session_id)

    async def disarm(self, runner: SessionRunner) -> None:
        """Let a live session buy no more."""
        self._armed.discard(runner.session_id)
        await runner.ask(Disarm())

    async def adopt(self, runner: SessionRunner, symbol: str) -> None:
        """Book a difference into a session; a split in every session that holds the symbol."""
        live = runner.live
        outside = runner.unit.core.outside
        if live is None or outside is None:
            raise UserMistake(f"{runner.settings.name} trades on paper: there is nothing to adopt.")
        link = self.opened(runner.settings.broker + "/" + runner.settings.account)
        found = outside.differences.get(symbol)
        await runner.ask(AdoptDifference(symbol))
        if found is not None and found.is_split:
            for client in link.clients:
                if client is not live and client.core.holdings.quantity(symbol):
                    await client.ask(AdoptDifference(symbol))
        link.reconcile_soon()

    async def ignore(self, key: str, symbol: str) -> None:
        """Leave what differs in a symbol out of every comparison from now on."""
        link = self.opened(key)
        left_out = link.reconciler.ignore(symbol)
        for client in link.clients:
            outside = client.core.outside
            if outside is not None and symbol in outside.differences:
                await client.ask(IgnoreDifference(symbol))
        self.note(link.ref, "difference", f"{symbol}: {left_out:f} at the broker are not Assay's, by the user's word.")

    async def declare_lost(self, runner: SessionRunner, order_id: str, typed: str) -> None:
        """Take an UNKNOWN order as never placed; typed and on record."""
        await runner.ask(DeclareLost(order_id, typed))

    async def reconnect(self, key: str) -> None:
        """Connect an account anew with the credentials that are kept now; sessions that were paused stay so.

        Raises:
            KeyringFault: they cannot be read.
        """
        link = self.opened(key)
        await link.renew(await self._open(link.ref))

    async def reconcile(self, key: str) -> None:
        """Compare an account with the broker now; one that was refused is connected anew first, with what is kept now.

        Raises:
            BrokerFault: it cannot be reached, or refuses the credentials still.
            KeyringFault: they cannot be read.
        """
        link = self.opened(key)
        if link.refused:
            await self.reconnect(key)
        if link.refused:
            raise CredentialsRefused(
                f"{key} was asked once more and refuses the credentials still. Nothing was compared. Replace the key "
                "under Live > Broker accounts."
            )
        await link.reconcile()

    def set_limits(self, key: str, limits: AccountLimits) -> None:
        """Change the limits of a whole account; on record."""
        link = self.opened(key)
        link.room.limits = limits
        self.note(link.ref, "limits", "The limits of the account were changed.")

    def reconcile_all(self) -> None:
        """Compare every account (after a gap in time)."""
        for link in self._links.values():
            link.reconcile_soon()

    def kill(self) -> None:
        """Let nothing leave any account, and cancel at the brokers what Assay has there."""
        for link in self._links.values():
            link.kill()

    async def close(self) -> None:
        """End every link; orders at the brokers are left as they are."""
        for link in tuple(self._links.values()):
            try:
                async with asyncio.timeout(_FAREWELL):
                    await link.stop()
            except Exception as error:  # noqa: BLE001 - whatever a broker does at the end, what was traded is stored
                self._on_error(error, link.ref.key)

    # views -----------------------------------------------------------------------------------------------------
    def view(self, key: str) -> AccountView | None:
        """Return an account as it is shown; None: it is not open."""
        link = self._links.get(key)
        return None if link is None else account_view(link)

    def views(self) -> tuple[AccountView, ...]:
        """Return every account that is open, as it is shown."""
        return tuple(account_view(link) for link in self._links.values())


async def _start(link: AccountLink, tried: asyncio.Event) -> None:
    try:
        await link.start()
    finally:
        tried.set()
