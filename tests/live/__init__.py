"""Schedules of crashes and losses for live trading; `python -m tests.live` runs many and counts what they covered."""
