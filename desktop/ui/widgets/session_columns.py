"""What the table of sessions shows: mode, state, result and a small curve; and whether a live one is armed."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication

from desktop.domain.sessions import SessionState
from desktop.engine.views import SessionRow
from desktop.ui import formats, live_words, words
from desktop.ui.widgets.columns import Column, Kind
from desktop.ui.widgets.mode_column import mode_column


def _tr(text: str) -> str:
    return QCoreApplication.translate("Sessions", text)


def armable(row: SessionRow) -> bool:
    """Return whether a session is live and can be armed or disarmed."""
    return live_words.is_live(row.settings) and row.state in live_words.ALIVE


def stake(row: SessionRow) -> str:
    """Return where a live session's orders go and whether it may buy; empty on paper."""
    if not live_words.is_live(row.settings):
        return ""
    text = f"{words.badge(row.settings)} {_tr('on %1').replace('%1', live_words.account_key(row.settings))}"
    if row.state not in live_words.ALIVE:
        return text
    return f"{text}, {_tr('armed') if row.armed else _tr('not armed: it buys nothing')}"


def state(row: SessionRow) -> str:
    """Return the state; of a live session that runs, whether it may buy."""
    if live_words.is_live(row.settings) and row.state is SessionState.RUNNING and not row.kill:
        return _tr("Armed") if row.armed else _tr("Disarmed")
    return words.session_state(row.state, kill=row.kill)


def state_tone(row: SessionRow) -> str:
    """Return the token of what `state` says."""
    if live_words.is_live(row.settings) and row.state is SessionState.RUNNING and not row.kill:
        return "good" if row.armed else "warning"
    return words.session_tone(row.state, kill=row.kill)


def session_columns() -> list[Column[SessionRow]]:
    """Return the columns of the sessions."""
    return [
        Column(
            "name",
            _tr("Session"),
            lambda row: row.settings.name,
            width=84,
            tip=lambda row: row.note or row.settings.name,
        ),
        mode_column(_tr("Mode"), lambda row: row.settings),
        Column(
            "state",
            _tr("State"),
            state,
            kind=Kind.TONED,
            width=74,
            tone=state_tone,
            tip=lambda row: " · ".join(text for text in (stake(row), row.note) if text),
        ),
        Column(
            "pnl",
            _tr("P&L"),
            lambda row: row.pnl,
            lambda row: formats.money(row.pnl, row.settings.currency, signed=True),
            Kind.SIGNED,
            70,
        ),
        Column("curve", _tr("Curve"), lambda row: row.sparkline, lambda _: "", Kind.SPARK, 42),
        Column(
            "return",
            _tr("Return"),
            lambda row: row.total_return,
            lambda row: formats.percent(row.total_return),
            Kind.SIGNED,
            72,
            hidden=True,
        ),
        Column(
            "today",
            _tr("Today"),
            lambda row: row.pnl_today,
            lambda row: formats.money(row.pnl_today, row.settings.currency, signed=True),
            Kind.SIGNED,
            84,
            hidden=True,
        ),
        Column(
            "equity",
            _tr("Equity"),
            lambda row: row.equity,
            lambda row: formats.money(row.equity, row.settings.currency),
            Kind.NUMBER,
            96,
            hidden=True,
        ),
        Column("currency", _tr("Currency"), lambda row: row.settings.currency, width=64, hidden=True),
        Column(
            "decides",
            _tr("Decides"),
            lambda row: words.mode(row.settings.mode),
            width=76,
            hidden=True,
            tip=lambda row: words.mode_words(row.settings.mode),
        ),
        Column("positions", _tr("Positions"), lambda row: row.positions, None, Kind.NUMBER, 66, hidden=True),
        Column("signals", _tr("Signals"), lambda row: row.pending_signals, None, Kind.NUMBER, 62, hidden=True),
        Column("trades", _tr("Trades"), lambda row: row.trades, None, Kind.NUMBER, 62, hidden=True),
        Column(
            "drawdown",
            _tr("Max drawdown"),
            lambda row: row.max_drawdown,
            lambda row: formats.percent(row.max_drawdown),
            Kind.SIGNED,
            90,
            hidden=True,
        ),
        Column(
            "sharpe",
            _tr("Sharpe"),
            lambda row: row.sharpe,
            lambda row: formats.ratio(row.sharpe),
            Kind.NUMBER,
            62,
            hidden=True,
        ),
        Column(
            "win",
            _tr("Win rate"),
            lambda row: row.win_rate,
            lambda row: formats.percent(row.win_rate, signed=False),
            Kind.NUMBER,
            70,
            hidden=True,
        ),
        Column(
            "factor",
            _tr("Profit factor"),
            lambda row: row.profit_factor,
            lambda row: formats.ratio(row.profit_factor),
            Kind.NUMBER,
            80,
            hidden=True,
        ),
        Column(
            "fees",
            _tr("Fees"),
            lambda row: row.fees,
            lambda row: formats.money(row.fees, row.settings.currency),
            Kind.NUMBER,
            78,
            hidden=True,
        ),
        Column("strategy", _tr("Strategy"), lambda row: row.settings.strategy.name, width=110, hidden=True),
        Column(
            "account",
            _tr("Account"),
            lambda row: live_words.account_key(row.settings) if live_words.is_live(row.settings) else "",
            width=110,
            hidden=True,
        ),
    ]
