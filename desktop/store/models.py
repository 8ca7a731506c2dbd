"""The tables, as peewee models. Money and quantities are exact, times are µs UTC, nested values are JSON text.

Import this module late: peewee takes a while. Columns that mirror a domain value carry the names of its fields.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from peewee import (
    BigAutoField,
    BigIntegerField,
    BlobField,
    CompositeKey,
    DoubleField,
    Field,
    IntegerField,
    Model,
    TextField,
)


class ExactDecimal(Field):
    """A Decimal that comes back as it went in: TEXT on SQLite (its NUMERIC is binary), NUMERIC on PostgreSQL."""

    field_type = "EXACTDEC"

    def db_value(self, value: Decimal | None) -> str | None:
        return None if value is None else str(value)

    def python_value(self, value: Any) -> Decimal | None:
        return None if value is None else Decimal(str(value))


class Table(Model):
    """Base of every table; bound to a database with `bind_ctx` or by the schema."""

    class Meta:
        legacy_table_names = False


class Listed(Table):
    """A table whose rows are listed by time: `place` keeps rows of one time in the order they were stored."""

    place = BigAutoField()


class Sessions(Table):
    """One row for each session ever created."""

    session_id = TextField(primary_key=True)
    account = TextField()
    feed = TextField()
    name = TextField()
    settings = TextField()
    state = TextField()
    created_at = BigIntegerField()
    updated_at = BigIntegerField()
    ended = IntegerField()


class States(Table):
    """The newest durable state of each session: core, venue, counters, and where its feed stood."""

    session_id = TextField(primary_key=True)
    at = BigIntegerField()
    state = TextField()
    feed_position = TextField()


class Orders(Listed):
    """domain.orders.Order."""

    order_id = TextField()
    session_id = TextField()
    account = TextField()
    symbol = TextField()
    side = TextField()
    kind = TextField()
    purpose = TextField()
    quantity = ExactDecimal()
    ordinal = BigIntegerField()
    created_at = BigIntegerField()
    limit_price = ExactDecimal(null=True)
    stop_price = ExactDecimal(null=True)
    time_in_force = TextField()
    status = TextField()
    filled = ExactDecimal()
    filled_value = ExactDecimal()
    fees = ExactDecimal()
    reserved = ExactDecimal()
    signal_id = TextField()
    trigger_id = TextField()
    decision_id = TextField()
    broker_order_id = TextField()
    reason = TextField()
    updated_at = BigIntegerField()

    class Meta:
        indexes = ((("session_id", "order_id"), True), (("created_at",), False))


class Fills(Listed):
    """domain.fills.Fill with the session it was booked in and the cash after it."""

    session_id = TextField()
    account = TextField()
    cash = ExactDecimal()
    realised = ExactDecimal()
    execution_id = TextField()
    order_id = TextField()
    symbol = TextField()
    side = TextField()
    quantity = ExactDecimal()
    price = ExactDecimal()
    fee = ExactDecimal()
    at = BigIntegerField()
    slippage = ExactDecimal()
    bar_start = BigIntegerField()

    class Meta:
        indexes = ((("session_id", "execution_id"), True), (("at",), False))


class Positions(Table):
    """domain.positions.Position; quantity 0 = closed."""

    session_id = TextField()
    account = TextField()
    symbol = TextField()
    quantity = ExactDecimal()
    cost = ExactDecimal()
    realised = ExactDecimal()
    fees = ExactDecimal()
    opened_at = BigIntegerField()
    opened_bar = BigIntegerField()
    bars_held = BigIntegerField()
    high = DoubleField()
    low = DoubleField()

    class Meta:
        primary_key = CompositeKey("session_id", "account", "symbol")


class Trades(Listed):
    """domain.positions.ClosedTrade."""

    trade_id = TextField()
    session_id = TextField()
    account = TextField()
    symbol = TextField()
    quantity = ExactDecimal()
    entry_time = BigIntegerField()
    entry_price = ExactDecimal()
    exit_time = BigIntegerField()
    exit_price = ExactDecimal()
    pnl = ExactDecimal()
    fees = ExactDecimal()
    bars_held = BigIntegerField()
    reason = TextField()

    class Meta:
        indexes = ((("session_id", "trade_id"), True), (("exit_time",), False))


class Triggers(Listed):
    """domain.triggers.Trigger."""

    trigger_id = TextField()
    session_id = TextField()
    account = TextField()
    symbol = TextField()
    kind = TextField()
    quantity = ExactDecimal()
    level = ExactDecimal()
    created_at = BigIntegerField()
    state = TextField()
    guard = TextField()
    trail_percent = ExactDecimal()
    high_water = ExactDecimal()
    source = TextField()
    held_by = TextField()
    order_id = TextField()
    updated_at = BigIntegerField()
    reason = TextField()

    class Meta:
        indexes = ((("session_id", "trigger_id"), True), (("created_at",), False))


class Signals(Listed):
    """domain.signals.Signal."""

    signal_id = TextField()
    session_id = TextField()
    account = TextField()
    symbol = TextField()
    kind = TextField()
    side = TextField()
    quantity = ExactDecimal()
    price = ExactDecimal()
    created_at = BigIntegerField()
    expires_at = BigIntegerField()
    state = TextField()
    order_kind = TextField()
    limit_price = ExactDecimal(null=True)
    estimated_cost = ExactDecimal()
    estimated_fee = ExactDecimal()
    estimated_slippage = ExactDecimal()
    stop = ExactDecimal(null=True)
    target = ExactDecimal(null=True)
    loss_at_stop = ExactDecimal(null=True)
    explanation = TextField()
    quote_at = BigIntegerField()
    held_by = TextField()
    overdue = IntegerField()
    blocked_by = TextField()
    block_value = TextField()
    block_limit = TextField()
    reason = TextField()
    order_id = TextField()
    updated_at = BigIntegerField()

    class Meta:
        indexes = ((("session_id", "signal_id"), True), (("created_at",), False))


class Blocks(Listed):
    """domain.events.Blocked, each under the number of its audit record."""

    session_id = TextField()
    sequence = BigIntegerField()
    at = BigIntegerField()
    symbol = TextField()
    what = TextField()
    check = TextField(column_name="check_name")
    outcome = TextField()
    value = TextField()
    limit = TextField(column_name="limit_value")
    sentence = TextField()
    count = BigIntegerField()
    signal_id = TextField()
    explanation = TextField(null=True)

    class Meta:
        indexes = ((("session_id", "sequence"), True),)


class Equity(Table):
    """ports.EquityPoint."""

    session_id = TextField()
    at = BigIntegerField()
    equity = ExactDecimal()
    cash = ExactDecimal()
    benchmark = DoubleField()

    class Meta:
        primary_key = CompositeKey("session_id", "at")
        without_rowid = True


class Bars(Table):
    """domain.market.Bar that a session has seen since its origin: state, not cache."""

    session_id = TextField()
    symbol = TextField()
    timeframe = TextField()
    start = BigIntegerField()
    open = DoubleField()
    high = DoubleField()
    low = DoubleField()
    close = DoubleField()
    volume = DoubleField()

    class Meta:
        primary_key = CompositeKey("session_id", "symbol", "timeframe", "start")
        without_rowid = True


class Preferences(Table):
    """Small settings by name, JSON values."""

    key = TextField(primary_key=True)
    value = TextField()


class Strategies(Table):
    """Every saved version of every strategy; never changed."""

    name = TextField()
    version = TextField()
    number = BigIntegerField()
    created_at = BigIntegerField()
    content = TextField()

    class Meta:
        primary_key = CompositeKey("name", "version")


class Runs(Table):
    """Replays of the command line by their run key; `report` is empty until they are finished."""

    run_key = TextField(primary_key=True)
    session_id = TextField()
    created_at = BigIntegerField()
    finished_at = BigIntegerField()
    report = TextField()


class Backtests(Table):
    """domain.evidence.Evidence."""

    key = TextField(primary_key=True)
    strategy = TextField()
    strategy_version = TextField()
    settings = TextField()
    fingerprints = TextField()
    files = TextField()
    program = TextField()
    began = BigIntegerField()
    ended = BigIntegerField()
    bars = BigIntegerField()
    metrics = TextField()
    trades = BigIntegerField()
    cash = ExactDecimal()
    equity = ExactDecimal()
    fees = ExactDecimal()
    digest = TextField()
    created_at = BigIntegerField()
    reproduced = BigIntegerField()

    class Meta:
        indexes = ((("strategy_version", "created_at"), False),)


class BacktestParts(Table):
    """Fills, trades and curve of a backtest, packed: read as a whole or not at all."""

    key = TextField()
    part = TextField()
    content = BlobField()

    class Meta:
        primary_key = CompositeKey("key", "part")


class Audit(Table):
    """The audit trail: one hash chain for each session, gapless from 1; session '' is Assay itself."""

    session_id = TextField()
    sequence = BigIntegerField()
    at = BigIntegerField()
    wall = BigIntegerField()
    kind = TextField()
    text = TextField()
    data = TextField()
    hash = TextField()

    class Meta:
        primary_key = CompositeKey("session_id", "sequence")
        indexes = ((("wall",), False),)


class Heads(Table):
    """The newest record of each audit chain."""

    session_id = TextField(primary_key=True)
    sequence = BigIntegerField()
    hash = TextField()


TABLES: tuple[type[Table], ...] = (
    Sessions,
    States,
    Orders,
    Fills,
    Positions,
    Trades,
    Triggers,
    Signals,
    Blocks,
    Equity,
    Bars,
    Preferences,
    Strategies,
    Runs,
    Backtests,
    BacktestParts,
    Audit,
    Heads,
)
