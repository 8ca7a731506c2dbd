"""Which column of a file is what: common names of exchanges, vendors and charting programs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from desktop.domain.errors import DataFileError, FieldError
from desktop.market.history_times import DATE_ORDERS, TimeReader

#: What a column may be called, in lower case without spaces, dashes and underscores.
NAMES: dict[str, frozenset[str]] = {
    "time": frozenset(
        {"time", "timestamp", "date", "datetime", "opentime", "ts", "t", "tradetime", "timeutc", "datetimeutc", "unix"}
        | {"indexlevel0"}  # the index of a pandas table that has no name
    ),
    "clock": frozenset(),  # a time of day beside a date: found where both "date" and "time" are there
    "open": frozenset({"open", "o", "openprice", "bidopen"}),
    "high": frozenset({"high", "h", "highprice", "max"}),
    "low": frozenset({"low", "l", "lowprice", "min"}),
    "close": frozenset({"close", "c", "closeprice", "last"}),
    "volume": frozenset({"volume", "v", "vol", "tickvolume", "tickvol", "basevolume", "volumebtc"}),
    "bid": frozenset({"bid", "b", "bidprice", "bestbid", "bidpx"}),
    "ask": frozenset({"ask", "a", "askprice", "bestask", "offer", "askpx"}),
    "bid_size": frozenset({"bidsize", "bidqty", "bidvolume", "bestbidsize", "bestbidqty"}),
    "ask_size": frozenset({"asksize", "askqty", "askvolume", "bestasksize", "bestaskqty"}),
    "price": frozenset({"price", "p", "px", "tradeprice"}),
    "size": frozenset({"size", "qty", "quantity", "amount", "s", "q", "tradesize"}),
    "trade_id": frozenset({"tradeid", "id", "tid", "aggtradeid"}),
}
_NEEDED = {"bars": ("open", "high", "low", "close"), "quotes": ("bid", "ask"), "trades": ("price",)}
_OPTIONAL = {"bars": ("volume",), "quotes": ("bid_size", "ask_size"), "trades": ("size",)}
_SHOWN = 12
SEPARATORS = (",", ";", "\t")


@dataclass(frozen=True, slots=True)
class FileLayout:
    """What a user says of a file where it does not speak for itself.

    Attributes:
        columns: Column of the time and of each number: "close" -> its name in the file, or "#5" for the fifth one. All
            of them by "#" also read a file without a header row.
        zone: IANA zone of times that name none.
        date_order: One of `DATE_ORDERS`.
        ignored: Columns that are not read, whatever they are called; by name, or "#5" for the fifth one.
        separator: Between two cells; empty: as the first row shows it.
    """

    columns: Mapping[str, str] = field(default_factory=dict)
    zone: str = "UTC"
    date_order: str = DATE_ORDERS[0]
    ignored: tuple[str, ...] = ()
    separator: str = ""

    def __post_init__(self) -> None:
        for what in self.columns:
            if what not in NAMES:
                raise FieldError("map", f"{what!r} is none of {', '.join(NAMES)}.")
        if self.date_order not in DATE_ORDERS:
            raise FieldError("date order", f"{self.date_order!r} is none of {', '.join(DATE_ORDERS)}.")
        if self.separator not in {"", *SEPARATORS}:
            raise FieldError("separator", "a comma, a semicolon or a tab stands between two cells.")

    def separator_of(self, line: str) -> str:
        """Return what stands between two cells of a first row."""
        return self.separator or max(SEPARATORS, key=line.count)


@dataclass(frozen=True, slots=True)
class Header:
    """The columns of a file.

    Attributes:
        kind: "bars", "quotes" or "trades".
        separator: Between two cells.
        names: As written in the file.
        places: Index of each number by what it is.
        numbers: What is read as numbers, in this order.
        prices: Those of them that are prices.
        time: Index of the time column.
        clock: Index of the time of day where the time column holds dates only; -1: none.
        trade_id: Index of the trade id; -1: none.
        time_reader: Reads the times.
        is_data: There is no header row: the first row is data already.
    """

    kind: str
    separator: str
    names: tuple[str, ...]
    places: dict[str, int]
    numbers: tuple[str, ...]
    prices: tuple[str, ...]
    time: int
    clock: int
    trade_id: int
    time_reader: TimeReader
    is_data: bool = False

    @property
    def width(self) -> int:
        """Cells of a row."""
        return len(self.names)


def read_header(path: str, line: str, most: int, *, row: int, layout: FileLayout) -> Header:
    """Return what the columns of a file are.

    Raises:
        DataFileError: they are neither bars nor quotes nor trades; names what is missing.
        FieldError: the layout names a column or a zone that is not there.
    """
    separator = layout.separator_of(line)
    cells = tuple(cell.strip().strip('"').strip() for cell in line.split(separator))
    if len(cells) > most:
        raise DataFileError(path, f"has {len(cells)} columns, more than the {most} that are read.", row=row)
    reader = TimeReader(layout.zone, layout.date_order)
    is_data = _is_data(cells, layout, reader)
    names = tuple(f"#{number}" for number in range(1, len(cells) + 1)) if is_data else cells
    return named_header(path, names, layout, row=row, separator=separator, reader=reader, is_data=is_data)


def named_header(
    path: str,
    names: tuple[str, ...],
    layout: FileLayout,
    *,
    row: int = 0,
    separator: str = ",",
    reader: TimeReader | None = None,
    is_data: bool = False,
) -> Header:
    """Return what columns of these names are.

    Raises:
        DataFileError: they are neither bars nor quotes nor trades; names what is missing.
        FieldError: the layout names a column or a zone that is not there.
    """
    places = _places(names, layout)
    kind = next((kind for kind, needed in _NEEDED.items() if all(name in places for name in needed)), "")
    if not kind:
        shown = ", ".join(name[:20] for name in names[:_SHOWN])
        raise DataFileError(
            path,
            f"has the columns {shown}: neither bars (time, open, high, low, close, volume) nor quotes (time, bid, ask) "
            "nor trades (time, price, size). The first row names the columns.",
            row=row,
        )
    if "time" not in places:
        raise DataFileError(path, "has no column named time, timestamp, date or datetime.", row=row)
    needed = _NEEDED[kind]
    numbers = tuple(name for name in (*needed, *_OPTIONAL[kind]) if name in places)
    return Header(
        kind=kind,
        separator=separator,
        names=names,
        places=places,
        numbers=numbers,
        prices=needed,
        time=places["time"],
        clock=places.get("clock", -1),
        trade_id=places.get("trade_id", -1) if kind == "trades" else -1,
        time_reader=reader or TimeReader(layout.zone, layout.date_order),
        is_data=is_data,
    )


def _is_data(cells: tuple[str, ...], layout: FileLayout, reader: TimeReader) -> bool:
    """Whether the first row is data: every column was named by its number, and the time's cell is a time."""
    numbered = layout.columns and all(name.startswith("#") for name in layout.columns.values())
    if not numbered or "time" not in layout.columns:
        return False
    names = tuple(f"#{number}" for number in range(1, len(cells) + 1))
    return reader.moment(cells[_place("time", layout.columns["time"], names)]) is not None


