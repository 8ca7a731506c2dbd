"""Our metrics against empyrical-reloaded, in an environment of its own: it needs an older peewee than we do."""

from __future__ import annotations

import math

import numpy as np
import pytest

from desktop.research.metrics import daily_returns, max_drawdown, measure
from desktop.research.trading_days import trading_days
from tests.helpers.peers import ask_peer, peer_python

DAY = 86_400_000_000
SCRIPT = """
import json, sys
import empyrical
import numpy as np
answers = []
for case in json.load(sys.stdin):
    returns, path, a_year = np.array(case["returns"]), np.array(case["path"]), case["a_year"]
    answers.append({
        "sharpe": empyrical.sharpe_ratio(returns, annualization=a_year),
        "sortino": empyrical.sortino_ratio(returns, annualization=a_year),
        "volatility": empyrical.annual_volatility(returns, annualization=a_year),
        "cagr": empyrical.cagr(returns, annualization=a_year),
        "var_95": empyrical.value_at_risk(returns),
        "max_drawdown": empyrical.max_drawdown(empyrical.simple_returns(path)),
    })
print(json.dumps(answers))
"""


@pytest.mark.slow
def test_metrics_equal_those_of_empyrical() -> None:
    python = peer_python("empyrical-reloaded==0.7.1")
    draw = np.random.default_rng(7)
    cases, ours = [], []
    for number in range(60):
        bars, step = int(draw.integers(4, 900)), int(draw.choice([DAY // 24, DAY // 3, DAY, 3 * DAY]))
        start = 1_500_000_000_000_000 + np.arange(bars, dtype=np.int64) * step
        days = trading_days(start, periods_per_year=0 if number % 3 else 252)
        moves = draw.normal(draw.normal(0, 0.002), draw.choice([1e-4, 0.01, 0.05]), bars)
        moves[draw.random(bars) < draw.choice([0.0, 0.5])] = 0.0  # flat while there is no position
        equity = 100_000.0 * np.exp(np.cumsum(moves))
        metrics = measure(equity, days, starting_cash=100_000.0)
        assert metrics.max_drawdown == max_drawdown(equity, 100_000.0)
        returns = daily_returns(equity, days)
        if len(returns) < 2 or metrics.sharpe is None or metrics.sortino is None:
            continue
        ours.append(metrics)
        path = np.concatenate([[100_000.0], equity])
        cases.append({"returns": returns.tolist(), "path": path.tolist(), "a_year": days.periods_per_year})
    assert len(cases) > 40
    for metrics, theirs in zip(ours, ask_peer(python, SCRIPT, cases), strict=True):
        for name, value in theirs.items():
            assert math.isclose(getattr(metrics, name), value, rel_tol=1e-9, abs_tol=1e-9), name
