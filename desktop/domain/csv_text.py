"""Text in files that a spreadsheet opens: what it may not take for a formula."""

from __future__ import annotations

FORMULA_SIGNS = ("=", "+", "-", "@", "\t", "\r", "\n")

#: How every CSV file is written: without a byte order mark spreadsheets take it for the system's old encoding.
ENCODING = "utf-8-sig"


def harmless(text: str) -> str:
    """Return a text that no spreadsheet takes for a formula: what begins like one gets an apostrophe in front."""
    return f"'{text}" if text.lstrip(" \u00a0").startswith(FORMULA_SIGNS) or text.startswith(FORMULA_SIGNS) else text