def _places(names: tuple[str, ...], layout: FileLayout) -> dict[str, int]:
    """Return the index of each column that is known; the first of two that mean the same counts."""
    chosen = layout.columns
    found = {what: _place(what, name, names) for what, name in chosen.items()}
    ignored = {_place("ignored", name, names) for name in layout.ignored}
    taken = set(found.values()) | ignored
    for index, name in enumerate(plain_name(name) for name in names):
        for what, known in NAMES.items():
            if name in known and index not in taken:
                found.setdefault(what, index)
    plain = ["" if index in ignored else plain_name(name) for index, name in enumerate(names)]
    if "time" not in chosen and "date" in plain and "time" in plain:
        found |= {"time": plain.index("date"), "clock": plain.index("time")}
    return found


def _place(what: str, name: str, names: tuple[str, ...]) -> int:
    """Return the index of a column by its name as written, by its name in any case, or by "#" and its number."""
    if name in names:
        return names.index(name)
    number = name[1:]
    if name.startswith("#") and number.isdecimal() and len(number) < 4 and 1 <= int(number) <= len(names):
        return int(number) - 1
    plain = [plain_name(item) for item in names]
    if plain_name(name) in plain:
        return plain.index(plain_name(name))
    shown = ", ".join(item[:20] for item in names[:_SHOWN])
    raise FieldError("map", f"{what}: the file has no column {name[:40]!r}. It has {shown}.")


def plain_name(name: str) -> str:
    """Return a column's name in lower case, without spaces, dashes, underscores and the brackets of <OPEN>."""
    return name.strip("<>").lower().replace(" ", "").replace("_", "").replace("-", "")
