"""Acceptance on real market data: the product as a user starts it, against an independent re-computation."""
