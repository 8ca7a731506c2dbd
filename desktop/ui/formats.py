"""Numbers and times as the user's locale writes them. Decimals stay exact: no figure passes through a float.

A negative number carries the true minus sign (U+2212) everywhere on the screen; `plain` gives the form for files.
"""

from __future__ import annotations

import time
from datetime import UTC, datetime, tzinfo
from decimal import ROUND_HALF_EVEN, Decimal
from zoneinfo import ZoneInfo

from PySide6.QtCore import QCoreApplication, QDateTime, QLocale, QTimeZone

from desktop.domain.instruments import Instrument
from desktop.domain.market import DAY, HOUR, MINUTE, SECOND
from desktop.domain.money import CURRENCY_DECIMALS, bounded

MINUS = "\N{MINUS SIGN}"
_FILE_DECIMALS = -10
NOTHING = "\N{EN DASH}"  # shown where a figure is not known
_INDIAN = frozenset({"IN", "BD", "NP", "PK", "LK", "BT"})


def number(value: Decimal | float, decimals: int, *, signed: bool = False) -> str:
    """Return `value` with exactly `decimals` decimals (ties to even), grouped by the locale's habit."""
    exact = value if isinstance(value, Decimal) else Decimal(repr(value))
    if not exact.is_finite():
        return NOTHING
    rounded = exact.quantize(Decimal(1).scaleb(-decimals), rounding=ROUND_HALF_EVEN)
    whole, _, fraction = f"{abs(rounded):f}".partition(".")
    locale = QLocale()
    text = _grouped(whole, locale) + (locale.decimalPoint() + fraction if fraction else "")
    return _sign(rounded, signed=signed) + text


def _sign(value: Decimal, *, signed: bool) -> str:
    if value < 0:
        return MINUS
    return "+" if signed and value > 0 else ""


def _grouped(digits: str, locale: QLocale) -> str:
    separator = locale.groupSeparator()
    if len(digits) <= 3 or not separator:
        return digits
    head, groups = digits[:-3], [digits[-3:]]
    step = 2 if locale.name().partition("_")[2] in _INDIAN else 3
    while head:
        groups.append(head[-step:])
        head = head[:-step]
    return separator.join(reversed(groups))


def price(value: Decimal | float | None, instrument: Instrument) -> str:
    """Return a price with the decimals of the instrument's tick (`Instrument.shown_decimals`)."""
    return NOTHING if value is None else number(value, instrument.shown_decimals(value))


def quantity(value: Decimal | float | None, instrument: Instrument) -> str:
    """Return a quantity; decimals that are zero all the way are left out (0.25, not 0.25000000)."""
    if value is None:
        return NOTHING
    exact = value if isinstance(value, Decimal) else Decimal(repr(value))
    exponent = exact.normalize().as_tuple().exponent
    shown = max(0, -exponent) if isinstance(exponent, int) else 0
    return number(exact, min(shown, instrument.quantity_decimals))


def money(value: Decimal | float | None, currency: str, *, signed: bool = False, code: bool = False) -> str:
    """Return an amount with the currency's decimals; `code` adds the currency ("1,234.50 USD")."""
    if value is None:
        return NOTHING
    text = number(value, CURRENCY_DECIMALS.get(currency, 2), signed=signed)
    return f"{text} {currency}" if code else text


def percent(value: Decimal | float | None, *, signed: bool = True, decimals: int = 2) -> str:
    """Return per cent: a Decimal is per cent already (1.5), a float is a fraction (0.015); both give "+1.50 %"."""
    if value is None:
        return NOTHING
    per_cent = value if isinstance(value, Decimal) else Decimal(repr(float(value))) * 100
    text = number(per_cent, decimals, signed=signed)
    return text if text == NOTHING else f"{text} %"


def ratio(value: float | None, decimals: int = 2) -> str:
    """Return a plain ratio such as Sharpe; unknown is a dash."""
    return NOTHING if value is None else number(value, decimals)


def direction(text: str) -> int:
    """Return 1, -1 or 0 as a signed figure is shown: a loss that rounds to "0.00" is neither up nor down."""
    return 1 if text.startswith("+") else -1 if text.startswith(MINUS) else 0


