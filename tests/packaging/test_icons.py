"""The icon files are the drawing in the sizes and formats that systems ask for."""

import struct

import make_icons
import pytest
from PySide6.QtGui import QImage


@pytest.mark.parametrize("size", make_icons.SIZES)
def test_each_size_is_there_with_a_transparent_corner_and_a_drawn_centre(size: int) -> None:
    image = QImage(str(make_icons.ICONS / f"assay-{size}.png"))
    assert (image.width(), image.height()) == (size, size)
    assert image.pixelColor(0, 0).alpha() < 255
    assert image.pixelColor(size // 2, size // 2).alpha() == 255


def test_the_committed_pictures_are_those_of_the_drawing() -> None:
    drawn = QImage.fromData(make_icons.draw(make_icons.ICONS / "assay.svg", 64))
    committed = QImage(str(make_icons.ICONS / "assay-64.png"))
    different = [
        (x, y)
        for x in range(64)
        for y in range(64)
        if abs(drawn.pixelColor(x, y).lightness() - committed.pixelColor(x, y).lightness()) > 8
    ]
    assert different == []


def test_the_windows_icon_lists_every_size() -> None:
    data = (make_icons.ICONS / "assay.ico").read_bytes()
    reserved, kind, count = struct.unpack_from("<HHH", data)
    assert (reserved, kind) == (0, 1)
    entries = [struct.unpack_from("<BBBBHHII", data, 6 + 16 * index) for index in range(count)]
    assert [entry[0] or 256 for entry in entries] == list(make_icons.ICO_SIZES)
    for *_, length, offset in entries:
        assert data[offset : offset + 8] == b"\x89PNG\r\n\x1a\n"
        assert data[offset : offset + length].endswith(b"IEND\xaeB`\x82")


def test_the_apple_icon_is_as_long_as_it_says_and_holds_pngs() -> None:
    data = (make_icons.ICONS / "assay.icns").read_bytes()
    assert data[:4] == b"icns"
    assert struct.unpack_from(">I", data, 4) == (len(data),)
    kinds, offset = [], 8
    while offset < len(data):
        kind, length = data[offset : offset + 4], struct.unpack_from(">I", data, offset + 4)[0]
        assert data[offset + 8 : offset + 16] == b"\x89PNG\r\n\x1a\n"
        kinds.append(kind)
        offset += length
    assert kinds == [kind for kind, _ in make_icons.ICNS_TYPES]


def test_a_file_that_is_no_drawing_is_refused() -> None:
    with pytest.raises(ValueError, match="no drawing that Qt can read"):
        make_icons.draw(make_icons.ICONS / "assay-16.png", 16)
