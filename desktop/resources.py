"""Where icons, themes, sample strategies and translations lie: beside the checkout, in the wheel or in a bundle."""

from __future__ import annotations

import sys
from functools import cache
from pathlib import Path

_PACKAGE = Path(__file__).resolve().parent


@cache
def resource_root() -> Path:
    """Return the folder that holds icons/, themes/ and the like.

    A wheel and a bundle carry it inside the package; a checkout has it at its top level.
    """
    bundle = getattr(sys, "_MEIPASS", None)
    package = Path(bundle) / "desktop" if bundle is not None else _PACKAGE
    installed = package / "_resources"
    return installed if installed.is_dir() else _PACKAGE.parent / "resources"


def resource_path(name: str) -> Path:
    """Return the path of one resource, such as `resource_path("icons/assay.svg")`.

    Raises:
        FileNotFoundError: there is no such resource; the installation is incomplete.
    """
    path = resource_root() / name
    if not path.exists():
        message = f"Assay's file {name} is missing from {resource_root()}. Install Assay again."
        raise FileNotFoundError(message)
    return path
