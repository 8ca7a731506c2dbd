"""Durable storage: one writer thread, one database file per data directory, an audit chain for every session."""
