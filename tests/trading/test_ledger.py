from __future__ import annotations

import json
from decimal import Decimal, localcontext

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from desktop.domain.fills import Fill
from desktop.domain.money import ZERO
from desktop.domain.orders import Side
from desktop.domain.positions import Position
from desktop.trading import position_books
from desktop.trading.exact import EXACT
from desktop.trading.ledger import Ledger
from tests.trading.venue_kit import T0, D, these

CASH = D(1_000_000)
THIRD = D(1) / D(3)


def fill(
    side: Side, quantity: str | int | Decimal, price: str | int | Decimal, *, number: int, fee: str | int | Decimal = 0,
    symbol: str = "SPY",
) -> Fill:  # fmt: skip
    return Fill(
        f"s-{number}.1", f"s-{number}", symbol, side, D(quantity), D(price), D(fee), T0 + number, ZERO, T0 + number
    )


def buy(quantity: str | int | Decimal, price: str | int | Decimal, *, number: int, fee: str | int = 0) -> Fill:
    return fill(Side.BUY, quantity, price, number=number, fee=fee)


def sell(quantity: str | int | Decimal, price: str | int | Decimal, *, number: int, fee: str | int = 0) -> Fill:
    return fill(Side.SELL, quantity, price, number=number, fee=fee)


def ledger(*fills: Fill, cash: Decimal = CASH) -> Ledger:
    made = Ledger(cash, "USD", session_id="s", account="paper")
    for item in fills:
        made.book(item)
    return made


# examples --------------------------------------------------------------------------------------------------------
def test_500_at_71_000_takes_exactly_35_500_000() -> None:
    books = ledger(buy(500, 71_000, number=1), cash=D(100_000_000))
    assert books.cash == D(64_500_000)
    position = books.positions["SPY"]
    assert these(position.quantity, position.cost, position.average) == (500, 35_500_000, 71_000)


def test_a_round_trip_realises_gross_of_fees_and_the_trade_is_net() -> None:
    books = ledger()
    books.book(buy(10, 100, number=1, fee=1))
    booking = books.book(sell(10, 110, number=2, fee=2))
    assert booking.realised == 100
    assert booking.position.quantity == 0
    assert these(books.cash, books.realised, books.fees, books.positions) == (CASH + 97, 100, 3, {})
    trade = booking.closed
    assert trade is not None
    assert these(trade.quantity, trade.entry_price, trade.exit_price, trade.pnl, trade.fees) == (10, 100, 110, 97, 3)
    assert these(trade.entry_time, trade.exit_time, trade.trade_id) == (T0 + 1, T0 + 2, "s-SPY-r1")


def test_prices_of_a_trade_are_weighted_by_quantity() -> None:
    books = ledger(buy(10, 100, number=1), buy(30, 104, number=2), sell(20, 110, number=3))
    trade = books.book(sell(20, 120, number=4)).closed
    assert trade is not None
    assert these(trade.quantity, trade.entry_price, trade.exit_price, trade.pnl) == (40, 103, 115, 480)


def test_a_partial_sale_takes_a_quantised_share_and_the_last_sale_all_that_remains() -> None:
    books = ledger(buy(3, "33.34", number=1))
    books.book(sell(1, 40, number=2))
    assert books.positions["SPY"].cost == D("66.68")
    books = ledger(buy(3, "100.01", number=1), buy(4, "7.77", number=2))
    books.book(sell(1, 40, number=3))
    cost = D("331.11")
    share = D("47.3014285714")  # 331.11 / 7, ten decimals
    assert books.positions["SPY"].cost == cost - share
    booking = books.book(sell(6, 40, number=4))
    assert booking.realised == 240 - (cost - share)
    assert books.realised == 280 - cost
    assert books.positions == {}


