"""Assay: test a trading strategy before it gets money, then guard it."""

__version__ = "0.1.0"
