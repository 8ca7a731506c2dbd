"""The whole program in a process of its own: what is loaded by the time one can trade, and what comes after."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

from desktop.ui.docks import dock_specs

ROOT = Path(__file__).parents[1]
_START = """
import gc, json, sys
from desktop import app
from desktop.__main__ import main
seen = {}
def say(line):
    seen[line] = sorted({"pandas", "pyqtgraph", "talib", "exchange_calendars", "keyring"} & set(sys.modules))
app._say = say
collect_again = app._collect_again
def watched():
    seen["collecting before"] = gc.isenabled()
    collect_again()
    seen["collecting after"] = gc.isenabled()
    seen["filled"] = sorted(name for name, dock in docks.items() if dock.panel is not None)
app._collect_again = watched
from desktop.ui.main_window import MainWindow
attach = MainWindow.attach
async def attached(self, desk, **given):
    global docks
    docks = self.docks
    assert len(desk.sessions()) == 1
    await attach(self, desk, **given)
MainWindow.attach = attached
status = main(["--data-dir", sys.argv[1], "--smoke"])
import talib, pandas
seen["pandas"] = float(talib.SMA(pandas.Series([1.0, 2.0, 3.0]).to_numpy(), 2)[-1])
print(json.dumps(seen))
sys.exit(status)
"""


def test_the_first_start_waits_only_for_what_trading_needs_and_fills_what_is_seen(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", _START, str(tmp_path)],
        cwd=ROOT,
        env={**os.environ, "QT_QPA_PLATFORM": "offscreen"},
        capture_output=True,
        text=True,
        check=True,
        timeout=120,
    )
    seen = json.loads(done.stdout.splitlines()[-1])
    assert seen["window open"] == []
    assert seen["window usable"] == ["talib"]
    assert (seen["collecting before"], seen["collecting after"]) == (False, True)
    # the others are filled when they are first seen
    assert set(seen["filled"]) == {spec.name for spec in dock_specs() if not spec.later}
    assert seen["pandas"] == 2.5