def test_a_position_knows_its_fees_and_gain_since_it_was_opened() -> None:
    books = ledger(buy(1, 10, number=1, fee=1), sell(1, 12, number=2, fee=1), buy(2, 10, number=3, fee=2))
    booking = books.book(sell(1, 15, number=4, fee=3))
    assert these(booking.position.realised, booking.position.fees) == (5, 5)
    assert these(booking.position.opened_at, booking.position.opened_bar) == (T0 + 3, T0 + 3)
    assert these(books.realised, books.fees) == (7, 7)


def test_fault_12_a_fill_that_was_booked_changes_nothing() -> None:
    books = ledger(buy(10, 100, number=1))
    before = books.snapshot()
    booking = books.book(buy(10, 100, number=1))
    assert booking.repeated
    assert these(booking.realised, booking.closed) == (0, None)
    assert booking.position == books.positions["SPY"]
    assert books.snapshot() == before
    assert books.knows("s-1.1")
    assert not books.knows("s-2.1")


def test_a_fill_that_is_known_of_a_symbol_that_is_not_says_so() -> None:
    books = Ledger(CASH, "USD")
    books.restore(books.snapshot(), ["s-1.1"])
    booking = books.book(buy(10, 100, number=1))
    assert booking.repeated
    assert booking.position.quantity == 0
    assert books.cash == CASH


def test_fault_16_an_oversell_is_booked_as_it_is_and_flagged() -> None:
    books = ledger(buy(10, 100, number=1))
    booking = books.book(sell(15, 110, number=2))
    assert booking.oversold == 5
    assert booking.realised == 100
    assert booking.closed is not None
    assert booking.closed.quantity == 10
    assert these(booking.position.quantity, booking.position.cost) == (-5, -550)
    covered = books.book(buy(5, 100, number=3))
    assert covered.realised == 50
    assert covered.oversold == 0
    assert books.positions == {}
    assert books.balance() == CASH


def test_fault_12_a_sale_that_is_heard_of_before_its_buy_ends_in_the_same_books() -> None:
    first, second = buy(10, 100, number=1), sell(10, 110, number=2)
    books = ledger()
    early = books.book(second)
    assert these(early.oversold, early.realised, early.closed) == (10, 0, None)
    late = books.book(first)
    assert these(late.oversold, late.realised) == (0, 100)
    assert late.closed is not None
    assert late.closed.pnl == 100
    assert books.snapshot() == ledger(first, second).snapshot()


def test_a_late_buy_joins_the_trade_it_belongs_to() -> None:
    books = ledger(buy(10, 100, number=1), sell(10, 110, number=3))
    booking = books.book(buy(5, 103, number=2))
    assert booking.trades == ()
    assert booking.position.quantity == 5
    assert booking.position.cost == 505  # a third of 1,515
    assert booking.realised == 90 - 100
    assert books.balance() == CASH


def test_a_late_fill_can_complete_more_than_one_trade() -> None:
    later = [sell(10, 110, number=2), buy(10, 100, number=3), sell(10, 120, number=4)]
    books = ledger(*later)
    booking = books.book(buy(10, 100, number=1))
    assert [trade.pnl for trade in booking.trades] == [100, 200]
    assert booking.closed == booking.trades[-1]


def test_marks_value_holdings() -> None:
    books = ledger(buy(10, 100, number=1))
    assert books.equity() == CASH  # at cost until a price is known
    books.mark("SPY", D(105))
    assert these(books.value("SPY"), books.unrealised("SPY"), books.equity()) == (1_050, 50, CASH + 50)
    assert these(books.value("QQQ"), books.unrealised("QQQ")) == (0, 0)


# properties ------------------------------------------------------------------------------------------------------
awkward = st.one_of(
    st.integers(1, 10_000).map(Decimal),
    st.decimals("0.00000001", "10", places=8),
    st.sampled_from([THIRD, D(2) / D(3), D(1) / D(7), D("0.00000001"), D("123456.78901234")]),
)
prices = st.one_of(st.decimals("0.00000001", "100000", places=8), st.decimals("0.01", "1000000", places=2))
steps = st.lists(st.tuples(st.booleans(), awkward, prices, st.decimals("0", "50", places=10)), max_size=40)


