"""System packages that Qt needs on Debian and Ubuntu: find what is missing, install it, or say what to install."""

from __future__ import annotations

import ctypes
import os
import shutil
import subprocess
import sys
from pathlib import Path

# Library file that Qt loads -> Debian package that brings it. Looked up by file: Ubuntu renames packages (…t64).
QT_LIBRARIES: dict[str, str] = {
    "libGL.so.1": "libgl1",
    "libEGL.so.1": "libegl1",
    "libxkbcommon.so.0": "libxkbcommon0",
    "libfontconfig.so.1": "libfontconfig1",
    "libdbus-1.so.3": "libdbus-1-3",
    "libglib-2.0.so.0": "libglib2.0-0",
    "libxcb-cursor.so.0": "libxcb-cursor0",
    "libxkbcommon-x11.so.0": "libxkbcommon-x11-0",
    "libxcb-icccm.so.4": "libxcb-icccm4",
    "libxcb-keysyms.so.1": "libxcb-keysyms1",
    "libxcb-shape.so.0": "libxcb-shape0",
    "libwayland-cursor.so.0": "libwayland-cursor0",
    "libwayland-egl.so.1": "libwayland-egl1",
}
VIRTUAL_SCREEN: dict[str, str] = {"Xvfb": "xvfb", "xauth": "xauth"}
KOREAN_FONT = "fonts-noto-cjk"
_FONT_FOLDERS = ("/usr/share/fonts", "/usr/local/share/fonts", "~/.fonts", "~/.local/share/fonts")
_KOREAN_FONT_FILES = ("*CJK*", "*Nanum*", "*Unfonts*", "*Pretendard*", "*KR-*")


class SetupError(Exception):
    """The environment cannot be prepared; the message says what to do."""


def _loads(library: str) -> bool:
    try:
        ctypes.CDLL(library)
    except OSError:
        return False
    return True


def has_korean_font(folders: tuple[str, ...] = _FONT_FOLDERS) -> bool:
    """Say whether a font with Korean glyphs lies in one of the font folders."""
    return any(
        next(Path(folder).expanduser().rglob(pattern), None) is not None
        for folder in folders
        for pattern in _KOREAN_FONT_FILES
        if Path(folder).expanduser().is_dir()
    )


def missing_packages(*, virtual_screen: bool) -> list[str]:
    """Return the Debian packages whose libraries, programs or fonts are absent, in a stable order."""
    missing = [package for library, package in QT_LIBRARIES.items() if not _loads(library)]
    if not has_korean_font():
        missing.append(KOREAN_FONT)
    if virtual_screen:
        missing += [package for program, package in VIRTUAL_SCREEN.items() if shutil.which(program) is None]
    return missing


def administrator_prefix() -> list[str] | None:
    """Return what goes before a command that needs root: nothing for root, sudo where it works, None where neither."""
    if os.geteuid() == 0:
        return []
    if shutil.which("sudo") is None:
        return None
    asks_nothing = subprocess.run(["sudo", "-n", "true"], stdin=subprocess.DEVNULL, capture_output=True, check=False)
    if asks_nothing.returncode == 0:
        return ["sudo", "-n"]
    return ["sudo"] if sys.stdin is not None and sys.stdin.isatty() else None


def apt_install(packages: list[str]) -> None:
    """Install Debian packages.

    Raises:
        SetupError: apt-get is absent, root rights are not to be had, or apt-get failed.
    """
    wanted = " ".join(packages)
    if shutil.which("apt-get") is None:
        msg = f"These system packages are missing: {wanted}. Install what your system calls them, then start again."
        raise SetupError(msg)
    prefix = administrator_prefix()
    if prefix is None:
        msg = f"These system packages are missing: {wanted}. As root, run: apt-get install {wanted}. Then start again."
        raise SetupError(msg)
    print(f"Installing system packages: {wanted}", flush=True)
    quiet = ["env", "DEBIAN_FRONTEND=noninteractive", "apt-get", "-qq", "-o", "Dpkg::Use-Pty=0"]
    install = [*prefix, *quiet, "install", "-y", "--no-install-recommends", *packages]
    # A new machine has no package lists, an old one has lists that point at versions long gone. An update that fails
    # (one dead source among several) still leaves lists to install from.
    subprocess.run([*prefix, *quiet, "update"], stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, check=False)
    done = subprocess.run(
        install, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False
    )
    if done.returncode != 0:
        tail = "\n".join(done.stdout.splitlines()[-15:])
        msg = f"apt-get could not install {wanted}:\n{tail}\nMend that (apt-get install {wanted}), then start again."
        raise SetupError(msg)


def ensure_system_packages(*, virtual_screen: bool = False) -> None:
    """Install what Qt lacks on this machine; only warn where the machine may do without it.

    Raises:
        SetupError: a library or program that is needed is missing and could not be installed.
    """
    if not sys.platform.startswith("linux"):
        return
    missing = missing_packages(virtual_screen=virtual_screen)
    fonts = [package for package in missing if package == KOREAN_FONT]
    needed = [package for package in missing if package != KOREAN_FONT]
    if needed:
        apt_install(needed)
    if fonts:
        try:
            apt_install(fonts)
        except SetupError as reason:
            print(f"Without a Korean font, Korean names show as empty boxes. {reason}", file=sys.stderr, flush=True)


def display_problem(environ: dict[str, str] | None = None) -> str | None:
    """Return why no window can be opened here, as a sentence, or None where there is a display."""
    env = dict(os.environ) if environ is None else environ
    if not sys.platform.startswith("linux"):
        return None
    wayland = env.get("WAYLAND_DISPLAY", "")
    if wayland and (Path(env.get("XDG_RUNTIME_DIR", "/nonexistent")) / wayland).exists():
        return None
    display = env.get("DISPLAY", "")
    if not display:
        return "No display was found (neither DISPLAY nor WAYLAND_DISPLAY is set)."
    host, _, number = display.rpartition(":")
    if host in {"", "unix"} and not Path(f"/tmp/.X11-unix/X{number.split('.')[0]}").exists():  # noqa: S108 - X11's fixed place
        return f"No display was found (DISPLAY is {display}, but no X server answers there)."
    return None
