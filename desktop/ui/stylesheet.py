"""The stylesheet, made from the tokens: flat, quiet surfaces, one accent, a spacing scale of four pixels.

Widgets ask for a look by properties: `role` on labels, buttons and frames, `tone` on labels, `mode` on badges.
"""

from __future__ import annotations

from dataclasses import fields
from functools import cache
from string import Template

from desktop.resources import resource_path
from desktop.ui.tokens import Tokens


@cache
def stylesheet(tokens: Tokens) -> str:
    """Return the stylesheet of the whole application for a theme."""
    sheet = resource_path("themes/assay.qss")
    names = {
        field.name: getattr(tokens, field.name) for field in fields(tokens) if field.name not in ("dark", "series")
    }
    return Template(sheet.read_text(encoding="utf-8")).substitute(names, icons=sheet.parent.as_posix())
