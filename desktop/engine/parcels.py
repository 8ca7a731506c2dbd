"""Values on their way to another process and back: in a file, large arrays beside the rest, never through a pipe."""

from __future__ import annotations

import io
import mmap
import pickle
from collections.abc import Callable
from dataclasses import fields
from operator import attrgetter
from pathlib import Path
from typing import Any

from desktop.domain.errors import EnvironmentFault

_ALIGN = 64  # bytes: where arrays like to begin
_PIECE = 1 << 24  # bytes written or read at a time


class _Reducers(dict[type, Callable[[Any], Any]]):
    """Takes frozen dataclasses apart by their fields at once: pickle's own way is ten times as slow for a fill."""

    def __missing__(self, kind: type) -> Callable[[Any], Any]:
        parameters = getattr(kind, "__dataclass_params__", None)
        own = () if parameters is None or not parameters.frozen else fields(kind)
        if len(own) < 2 or any(not item.init or item.kw_only for item in own):
            raise KeyError(kind)
        take = attrgetter(*(item.name for item in own))
        found = self[kind] = lambda value: (kind, take(value))
        return found


def write_parcel(value: Any, path: Path) -> None:
    """Write a value. Blocks on the disk, without holding up other threads while large arrays are written.

    Raises:
        EnvironmentFault: the disk does not take it.
    """
    buffers: list[pickle.PickleBuffer] = []
    stream = io.BytesIO()
    pickler = pickle.Pickler(stream, protocol=5, buffer_callback=buffers.append)
    pickler.dispatch_table = _Reducers()
    pickler.dump(value)
    body = stream.getvalue()
    parts = [buffer.raw() for buffer in buffers]
    sizes = [len(body), *(len(part) for part in parts)]
    head = pickle.dumps(sizes)
    try:
        with path.open("wb", buffering=0) as file:
            file.write(len(head).to_bytes(8, "little") + head + body)
            for part in parts:
                file.seek(-file.tell() % _ALIGN, 1)
                _write_all(file, part)
    except OSError as error:
        raise EnvironmentFault(
            f"The work could not be handed to its process: {error.strerror} in {path.parent}. Nothing was changed. "
            "Free some space there and try again."
        ) from error


def _write_all(file: Any, part: memoryview) -> None:
    done = 0
    while done < len(part):
        done += file.write(part[done : done + _PIECE])


def read_parcel(path: Path) -> Any:
    """Return the value of a file that `write_parcel` wrote, its arrays in memory of their own. Blocks on the disk.

    Only for files of this program's own processes: what they hold is trusted.
    """
    whole = memoryview(mmap.mmap(-1, max(1, path.stat().st_size)))  # a bytearray would be filled with zeros first
    with path.open("rb", buffering=0) as file:
        done = 0
        while done < len(whole):
            count = file.readinto(whole[done : done + _PIECE])
            if not count:
                break
            done += count
    begin = 8 + int.from_bytes(whole[:8], "little")
    sizes: list[int] = pickle.loads(whole[8:begin])  # noqa: S301 - written by our own process
    end = begin + sizes[0]
    buffers = []
    place = end
    for size in sizes[1:]:
        place += -place % _ALIGN
        buffers.append(whole[place : place + size])
        place += size
    return pickle.loads(whole[begin:end], buffers=buffers)  # noqa: S301 - written by our own process
