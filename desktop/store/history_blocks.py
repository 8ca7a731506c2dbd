"""Columns as blocks of bytes with a checksum: how the history store keeps prices."""

from __future__ import annotations

import zlib
from collections.abc import Iterator, Sequence

import numpy as np
import numpy.typing as npt

from desktop.domain.errors import StorageFault
from desktop.domain.history import SeriesInfo
from desktop.rules.columns import Columns

BLOCK_ROWS = 16_384

Arrays = Sequence[npt.NDArray[np.int64] | npt.NDArray[np.float64]]


def bar_arrays(columns: Columns) -> Arrays:
    """Return bars in the order they are stored in."""
    return (columns.start, columns.open, columns.high, columns.low, columns.close, columns.volume)


def blocks_of(arrays: Arrays) -> Iterator[tuple[int, int, int, int, int, bytes]]:
    """Yield (number, first time, last time, rows, checksum, data): each column whole, one after the other."""
    for number, begin in enumerate(range(0, len(arrays[0]), BLOCK_ROWS)):
        parts = [array[begin : begin + BLOCK_ROWS] for array in arrays]
        data = b"".join(part.astype(part.dtype.newbyteorder("<"), copy=False).tobytes() for part in parts)
        yield number, int(parts[0][0]), int(parts[0][-1]), len(parts[0]), zlib.crc32(data), data


def columns_of(info: SeriesInfo, rows: int, checksum: int, data: bytes, width: int) -> list[npt.NDArray[np.float64]]:
    """Return the columns of a block, whole numbers still as the bytes of floats.

    Raises:
        StorageFault: the block is not what was stored.
    """
    if zlib.crc32(data) != checksum or len(data) != 8 * width * rows:
        raise StorageFault(
            f"The stored history of {info.symbol} (series {info.series_id}) is damaged and was not used. Delete it and "
            f"import {info.source} again."
        )
    return list(np.frombuffer(data, dtype="<f8").reshape(width, rows))
