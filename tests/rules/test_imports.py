"""What rules import, and when: the window must not wait for an indicator library."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path


def test_importing_and_compiling_rules_loads_no_indicator_library() -> None:
    script = (
        "import sys\n"
        "from desktop.rules import assistance, batch, compile, stream\n"
        "from desktop.rules.nodes import Role\n"
        "compile.compile_rule('rsi(14) < 30 and macd().signal > 0', role=Role.ENTRY)\n"
        "assistance.completions('rs'), assistance.markdown_reference()\n"
        "print(sorted({name.split('.')[0] for name in sys.modules} & {'talib', 'pandas', 'PySide6', 'pyqtgraph'}))"
    )
    root = Path(__file__).parents[2]
    result = subprocess.run([sys.executable, "-c", script], cwd=root, capture_output=True, text=True, check=True)
    assert result.stdout.strip() == "[]"
