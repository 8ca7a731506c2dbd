"""The status bar: feed, broker, loop, storage, market, and how late the loop runs."""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING

from desktop.domain.broker import LinkState
from desktop.domain.market import DAY, HOUR, MINUTE, SECOND
from desktop.domain.market import FeedOrigin as Origin
from desktop.domain.sessions import SessionState
from desktop.engine.views import AccountView, Health, Lamp, StatusView

if TYPE_CHECKING:
    from collections.abc import Sequence

    from desktop.engine.feed_shelf import FeedShelf
    from desktop.engine.kill_switch import KillSwitch
    from desktop.engine.runner import SessionRunner
    from desktop.ports import Clock, Store

LATE = 0.25  # seconds: a stall that is worth a stack dump (fault 33)
TOO_LATE = 2.0  # seconds: entries pause
SILENT_AFTER = 5 * SECOND


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
        banner = " ".join(part for part in (notice, stranded(runners)) if part)
    return StatusView(
        feed=_feed_lamp(shelf),
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


def _broker_lamp(accounts: Sequence[AccountView], unserved: str = "") -> Lamp:
    """Return the worst of the accounts' links; paper sessions never wait for one.

    `unserved`: which live sessions do not run at all.
    """
    if unserved:
        return Lamp("Broker", Health.BAD, "not served", unserved)
    if not accounts:
        return Lamp("Broker", Health.OK, "simulated", "Orders of paper sessions go to the simulated broker.")
    said = []
    for item in accounts:
        state = _LINKS.get(item.state, "is connected and reconciled" if item.ready else "is being reconciled")
        said.append(f"{item.key} {state}." + (f" {item.detail}" if item.detail else ""))
    ready = sum(item.ready for item in accounts)
    lost = any(item.state in {LinkState.RECONNECTING, LinkState.REFUSED, LinkState.OFF} for item in accounts)
    health = Health.BAD if lost else Health.OK if ready == len(accounts) else Health.WAITING
    text = {Health.BAD: "lost", Health.WAITING: "connecting", Health.OK: "connected"}[health]
    many = f" ({ready} of {len(accounts)})" if len(accounts) > 1 else ""
    return Lamp("Broker", health, text + many, " ".join(said))


def _feed_lamp(shelf: FeedShelf) -> Lamp:
    rigs = shelf.rigs()
    if not rigs:
        return Lamp("Feed", Health.WAITING, "none", "No session asks for prices.")
    problems = [f"{key}: {rig.state_detail}" for key, rig in rigs.items() if rig.state in {"reconnecting", "silent"}]
    if problems:
        return Lamp("Feed", Health.BAD, "no prices", ". ".join(problems))
    ages = [rig.now() - rig.last_burst_at for rig in rigs.values() if rig.last_burst_at]
    if not ages:
        return Lamp("Feed", Health.WAITING, "starting", "Waiting for the first price.")
    age = max(0, min(ages))
    names = ", ".join(rigs)
    ended = all(rig.state == "ended" for rig in rigs.values())
    if ended:
        return Lamp("Feed", Health.WAITING, "ended", f"{names}: the recording is over.")
    if age > SILENT_AFTER:
        return Lamp("Feed", Health.WAITING, f"{age // SECOND} s old", f"{names}: no price for {age // SECOND} seconds.")
    return Lamp("Feed", Health.OK, f"{age // 1000} ms", f"{names}: the last price came {age // 1000} ms ago.")


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
