"""What the window reads: rows, cards, totals, charts and reasons, held to figures worked out by hand."""

from __future__ import annotations

import asyncio
from decimal import Decimal
from typing import Any

import numpy as np
import pytest

from desktop.domain.commands import PlaceOrder
from desktop.domain.errors import FieldError, NotFound
from desktop.domain.events import Warned
from desktop.domain.market import MINUTE
from desktop.domain.orders import OrderKind, Side
from desktop.domain.risk import RiskLimits
from desktop.domain.sessions import ExecutionMode, FillModelKind, FillSettings, StopChoice
from desktop.domain.strategies import Protection
from desktop.domain.triggers import TriggerKind
from desktop.engine.api import RuleCheck
from desktop.engine.book import ORDERS_KEPT, SessionBook
from desktop.engine.changes import ChangeCollector
from desktop.engine.demo import DEMO_NAME
from desktop.engine.headless import HeadlessTrader
from desktop.engine.rows import SPARK, sparkline
from desktop.engine.status import LagMeter, span
from desktop.engine.views import Health, Table
from tests.helpers.fake_clock import T0
from tests.helpers.trading_floor import Floor, strategy

D = Decimal
FIXED = FillSettings.of(FillModelKind.FIXED)  # 10 basis points of slippage, 0.1 % fee


async def bought(floor: Floor) -> str:
    """Return a session that bought 10 SPY: asked 100.00, filled at 100.10, fee 1.001."""
    session_id = await floor.session(mode=ExecutionMode.MANUAL, fills=FIXED, benchmark="QQQ")
    await floor.quote(50, symbol="QQQ")
    await floor.quote(99.9, 100)
    await floor.desk.place_order(session_id, PlaceOrder("SPY", Side.BUY, D(10), stop_loss=D(95)))
    await floor.quote(99.9, 100)
    return session_id


async def test_the_figures_of_a_position_are_those_of_its_fills_and_the_bid(any_floor: Floor) -> None:
    floor = any_floor
    session_id = await bought(floor)
    await floor.quote(102, 102.1)
    (row,) = floor.desk.positions()
    assert row.position.cost == D("1001.0")
    assert (row.price, row.value, row.pnl) == (D(102), D(1020), D(19))
    assert row.pnl_percent == D(19) * 100 / D(1001)
    assert (row.stop, row.target, row.key) == (D(95), None, f"{session_id}/SPY")
    session = floor.desk.session(session_id)
    assert session is not None
    assert session.cash == D("98997.999")
    assert session.equity == D("100017.999")
    assert (session.pnl, session.pnl_today, session.fees) == (D("17.999"), D("17.999"), D("1.001"))
    assert session.total_return == pytest.approx(0.00017999)
    assert (session.positions, session.trades, session.win_rate) == (1, 0, None)
    (total,) = floor.desk.portfolio()
    assert (total.value, total.cash, total.invested) == (D("100017.999"), D("98997.999"), D(1020))
    assert (total.unrealised, total.realised, total.fees) == (D(19), D(0), D("1.001"))
    assert total.pnl_today_percent == D("17.999") * 100 / 100_000
    assert [(item.label, item.value) for item in total.allocation] == [("SPY", D(1020)), ("Cash", D("98997.999"))]
    assert total.allocation[0].share == pytest.approx(1020 / 100_017.999)


async def test_the_figures_of_a_closed_trade_are_net_of_fees(any_floor: Floor) -> None:
    """Sold at the bid of 102 less ten basis points, rounded down to 101.89; fee 1.0189."""
    floor = any_floor
    session_id = await bought(floor)
    await floor.quote(102, 102.1)
    await floor.desk.close_position(session_id, "SPY")
    await floor.quote(102, 102.1)
    (row,) = floor.desk.trades()
    trade = row.trade
    assert (trade.entry_price, trade.exit_price, trade.quantity) == (D("100.1"), D("101.89"), D(10))
    assert trade.pnl == D("15.8801")
    assert trade.fees == D("2.0199")
    assert row.pnl_percent == D("15.8801") * 100 / 1001
    assert floor.desk.row(Table.TRADES, trade.trade_id) == row
    assert floor.desk.row(Table.TRADES, "nobody") is None
    session = floor.desk.session(session_id)
    assert session is not None
    assert (session.cash, session.trades, session.win_rate) == (D("100015.8801"), 1, 1.0)
    assert floor.desk.positions() == ()
    (total,) = floor.desk.portfolio()
    assert (total.realised, total.fees) == (D("17.9"), D("2.0199"))


