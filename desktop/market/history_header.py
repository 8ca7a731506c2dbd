"""Which column of a file is what: common names of exchanges, vendors and charting programs."""

from __future__ import annotations

from dataclasses import dataclass

from desktop.domain.errors import DataFileError
from desktop.market.history_cells import TimeReader

#: What a column may be called, in lower case without spaces, dashes and underscores.
NAMES: dict[str, frozenset[str]] = {
    "time": frozenset(
        {"time", "timestamp", "date", "datetime", "opentime", "ts", "t", "tradetime", "timeutc", "datetimeutc", "unix"}
    ),
    "open": frozenset({"open", "o", "openprice", "bidopen"}),
    "high": frozenset({"high", "h", "highprice", "max"}),
    "low": frozenset({"low", "l", "lowprice", "min"}),
    "close": frozenset({"close", "c", "closeprice", "last"}),
    "volume": frozenset({"volume", "v", "vol", "tickvolume", "basevolume", "volumebtc"}),
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
        trade_id: Index of the trade id; -1: none.
        time_reader: Reads the times.
    """

    kind: str
    separator: str
    names: tuple[str, ...]
    places: dict[str, int]
    numbers: tuple[str, ...]
    prices: tuple[str, ...]
    time: int
    trade_id: int
    time_reader: TimeReader

    @property
    def width(self) -> int:
        """Cells of a row."""
        return len(self.names)


def read_header(path: str, line: str, most: int, *, row: int) -> Header:
    """Return what the columns of a file are.

    Raises:
        DataFileError: they are neither bars nor quotes nor trades; names what is missing.
    """
    separator = max((",", ";", "\t"), key=line.count)
    names = tuple(cell.strip().strip('"').strip() for cell in line.split(separator))
    if len(names) > most:
        raise DataFileError(path, f"has {len(names)} columns, more than the {most} that are read.", row=row)
    places = _places(names)
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
        trade_id=places.get("trade_id", -1) if kind == "trades" else -1,
        time_reader=TimeReader(),
    )


def _places(names: tuple[str, ...]) -> dict[str, int]:
    """Return the index of each column that is known; the first of two that mean the same counts."""
    plain = [name.lower().replace(" ", "").replace("_", "").replace("-", "") for name in names]
    found: dict[str, int] = {}
    for index, name in enumerate(plain):
        for what, known in NAMES.items():
            if name in known:
                found.setdefault(what, index)
    return found
