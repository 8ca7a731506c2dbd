"""Backtests, sweeps and walk-forward: the same core over history, and what its results are worth."""