async def test_totals_are_by_currency_the_largest_first_and_small_slices_are_one(floor: Floor) -> None:
    await floor.session(symbols=("HANBIT",), currency="KRW", cash=D(50_000_000))
    await floor.session(cash=D(10_000))
    assert [item.currency for item in floor.desk.portfolio()] == ["KRW", "USD"]
    from desktop.engine.portfolio import _allocation

    slices = _allocation({f"S{number}": D(number) for number in range(1, 11)}, D(45), D(100))
    assert [item.label for item in slices] == ["S10", "S9", "S8", "S7", "S6", "S5", "S4", "S3", "2 more", "Cash"]
    assert slices[-2].value == 3
    assert sum(item.share for item in slices) == pytest.approx(1)


async def test_a_card_shows_what_the_order_would_be_now_and_for_another_quantity(floor: Floor) -> None:
    limits = RiskLimits(
        max_position_size=D(25), max_allocation=D(50), max_positions=4, max_risk_per_trade=D(2), max_drift=D("0.5")
    )
    session_id, signal_id = await floor.pending(
        limits=limits, fills=FIXED, strategy=strategy(protection=Protection(stop_loss=D(2))), cash=D(10_000)
    )
    await floor.quote(99.1, 99.2)
    (card,) = floor.desk.signals()
    assert (card.bid, card.ask, card.quote_age_us) == (D("99.1"), D("99.2"), 0)
    assert card.drift_percent == D("0.2") * 100 / 99
    assert (card.position_after, card.exposure_after, card.exposure_percent) == (D(10), D(992), D("9.92"))
    assert (card.signal.estimated_cost, card.signal.estimated_fee) == (D(992), D("0.992"))
    assert card.signal.estimated_slippage == D("0.992")
    assert card.signal.stop == D("97.02")
    both_ways = D("0.992") * 2 + D("0.9702") * 2  # 0.1 % fee and 10 bp slippage, in at 99.2 and out at 97.02
    assert card.signal.loss_at_stop == D("21.8") + both_ways
    assert {item.name: (item.used, item.limit) for item in card.limits} == {
        "Position size": ("9.9 %", "25 %"),
        "Allocation": ("9.9 %", "50 %"),
        "Risk at stop": ("0.3 %", "2 %"),  # as the loss above it
        "Positions": ("1", "4"),
        "Cash": ("992", "10,000"),
    }
    assert card.lines == (("close = 99 < 100: true", "true"),)
    assert (card.cannot_approve, card.remaining_us, card.lifetime_us) == ("", 59_000_000, 60_000_000)
    larger = floor.desk.signal(signal_id, quantity=D(30))
    assert larger is not None
    assert larger.signal.estimated_cost == 2976
    assert "29.76 %" in larger.cannot_approve
    none = floor.desk.signal(signal_id, quantity=D(0))
    assert none is not None
    assert none.cannot_approve == "The quantity must be above zero."
    assert floor.desk.signal("nobody") is None
    (history,) = floor.desk.history()
    assert floor.desk.row(Table.HISTORY, signal_id) == history
    assert floor.desk.row(Table.HISTORY, "nobody") is None
    assert floor.desk.row(Table.SIGNALS, signal_id) == card
    assert floor.desk.row(Table.SESSIONS, session_id) == floor.desk.session(session_id)


async def test_orders_say_where_they_came_from(floor: Floor) -> None:
    session_id = await floor.holding(99, strategy=strategy(protection=Protection(stop_loss=D(5), take_profit=D(5))))
    await floor.desk.place_order(session_id, PlaceOrder("SPY", Side.BUY, D(1)))
    await floor.quote(99)
    await floor.desk.close_position(session_id, "SPY", D(1))
    await floor.quote(99)
    await floor.quote(104)
    await floor.quote(104)
    rows = [floor.desk.row(Table.ORDERS, order.order_id) for order in floor.orders(session_id)]
    assert [row.came_from for row in rows if row is not None] == ["entry rule", "by hand", "by hand", "take-profit"]
    await floor.bar(99)
    await floor.quote(99)
    await floor.desk.engage_kill(flatten=True)
    await floor.quote(99)
    assert floor.desk.orders()[-1].came_from == "flatten"
    assert floor.desk.row(Table.ORDERS, "nobody") is None
    assert floor.desk.row(Table.TRIGGERS, "nobody") is None
    assert floor.desk.row(Table.POSITIONS, "nobody/SPY") is None


