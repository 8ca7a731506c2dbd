"""What trades on the simulated market: names of our own making, clearly marked."""

from __future__ import annotations

from decimal import Decimal

from desktop.domain.instruments import AssetClass, Instrument
from desktop.feeds.simulated_price import Listing

BENCHMARK = "SIMX"


def _share(symbol: str, name: str, start: float, move: float = 0.00016, size: float = 2_500) -> Listing:
    return Listing(Instrument(symbol, name=f"{name} (simulated)"), start, move, size)


def _korean(symbol: str, name: str, start: float, tick: int) -> Listing:
    instrument = Instrument(symbol, currency="KRW", tick=Decimal(tick), name=f"{name} (simulated)")
    return Listing(instrument, start, 0.00018, 4_000)


def _coin(symbol: str, name: str, start: float, size: float) -> Listing:
    instrument = Instrument(
        symbol,
        tick=Decimal("0.01"),
        lot=Decimal("0.00000001"),
        asset_class=AssetClass.CRYPTO,
        name=f"{name} (simulated)",
    )
    return Listing(instrument, start, 0.00028, size, 2)


LISTINGS: tuple[Listing, ...] = (
    _share("NOVA", "Nova Grid Energy", 84.20),
    _share("HELX", "Helix Bioworks", 41.75, 0.00021),
    _share("ORBT", "Orbital Freight", 127.40),
    _share("QUAY", "Quayside Retail", 23.15, 0.00014),
    _share("TERN", "Tern Software", 212.60, 0.00019),
    _share(BENCHMARK, "Simulated 500 Index Fund", 410.00, 0.00008, 8_000),
    _korean("HANBIT", "Hanbit Semiconductor", 71_000, 100),  # the tick of the exchange's price band
    _korean("NARAE", "Narae Motors", 184_500, 100),
    _coin("COINA/USD", "Coin A", 61_250.0, 6.0),
    _coin("COINB/USD", "Coin B", 3_140.0, 90.0),
)
