"""Spot orders at crypto exchanges, through the library that speaks to all of them."""