async def test_a_trigger_shows_its_distance_while_it_is_active(floor: Floor) -> None:
    session_id = await floor.holding(100 - 1)
    await floor.desk.set_trigger(session_id, "SPY", TriggerKind.TRAILING_STOP, trail_percent=D(10))
    await floor.quote(110)
    (row,) = floor.desk.triggers()
    current = floor.desk.row(Table.TRIGGERS, row.trigger.trigger_id)
    assert current is not None
    assert current.trigger.level == 99
    assert current.distance_percent == -10
    await floor.desk.cancel_trigger(session_id, row.trigger.trigger_id)
    assert floor.desk.triggers()[0].distance_percent is None


async def test_a_chart_holds_bars_indicators_fills_levels_and_working_orders(floor: Floor) -> None:
    rules = strategy(entry="close < sma(3) and rsi(14) < 101", exit="close > sma(3) * 2 or rsi(14) > 100")
    session_id = await floor.session(strategy=rules, benchmark="QQQ")
    for price in (104, 103, 102):
        await floor.bar(price)
    await floor.quote(101)
    await floor.desk.place_order(session_id, PlaceOrder("SPY", Side.BUY, D(1), OrderKind.LIMIT, D(90)))
    await floor.desk.set_trigger(session_id, "SPY", TriggerKind.STOP_LOSS, level=D(95))
    chart = floor.desk.chart(session_id, "SPY")
    assert chart is not None
    assert list(chart.bars.close[-4:]) == [105, 104, 103, 102]
    assert len(chart.bars) == 423  # 30 times the smoothing length of rsi(14), and three
    assert chart.forming is not None
    assert (chart.forming.start, chart.forming.close) == (T0 + 3 * MINUTE, 101)
    lines = {line.name: line for line in chart.indicators}
    assert set(lines) == {"sma(3)", "rsi(14)"}
    assert lines["sma(3)"].values[-1] == 103
    assert lines["sma(3)"].overlay
    assert not lines["rsi(14)"].overlay
    assert sorted(lines["rsi(14)"].levels) == [100, 101]
    assert lines["rsi(14)"].values[-1] == 0
    (mark,) = chart.fills
    assert (mark.price, mark.side, mark.text) == (103.0, Side.BUY, "Bought 10 at 103.0")
    assert [item.level for item in chart.triggers] == [95]
    assert [item.limit_price for item in chart.working] == [90]
    assert chart.position is not None
    again = floor.desk.chart(session_id, "SPY")
    assert again is not None
    assert again.indicators is chart.indicators
    assert floor.desk.chart(session_id, "QQQ") is None
    assert floor.desk.chart("nobody", "SPY") is None


async def test_the_curve_has_its_benchmark_rebased_and_its_drawdown(floor: Floor) -> None:
    session_id = await floor.session(benchmark="QQQ", cash=D(1_000))
    await floor.quote(50, symbol="QQQ")
    for price in (99, 120, 90):
        await floor.quote(price, symbol="SPY")
        await floor.quote(price / 2, symbol="QQQ")
        await floor.bar(price)
    view = floor.desk.equity(session_id)
    assert view is not None
    assert view.equity[0] == 1_000
    assert np.all(np.diff(view.at) >= 0)
    assert view.drawdown.min() == pytest.approx(float(view.equity.min()) / float(view.equity.max()) - 1)
    known = view.benchmark[~np.isnan(view.benchmark)]
    assert known[0] == 1_000
    assert known[-1] == pytest.approx(1_000 * 45 / 50, rel=0.1)
    assert (view.benchmark_name, view.currency) == ("QQQ", "USD")
    assert floor.desk.equity("nobody") is None


async def test_equity_points_come_with_bars_and_every_five_seconds_while_something_is_held(floor: Floor) -> None:
    session_id = await floor.session(start=False)
    empty = floor.desk.equity(session_id)
    assert empty is not None
    assert len(empty.equity) == 0
    await floor.desk.start_session(session_id)
    await floor.bar(99)
    await floor.quote(99)
    before = len(floor.desk.equity(session_id).equity)  # type: ignore[union-attr] # it is there
    for _ in range(10):
        await floor.quote(99.5)
    assert len(floor.desk.equity(session_id).equity) - before == 2  # type: ignore[union-attr] # it is there


async def test_the_day_begins_with_the_equity_of_the_evening_before(floor: Floor) -> None:
    session_id = await floor.holding(99)
    await floor.quote(109, after=6)
    row = floor.desk.session(session_id)
    assert row is not None
    assert row.pnl_today == 100
    floor.clock.move(4 * 3600)
    await floor.bar(109)
    row = floor.desk.session(session_id)
    assert row is not None
    assert (row.pnl, row.pnl_today) == (D(100), D(0))


