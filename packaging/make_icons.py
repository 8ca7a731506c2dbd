"""Draw the application icon in every size and format from resources/icons/assay.svg.

Needs PySide6 (the environment of dev.py). Usage: python packaging/make_icons.py
Writes resources/icons/assay-SIZE.png, assay.ico (Windows) and assay.icns (macOS).
"""

from __future__ import annotations

import struct
import sys
from pathlib import Path

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QRectF, Qt
from PySide6.QtGui import QImage, QPainter
from PySide6.QtSvg import QSvgRenderer

ICONS = Path(__file__).resolve().parent.parent / "resources" / "icons"
SIZES = (16, 24, 32, 48, 64, 128, 256, 512)
SMALL = 32  # up to this size the drawing with fewer, thicker strokes is used
ICO_SIZES = (16, 24, 32, 48, 64, 128, 256)
# Four-letter types of Apple's icon format that hold PNG data, with their size in pixels.
ICNS_TYPES = ((b"icp4", 16), (b"icp5", 32), (b"icp6", 64), (b"ic07", 128), (b"ic08", 256), (b"ic09", 512))


def draw(svg: Path, size: int) -> bytes:
    """Return the drawing as PNG data of `size` by `size` pixels with a transparent ground."""
    renderer = QSvgRenderer(str(svg))
    if not renderer.isValid():
        message = f"{svg} is no drawing that Qt can read."
        raise ValueError(message)
    image = QImage(size, size, QImage.Format.Format_ARGB32_Premultiplied)
    image.fill(Qt.GlobalColor.transparent)
    painter = QPainter(image)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    renderer.render(painter, QRectF(0, 0, size, size))
    painter.end()
    data = QByteArray()
    buffer = QBuffer(data)
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    image.convertToFormat(QImage.Format.Format_ARGB32).save(buffer, "PNG")  # type: ignore[call-overload]  # the stub wants bytes, Qt a str
    return bytes(data.data())


def windows_icon(pictures: dict[int, bytes]) -> bytes:
    """Return an ICO file of the given PNG pictures."""
    offset = 6 + 16 * len(pictures)
    directory, body = struct.pack("<HHH", 0, 1, len(pictures)), b""
    for size, picture in sorted(pictures.items()):
        side = size % 256  # 256 is written as 0
        directory += struct.pack("<BBBBHHII", side, side, 0, 0, 1, 32, len(picture), offset + len(body))
        body += picture
    return directory + body


def apple_icon(pictures: dict[int, bytes]) -> bytes:
    """Return an ICNS file of the given PNG pictures."""
    body = b"".join(kind + struct.pack(">I", 8 + len(pictures[size])) + pictures[size] for kind, size in ICNS_TYPES)
    return b"icns" + struct.pack(">I", 8 + len(body)) + body


def main() -> int:
    """Write all icon files; return the exit status."""
    pictures = {size: draw(ICONS / ("assay-small.svg" if size <= SMALL else "assay.svg"), size) for size in SIZES}
    for size, picture in pictures.items():
        (ICONS / f"assay-{size}.png").write_bytes(picture)
    (ICONS / "assay.ico").write_bytes(windows_icon({size: pictures[size] for size in ICO_SIZES}))
    (ICONS / "assay.icns").write_bytes(apple_icon(pictures))
    print(f"wrote {len(SIZES)} pictures, assay.ico and assay.icns to {ICONS}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
