"""What one session sees of its feed: its bars since the origin, the forming ones, the benchmark, the exchange's day."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from desktop.rules.columns import Columns

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence

    from desktop.domain.market import Bar
    from desktop.domain.sessions import SessionSettings
    from desktop.engine.feed_rig import FeedRig
    from desktop.ports import TradingHours
    from desktop.rules.compile import Rule
    from desktop.rules.stream import StreamEvaluator

NO_BARS = Columns.of(())


class SessionMarket:
    """A view of the hub for one session."""

    def __init__(
        self,
        settings: SessionSettings,
        rig: FeedRig,
        hours: Mapping[str, TradingHours],
        evaluators: Mapping[str, StreamEvaluator],
    ) -> None:
        self._settings, self._rig, self._hours, self._evaluators = settings, rig, hours, evaluators
        self._timeframe = settings.strategy.timeframe

    @property
    def rig(self) -> FeedRig:
        """The feed it lives on."""
        return self._rig

    def now(self) -> int:
        """Return message time, µs UTC."""
        return self._rig.now()

    def bars(self, symbol: str) -> Columns:
        """Return the closed bars at hand, oldest first."""
        series = self._rig.hub.series(symbol, self._timeframe)
        return series.columns() if series is not None else NO_BARS

    def seen(self, symbol: str) -> int:
        """Return how many closed bars since the origin the rules have seen."""
        return self._evaluators[symbol].bars

    def bars_after(self, symbol: str, start: int) -> list[Bar]:
        """Return the closed bars at hand that begin after `start` (µs UTC), oldest first."""
        series = self._rig.hub.series(symbol, self._timeframe)
        return [] if series is None else [bar for bar in series.bars() if bar.start > start]

    def of_these(self, symbol: str, inserted: Mapping[int, Sequence[Bar]]) -> Sequence[Bar]:
        """Return which bars that were put in by `Hub.insert` its rules had missed."""
        return inserted.get(id(self._evaluators[symbol]), ())

    def leave(self, rules: Iterable[Rule]) -> None:
        """Undo the following of its symbols: rules nobody else uses are computed no longer."""
        for symbol, evaluator in self._evaluators.items():
            for rule in rules:
                evaluator.remove(rule)
            self._rig.hub.unwatch(symbol, self._timeframe)

    def forming(self, symbol: str) -> Bar | None:
        """Return the bar that is not closed yet."""
        return self._rig.hub.forming(symbol, self._timeframe)

    def benchmark_price(self) -> float:
        """Return the benchmark's last price at `now`; 0 where it is not known."""
        return self._rig.last_price(self._settings.benchmark) if self._settings.benchmark else 0.0

    def hours(self) -> Collection[TradingHours]:
        """Return the trading hours of its symbols."""
        return self._hours.values()

    def zone(self, symbol: str) -> str:
        """Return the exchange's zone."""
        return self._hours[symbol].zone

    def day(self, at: int) -> int:
        """Return the trading day of the session's first symbol."""
        return self._hours[self._settings.instruments[0].symbol].trading_day(at)

    def feed_position(self) -> Mapping[str, Any]:
        """Return where the feed stands."""
        return self._rig.feed.position()