async def test_why_and_why_not_are_told_clause_by_clause_with_the_chain_of_events(floor: Floor) -> None:
    session_id = await floor.session(strategy=strategy(protection=Protection(stop_loss=D(5))))
    await floor.bar(101)
    why = floor.desk.why(session_id, "SPY")
    assert (why.question, why.rule) == ("Why is there no entry in SPY?", "close < 100")
    assert why.lines == (("close = 101 < 100: false", "false"),)
    await floor.bar(99)
    await floor.quote(99)
    await floor.quote(94)
    await floor.quote(94)
    chain = [text for _, text in floor.desk.why(session_id, "SPY").history]
    assert chain[0].startswith("Entry signal at 99.0 because close = 99 < 100: true")
    assert "Armed a stop loss at 94.05" in chain
    assert "Bought 10 at 99.0, slippage 0 a unit, fee 0" in chain
    assert any(text.startswith("The stop loss was triggered") for text in chain)
    assert any(text.startswith("Sold 10 at 94") for text in chain)
    await floor.bar(98)
    await floor.quote(98)
    assert floor.desk.why(session_id, "SPY").question == "Why is SPY still held?"
    with pytest.raises(NotFound, match="trades SPY"):
        floor.desk.why(session_id, "QQQ")


async def test_the_watchlist_has_every_symbol_of_the_feed_with_the_days_range(floor: Floor) -> None:
    rows = {row.instrument.symbol: row for row in floor.desk.watch()}
    assert set(rows) == {"SPY", "QQQ", "HANBIT"}
    assert (rows["SPY"].bid, rows["SPY"].stale, rows["SPY"].sparkline) == (None, True, ())
    await floor.session()
    for price in (100, 104, 98, 101):
        await floor.quote(price, price + 1)
    row = floor.desk.row(Table.WATCH, "simulator/SPY")
    assert row is not None
    assert (row.bid, row.ask, row.last) == (D(101), D(102), D("101.5"))
    assert (row.change, row.change_percent) == (D(1), D(1) * 100 / D("100.5"))
    assert (row.high, row.low, row.key) == (D("104.5"), D("98.5"), "simulator/SPY")
    assert len(row.sparkline) == 40
    assert not row.stale
    await floor.tick(16)
    row = floor.desk.row(Table.WATCH, "simulator/SPY")
    assert row is not None
    assert row.stale
    assert floor.desk.row(Table.WATCH, "simulator/NOPE") is None
    await floor.beat()
    assert any("simulator/SPY" in change.changed.get(Table.WATCH, ()) for change in floor.changes)


async def test_the_status_bar_tells_of_feed_loop_storage_and_market(floor: Floor) -> None:
    status = floor.desk.status()
    assert (status.feed.text, status.badge, status.kill, status.banner) == ("starting", "DEMO", False, "")
    assert status.market.text == "always open"
    await floor.session()
    await floor.quote(100)
    assert floor.desk.status().feed.health is Health.OK
    floor.clock.move(6)
    assert floor.desk.status().feed.text == "6 s old"
    assert floor.feed.listener is not None
    floor.feed.listener.on_state("reconnecting", "the line is down")
    assert floor.desk.status().feed.detail == "simulator: the line is down"
    assert floor.desk.status().feed.health is Health.BAD
    assert [(lamp.name, lamp.text) for lamp in floor.desk.status().feeds] == [("Feed simulator", "no prices")]
    floor.feed.listener.on_state("ended", "over")
    assert floor.desk.status().feed.detail == "simulator: over", "a market has no end: it was given up"
    floor.store.fall()
    assert floor.desk.status().storage.health is Health.BAD
    assert floor.desk.status().storage.text == "full"
    floor.store.rise()
    await floor.session(hours="XNYS")
    assert floor.desk.status().market.text.startswith("XNYS closed, opens in ")
    floor.clock.at = 1_700_000_000_000_000 + 18 * 3_600_000_000
    assert floor.desk.status().market.text.startswith("XNYS open, closes in ")


async def test_a_session_says_whether_prices_reach_it(floor: Floor) -> None:
    session_id = await floor.session()

    def sees() -> bool:
        row = floor.desk.session(session_id)
        assert row is not None
        return row.sees

    listener = floor.feed.listener
    assert listener is not None
    assert sees()
    listener.on_state("reconnecting", "")
    assert not sees()
    listener.on_state("connected", "")
    assert sees()
    floor.store.fall()
    await floor.quote(105.0)
    assert not sees()
    floor.store.rise()
    await floor.quote(105.0)
    assert sees()


