"""The synchronous trading core: one for backtest, paper and live."""
