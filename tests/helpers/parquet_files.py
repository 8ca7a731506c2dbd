"""Parquet files for tests, as other programs write them."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any


def write_parquet(path: Path, columns: Mapping[str, tuple[Any, list[Any]]]) -> Path:
    """Write columns of (Arrow type, cells); None is an empty cell."""
    from arro3.core import Table
    from arro3.io import write_parquet as write

    arrays: dict[str, Any] = {name: _array(kind, cells) for name, (kind, cells) in columns.items()}
    write(Table.from_pydict(arrays), path, compression="zstd(3)")
    return path


def _array(kind: Any, cells: list[Any]) -> Any:
    from arro3.core import Array, DataType

    if DataType.is_timestamp(kind):  # made from whole numbers: the library has no other way
        return Array(cells, DataType.int64()).cast(kind)
    return Array(cells, kind)
