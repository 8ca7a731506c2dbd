"""What holds for every order on every path of prices (X3); a restored venue goes on as if undisturbed."""

from __future__ import annotations

import json
from dataclasses import dataclass
from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st

from desktop.domain.fills import Fill, OrderReport
from desktop.domain.market import HOUR, Bar, Quote
from desktop.domain.money import ZERO, decimal_of
from desktop.domain.orders import TERMINAL, Order, OrderKind, OrderStatus, Side
from desktop.domain.sessions import FillSettings
from desktop.trading.ledger import Ledger
from desktop.trading.venue import Venue
from tests.trading.venue_kit import FIXED, IDEAL, REALISTIC, SHARE, T0, D, bar, order, quote, venue

CASH = 50_000
BP = D("0.0001")
prices = st.integers(9_000, 11_000).map(lambda cents: cents / 100)


@st.composite
def bars(draw: st.DrawFn, index: int) -> Bar:
    opened, close = draw(prices), draw(prices)
    high = max(opened, close, draw(prices))
    low = min(opened, close, draw(prices))
    return bar(opened, high, low, close, index=index, volume=draw(st.sampled_from([0.0, 7.0, 150.0, 1e6])))


@st.composite
def orders(draw: st.DrawFn, ordinal: int) -> Order:
    kind = draw(st.sampled_from(OrderKind))
    level, other = (D(str(draw(prices))) for _ in range(2))
    return order(
        draw(st.sampled_from(Side)),
        kind,
        draw(st.integers(1, 60)),
        limit=level if kind in (OrderKind.LIMIT, OrderKind.STOP_LIMIT) else None,
        stop=other if kind in (OrderKind.STOP, OrderKind.STOP_LIMIT) else None,
        ordinal=ordinal,
        gtc=draw(st.booleans()),
    )


@dataclass(frozen=True)
class Move:
    """One thing that happens at the venue."""

    what: str
    order: Order | None = None
    bar: Bar | None = None
    quote: Quote | None = None
    target: int = 0
    quantity: int = 1
    at: int = 0


