"""A stand-in in a process of its own, as a test holds it: it outlives the program under test and its kill -9.

::

    with StandinProcess(tmp_path / "ledger.jsonl", price={"SPY": "100.00,100.02"}) as standin:
        ...                               # the program under test gets standin.url, standin.key_id, standin.secret
        standin.tell("price", "SPY", "99.00", "99.02")      # any verb of control.py: args as of the method
        standin.tell("fault", "submit", "lose-answer")
        standin.books().check_no_duplicates()

Calls block: they are for tests that drive child processes, not for a test inside a loop.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Any, Self
from urllib.request import Request, urlopen

from tests.helpers.standins.base import Standin
from tests.helpers.standins.ledger import Ledger

ROOT = Path(__file__).resolve().parents[3]


class StandinProcess:
    """Starts on entering, ends on leaving; `restart` continues from the ledger on the same port."""

    key_id, secret = Standin.key_id, Standin.secret

    def __init__(
        self,
        ledger: Path,
        *,
        module: str = "tests.helpers.standins.alpaca",
        price: Mapping[str, str] | None = None,
        options: Sequence[str] = (),
    ) -> None:
        self.ledger, self.module = ledger, module
        self._options = [*options, *(word for pair in (price or {}).items() for word in ("--price", "=".join(pair)))]
        self.port = 0
        self._process: subprocess.Popen[str] | None = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> Self:
        command = [sys.executable, "-m", self.module, "--port", str(self.port), "--ledger", str(self.ledger)]
        self._process = subprocess.Popen([*command, *self._options], stdout=subprocess.PIPE, text=True, cwd=ROOT)
        assert self._process.stdout is not None
        self.port = int(self._process.stdout.readline())
        return self

    def stop(self) -> None:
        self._end(hard=False)

    def restart(self, *, hard: bool = True) -> None:
        """End it (hard: without a chance to tidy up) and start it again on its ledger and port."""
        self._end(hard=hard)
        self.start()

    def tell(self, verb: str, *args: Any, **kwargs: Any) -> Any:
        """Call the stand-in; see `control.VERBS`, "fault" (Faults.add), "requests", "connected"."""
        body = json.dumps({"args": args, "kwargs": kwargs}, default=str).encode()
        with urlopen(Request(f"{self.url}/_standin/{verb}", body, method="POST"), timeout=30) as answer:
            return json.loads(answer.read())

    def books(self) -> Ledger:
        """Return what the venue has written so far."""
        return Ledger.read(self.ledger)

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(self, kind: type[BaseException] | None, value: BaseException | None, at: TracebackType | None) -> None:
        self.stop()

    def _end(self, *, hard: bool) -> None:
        if self._process is None:
            return
        if hard:
            self._process.kill()
        else:
            self._process.terminate()
        self._process.wait(timeout=30)
        if self._process.stdout is not None:
            self._process.stdout.close()
        self._process = None
