"""The same strategy in other people's engines, as scripts for an environment of their own.

Each reads {"time": µs UTC, "open", "high", "low", "close", "volume", "rsi": numbers, "cash", "quantity", "fee"} as JSON
from standard input and prints {"trades": [[entry time, entry price, exit time, exit price]], "held": quantity, "cash",
"equity"}. Orders are market orders that fill at the next bar's open; what is open at the end stays open.
"""

from __future__ import annotations

BACKTESTING = ("backtesting==0.6.6",)
BACKTRADER = ("backtrader==1.9.78.123", "pandas>=2.2")

#: backtesting.py; it is given the RSI, as it has no indicators of its own. It never judges the first bar on which all
#: indicators are known; a neutral 50 in place of the unknown leaves that bar to the rule, as everyone else does.
BACKTESTING_SCRIPT = """
import json, sys, warnings
warnings.simplefilter("ignore")
import numpy as np, pandas as pd
from backtesting import Backtest, Strategy
q = json.load(sys.stdin)
data = pd.DataFrame(
    {name.capitalize(): q[name] for name in ("open", "high", "low", "close", "volume")},
    index=pd.to_datetime(q["time"], unit="us"),
)
known = np.array([50.0 if value is None else value for value in q["rsi"]])

class Dip(Strategy):
    def init(self):
        self.rsi = self.I(lambda: known, name="rsi")
    def next(self):
        if not self.position:
            if self.rsi[-1] < 30:
                self.buy(size=q["quantity"])
        elif self.rsi[-1] > 70:
            self.position.close()

found = Backtest(data, Dip, cash=q["cash"], commission=q["fee"], finalize_trades=False).run()
trades = [
    [q["time"][row.EntryBar], row.EntryPrice, q["time"][row.ExitBar], row.ExitPrice]
    for row in found._trades.itertuples()
]
still = found._strategy.trades
held = sum(trade.size for trade in still)
equity = float(found["Equity Final [$]"])
cash = equity - held * q["close"][-1]
json.dump({"trades": trades, "held": held, "cash": cash, "equity": equity}, sys.stdout)
"""

#: backtrader, with its own RSI.
BACKTRADER_SCRIPT = """
import json, sys, datetime, collections
if not hasattr(collections, "Iterable"):
    import collections.abc
    collections.Iterable = collections.abc.Iterable
import pandas as pd, backtrader as bt
q = json.load(sys.stdin)
data = pd.DataFrame(
    {name: q[name] for name in ("open", "high", "low", "close", "volume")}, index=pd.to_datetime(q["time"], unit="us")
)
micros = lambda moment: round(moment.replace(tzinfo=datetime.timezone.utc).timestamp() * 1_000_000)

class Dip(bt.Strategy):
    def __init__(self):
        self.rsi = bt.ind.RSI(self.data.close, period=14, safediv=True)
        self.trades, self.entry = [], None
    def notify_order(self, order):
        if order.status == order.Completed:
            now = [micros(self.data.datetime.datetime(0)), order.executed.price]
            if order.isbuy():
                self.entry = now
            else:
                self.trades.append(self.entry + now)
                self.entry = None
    def next(self):
        if not self.position:
            if self.rsi[0] < 30:
                self.buy(size=q["quantity"])
        elif self.rsi[0] > 70:
            self.close()

cerebro = bt.Cerebro(stdstats=False)
cerebro.adddata(bt.feeds.PandasData(dataname=data, timeframe=bt.TimeFrame.Minutes))
cerebro.addstrategy(Dip)
cerebro.broker.setcash(q["cash"])
cerebro.broker.setcommission(commission=q["fee"])
(run,) = cerebro.run()
json.dump(
    {
        "trades": run.trades,
        "held": run.position.size,
        "cash": cerebro.broker.getcash(),
        "equity": cerebro.broker.getvalue(),
    },
    sys.stdout,
)
"""
