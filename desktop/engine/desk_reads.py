"""The reading half of the desk: everything from memory, at once."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from desktop.domain.errors import NotFound
from desktop.engine.cards import estimate, signal_card
from desktop.engine.charts import ChartMaker, equity_view
from desktop.engine.core_reads import pending_signals
from desktop.engine.portfolio import portfolios
from desktop.engine.rows import order_row, position_row, session_row, signal_row, trade_row, trigger_row
from desktop.engine.views import SessionBars, Table
from desktop.engine.watch import watch_row, watch_rows
from desktop.engine.why import why
from desktop.rules.columns import Columns

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from decimal import Decimal

    from desktop.domain.commands import PlaceOrder
    from desktop.engine.api import TicketEstimate
    from desktop.engine.feed_shelf import FeedShelf
    from desktop.engine.live.accounts import Accounts
    from desktop.engine.manager import SessionManager
    from desktop.engine.runner import SessionRunner
    from desktop.engine.views import (
        AccountView,
        ChartView,
        EquityView,
        OrderRow,
        PortfolioView,
        PositionRow,
        SessionRow,
        SignalCard,
        SignalRow,
        TradeRow,
        TriggerRow,
        WatchRow,
        Why,
    )


class DeskReads:
    """Rows, cards, charts and totals made on demand from the sessions' units and books."""

    def __init__(self, manager: SessionManager, shelf: FeedShelf, accounts: Accounts) -> None:
        self._manager, self._shelf, self._accounts = manager, shelf, accounts
        self._charts = ChartMaker()
        self._makers: dict[str, Callable[[str], Any | None]] = {
            Table.SESSIONS: self.session,
            Table.SIGNALS: self.signal,
            Table.HISTORY: self._history_row,
            Table.POSITIONS: self._position_row,
            Table.TRADES: self._trade_row,
            Table.ORDERS: self._order_row,
            Table.TRIGGERS: self._trigger_row,
            Table.WATCH: lambda found: watch_row(shelf, found),
            Table.ACCOUNTS: accounts.view,
        }

    def _all(self) -> Sequence[SessionRunner]:
        return tuple(self._manager.runners().values())

    def sessions(self) -> Sequence[SessionRow]:
        return tuple(session_row(runner) for runner in self._all())

    def session(self, session_id: str) -> SessionRow | None:
        runner = self._manager.runners().get(session_id)
        return session_row(runner) if runner else None

    def signals(self) -> Sequence[SignalCard]:
        """Pending signals, newest first."""
        cards = [
            signal_card(runner, signal, runner.market.now())
            for runner in self._all()
            if not runner.failed
            for signal in pending_signals(runner.unit.core)
        ]
        return tuple(sorted(cards, key=lambda card: card.signal.created_at, reverse=True))

    def signal(self, signal_id: str, *, quantity: Decimal | None = None) -> SignalCard | None:
        """Return a pending signal's card; None when it is no longer pending."""
        found = self.find_signal(signal_id)
        if found is None:
            return None
        runner = found
        for signal in pending_signals(runner.unit.core):
            if signal.signal_id == signal_id:
                return signal_card(runner, signal, runner.market.now(), quantity)
        return None

    def find_signal(self, signal_id: str) -> SessionRunner | None:
        """Return the session a signal belongs to."""
        for runner in self._all():
            if signal_id in runner.book.signals or any(
                item.signal_id == signal_id for item in pending_signals(runner.unit.core)
            ):
                return runner
        return None

    def history(self) -> Sequence[SignalRow]:
        return tuple(signal_row(runner, item) for runner in self._all() for item in runner.book.signals.values())

    def positions(self) -> Sequence[PositionRow]:
        return tuple(
            position_row(runner, item) for runner in self._all() for item in runner.unit.core.positions.values()
        )

    def trades(self) -> Sequence[TradeRow]:
        return tuple(trade_row(runner, item) for runner in self._all() for item in runner.book.trades)

    def orders(self) -> Sequence[OrderRow]:
        return tuple(order_row(runner, item) for runner in self._all() for item in runner.book.orders.values())

    def triggers(self) -> Sequence[TriggerRow]:
        return tuple(trigger_row(runner, item) for runner in self._all() for item in runner.book.triggers.values())

    def watch(self) -> Sequence[WatchRow]:
        return watch_rows(self._shelf)

    def accounts(self) -> Sequence[AccountView]:
        return self._accounts.views()

    def row(self, table: str, key: str) -> Any | None:
        """Return one row of a `Table` by its key; None when it is gone."""
        return self._makers[table](key)

    def _history_row(self, key: str) -> SignalRow | None:
        for runner in self._all():
            if key in runner.book.signals:
                return signal_row(runner, runner.book.signals[key])
        return None

    def _position_row(self, key: str) -> PositionRow | None:
        session_id, _, symbol = key.partition("/")
        runner = self._manager.runners().get(session_id)
        position = runner.unit.core.positions.get(symbol) if runner else None
        return position_row(runner, position) if runner and position else None

    def _trade_row(self, key: str) -> TradeRow | None:
        for runner in self._all():
            for trade in reversed(runner.book.trades):
                if trade.trade_id == key:
                    return trade_row(runner, trade)
        return None

    def _order_row(self, key: str) -> OrderRow | None:
        for runner in self._all():
            if key in runner.book.orders:
                return order_row(runner, runner.book.orders[key])
        return None

    def _trigger_row(self, key: str) -> TriggerRow | None:
        for runner in self._all():
            if key in runner.book.triggers:
                current = runner.unit.core.triggers.get(key, runner.book.triggers[key])
                return trigger_row(runner, current)
        return None

    def portfolio(self) -> Sequence[PortfolioView]:
        return portfolios(self._all())

    def equity(self, session_id: str) -> EquityView | None:
        runner = self._manager.runners().get(session_id)
        return equity_view(runner) if runner else None

    def chart(self, session_id: str, symbol: str) -> ChartView | None:
        runner = self._manager.runners().get(session_id)
        return self._charts.chart(runner, symbol) if runner and symbol in runner.symbols else None

    def bars(self, session_id: str, symbol: str) -> SessionBars | None:
        runner = self._manager.runners().get(session_id)
        if runner is None or symbol not in runner.symbols:
            return None
        held = runner.market.bars(symbol)  # views of a series that goes on
        copied = Columns(*(column.copy() for column in (getattr(held, name) for name in Columns.__slots__)))
        return SessionBars(runner.settings.instrument(symbol), runner.timeframe, copied, runner.market.zone(symbol))

    def why(self, session_id: str, symbol: str) -> Why:
        runner = self._manager.runner(session_id)
        if symbol not in runner.symbols:
            raise NotFound("symbol", symbol, f"{runner.settings.name} trades {', '.join(sorted(runner.symbols))}.")
        return why(runner, symbol)

    def estimate(self, session_id: str, order: PlaceOrder) -> TicketEstimate:
        runner = self._manager.runner(session_id)
        if order.symbol not in runner.symbols:
            raise NotFound(
                "symbol", order.symbol, f"{runner.settings.name} trades {', '.join(sorted(runner.symbols))}."
            )
        return estimate(runner, order)