def test_how_late_the_loop_runs_is_the_99th_percentile_of_the_last_beats() -> None:
    meter = LagMeter(kept=200)
    assert (meter.p99, meter.last) == (0.0, 0.0)
    for number in range(200):
        meter.add(number / 1000)
    assert meter.p99 == pytest.approx(0.197)
    meter.add(-1)
    assert meter.last == 0
    assert (span(8_040_000_000), span(3 * 86_400_000_000 + 60_000_000)) == ("2:14", "3 d 0:01")


def test_a_sparkline_has_at_most_sixty_points_and_the_last_one() -> None:
    assert sparkline([1.0, 2.0]) == (1.0, 2.0)
    found = sparkline([float(number) for number in range(601)])
    assert len(found) == SPARK
    assert (found[0], found[-1]) == (0.0, 600.0)


def test_the_memory_for_the_window_is_bounded_and_keeps_what_is_open() -> None:
    from desktop.domain.events import Fact, OrderChanged
    from desktop.domain.orders import Order, OrderStatus, Purpose
    from desktop.ports import EquityPoint

    book = SessionBook.empty("s")
    changes = ChangeCollector(lambda error, what: None)
    facts: list[Fact] = []
    for number in range(ORDERS_KEPT + 50):
        status = OrderStatus.NEW if number == 3 else OrderStatus.FILLED
        order = Order(
            f"s-{number}", "s", "paper", "SPY", Side.BUY, OrderKind.MARKET, Purpose.ENTRY, D(1), number, number,
            status=status,
        )  # fmt: skip
        facts.append(OrderChanged("s", number, order))
    book.take(facts, changes)
    assert len(book.orders) == ORDERS_KEPT
    assert "s-3" in book.orders
    assert "s-4" not in book.orders
    for number in range(20_000):
        book.add_point(EquityPoint("s", number, D(number), D(0), 0.0))
    assert len(book.equity) <= 4_000
    assert book.equity[-1].at == 19_999
    assert [point.at for point in book.equity] == sorted(point.at for point in book.equity)


async def test_changes_are_told_together_twenty_times_a_second_at_most(floor: Floor) -> None:
    session_id = await floor.holding()
    await floor.beat()
    beat = floor.desk._beat
    assert beat is not None
    beat.cancel()  # the loop's own timer would tell in between on a busy machine
    floor.changes.clear()
    for _ in range(500):
        floor.clock.move(0.001)
        floor.feed.quote("SPY", 99.5)
        await asyncio.sleep(0)
    floor.desk._changes.flush()
    (told,) = [change for change in floor.changes if Table.POSITIONS in change.changed]
    assert told.changed[Table.POSITIONS] == {f"{session_id}/SPY"}
    assert told.forming == {(session_id, "SPY")}
    assert told.portfolio


# editor, strategies, demo -------------------------------------------------------------------------------------------
async def test_the_editor_is_told_what_a_rule_needs_says_and_gets_wrong(floor: Floor) -> None:
    session_id = await floor.session()
    await floor.bar(99)

    def check(text: str, **more: Any) -> RuleCheck:
        return floor.desk.check_rule(text, role="entry", parameters={}, timeframe="1m", **more)

    assert check("sma(200) > close").message == "Known after 200 bars of 1m; reads close."
    wrong = check("smaa(20) > close")
    assert (wrong.ok, wrong.column, wrong.suggestion) == (False, 1, wrong.suggestion)
    assert "sma" in wrong.suggestion
    now = check("close < 100", session_id=session_id, symbol="SPY")
    assert (now.verdict, now.lines) == ("true", (("close = 99 < 100: true", "true"),))
    assert check("close < 100", session_id=session_id, symbol="QQQ").verdict == ""


async def test_strategies_are_the_samples_and_what_was_saved_over_them(floor: Floor) -> None:
    samples = {item.name for item in floor.desk.strategies()}
    assert "Demo: quick dip" in samples
    mine = strategy(name="Mine")
    version = await floor.desk.save_strategy(mine)
    assert version
    assert [item.strategy for item in await floor.desk.strategy_versions("Mine")] == [mine]
    assert not await floor.desk.strategy_versions("Never saved")
    assert {item.name for item in floor.desk.strategies()} == samples | {"Mine"}
    with pytest.raises(FieldError):
        await floor.desk.save_strategy(strategy(name="Broken", entry="close <"))
    assert [choice.key for choice in floor.desk.feeds()] == ["simulator", "replay"]


