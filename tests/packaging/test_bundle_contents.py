"""The bundle carries what the window needs of Qt and leaves the rest out."""

import pytest
from bundle_contents import CRYPTO_EXCHANGES, CRYPTO_MODULES, is_needed, is_needed_module

from desktop.exchanges.catalogue import EXCHANGES


@pytest.mark.parametrize(
    "path",
    [
        "PySide6/QtWidgets.abi3.so",
        "PySide6/Qt/lib/libQt6Widgets.so.6",
        "PySide6/Qt/plugins/platforms/libqxcb.so",
        "PySide6/Qt/plugins/platforms/libqoffscreen.so",
        "PySide6\\plugins\\platforms\\qwindows.dll",
        "PySide6/Qt/plugins/imageformats/libqsvg.so",
        "PySide6/Qt/translations/qtbase_ko.qm",
        "desktop/_resources/icons/assay.svg",
        "numpy/qml/plugins.so",
    ],
)
def test_what_the_window_needs_is_carried(path: str) -> None:
    assert is_needed(path)


@pytest.mark.parametrize(
    "path",
    [
        "PySide6/Qt/plugins/sqldrivers/libqsqlpsql.so",
        "PySide6/Qt/plugins/imageformats/libqpdf.so",
        "PySide6/Qt/plugins/platforminputcontexts/libqtvirtualkeyboardplugin.so",
        "PySide6/Qt/lib/libQt6Quick3D.so.6",
        "libQt6Pdf.so.6",
        "PySide6\\Qt6Qml.dll",
        "PySide6/Qt/qml/QtQuick/qmldir",
        "PySide6/Qt/translations/qtbase_fi.qm",
        "PySide6/Qt/translations/qtwebengine_ko.qm",
    ],
)
def test_what_only_other_programs_need_is_dropped(path: str) -> None:
    assert not is_needed(path)


def test_the_exchanges_that_are_offered_are_carried_and_no_others() -> None:
    assert set(CRYPTO_EXCHANGES) == set(EXCHANGES)
    assert all(is_needed_module(name) for name in (*CRYPTO_MODULES, "ccxt", "ccxt.base.errors", "desktop.app"))
    assert is_needed_module("ccxt.async_support.base.ws.client")
    assert is_needed_module("ccxt.static_dependencies.ethereum")
    assert not is_needed_module("ccxt.kraken")
    assert not is_needed_module("ccxt.async_support.bybit")
    assert not is_needed_module("ccxt.pro.bybit")
    assert not is_needed_module("ccxt.protobuf.mexc")
