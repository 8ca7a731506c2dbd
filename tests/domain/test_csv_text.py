from __future__ import annotations

import pytest

from desktop.domain.csv_text import harmless


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "  =1", "\u00a0=1"])
def test_what_begins_like_a_formula_gets_an_apostrophe(text: str) -> None:
    assert harmless(text) == f"'{text}"


@pytest.mark.parametrize("text", ["", "SPY", "stop-loss", "a=b", "1+1"])
def test_other_texts_stay_as_they_are(text: str) -> None:
    assert harmless(text) == text
