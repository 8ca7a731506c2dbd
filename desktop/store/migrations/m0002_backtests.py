"""Backtests as evidence. Frozen: what changes later is a migration of its own."""

from __future__ import annotations

STATEMENTS: tuple[str, ...] = (
    """
    CREATE TABLE "backtests" (
        "key" TEXT NOT NULL PRIMARY KEY,
        "strategy" TEXT NOT NULL,
        "strategy_version" TEXT NOT NULL,
        "settings" TEXT NOT NULL,
        "fingerprints" TEXT NOT NULL,
        "files" TEXT NOT NULL,
        "program" TEXT NOT NULL,
        "began" {whole} NOT NULL,
        "ended" {whole} NOT NULL,
        "bars" {whole} NOT NULL,
        "metrics" TEXT NOT NULL,
        "trades" {whole} NOT NULL,
        "cash" {exact} NOT NULL,
        "equity" {exact} NOT NULL,
        "fees" {exact} NOT NULL,
        "digest" TEXT NOT NULL,
        "created_at" {whole} NOT NULL,
        "reproduced" {whole} NOT NULL
    )
    """,
    'CREATE INDEX "backtests_strategy_version_created_at" ON "backtests" ("strategy_version", "created_at")',
    """
    CREATE TABLE "backtest_parts" (
        "key" TEXT NOT NULL,
        "part" TEXT NOT NULL,
        "content" {bytes} NOT NULL,
        PRIMARY KEY ("key", "part")
    )
    """,
)