def fills_of(drawn: list[tuple[bool, Decimal, Decimal, Decimal]]) -> list[Fill]:
    """Return fills that never sell more than is held."""
    made, held = [], ZERO
    for number, (wants_buy, quantity, price, fee) in enumerate(drawn, start=1):
        buys = wants_buy or held == ZERO
        size = quantity if buys else min(quantity, held)
        held = EXACT.add(held, size if buys else size.copy_negate())
        made.append(fill(Side.BUY if buys else Side.SELL, size, price, number=number, fee=fee))
    return made


def check_invariant_1(books: Ledger) -> None:
    costs = [position.cost for position in books.positions.values()]
    with localcontext(EXACT):
        assert books.cash + sum(costs, ZERO) + books.fees - books.realised == books.start
    assert books.balance() == books.start


def check_invariant_2(books: Ledger, booked: list[Fill]) -> None:
    with localcontext(EXACT):
        for symbol in {item.symbol for item in booked}:
            mine = [item for item in booked if item.symbol == symbol]
            signed = sum((item.quantity if item.side is Side.BUY else -item.quantity for item in mine), ZERO)
            held = books.positions.get(symbol)
            assert (held.quantity if held is not None else ZERO) == signed
            assert (held is None) == (signed == 0)


@settings(max_examples=100)
@given(drawn=steps)
def test_invariant_1_cash_cost_fees_and_realised_add_up_after_every_fill(
    drawn: list[tuple[bool, Decimal, Decimal, Decimal]],
) -> None:
    books = ledger()
    for item in fills_of(drawn):
        books.book(item)
        check_invariant_1(books)


def test_the_check_of_invariant_1_sees_a_planted_bug(monkeypatch: pytest.MonkeyPatch) -> None:
    exact = position_books._share
    monkeypatch.setattr(position_books, "_share", lambda whole, part, of: exact(whole, part, of).quantize(D("0.01")))
    honest = ledger(buy(3, "33.34", number=1), sell(1, 40, number=2))
    check_invariant_1(honest)  # a coarser share is still a share: nothing is lost
    monkeypatch.setattr(position_books, "_plus", lambda one, two: EXACT.add(one, two).quantize(D("0.01")))
    broken = ledger(buy(3, "33.333", number=1), buy(3, "33.333", number=2))
    with pytest.raises(AssertionError):
        check_invariant_1(broken)


@settings(max_examples=100)
@given(drawn=steps)
def test_invariant_2_a_position_is_the_signed_sum_of_its_fills(
    drawn: list[tuple[bool, Decimal, Decimal, Decimal]],
) -> None:
    books, booked = ledger(), []
    for item in fills_of(drawn):
        books.book(item)
        booked.append(item)
        check_invariant_2(books, booked)


@pytest.mark.interpreted
def test_the_check_of_invariant_2_sees_a_planted_bug(monkeypatch: pytest.MonkeyPatch) -> None:
    def forgetful(self: Ledger, symbol: str) -> Position:
        held = self._books[symbol].holding
        whole = held.quantity.to_integral_value()
        return Position("s", "paper", symbol, whole, held.cost)

    monkeypatch.setattr(Ledger, "position", forgetful)
    fills = [buy("2.5", 100, number=1)]
    with pytest.raises(AssertionError):
        check_invariant_2(ledger(*fills), fills)


def check_invariant_7(fills: list[Fill], shuffled: list[Fill]) -> None:
    assert ledger(*shuffled).snapshot() == ledger(*fills).snapshot()


@settings(max_examples=100)
@given(drawn=st.lists(st.tuples(st.booleans(), awkward, prices, st.decimals("0", "50", places=10)), max_size=16),
       order=st.permutations(range(16)), again=st.lists(st.integers(0, 15), max_size=6))  # fmt: skip
