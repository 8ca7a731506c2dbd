"""Decimal arithmetic that never rounds a sum of money, whatever the digits of a quantity or fee."""

from __future__ import annotations

from decimal import ROUND_HALF_EVEN, Context

#: Sums and products of prices, quantities and fees of up to 28 digits each are exact in it. Divisions are held to ten
#: decimals by `domain.money.bounded` before they enter the books.
EXACT = Context(prec=120, rounding=ROUND_HALF_EVEN)
