"""What Alpaca says of the account and the market: holdings, activities, clock, calendar, assets."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any

from aiohttp import web

from tests.helpers.standins.alpaca_form import NOT_FOUND, Refused
from tests.helpers.standins.alpaca_wire import (
    NEW_YORK,
    asset_json,
    fill_json,
    moment,
    number,
    position_json,
    stamp,
    when,
)
from tests.helpers.standins.ledger import ZERO

if TYPE_CHECKING:
    from tests.helpers.standins.alpaca import AlpacaStandin


class AccountDesk:
    """The routes of everything but orders."""

    def __init__(self, standin: AlpacaStandin) -> None:
        self.standin, self.ledger = standin, standin.ledger

    def add_to(self, app: web.Application) -> None:
        app.router.add_get("/v2/account", self.account)
        app.router.add_get("/v2/positions", self.positions)
        app.router.add_get("/v2/positions/{symbol}", self.position)
        app.router.add_get("/v2/account/activities", self.activities)
        app.router.add_get("/v2/account/activities/{activity_type}", self.activities)
        app.router.add_get("/v2/clock", self.clock)
        app.router.add_get("/v2/calendar", self.calendar)
        app.router.add_get("/v2/assets", self.assets)
        app.router.add_get("/v2/assets/{symbol}", self.asset)

    async def account(self, request: web.Request) -> web.Response:
        standin, ledger = self.standin, self.ledger
        worth = {symbol: standin.worth(symbol) for symbol in ledger.positions}
        long, short = (sum((w for w in worth.values() if (w > 0) is up), ZERO) for up in (True, False))
        power = number(standin.buying_power())
        return web.json_response(
            {
                "id": "1d9eed04-be39-4e01-9b84-a48ac5bbafcf",
                "account_number": "PA3STANDIN01",
                "status": "ACTIVE",
                "crypto_status": "ACTIVE",
                "currency": "USD",
                "buying_power": power,
                "regt_buying_power": power,
                "daytrading_buying_power": "0",
                "effective_buying_power": power,
                "non_marginable_buying_power": power,
                "cash": number(ledger.cash),
                "accrued_fees": "0",
                "portfolio_value": number(standin.equity()),
                "equity": number(standin.equity()),
                "last_equity": number(standin.last_equity),
                "long_market_value": number(long),
                "short_market_value": number(short),
                "initial_margin": number(long),
                "maintenance_margin": "0",
                "last_maintenance_margin": "0",
                "sma": "0",
                "multiplier": "1",
                "daytrade_count": 0,
                "pattern_day_trader": False,
                "trading_blocked": bool(standin.blocked),
                "transfers_blocked": False,
                "account_blocked": False,
                "trade_suspended_by_user": False,
                "shorting_enabled": False,
                "balance_asof": f"{when(standin.clock.now()).date() - timedelta(days=1)}",
                "created_at": "2023-01-01T18:20:20.272275Z",
            }
        )

    async def positions(self, request: web.Request) -> web.Response:
        symbols = sorted(symbol for symbol, held in self.ledger.positions.items() if held.quantity)
        return web.json_response([self._position(symbol) for symbol in symbols])

    async def position(self, request: web.Request) -> web.Response:
        symbol = request.match_info["symbol"]
        if not self.ledger.position(symbol):
            return Refused(404, NOT_FOUND, "position does not exist").answer
        return web.json_response(self._position(symbol))

    def _position(self, symbol: str) -> dict[str, Any]:
        standin = self.standin
        price = standin.venue.prices.get(symbol)
        return position_json(self.ledger.positions[symbol], standin.assets[symbol], price, standin.bound(symbol))

    async def activities(self, request: web.Request) -> web.Response:
        query = request.query
        kinds = request.match_info.get("activity_type") or query.get("activity_types") or ""
        try:
            found = self._activities(set(kinds.split(",")) - {""})
            found = [(at, one) for at, one in found if self._in_time(at, query.get("after"), query.get("until"))]
        except ValueError as problem:
            return Refused(422, 40010001, str(problem)).answer
        found.sort(key=lambda pair: pair[0])
        if query.get("direction", "desc") == "desc":
            found.reverse()
        size = int(query.get("page_size", 100))
        if not 0 < size <= 100:
            return Refused(422, 40010001, "page_size must be between 1 and 100").answer
        ids = [one["id"] for _, one in found]
        token = query.get("page_token", "")
        first = ids.index(token) + 1 if token in ids else 0
        return web.json_response([one for _, one in found[first : first + size]])

    def _activities(self, kinds: set[str]) -> list[tuple[int, dict[str, Any]]]:
        """Return time and activity; an execution that was taken back is not listed any more."""
        orders = self.ledger.orders
        trades = [one for one in self.ledger.executions if not one.busted and self.standin.shown(orders[one.order_id])]
        found = [*self.standin.corporate, *((one.at, fill_json(one, orders[one.order_id])) for one in trades)]
        return [(at, one) for at, one in found if not kinds or one["activity_type"] in kinds]

    def _in_time(self, at: int, after: str | None, until: str | None) -> bool:
        return (after is None or at > moment(after)) and (until is None or at < moment(until))

    # --- The market ---------------------------------------------------------------------------------------------------

    async def clock(self, request: web.Request) -> web.Response:
        now = when(self.standin.clock.now()).astimezone(NEW_YORK)
        opens, closes = self._next(now, "open"), self._next(now, "close")
        body = {
            "timestamp": now.isoformat(),
            "is_open": self.standin.venue.is_open,
            "next_open": opens.isoformat(),
            "next_close": closes.isoformat(),
        }
        return web.json_response(body)

    def _next(self, now: datetime, end: str) -> datetime:
        """Return the first opening or closing after now."""
        day = now.date()
        while True:
            hours = self._day(day)
            if hours is not None:
                at = datetime.combine(day, time.fromisoformat(hours[end]), NEW_YORK)
                if at > now:
                    return at
            day += timedelta(days=1)

    def _day(self, day: date) -> dict[str, str] | None:
        """Return the hours of a day; None: closed. `holidays` and `early_closes` are what a test says."""
        if day.weekday() > 4 or day in self.standin.holidays:
            return None
        settled = day + timedelta(days=1)
        while settled.weekday() > 4 or settled in self.standin.holidays:
            settled += timedelta(days=1)
        return {
            "date": day.isoformat(),
            "open": "09:30",
            "close": self.standin.early_closes.get(day, "16:00"),
            "session_open": "0400",
            "session_close": "2000",
            "settlement_date": settled.isoformat(),
        }

    async def calendar(self, request: web.Request) -> web.Response:
        today = when(self.standin.clock.now()).astimezone(NEW_YORK).date()
        start = date.fromisoformat(request.query["start"][:10]) if "start" in request.query else today
        end = date.fromisoformat(request.query["end"][:10]) if "end" in request.query else start + timedelta(days=30)
        days = [self._day(start + timedelta(days=n)) for n in range((end - start).days + 1)]
        return web.json_response([day for day in days if day is not None])

    async def assets(self, request: web.Request) -> web.Response:
        return web.json_response([asset_json(asset) for asset in self.standin.assets.values()])

    async def asset(self, request: web.Request) -> web.Response:
        wanted = request.match_info["symbol"]
        for asset in self.standin.assets.values():
            if wanted in {asset.symbol, asset.asset_id}:
                return web.json_response(asset_json(asset))
        return Refused(404, NOT_FOUND, f"asset not found for {wanted}").answer


def split_json(symbol: str, change: str, at: int, activity: str) -> dict[str, Any]:
    """Return a split as a non-trade activity."""
    return {
        "id": activity,
        "activity_type": "SPLIT",
        "activity_sub_type": "FSPLIT",
        "created_at": stamp(at),
        "date": f"{when(at):%Y-%m-%dT00:00:00Z}",
        "net_amount": "0",
        "symbol": symbol,
        "qty": change,
        "status": "executed",
    }
