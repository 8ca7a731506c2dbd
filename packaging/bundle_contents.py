"""What the bundle carries of large packages: a tenth of the PySide6 wheel, four of a hundred crypto exchanges."""

from __future__ import annotations

from pathlib import PurePath

# Folders of Qt plugins that stay. Not listed, so dropped: sqldrivers, qmltooling, tls, printsupport and others.
PLUGIN_FOLDERS = frozenset(
    {
        "iconengines",
        "imageformats",
        "platforminputcontexts",
        "platforms",
        "platformthemes",
        "styles",
        "wayland-decoration-client",
        "wayland-graphics-integration-client",
        "wayland-shell-integration",
        "xcbglintegrations",
    }
)
# Plugins of those folders that need libraries nobody else needs.
DROPPED_PLUGINS = ("qpdf", "virtualkeyboard", "eglfs", "linuxfb", "vkkhrdisplay", "vnc", "webgl")
# Qt libraries that only dropped plugins or modules we do not import ask for.
DROPPED_LIBRARIES = (
    "Qt6Designer",
    "Qt6EglFS",
    "Qt6Help",
    "Qt6Labs",
    "Qt6Pdf",
    "Qt6Qml",
    "Qt6Quick",
    "Qt6Sql",
    "Qt6Test",
    "Qt6VirtualKeyboard",
    "Qt6WebView",
)
# Qt's own texts (OK, Cancel, file dialogs) in the languages the program is translated to.
TRANSLATIONS = ("qtbase_de", "qtbase_en", "qtbase_es", "qtbase_fr", "qtbase_ja", "qtbase_ko", "qtbase_zh")
EXCLUDED_MODULES = (
    "IPython",
    "PySide6.QtDesigner",
    "PySide6.QtQml",
    "PySide6.QtQuick",
    "PySide6.QtQuick3D",
    "PySide6.QtQuickControls2",
    "PySide6.QtQuickWidgets",
    "PySide6.QtSql",
    "dask",
    "distributed",
    "matplotlib",
    "pytest",
    "tkinter",
)


# The library of crypto exchanges is loaded by name, one exchange at a time (desktop/exchanges/library.py).
CRYPTO_EXCHANGES = ("binance", "kraken", "coinbase", "okx")
_EXCHANGE_FOLDERS = frozenset({"abstract", "async_support", "pro"})
_CRYPTO_KEPT = frozenset({"async_support", "base", "pro", "static_dependencies"})

CRYPTO_MODULES = (
    "ccxt.base.exchange",
    "ccxt.async_support.base.exchange",
    *(f"ccxt.{folder}.{name}" for folder in sorted(_EXCHANGE_FOLDERS) for name in CRYPTO_EXCHANGES),
)


def is_needed_module(name: str) -> bool:
    """Say whether a Python module, given by its dotted name, is carried: all but the exchanges that are not offered."""
    parts = name.split(".")
    if parts[0] != "ccxt" or len(parts) == 1:
        return True
    if len(parts) > 2 and parts[1] in _EXCHANGE_FOLDERS:
        return parts[2] in {*CRYPTO_EXCHANGES, "base"}
    return parts[1] in _CRYPTO_KEPT or parts[1] == "abstract"


def is_needed(destination: str) -> bool:
    """Say whether a file, given by its path inside the bundle, is carried. What is not Qt's always is."""
    parts = PurePath(destination.replace("\\", "/")).parts
    if "PySide6" not in parts and not any("Qt6" in part for part in parts):
        return True
    name = parts[-1]
    if any(library in name for library in DROPPED_LIBRARIES):
        return False
    if "qml" in parts:
        return False
    if "translations" in parts:
        return name.startswith(TRANSLATIONS)
    if "plugins" in parts:
        folder = parts[parts.index("plugins") + 1]
        return folder in PLUGIN_FOLDERS and not any(plugin in name for plugin in DROPPED_PLUGINS)
    return True