@st.composite
def days(draw: st.DrawFn) -> list[Move]:
    """Return moves of bars or quotes with orders, cancels, changes and ticks between."""
    made: list[Move] = []
    ordinal, quoted = 0, draw(st.booleans())
    for index in range(draw(st.integers(1, 12))):
        at = T0 + index * HOUR
        for _ in range(draw(st.integers(0, 2))):
            ordinal += 1
            made.append(Move("submit", order=draw(orders(ordinal)), at=at))
        extra = draw(st.sampled_from(["", "", "cancel", "replace", "again", "tick"]))
        if extra:
            target = draw(st.integers(1, max(1, ordinal)))
            made.append(Move(extra, target=target, quantity=draw(st.integers(1, 80)), at=at))
        if quoted:
            bid = draw(prices)
            size = draw(st.sampled_from([0.0, 40.0, 900.0]))
            sides = quote(bid, round(bid + draw(st.integers(0, 50)) / 100, 2), at=at + HOUR // 2, size=size)
            made.append(Move("quote", quote=sides, at=sides.at))
        else:
            made.append(Move("bar", bar=draw(bars(index)), at=at + HOUR))
    return made


def play(place: Venue, move: Move, sent: dict[int, Order]) -> list[OrderReport]:
    if move.what == "submit" and move.order is not None:
        sent[move.order.ordinal] = move.order
        return place.submit(move.order, move.at)
    if move.what == "bar" and move.bar is not None:
        return [*place.open_bars([move.bar], move.at), *place.range_bars([move.bar], move.at)]
    if move.what == "quote" and move.quote is not None:
        return place.on_quote(move.quote, move.at)
    if move.what == "cancel":
        return place.cancel(f"s-{move.target}", move.at)
    if move.what == "replace":
        return place.replace(f"s-{move.target}", D(move.quantity), None, None, move.at)
    if move.what == "again" and move.target in sent:
        return place.submit(sent[move.target], move.at)
    return place.tick(move.at)


models = st.sampled_from([IDEAL, FIXED, REALISTIC, FillSettings(volume_share=D("0.1"), impact_bp=D(50))])


def offered(move: Move, side: Side) -> tuple[Decimal, Decimal]:
    """Return the lowest and highest price the market offered to a side."""
    if move.quote is not None:
        price = decimal_of(move.quote.ask if side is Side.BUY else move.quote.bid)
        return price, price
    assert move.bar is not None
    return decimal_of(move.bar.low), decimal_of(move.bar.high)


def check_price(fill: Fill, sent: Order, move: Move, model: FillSettings) -> None:
    low, high = offered(move, fill.side)
    slack = (model.slippage_max_bp + model.impact_bp) * BP * high + SHARE.tick
    assert fill.price % SHARE.tick == 0
    if fill.side is Side.BUY:
        assert low <= fill.price <= high + slack
    else:
        assert low - slack <= fill.price <= high
    if sent.limit_price is not None:
        assert fill.price <= sent.limit_price if fill.side is Side.BUY else fill.price >= sent.limit_price
    if model is IDEAL:
        assert (fill.fee, fill.slippage) == (ZERO, ZERO)
        assert low <= fill.price <= high


def check_share(fill: Fill, move: Move, model: FillSettings) -> None:
    volume = move.bar.volume if move.bar is not None else move.quote.ask_size if move.quote is not None else 0.0
    if model.volume_share and volume:
        assert fill.quantity <= max(decimal_of(volume) * model.volume_share, SHARE.lot)


@settings(max_examples=150, deadline=None)
@given(moves=days(), model=models, seed=st.integers(0, 9))
def test_no_fill_is_worse_than_its_limit_or_better_than_the_market(
    moves: list[Move], model: FillSettings, seed: int
) -> None:
    place = venue(model, cash=CASH, seed=seed, holdings={"SPY": 100})
    sent: dict[int, Order] = {}
    by_id: dict[str, list[Fill]] = {}
    for move in moves:
        for report in play(place, move, sent):
            if report.fill is None:
                continue
            check_price(report.fill, sent[int(report.order_id[2:])], move, model)
            check_share(report.fill, move, model)
            by_id.setdefault(report.order_id, []).append(report.fill)
            total = sum((fill.quantity for fill in by_id[report.order_id]), ZERO)
            assert report.cumulative == total
        assert place.cash >= 0
        assert all(quantity > 0 for quantity in place.holdings.values())


@settings(max_examples=100, deadline=None)
@given(moves=days(), model=models)
def test_reports_tell_a_life_that_ends_once(moves: list[Move], model: FillSettings) -> None:
    """Fills never exceed the order, nothing fills after the end, and only a complete order is called filled."""
    place = venue(model, cash=CASH, holdings={"SPY": 100})
    sent: dict[int, Order] = {}
    quantity: dict[str, Decimal] = {}
    filled: dict[str, Decimal] = {}
    ended: dict[str, OrderStatus] = {}
    for move in moves:
        for report in play(place, move, sent):
            order_id = report.order_id
            if report.quantity is not None:
                quantity[order_id] = report.quantity
            if int(order_id[2:]) not in sent:
                assert report.status is OrderStatus.CANCELED  # a cancel of an order that was never sent
                continue
            quantity.setdefault(order_id, sent[int(order_id[2:])].quantity)
            if report.fill is not None:
                assert order_id not in ended
                filled[order_id] = filled.get(order_id, ZERO) + report.fill.quantity
                assert filled[order_id] <= quantity[order_id]
            if order_id in ended:
                assert report.status is ended[order_id]
            elif report.status in TERMINAL:
                ended[order_id] = report.status
                assert (report.status is OrderStatus.FILLED) == (
                    filled.get(order_id, ZERO) == quantity[order_id] != ZERO
                )
    assert {f"s-{ordinal}" for ordinal in sent} == set(ended) | set(place.working)


@settings(max_examples=80, deadline=None)
@given(moves=days(), model=models)
def test_the_ledger_holds_what_the_account_at_the_venue_holds(moves: list[Move], model: FillSettings) -> None:
    place, books = venue(model, cash=CASH), Ledger(D(CASH), "USD")
    sent: dict[int, Order] = {}
    last = -1
    for move in moves:
        for report in play(place, move, sent):
            if report.fill is not None:
                assert report.fill.at > last  # one after the other: the books fold in order of time
                last = report.fill.at
                assert not books.book(report.fill).repeated
        assert books.cash == place.cash
        assert {item.symbol: item.quantity for item in books.positions.values()} == dict(place.holdings)
        assert books.balance() == CASH


@settings(max_examples=80, deadline=None)
@given(moves=days(), model=models, seed=st.integers(0, 9), cut=st.integers(0, 40))
def test_a_restored_venue_goes_on_as_if_nothing_had_happened(
    moves: list[Move], model: FillSettings, seed: int, cut: int
) -> None:
    place, sent = venue(model, cash=CASH, seed=seed), dict[int, Order]()
    before = [play(place, move, sent) for move in moves[:cut]]
    text = json.dumps(place.snapshot())
    other = venue(model, cash=1, seed=seed)
    other.restore(json.loads(text))
    assert json.dumps(other.snapshot()) == text
    others = dict(sent)
    for move in moves[cut:]:
        assert play(other, move, others) == play(place, move, sent)
    assert other.snapshot() == place.snapshot()
    again, fresh = venue(model, cash=CASH, seed=seed), dict[int, Order]()
    assert [play(again, move, fresh) for move in moves[:cut]] == before  # the same seed, the same run