def test_invariant_7_any_order_and_repetition_of_fills_leads_to_the_same_books(
    drawn: list[tuple[bool, Decimal, Decimal, Decimal]], order: list[int], again: list[int]
) -> None:
    fills = fills_of(drawn)
    shuffled = [fills[index] for index in [*order, *again] if index < len(fills)]
    check_invariant_7(fills, shuffled)
    books = ledger(*shuffled)
    check_invariant_1(books)
    check_invariant_2(books, fills)


@pytest.mark.interpreted
def test_the_check_of_invariant_7_sees_a_planted_bug(monkeypatch: pytest.MonkeyPatch) -> None:
    fills = [buy(10, 100, number=1), sell(5, 110, number=2), buy(10, 120, number=3)]
    shuffled = [fills[0], fills[2], fills[1]]
    check_invariant_7(fills, shuffled)

    def append(
        self: position_books.SymbolBooks, entry: position_books.Entry, value: Decimal
    ) -> tuple[Decimal, tuple[position_books.Trip, ...]]:
        held, trip = position_books.fold(self.holding, entry, value)
        self._window.append((entry, held, trip))
        return D(0), () if trip is None else (trip,)

    monkeypatch.setattr(position_books.SymbolBooks, "add", append)
    with pytest.raises(AssertionError):
        check_invariant_7(fills, shuffled)


@pytest.mark.interpreted
def test_the_check_of_invariant_7_sees_a_repetition_that_is_booked(monkeypatch: pytest.MonkeyPatch) -> None:
    class Forgetful(set[str]):
        def __contains__(self, item: object) -> bool:
            return False

    fills, plain = [buy(10, 100, number=1)], Ledger.__init__

    def forgetful(self: Ledger, *values: object, **named: object) -> None:
        plain(self, *values, **named)  # type: ignore[arg-type]  # passed on as they came
        self._booked = Forgetful()

    monkeypatch.setattr(Ledger, "__init__", forgetful)
    with pytest.raises(AssertionError):
        check_invariant_7(fills, fills * 2)


@settings(max_examples=60)
@given(drawn=steps, cut=st.integers(0, 40), late=st.sampled_from([0, 1]))
def test_a_restored_ledger_goes_on_as_if_nothing_had_happened(
    drawn: list[tuple[bool, Decimal, Decimal, Decimal]], cut: int, late: int
) -> None:
    fills = fills_of(drawn)
    fills = [*fills[late:], *fills[:late]]  # the first one comes last
    whole, first = ledger(*fills), ledger(*fills[:cut])
    first.mark("SPY", D(3))
    second = Ledger(CASH, "USD", session_id="s", account="paper")
    second.restore(json.loads(json.dumps(first.snapshot())), [item.execution_id for item in fills[:cut]])
    assert second.snapshot() == first.snapshot()
    assert second.positions == first.positions
    for item in fills[cut:]:
        assert second.book(item) == first.book(item)
    assert these(second.cash, second.realised, second.positions) == (whole.cash, whole.realised, whole.positions)


def test_old_fills_are_settled_so_that_a_week_of_trading_stays_small() -> None:
    books = ledger()
    for number in range(1, 501):
        books.book(fill(Side.BUY if number % 2 else Side.SELL, 10, 100 + number % 5, number=number, fee="0.1"))
        check_invariant_1(books)
    small = len(json.dumps(ledger(*[buy(1, 1, number=n) for n in range(1, 17)]).snapshot()))
    assert len(json.dumps(books.snapshot())) < 4 * small
    assert books.knows("s-1.1")


def test_a_fill_older_than_everything_remembered_is_still_booked() -> None:
    books = ledger(*[buy(1, 100, number=number) for number in range(10, 60)])
    books.book(buy(1, 90, number=1))
    assert books.positions["SPY"].quantity == 51
    check_invariant_1(books)
