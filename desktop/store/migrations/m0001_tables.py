"""The first tables. Frozen: what changes later is a migration of its own."""

from __future__ import annotations

STATEMENTS: tuple[str, ...] = (
    """
    CREATE TABLE "audit" (
        "session_id" TEXT NOT NULL,
        "sequence" {whole} NOT NULL,
        "at" {whole} NOT NULL,
        "wall" {whole} NOT NULL,
        "kind" TEXT NOT NULL,
        "text" TEXT NOT NULL,
        "data" TEXT NOT NULL,
        "hash" TEXT NOT NULL,
        PRIMARY KEY ("session_id", "sequence")
    )
    """,
    'CREATE INDEX "audit_wall" ON "audit" ("wall")',
    """
    CREATE TABLE "bars" (
        "session_id" TEXT NOT NULL,
        "symbol" TEXT NOT NULL,
        "timeframe" TEXT NOT NULL,
        "start" {whole} NOT NULL,
        "open" {real} NOT NULL,
        "high" {real} NOT NULL,
        "low" {real} NOT NULL,
        "close" {real} NOT NULL,
        "volume" {real} NOT NULL,
        PRIMARY KEY ("session_id", "symbol", "timeframe", "start")
    ){packed}
    """,
    """
    CREATE TABLE "blocks" (
        "place" {serial},
        "session_id" TEXT NOT NULL,
        "sequence" {whole} NOT NULL,
        "at" {whole} NOT NULL,
        "symbol" TEXT NOT NULL,
        "what" TEXT NOT NULL,
        "check_name" TEXT NOT NULL,
        "outcome" TEXT NOT NULL,
        "value" TEXT NOT NULL,
        "limit_value" TEXT NOT NULL,
        "sentence" TEXT NOT NULL,
        "count" {whole} NOT NULL,
        "signal_id" TEXT NOT NULL,
        "explanation" TEXT
    )
    """,
    'CREATE UNIQUE INDEX "blocks_session_id_sequence" ON "blocks" ("session_id", "sequence")',
    """
    CREATE TABLE "equity" (
        "session_id" TEXT NOT NULL,
        "at" {whole} NOT NULL,
        "equity" {exact} NOT NULL,
        "cash" {exact} NOT NULL,
        "benchmark" {real} NOT NULL,
        PRIMARY KEY ("session_id", "at")
    ){packed}
    """,
    """
    CREATE TABLE "fills" (
        "place" {serial},
        "session_id" TEXT NOT NULL,
        "account" TEXT NOT NULL,
        "cash" {exact} NOT NULL,
        "realised" {exact} NOT NULL,
        "execution_id" TEXT NOT NULL,
        "order_id" TEXT NOT NULL,
        "symbol" TEXT NOT NULL,
        "side" TEXT NOT NULL,
        "quantity" {exact} NOT NULL,
        "price" {exact} NOT NULL,
        "fee" {exact} NOT NULL,
        "at" {whole} NOT NULL,
        "slippage" {exact} NOT NULL,
        "bar_start" {whole} NOT NULL
    )
    """,
    'CREATE UNIQUE INDEX "fills_session_id_execution_id" ON "fills" ("session_id", "execution_id")',
    'CREATE INDEX "fills_at" ON "fills" ("at")',
    """
    CREATE TABLE "heads" (
        "session_id" TEXT NOT NULL PRIMARY KEY,
        "sequence" {whole} NOT NULL,
        "hash" TEXT NOT NULL
    )
    """,
    """
    CREATE TABLE "orders" (
        "place" {serial},
        "order_id" TEXT NOT NULL,
        "session_id" TEXT NOT NULL,
        "account" TEXT NOT NULL,
        "symbol" TEXT NOT NULL,
        "side" TEXT NOT NULL,
        "kind" TEXT NOT NULL,
        "purpose" TEXT NOT NULL,
        "quantity" {exact} NOT NULL,
        "ordinal" {whole} NOT NULL,
        "created_at" {whole} NOT NULL,
        "limit_price" {exact},
        "stop_price" {exact},
        "time_in_force" TEXT NOT NULL,
        "status" TEXT NOT NULL,
        "filled" {exact} NOT NULL,
        "filled_value" {exact} NOT NULL,
        "fees" {exact} NOT NULL,
        "reserved" {exact} NOT NULL,
        "signal_id" TEXT NOT NULL,
        "trigger_id" TEXT NOT NULL,
        "decision_id" TEXT NOT NULL,
        "broker_order_id" TEXT NOT NULL,
        "reason" TEXT NOT NULL,
        "updated_at" {whole} NOT NULL
    )
    """,
    'CREATE UNIQUE INDEX "orders_session_id_order_id" ON "orders" ("session_id", "order_id")',
    'CREATE INDEX "orders_created_at" ON "orders" ("created_at")',
    """
    CREATE TABLE "positions" (
        "session_id" TEXT NOT NULL,
        "account" TEXT NOT NULL,
        "symbol" TEXT NOT NULL,
        "quantity" {exact} NOT NULL,
        "cost" {exact} NOT NULL,
        "realised" {exact} NOT NULL,
        "fees" {exact} NOT NULL,
        "opened_at" {whole} NOT NULL,
        "opened_bar" {whole} NOT NULL,
        "bars_held" {whole} NOT NULL,
        "high" {real} NOT NULL,
        "low" {real} NOT NULL,
        PRIMARY KEY ("session_id", "account", "symbol")
    )
    """,
    """
    CREATE TABLE "preferences" (
        "key" TEXT NOT NULL PRIMARY KEY,
        "value" TEXT NOT NULL
    )
    """,
    """
    CREATE TABLE "runs" (
        "run_key" TEXT NOT NULL PRIMARY KEY,
        "session_id" TEXT NOT NULL,
        "created_at" {whole} NOT NULL,
        "finished_at" {whole} NOT NULL,
        "report" TEXT NOT NULL
    )
    """,
    """
    CREATE TABLE "sessions" (
        "session_id" TEXT NOT NULL PRIMARY KEY,
        "account" TEXT NOT NULL,
        "feed" TEXT NOT NULL,
        "name" TEXT NOT NULL,
        "settings" TEXT NOT NULL,
        "state" TEXT NOT NULL,
        "created_at" {whole} NOT NULL,
        "updated_at" {whole} NOT NULL,
        "ended" {whole} NOT NULL
    )
    """,
    """
    CREATE TABLE "signals" (
        "place" {serial},
        "signal_id" TEXT NOT NULL,
        "session_id" TEXT NOT NULL,
        "account" TEXT NOT NULL,
        "symbol" TEXT NOT NULL,
        "kind" TEXT NOT NULL,
        "side" TEXT NOT NULL,
        "quantity" {exact} NOT NULL,
        "price" {exact} NOT NULL,
        "created_at" {whole} NOT NULL,
        "expires_at" {whole} NOT NULL,
        "state" TEXT NOT NULL,
        "order_kind" TEXT NOT NULL,
        "limit_price" {exact},
        "estimated_cost" {exact} NOT NULL,
        "estimated_fee" {exact} NOT NULL,
        "estimated_slippage" {exact} NOT NULL,
        "stop" {exact},
        "target" {exact},
        "loss_at_stop" {exact},
        "explanation" TEXT NOT NULL,
        "quote_at" {whole} NOT NULL,
        "held_by" TEXT NOT NULL,
        "overdue" {whole} NOT NULL,
        "blocked_by" TEXT NOT NULL,
        "block_value" TEXT NOT NULL,
        "block_limit" TEXT NOT NULL,
        "reason" TEXT NOT NULL,
        "order_id" TEXT NOT NULL,
        "updated_at" {whole} NOT NULL
    )
    """,
    'CREATE UNIQUE INDEX "signals_session_id_signal_id" ON "signals" ("session_id", "signal_id")',
    'CREATE INDEX "signals_created_at" ON "signals" ("created_at")',
    """
    CREATE TABLE "states" (
        "session_id" TEXT NOT NULL PRIMARY KEY,
        "at" {whole} NOT NULL,
        "state" TEXT NOT NULL,
        "feed_position" TEXT NOT NULL
    )
    """,
    """
    CREATE TABLE "strategies" (
        "name" TEXT NOT NULL,
        "version" TEXT NOT NULL,
        "number" {whole} NOT NULL,
        "created_at" {whole} NOT NULL,
        "content" TEXT NOT NULL,
        PRIMARY KEY ("name", "version")
    )
    """,
    """
    CREATE TABLE "trades" (
        "place" {serial},
        "trade_id" TEXT NOT NULL,
        "session_id" TEXT NOT NULL,
        "account" TEXT NOT NULL,
        "symbol" TEXT NOT NULL,
        "quantity" {exact} NOT NULL,
        "entry_time" {whole} NOT NULL,
        "entry_price" {exact} NOT NULL,
        "exit_time" {whole} NOT NULL,
        "exit_price" {exact} NOT NULL,
        "pnl" {exact} NOT NULL,
        "fees" {exact} NOT NULL,
        "bars_held" {whole} NOT NULL,
        "reason" TEXT NOT NULL
    )
    """,
    'CREATE UNIQUE INDEX "trades_session_id_trade_id" ON "trades" ("session_id", "trade_id")',
    'CREATE INDEX "trades_exit_time" ON "trades" ("exit_time")',
    """
    CREATE TABLE "triggers" (
        "place" {serial},
        "trigger_id" TEXT NOT NULL,
        "session_id" TEXT NOT NULL,
        "account" TEXT NOT NULL,
        "symbol" TEXT NOT NULL,
        "kind" TEXT NOT NULL,
        "quantity" {exact} NOT NULL,
        "level" {exact} NOT NULL,
        "created_at" {whole} NOT NULL,
        "state" TEXT NOT NULL,
        "guard" TEXT NOT NULL,
        "trail_percent" {exact} NOT NULL,
        "high_water" {exact} NOT NULL,
        "source" TEXT NOT NULL,
        "held_by" TEXT NOT NULL,
        "order_id" TEXT NOT NULL,
        "updated_at" {whole} NOT NULL,
        "reason" TEXT NOT NULL
    )
    """,
    'CREATE UNIQUE INDEX "triggers_session_id_trigger_id" ON "triggers" ("session_id", "trigger_id")',
    'CREATE INDEX "triggers_created_at" ON "triggers" ("created_at")',
)