def tone(text: str) -> str:
    """Return the tone of a signed figure as it is shown: "up", "down" or "flat"."""
    return ("flat", "up", "down")[direction(text)]


def marked(text: str) -> str:
    """Return a signed figure behind the mark that says up or down without colour: "▼ −1.50 %"; flat has none."""
    return ("", "▲ ", "▼ ")[direction(text)] + text


def plain(value: Decimal | float) -> str:
    """Return a number for a file: point, hyphen, no grouping, no exponent; what a division left has ten decimals."""
    if not isinstance(value, Decimal):
        return repr(value)
    exponent = value.as_tuple().exponent
    return f"{bounded(value) if isinstance(exponent, int) and exponent < _FILE_DECIMALS else value:f}"


def _date_time(at: int) -> QDateTime:
    return QDateTime.fromMSecsSinceEpoch(at // 1000, QTimeZone(QTimeZone.Initialization.LocalTime))


def clock(at: int, *, seconds: bool = True) -> str:
    """Return the time of day of µs UTC in the user's zone: 14:03:22."""
    return _date_time(at).toString("HH:mm:ss" if seconds else "HH:mm") if at else NOTHING


def date_time(at: int) -> str:
    """Return date and time of µs UTC in the user's zone, the date as the locale writes it."""
    if not at:
        return NOTHING
    moment = _date_time(at)
    return f"{_day(moment)} {moment.toString('HH:mm:ss')}"


def _day(moment: QDateTime) -> str:
    """Return a date as the locale writes it, the year in full: history reaches over more than one century."""
    locale = QLocale()
    form = locale.dateFormat(QLocale.FormatType.ShortFormat)
    return locale.toString(moment.date(), form if "yyyy" in form else form.replace("yy", "yyyy"))


def bar_time(at: int, timeframe: str) -> str:
    """Return a time of recorded prices: a date for bars of days and more, which no zone moves, else with its minute."""
    if timeframe[-1:] in {"d", "w"} and at % DAY == 0:
        utc = QTimeZone(QTimeZone.Initialization.UTC)
        return _day(QDateTime.fromMSecsSinceEpoch(at // 1000, utc))
    text = date_time(at)
    return text.removesuffix(":00") if at and at % MINUTE == 0 else text


def at_exchange(at: int, calendar: str) -> str:
    """Return µs UTC in the exchange's zone for a tool tip: "2026-11-20 10:03:22 America/New_York"."""
    zones = {"XNYS": "America/New_York", "XNAS": "America/New_York", "XKRX": "Asia/Seoul"}
    name = calendar.partition("@")[2] or zones.get(calendar, "UTC")
    zone: tzinfo = ZoneInfo(name) if name != "UTC" else UTC
    return f"{datetime.fromtimestamp(at / SECOND, zone):%Y-%m-%d %H:%M:%S} {name}"


def age(elapsed: int) -> str:
    """Return how long `elapsed` µs are: 320 ms, 12 s, 4 min, 3 h, 2 d."""
    tr = QCoreApplication.translate
    if elapsed < SECOND:
        return tr("formats", "%1 ms").replace("%1", str(max(0, elapsed) // 1000))
    for unit, text in ((DAY, tr("formats", "%1 d")), (HOUR, tr("formats", "%1 h")), (MINUTE, tr("formats", "%1 min"))):
        if elapsed >= unit:
            return text.replace("%1", str(elapsed // unit))
    return tr("formats", "%1 s").replace("%1", str(elapsed // SECOND))


def countdown(remaining: int) -> str:
    """Return remaining µs as 0:42 or 1:05:00."""
    seconds = max(0, -(-remaining // SECOND))
    hours, rest = divmod(seconds, 3600)
    minutes, left = divmod(rest, 60)
    return f"{hours}:{minutes:02}:{left:02}" if hours else f"{minutes}:{left:02}"


def zone_name() -> str:
    """Return the short name of the user's time zone (KST)."""
    return time.tzname[time.localtime().tm_isdst > 0]
