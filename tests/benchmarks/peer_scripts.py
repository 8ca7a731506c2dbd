"""The same backtest in three engines, each script run in a process of its own; nothing here fails on the clock.

RSI(14) below 30 enters, above 70 leaves, one unit, filled at the next bar's open, 0.1 % fee, on minute bars of one
random walk. Each script takes the number of bars, warms up on a thousand, and prints {"import", "seconds", "trades",
"equity", "peak_mb"}: seconds from columns in memory to the result. Ours holds fills, trades, equity curve and all
metrics, backtesting.py's likewise; vectorbt is asked for its trades only, which is in its favour.
"""

from __future__ import annotations

VECTORBT = ("vectorbt[rust]==1.2.0", "TA-Lib>=0.8.2,<0.9")
BACKTESTING = ("backtesting==0.6.6", "TA-Lib>=0.8.2,<0.9")

_COMMON = """
import gc, json, resource, sys, time, warnings
warnings.simplefilter("ignore")
import numpy as np

def walk(count):
    draw = np.random.default_rng(20261121)
    close = np.round(100 * np.exp(np.cumsum(draw.normal(0, 0.001, count))), 2)
    opened = np.round(np.concatenate(([100.0], close[:-1])) + draw.normal(0, 0.01, count), 2)
    high, low = np.maximum(opened, close) + 0.05, np.minimum(opened, close) - 0.05
    start = 1_577_836_800_000_000 + 60_000_000 * np.arange(count, dtype=np.int64)
    return start, opened, high, low, close, np.full(count, 1_000.0)

def timed(run):
    run(walk(1_000))
    columns = walk(int(sys.argv[1]))
    gc.collect()
    began = time.perf_counter()
    found = run(columns)
    seconds = time.perf_counter() - began
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    json.dump({"import": imported, "seconds": seconds, "peak_mb": peak, **found}, sys.stdout)
"""

ASSAY_SCRIPT = (
    _COMMON
    + """
began = time.perf_counter()
from decimal import Decimal
from desktop.companions import without
with without("pandas", "polars"):
    import talib
from desktop.domain.instruments import Instrument
from desktop.domain.market import FeedOrigin
from desktop.domain.sessions import ExecutionMode, FillModelKind, FillSettings, SessionSettings
from desktop.domain.strategies import Sizing, SizingKind, Strategy
from desktop.market.calendars import trading_hours
from desktop.research.backtest import Market, run_backtest
from desktop.research.report import days_of_result, measure_result
from desktop.rules.columns import Columns
imported = time.perf_counter() - began
strategy = Strategy(
    "RSI dip", "1m", "rsi(14) < 30", "rsi(14) > 70", sizing=Sizing(SizingKind.FIXED_QUANTITY, Decimal(1))
)
settings = SessionSettings(
    "b", "b", strategy, "1", (Instrument("WALK"),), Decimal(100_000), mode=ExecutionMode.AUTO, feed="replay",
    origin=FeedOrigin.REPLAY, fills=FillSettings(FillModelKind.IDEAL, fee_percent=Decimal("0.1")),
)

def run(columns):
    market = Market({"WALK": Columns(*columns)}, {"WALK": trading_hours("always")})
    result = run_backtest(settings, market)
    metrics = measure_result(result, days_of_result(result, market))
    return {"trades": metrics.trade_count, "equity": float(result.final_equity)}

timed(run)
"""
)

VECTORBT_SCRIPT = (
    _COMMON
    + """
began = time.perf_counter()
import pandas as pd, talib, vectorbt as vbt
imported = time.perf_counter() - began

def run(columns):
    start, opened, high, low, close, volume = columns
    rsi = talib.RSI(close, 14)
    enters, leaves = np.roll(rsi < 30, 1), np.roll(rsi > 70, 1)  # judged at the close, filled at the next open
    enters[0] = leaves[0] = False
    found = vbt.Portfolio.from_signals(
        close, enters, leaves, price=opened, size=1.0, fees=0.001, init_cash=100_000.0, freq="1min"
    )
    return {"trades": int(found.trades.closed.count()), "equity": None}

timed(run)
"""
)

BACKTESTING_SCRIPT = (
    _COMMON
    + """
began = time.perf_counter()
import pandas as pd, talib
from backtesting import Backtest, Strategy
imported = time.perf_counter() - began

class Dip(Strategy):
    def init(self):
        self.rsi = self.I(talib.RSI, self.data.Close, 14)
    def next(self):
        if not self.position:
            if self.rsi[-1] < 30:
                self.buy(size=1)
        elif self.rsi[-1] > 70:
            self.position.close()

def run(columns):
    start, opened, high, low, close, volume = columns
    data = pd.DataFrame(
        {"Open": opened, "High": high, "Low": low, "Close": close, "Volume": volume},
        index=pd.to_datetime(start, unit="us"),
    )
    found = Backtest(data, Dip, cash=100_000, commission=0.001).run()
    return {"trades": int(found["# Trades"]), "equity": float(found["Equity Final [$]"])}

timed(run)
"""
)
