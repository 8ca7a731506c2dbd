"""The status bar: feed, broker, loop, storage, market, and how late the loop runs."""

from __future__ import annotations

from collections import deque
from pathlib import PurePath
from typing import TYPE_CHECKING

from desktop.domain.broker import LinkState
from desktop.domain.market import DAY, HOUR, MINUTE, SECOND
from desktop.domain.market import FeedOrigin as Origin
from desktop.domain.sessions import SessionState
from desktop.engine.drafts import REPLAY
from desktop.engine.views import AccountView, Health, Lamp, StatusView

if TYPE_CHECKING:
    from collections.abc import Sequence

    from desktop.engine.feed_rig import FeedRig
    from desktop.engine.feed_shelf import FeedShelf
    from desktop.engine.kill_switch import KillSwitch
    from desktop.engine.runner import SessionRunner
    from desktop.ports import Clock, Store

LATE = 0.25  # seconds: a stall that is worth a stack dump (fault 33)
TOO_LATE = 2.0  # seconds: entries pause
SILENT_AFTER = 5 * SECOND
_LONGEST = 18  # letters of a recording's name


class LagMeter:
    """How late the loop's own heart-beat comes."""

    def __init__(self, kept: int = 400) -> None:
        self._lags: deque[float] = deque(maxlen=kept)

    def add(self, seconds: float) -> None:
        """Take one measurement; early counts as on time."""
        self._lags.append(max(0.0, seconds))

    @property
    def p99(self) -> float:
        """99th percentile of the last measurements, in seconds."""
        return sorted(self._lags)[int(len(self._lags) * 0.99) - 1] if len(self._lags) > 1 else 0.0

    @property
    def last(self) -> float:
        """The last measurement in seconds."""
        return self._lags[-1] if self._lags else 0.0


def status_view(
    runners: Sequence[SessionRunner],
    shelf: FeedShelf,
    store: Store,
    clock: Clock,
    kill: KillSwitch,
    lag: LagMeter,
    notice: str,
    accounts: Sequence[AccountView] = (),
) -> StatusView:
    """Return the status bar of this moment; `notice` is what the engine wants on the banner."""
    now = clock.now()
    banner = ""
    if not store.health.ok:
        banner = store.health.sentence
    else:
        banner = " ".join(part for part in (notice, stranded(runners), priceless(runners, shelf)) if part)
    feeds, links = _feed_lamps(shelf), tuple(_account_lamp(view) for view in accounts)
    return StatusView(
        feed=_all_feeds(feeds),
        broker=_broker_lamp(accounts, stranded(runners)),
        loop=_loop_lamp(lag),
        storage=Lamp(
            "Storage",
            Health.OK if store.health.ok else Health.BAD,
            "ok" if store.health.ok else store.health.state,
            store.health.sentence or "Every step is on disk before it counts.",
        ),
        market=_market_lamp(runners),
        now=now,
        badge=_badge(runners),
        kill=kill.engaged,
        banner=banner,
        feeds=feeds,
        links=links,
    )


def stranded(runners: Sequence[SessionRunner]) -> str:
    """Return which live sessions do not run although nobody stopped them, as a sentence; empty: none."""
    found = [item for item in runners if item.failed and item.settings.is_live]
    if not found:
        return ""
    first = found[0]
    more = f" (and {len(found) - 1} more)" if len(found) > 1 else ""
    return (
        f"{first.settings.name} does not trade on {first.settings.broker}/{first.settings.account}{more}: "
        f"what it holds there is not looked after. {first.note}"
    ).strip()


def priceless(runners: Sequence[SessionRunner], shelf: FeedShelf) -> str:
    """Return which markets give no prices while sessions need them, as sentences; empty: all do."""
    found = []
    for key, rig in shelf.rigs().items():
        old = not rig.last_burst_at or rig.now() - rig.last_burst_at > SILENT_AFTER  # a short break moves no window
        if not old or _feed_lamp(key, rig).health is not Health.BAD:
            continue
        names = [
            item.settings.name
            for item in runners
            if item.settings.feed == key and item.unit.core.status is not SessionState.STOPPED
        ]
        if not names:
            continue
        who = names[0] if len(names) == 1 else f"{names[0]} and {len(names) - 1} more"
        why = rig.state_detail.rstrip(".")
        found.append(
            f"NO PRICES from {_short(key)} ({why}): {who} cannot trade, and stops that Assay watches cannot fire until "
            "prices come back. What rests at a broker goes on working there."
        )
    return " ".join(found)


def _badge(runners: Sequence[SessionRunner]) -> str:
    running = [item for item in runners if item.unit.core.status is not SessionState.STOPPED]
    at_brokers = [item.settings.real_money for item in running if item.settings.is_live]
    if at_brokers:
        return "LIVE" if any(at_brokers) else "BROKER PAPER"
    origins = {item.settings.origin for item in running}
    return "DEMO" if origins <= {Origin.DEMO} else "PAPER"


_LINKS = {
    LinkState.CONNECTING: "is being connected",
    LinkState.RECONNECTING: "is not connected; it is tried again by itself",
    LinkState.REFUSED: "refuses the credentials",
    LinkState.OFF: "is closed",
}
_SLOW = "slow to answer"
_LOST = {LinkState.RECONNECTING: "lost", LinkState.REFUSED: "refused", LinkState.OFF: "closed"}