async def test_the_first_start_creates_the_demo_and_reset_creates_it_anew() -> None:
    floor = Floor()
    await floor.desk.open()
    (row,) = floor.desk.sessions()
    assert (row.settings.name, row.state.value) == (DEMO_NAME, "RUNNING")
    assert floor.desk.is_demo_only
    await floor.bar(99)
    floor.desk.chart(row.session_id, "SPY")
    await floor.desk.reset_demo()
    (fresh,) = floor.desk.sessions()
    assert fresh.session_id != row.session_id
    assert fresh.cash == 100_000
    await floor.session()
    assert not floor.desk.is_demo_only
    await floor.close()
    again = Floor(floor.store, clock=floor.clock)
    await again.desk.open()
    assert len(again.desk.sessions()) == 2
    await again.close()


async def test_without_a_window_every_signal_is_approved_and_told(floor: Floor) -> None:
    lines: list[str] = []
    HeadlessTrader(floor.desk, lines.append)
    session_id = await floor.session(mode=ExecutionMode.MANUAL)
    await floor.bar(99)
    await floor.settle()
    await floor.quote(99)
    assert floor.held(session_id) == 10
    await floor.bar(111)
    await floor.settle()
    await floor.quote(111)
    trader = HeadlessTrader(floor.desk, lines.append, approve=False)
    trader.finish()
    text = "\n".join(lines)
    assert "signal   BUY 10 SPY at 99.0: close = 99 < 100: true" in text
    assert "fill     BUY 10 SPY at 99.0, slippage 0.00, fee 0.00, cash now 99,010.00" in text
    assert "closed   SPY by rule: +120.00 after fees of 0.00" in text
    assert "made 1 trade and holds 0 positions: equity 100,120.00 USD, +120.00 since the start" in text


async def test_without_a_window_prices_that_stay_away_are_told_once_and_so_is_their_return(floor: Floor) -> None:
    lines: list[str] = []
    await floor.session()
    await floor.quote(99)
    HeadlessTrader(floor.desk, lines.append)
    assert floor.feed.listener is not None
    for attempt in (1, 2, 3):
        floor.feed.listener.on_state("reconnecting", f"The network is away. Attempt {attempt}.")
        await floor.tick(6.0)
        await floor.beat()
    (told,) = lines
    assert "trouble  NO PRICES from" in told
    assert "(The network is away. Attempt 1)" in told
    floor.feed.listener.on_state("live", "")
    await floor.quote(99)
    await floor.beat()
    assert len(lines) == 2
    assert lines[-1].endswith("well     Prices come and everything is stored again.")


async def test_without_a_window_a_refusal_and_an_expiry_are_told(floor: Floor) -> None:
    lines: list[str] = []
    HeadlessTrader(floor.desk, lines.append)
    session_id = await floor.session(mode=ExecutionMode.MANUAL, limits=RiskLimits(max_order_value=D(500)))
    await floor.bar(99)
    await floor.settle()
    text = "\n".join(lines)
    assert "500" in text
    assert "refused" in text or "blocked" in text
    await floor.desk.set_limits(session_id, RiskLimits())
    await floor.desk.stop_session(session_id, StopChoice.KEEP)


async def test_a_cold_session_says_what_it_still_needs(floor: Floor) -> None:
    async def nothing(*_: object) -> tuple[()]:
        return ()

    floor.feed.history = nothing  # type: ignore[assignment,method-assign] # a feed without a past
    session_id = await floor.session(strategy=strategy(entry="sma(3) > close"))
    row = floor.desk.session(session_id)
    assert row is not None
    assert row.warm_up == "0 of 3 bars"
    for price in (100, 101, 102):
        await floor.bar(price)
    row = floor.desk.session(session_id)
    assert row is not None
    assert row.warm_up == ""
    chart = floor.desk.chart(session_id, "SPY")
    assert chart is not None
    assert len(chart.bars) == 3


async def test_warnings_wait_for_a_window_that_comes_later(floor: Floor) -> None:
    for number in range(105):
        floor.desk._bus.publish(Warned("account:alpaca/main", number, "while away", f"Fill {number}."))
    kept = floor.desk.warnings()
    assert [fact.sentence for fact in kept[:1]] == ["Fill 5."]
    assert (len(kept), kept[-1].at) == (100, 104)
