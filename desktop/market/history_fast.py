"""The fast way through a block of a regular file: whole columns of digits by arithmetic, no text cell by cell.

A block is taken here only when every cell of it is beyond doubt: plain digits with at most one point, times of one
form, no quotes, no signs, no exponent. Anything else returns None, and the careful path (`history_rows`) reads that
block cell by cell and says what is wrong with which row. Both give the same numbers, bit for bit: a number of at most
15 digits divided by a power of ten up to 22 is the nearest float to what is written.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from desktop.market.history_fast_times import fixed_times
from desktop.market.history_header import Header
from desktop.rules.columns import FloatArray, IntArray

_PAD = 16  # digits put before the first byte, so that eight bytes can be loaded before any cell's end
_NEWLINE, _POINT, _ZERO = (np.uint8(ord(mark)) for mark in "\n.0")
_MOST_DIGITS = 15  # below 2**53
_POWERS = 10.0 ** np.arange(_MOST_DIGITS + 2)
_INT_POWERS: IntArray = 10 ** np.arange(_MOST_DIGITS + 2, dtype=np.int64)
_MASKS = np.array([(0xFFFFFFFFFFFFFFFF << (8 * (8 - kept))) & 0xFFFFFFFFFFFFFFFF for kept in range(9)], dtype=np.uint64)
_ZEROS = np.uint64(0x3030303030303030)

Words = np.ndarray[tuple[int], np.dtype[np.uint64]]
Bytes = np.ndarray[tuple[int], np.dtype[np.uint8]]


@dataclass(frozen=True, slots=True)
class FastBlock:
    """A block of rows, all of them readable.

    Attributes:
        times: µs UTC, shape (n,).
        values: One array of shape (n,) for each of the header's numbers.
        decimals: How many decimals were written at most, for each of them.
    """

    times: IntArray
    values: tuple[FloatArray, ...]
    decimals: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class _Cells:
    """Where the cells of a block stand: arrays of shape (rows, columns), indices into the bytes."""

    data: Bytes
    starts: npt.NDArray[np.int64]
    ends: npt.NDArray[np.int64]
    points: npt.NDArray[np.int64]  # of the decimal point; 0: none


def read_block(block: bytes, header: Header, longest: int) -> FastBlock | None:
    """Read complete lines; None when the careful path has to.

    Args:
        block: Lines, each with its line feed.
        header: What the columns are.
        longest: Characters a line may have.
    """
    if header.trade_id >= 0 or header.clock not in {-1, header.time + 1} or not block:
        return None
    if b"\r" in block:
        block = block.replace(b"\r\n", b"\n")
    if b'"' in block or b"\r" in block or not block.isascii():
        return None
    if not block.endswith(b"\n"):
        block += b"\n"
    cells = _cells(np.frombuffer(b"0" * _PAD + block, dtype=np.uint8), header, longest)
    if cells is None:
        return None
    last = max(header.time, header.clock)
    between = header.separator if last > header.time else ""
    starts, ends = cells.starts[:, header.time], cells.ends[:, last]
    times = fixed_times(cells.data, starts, ends, header.time_reader, between)
    if times is None:
        return None
    words: Words = np.ndarray((len(cells.data) - 7,), dtype="<u8", buffer=cells.data.data, strides=(1,))
    values, decimals = [], []
    for name in header.numbers:
        found = _numbers(words, cells, header.places[name])
        if found is None:
            return None
        values.append(found[0])
        decimals.append(found[1])
    return FastBlock(times, tuple(values), tuple(decimals))


def _cells(data: Bytes, header: Header, longest: int) -> _Cells | None:
    """Return where the cells stand; None when a row has more or fewer, or a number has a second point."""
    width = header.width
    separator = np.uint8(ord(header.separator))
    marks = np.flatnonzero((data == separator) | (data == _NEWLINE) | (data == _POINT))
    codes = data[marks]
    is_point = codes == _POINT
    ends = marks[~is_point]
    rows, odd = divmod(len(ends), width)
    if odd or not rows:
        return None
    grid = ends.reshape(rows, width)
    if int((codes == _NEWLINE).sum()) != rows or bool((data[grid[:, -1]] != _NEWLINE).any()):
        return None
    starts = np.empty_like(grid)
    starts[:, 1:] = grid[:, :-1] + 1
    starts[0, 0] = _PAD
    starts[1:, 0] = grid[:-1, -1] + 1
    if int((grid[:, -1] - starts[:, 0]).max()) > longest:
        return None
    places = np.flatnonzero(is_point)
    owner = places - np.arange(len(places))  # the cell a point stands in: the cells that ended before it
    used = np.zeros(width, dtype=np.bool_)
    used[[header.places[name] for name in header.numbers]] = True
    twice = owner[:-1][owner[1:] == owner[:-1]]
    if len(twice) and bool(used[twice % width].any()):
        return None
    points = np.zeros(rows * width, dtype=np.int64)
    points[owner] = marks[places]
    cells = _Cells(data, starts, grid, points.reshape(rows, width))
    return cells if _only_digits(cells, len(marks), used, header) else None


def _only_digits(cells: _Cells, marks: int, used: npt.NDArray[np.bool_], header: Header) -> bool:
    """Whether no other mark stands in a column that is read as numbers (times are looked at by their own reader)."""
    strange = (cells.data - _ZERO) > 9
    others = int(np.count_nonzero(strange)) - marks
    last = max(header.time, header.clock)
    start, end = int(cells.starts[0, header.time]), int(cells.ends[0, last])
    in_first = int(np.count_nonzero(strange[start:end] & (cells.data[start:end] != _POINT))) - (last - header.time)
    if others == in_first * len(cells.ends):  # a time with other marks than the first one is refused by its reader
        return True
    strange &= cells.data != _POINT
    at, ends = np.flatnonzero(strange), cells.ends.ravel()
    owner = np.searchsorted(ends, at)
    inside = at != ends[owner]
    return not bool(used[owner[inside] % cells.ends.shape[1]].any())


def _numbers(words: Words, cells: _Cells, column: int) -> tuple[FloatArray, int] | None:
    """Return a column's values and its most decimals; None when a number is empty or has too many digits."""
    starts, ends, points = cells.starts[:, column], cells.ends[:, column], cells.points[:, column]
    pointed = points > 0
    middle = np.where(pointed, points, ends)
    decimals = np.where(pointed, ends - points - 1, 0)
    digits = middle - starts
    total = digits + decimals
    if int(total.min()) < 1 or int(total.max()) > _MOST_DIGITS:
        return None
    most = int(decimals.max())
    mantissa = _whole(words, middle, digits)
    if most == 0:
        return mantissa.astype(np.float64), 0
    mantissa = mantissa * _INT_POWERS[decimals] + _whole(words, ends, decimals)
    return mantissa.astype(np.float64) / _POWERS[decimals], most


def _whole(words: Words, ends: IntArray, lengths: IntArray) -> IntArray:
    """Return the whole numbers of up to 16 digits that end before `ends`."""
    low = _eight(words[ends - 8], np.minimum(lengths, 8))
    if int(lengths.max()) <= 8:
        return low
    return low + 100_000_000 * _eight(words[ends - 16], np.maximum(lengths - 8, 0))


def _eight(loaded: Words, lengths: IntArray) -> IntArray:
    """Return the number in the last `lengths` of eight digits, all at once: pairs, then fours, then eights."""
    found = (loaded ^ _ZEROS) & _MASKS[lengths]
    found = found * np.uint64(10) + (found >> np.uint64(8))
    pairs = np.uint64(0x000000FF000000FF)
    upper = (found & pairs) * np.uint64(0x000F424000000064)
    lower = ((found >> np.uint64(16)) & pairs) * np.uint64(0x0000271000000001)
    eight: IntArray = ((upper + lower) >> np.uint64(32)).astype(np.int64)
    return eight
