"""Resources are found from a checkout, from an installed package and from a bundle."""

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from desktop import resources


@pytest.fixture(autouse=True)
def _fresh() -> Iterator[None]:
    resources.resource_root.cache_clear()
    yield
    resources.resource_root.cache_clear()


def test_a_checkout_has_its_resources_beside_the_package() -> None:
    assert resources.resource_path("icons/assay.svg").read_text(encoding="utf-8").startswith("<svg")


def test_an_installed_package_carries_its_resources(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "_resources").mkdir()
    monkeypatch.setattr(resources, "_PACKAGE", tmp_path)
    assert resources.resource_root() == tmp_path / "_resources"


def test_a_bundle_carries_its_resources(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "desktop" / "_resources").mkdir(parents=True)
    monkeypatch.setattr(sys, "_MEIPASS", str(tmp_path), raising=False)
    assert resources.resource_root() == tmp_path / "desktop" / "_resources"


def test_a_missing_resource_is_told_with_what_to_do() -> None:
    with pytest.raises(FileNotFoundError, match=r"icons/none\.svg is missing .* Install Assay again"):
        resources.resource_path("icons/none.svg")