def _account_lamp(view: AccountView) -> Lamp:
    """Return how the connection to one account stands."""
    said = _LINKS.get(view.state, "is connected and reconciled" if view.ready else "is being reconciled")
    detail = f"{view.key} {said}." + (f" {view.detail}" if view.detail else "")
    if view.state in _LOST:
        return Lamp(view.key, Health.BAD, _LOST[view.state], detail)
    if view.slow:
        return Lamp(view.key, Health.WAITING, _SLOW, detail)
    if view.ready:
        return Lamp(view.key, Health.OK, "connected", detail)
    text = "reconciling" if view.state is LinkState.CONNECTED else "connecting"
    return Lamp(view.key, Health.WAITING, text, detail)


def _broker_lamp(accounts: Sequence[AccountView], unserved: str = "") -> Lamp:
    """Return the worst of the accounts' links; paper sessions never wait for one.

    `unserved`: which live sessions do not run at all.
    """
    if unserved:
        return Lamp("Broker", Health.BAD, "not served", unserved)
    if not accounts:
        return Lamp("Broker", Health.OK, "simulated", "Orders of paper sessions go to the simulated broker.")
    lamps = [_account_lamp(view) for view in accounts]
    health = min((lamp.health for lamp in lamps), key=lambda found: _GRAVITY[found])
    ready = sum(lamp.health is Health.OK for lamp in lamps)
    text = {Health.BAD: "lost", Health.WAITING: "connecting", Health.OK: "connected"}[health]
    waiting = {lamp.text for lamp in lamps if lamp.health is Health.WAITING}
    if health is Health.WAITING and waiting == {_SLOW}:
        text = _SLOW
    many = f" ({ready} of {len(lamps)})" if len(lamps) > 1 else ""
    return Lamp("Broker", health, text + many, " ".join(lamp.detail for lamp in lamps))


def _feed_lamps(shelf: FeedShelf) -> tuple[Lamp, ...]:
    """Return each feed as it is now: one that stands still is not hidden by another that runs."""
    return tuple(_feed_lamp(key, rig) for key, rig in shelf.rigs().items())


def _feed_lamp(key: str, rig: FeedRig) -> Lamp:
    name = f"Feed {_short(key)}"
    if rig.state in {"reconnecting", "silent"}:
        return Lamp(name, Health.BAD, "no prices", f"{key}: {rig.state_detail}")
    if rig.state == "ended" and key.startswith(REPLAY):
        return Lamp(name, Health.WAITING, "ended", f"{key}: the recording is over.")
    if rig.state == "ended":  # a market has no end: its stream was given up
        return Lamp(name, Health.BAD, "no prices", f"{key}: {rig.state_detail}")
    if not rig.last_burst_at:
        return Lamp(name, Health.WAITING, "starting", f"{key}: waiting for the first price.")
    age = max(0, rig.now() - rig.last_burst_at)
    if age > SILENT_AFTER:
        return Lamp(name, Health.WAITING, f"{age // SECOND} s old", f"{key}: no price for {age // SECOND} seconds.")
    return Lamp(name, Health.OK, f"{age // 1000} ms", f"{key}: the last price came {age // 1000} ms ago.")


def _short(key: str) -> str:
    """Return a feed's key as it fits into the status bar: a recording by its file."""
    if not key.startswith(REPLAY):
        return key.removeprefix("ccxt:")
    name = PurePath(key.removeprefix(REPLAY)).name
    return name if len(name) <= _LONGEST else f"{name[: _LONGEST - 1]}…"


_GRAVITY = {Health.BAD: 0, Health.WAITING: 1, Health.OK: 2}


def _all_feeds(lamps: Sequence[Lamp]) -> Lamp:
    """Return the worst of the feeds; recordings that are over count only where there is nothing else."""
    if not lamps:
        return Lamp("Feed", Health.WAITING, "none", "No session asks for prices.")
    counted = [lamp for lamp in lamps if lamp.text != "ended"] or list(lamps)
    worst = min(counted, key=lambda lamp: _GRAVITY[lamp.health])
    alike = " ".join(lamp.detail for lamp in counted if lamp.health is worst.health)
    return Lamp("Feed", worst.health, worst.text, alike)


def _loop_lamp(lag: LagMeter) -> Lamp:
    p99 = lag.p99
    health = Health.OK if p99 < LATE else Health.WAITING if p99 < TOO_LATE else Health.BAD
    return Lamp(
        "Loop", health, f"{p99 * 1000:.0f} ms", f"99 of 100 steps of the program start within {p99 * 1000:.1f} ms."
    )


def _market_lamp(runners: Sequence[SessionRunner]) -> Lamp:
    for runner in runners:
        now = runner.market.now()
        for hours in runner.market.hours():
            if hours.name == "always":
                continue
            is_open = hours.is_open(now)
            change = hours.next_change(now)
            left = f", {'closes' if is_open else 'opens'} in {span(change - now)}" if change else ""
            text = f"{hours.name} {'open' if is_open else 'closed'}{left}"
            return Lamp("Market", Health.OK if is_open else Health.WAITING, text, text)
    return Lamp("Market", Health.OK, "always open", "The instruments of the sessions trade around the clock.")


def span(microseconds: int) -> str:
    """Return a duration as 2:14 (hours and minutes) or 3 d 2:14."""
    days, rest = divmod(microseconds, DAY)
    text = f"{rest // HOUR}:{rest % HOUR // MINUTE:02d}"
    return f"{days} d {text}" if days else text
