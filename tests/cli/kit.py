"""Running the command line inside the test's process, and as a child that can be killed."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from desktop.__main__ import main

ROOT = Path(__file__).resolve().parents[2]


@dataclass
class Shell:
    """Commands of `assay` and what they printed."""

    capture: pytest.CaptureFixture[str]
    status: int = 0
    out: str = ""
    error: str = ""

    def run(self, *arguments: object) -> int:
        """Run one command; output and status are kept."""
        self.capture.readouterr()
        self.status = main([str(item) for item in arguments])
        found = self.capture.readouterr()
        self.out, self.error = found.out, found.err
        return self.status

    def json(self, *arguments: object) -> dict[str, Any]:
        """Run a command that succeeds with --json and return its one object."""
        assert self.run(*arguments, "--json") == 0, self.error
        found: dict[str, Any] = json.loads(self.out)
        return found

    def refusal(self, *arguments: object) -> str:
        """Run a command that is the user's mistake and return the sentence."""
        assert self.run(*arguments) == 2, self.error
        assert self.out == ""
        return self.error

    def audit(self, directory: Path) -> list[dict[str, Any]]:
        """Return the audit trail without what depends on when and how often the run was started."""
        records = self.json("audit", "--data-dir", directory, "--limit", 1_000_000)["records"]
        return [
            {key: record[key] for key in ("kind", "at", "text", "data")}
            for record in records
            if record["kind"] not in {"SessionChanged", "CommandTaken"}
        ]


@dataclass(frozen=True)
class Paper:
    """An `assay paper --replay` command."""

    strategy: Path
    files: dict[str, Path]
    options: tuple[object, ...] = ("--fills", "ideal")
    data_dir: Path | None = None
    environment: dict[str, str] = field(default_factory=dict)

    @property
    def arguments(self) -> list[str]:
        """The command line."""
        found: list[object] = ["paper", self.strategy]
        for symbol, path in self.files.items():
            found += ["--symbol", symbol, "--replay", path]
        found += self.options
        if self.data_dir is not None:
            found += ["--data-dir", self.data_dir]
        return [str(item) for item in found]

    def child(self, **environment: str) -> subprocess.CompletedProcess[str]:
        """Run it in a process of its own."""
        return subprocess.run(
            [sys.executable, "-m", "desktop", *self.arguments, "--json"],
            cwd=ROOT,
            capture_output=True,
            text=True,
            check=False,
            timeout=120,
            env={**os.environ, **environment},
        )


def outcome(report: dict[str, Any]) -> dict[str, Any]:
    """Return what a report says of the run itself: not how long it took or how often it was begun."""
    return {key: value for key, value in report.items() if not key.endswith("_seconds") and key != "resumed"}
