"""Live trading in the user's words: connections, what waits for a decision, which sessions are not armed."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from decimal import Decimal

from PySide6.QtCore import QCoreApplication

from desktop.domain.broker import LinkState
from desktop.domain.sessions import SessionSettings, SessionState
from desktop.engine.api import Desk
from desktop.engine.views import AccountView, SessionRow
from desktop.ui import formats, words

ALIVE = (SessionState.RUNNING, SessionState.PAUSED, SessionState.RECOVERING)
_LOST = (LinkState.RECONNECTING, LinkState.REFUSED, LinkState.OFF)


def _tr(text: str) -> str:
    return QCoreApplication.translate("LiveWords", text)


def is_live(settings: SessionSettings) -> bool:
    """Return whether a session's orders go to a broker."""
    return settings.is_live


def stake_of(settings: Iterable[SessionSettings]) -> str:
    """Return the badge of live sessions together, the most serious of theirs; "" where there is none."""
    found = [item.real_money for item in settings if item.is_live]
    return words.stake(real_money=any(found)) if found else ""


def account_key(settings: SessionSettings) -> str:
    """Return the key of the account a session's orders go to."""
    return f"{settings.broker}/{settings.account}"


def account_of(desk: Desk, settings: SessionSettings) -> AccountView | None:
    """Return the account of a live session; None on paper, or where it was not opened in this launch."""
    return next((item for item in desk.accounts() if item.key == account_key(settings)), None)


def live_rows(desk: Desk) -> list[SessionRow]:
    """Return the live sessions that run, are paused or recover."""
    return [row for row in desk.sessions() if row.state in ALIVE and is_live(row.settings)]


def rows_on(desk: Desk, accounts: Iterable[AccountView]) -> list[SessionRow]:
    """Return the live sessions of open accounts; asks for their rows only, as it is done with every status."""
    found = (desk.session(session_id) for view in accounts for session_id in view.sessions)
    return [row for row in found if row is not None and row.state in ALIVE]


def where_to(desk: Desk, settings: SessionSettings) -> str:
    """Return where an order of a live session goes, as a sentence."""
    account = account_of(desk, settings)
    real = account is None or account.real_money
    text = (
        _tr("This order goes to %1: real money.")
        if real
        else _tr("This order goes to the broker's paper account %1: no money moves, all else is as live.")
    )
    return text.replace("%1", account_key(settings))


def is_lost(view: AccountView) -> bool:
    """Return whether nothing can be sent to an account now and it does not only begin."""
    return view.state in _LOST


def day_change(view: AccountView) -> Decimal | None:
    """Return the P&L since the last close at the instant the equity was read; None: the broker does not say."""
    info = view.info
    return None if info is None or info.day_start_equity is None else info.equity - info.day_start_equity


def day_words(view: AccountView) -> str:
    """Return what the day's P&L says, and what it is by now."""
    if view.info is None:
        return ""
    text = _tr("By the broker's word at %1, as the equity.").replace("%1", formats.clock(view.info.at))
    if view.day_change is None or view.day_change == day_change(view):
        return text
    since = _tr("With what the sessions did since: %1.")
    return f"{text} {since.replace('%1', formats.money(view.day_change, view.info.currency, signed=True))}"


def out_of_reach(desk: Desk, settings: SessionSettings) -> str:
    """Return what a lost connection means for a live session, as a sentence; empty: its broker can be reached."""
    view = account_of(desk, settings) if settings.is_live else None
    if view is None or not is_lost(view):
        return ""
    return _tr(
        "Its broker is out of reach: no entries; exits and stops that Assay watches wait, what rests there works on."
    )


def link_word(view: AccountView) -> str:
    """Return how the connection stands, in a word."""
    if view.state is LinkState.CONNECTED:
        return _tr("Connected") if view.ready else _tr("Reconciling")
    return {
        LinkState.OFF: _tr("Closed"),
        LinkState.CONNECTING: _tr("Connecting"),
        LinkState.RECONNECTING: _tr("Lost"),
        LinkState.REFUSED: _tr("Refused"),
    }[view.state]


def link_tone(view: AccountView) -> str:
    """Return the token of a connection's state."""
    return "bad" if is_lost(view) else "good" if view.ready else "warning"


def link_sentence(view: AccountView) -> str:
    """Return how the connection stands and what still works."""
    sentence = {
        LinkState.OFF: _tr("%1 is closed: nothing is sent."),
        LinkState.CONNECTING: _tr("%1 is being connected. Nothing is sent before it was reconciled."),
        LinkState.RECONNECTING: _tr(
            "No connection to %1; it is tried again by itself. No entries. Stops and exits that Assay watches wait for "
            "it; orders that rest at the broker work on. Cancels and the kill switch reach it as soon as it is back."
        ),
        LinkState.REFUSED: _tr(
            "%1 refuses the credentials. Its sessions are paused; positions and orders stay at the broker as they are. "
            "Replace the key under Live > Broker accounts, or press Test there once the broker accepts it again."
        ),
    }.get(view.state, "")
    if view.state is LinkState.CONNECTED:
        sentence = (
            _tr("%1 is connected and reconciled.")
            if view.ready
            else _tr("%1 is connected and being reconciled: orders leave once that is done.")
        )
    detail = view.detail.strip()
    return " ".join(part for part in (sentence.replace("%1", view.key), detail[:1].upper() + detail[1:]) if part)


@dataclass(frozen=True, slots=True)
class Notice:
    """What needs the user's attention; `account` or `session_id` is what its button leads to."""

    text: str = ""
    account: str = ""
    session_id: str = ""
    grave: bool = False


def trouble(accounts: Iterable[AccountView]) -> Notice:
    """Return the gravest of what stands between the live sessions and their brokers."""
    found = []
    for view in accounts:
        if not view.sessions:
            continue
        if is_lost(view):
            found.append((0, Notice(link_sentence(view), view.key, grave=True)))
        if view.foreign:
            text = _tr("Another Assay trades on %1: its sessions here are paused. One account, one Assay.")
            found.append((1, Notice(text.replace("%1", view.key), view.key)))
        if view.unknown:
            symbols = ", ".join(sorted({order.symbol for order in view.unknown}))
            text = _tr("Nobody knows yet what became of an order in %1 on %2. It is asked for; its money stays bound.")
            found.append((2, Notice(text.replace("%1", symbols).replace("%2", view.key), view.key)))
        odd = ", ".join(item.symbol for item in view.holdings if item.difference)
        if odd:
            text = _tr("%1 on %2: broker and sessions differ. No entries there, exits wait until you decide.")
            found.append((3, Notice(text.replace("%1", odd).replace("%2", view.key), view.key)))
    if not found:
        return Notice()
    found.sort(key=lambda item: item[0])
    gravest, more = found[0][1], len(found) - 1
    if not more:
        return gravest
    return replace(gravest, text=f"{gravest.text} {_tr('(and %1 more)').replace('%1', str(more))}")


def disarmed(rows: Iterable[SessionRow]) -> Notice:
    """Return which live sessions are not armed: each launch begins so (L7)."""
    waiting = [row for row in rows if not row.armed]
    if not waiting:
        return Notice()
    names = ", ".join(f"{row.settings.name} ({account_key(row.settings)})" for row in waiting)
    text = _tr("Not armed: %1. Closes and protects what it holds, and buys nothing until you arm it in this launch.")
    return Notice(text.replace("%1", names), session_id=waiting[0].session_id)
