"""`assay live` against a venue in a process of its own: refused, run, killed, run again; no secret gets out."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest

from desktop.brokers.credentials import KeyringCredentials
from desktop.domain.broker import AccountRef
from desktop.domain.events import SessionChanged
from desktop.domain.evidence import Evidence, EvidenceDetail
from desktop.domain.market import DAY, FeedOrigin
from desktop.domain.sessions import SessionState
from desktop.domain.strategy_text import parse_strategy, strategy_version
from desktop.ports import Batch, EquityPoint
from desktop.store.storage import Storage
from tests.cli.kit import ROOT, Shell
from tests.helpers.fake_keyring import FakeKeyring
from tests.helpers.standins.process import StandinProcess
from tests.store import values as v

D = Decimal

STRATEGY = """
name = "Always in"
timeframe = "1s"
entry = "close > 0"
exit = "bars_held > 10000"
[sizing]
kind = "fixed_quantity"
value = 2
"""
DRILL = (
    "--override", "backtest=a drill on a stand-in", "--override", "paper trading=a drill on a stand-in",
    "--confirm-limits", "--mode", "auto", "--hours", "always",
)  # fmt: skip


class Floor:
    """A venue, a keyring with its credentials, and the program between them."""

    def __init__(self, folder: Path, venue: StandinProcess) -> None:
        self.venue, self.data = venue, folder / "data"
        self.strategy = folder / "always.toml"
        self.strategy.write_text(STRATEGY)
        self.keyring = folder / "keyring" / "keyring.json"
        self.keyring.parent.mkdir()
        self.ref = AccountRef("alpaca-paper", "main")
        fields = {"key_id": venue.key_id, "secret": venue.secret}
        KeyringCredentials(FakeKeyring(self.keyring)).save(self.ref, fields)

    def arguments(self, *more: str) -> list[str]:
        return [
            sys.executable, "-m", "tests.helpers.fake_keyring", str(self.keyring), "live", str(self.strategy),
            "--broker", "alpaca-paper", "--account", "main", "--symbol", "SPY", "--url", self.venue.url,
            "--data-dir", str(self.data), *more,
        ]  # fmt: skip

    def run(self, *more: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(self.arguments(*more), cwd=ROOT, capture_output=True, text=True, check=False, timeout=60)

    @contextlib.contextmanager
    def running(self, *more: str) -> Iterator[subprocess.Popen[str]]:
        """Start the program and end it, however the test ends."""
        child = subprocess.Popen(
            self.arguments(*DRILL, *more), cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
            env={**os.environ, "PYTHONUNBUFFERED": "1"}, stdin=subprocess.DEVNULL,
        )  # fmt: skip
        watchdog = threading.Timer(60, child.kill)  # a program that hangs fails the test, it does not stop the suite
        watchdog.start()
        try:
            yield child
        finally:
            watchdog.cancel()
            child.kill()
            child.wait()
            assert child.stdout is not None
            child.stdout.close()

    def until(self, child: subprocess.Popen[str], words: str) -> str:
        """Move the market until the program says something; returns all it said."""
        assert child.stdout is not None
        said = ""
        for line in child.stdout:
            said += line
            if words in line:
                return said
        raise AssertionError(f"It ended without {words!r}:\n{said}")


@pytest.fixture
def floor(tmp_path: Path) -> Iterator[Floor]:
    with StandinProcess(tmp_path / "ledger.jsonl", price={"SPY": "100.00,100.02"}) as venue:
        yield Floor(tmp_path, venue)


@contextlib.contextmanager
def market(venue: StandinProcess) -> Iterator[None]:
    """Let the venue quote anew twenty times a second, as a market does."""
    over = threading.Event()

    def quote() -> None:
        ticks = 0
        while not over.wait(0.05):
            ticks += 1
            bid = 10_000 + ticks % 5
            with contextlib.suppress(OSError):  # the venue is ending
                venue.tell("price", "SPY", f"{bid / 100:.2f}", f"{(bid + 2) / 100:.2f}")

    thread = threading.Thread(target=quote)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()


def test_an_unknown_broker_is_refused_with_those_there_are(shell: Shell, tmp_path: Path) -> None:
    strategy = tmp_path / "s.toml"
    strategy.write_text(STRATEGY)
    said = shell.refusal("live", strategy, "--broker", "ibkr", "--account", "main", "--symbol", "SPY")
    assert "There is no broker 'ibkr'" in said
    assert "alpaca-paper" in said


def test_without_evidence_no_session_is_created_and_every_missing_piece_is_named(floor: Floor, shell: Shell) -> None:
    refused = floor.run()
    assert refused.returncode == 2
    assert "may not trade live yet" in refused.stderr
    for name in ("backtest:", "paper trading:", "risk limits:"):
        assert name in refused.stderr
    assert "No session was created" in refused.stderr
    checked = floor.run("--check")
    assert checked.returncode == 2
    assert "is connected: account" in checked.stdout
    assert shell.json("sessions", "--data-dir", floor.data)["sessions"] == []
    assert not floor.venue.books().posts
    records = shell.json("audit", "--data-dir", floor.data)["records"]
    assert [item["data"]["passed"] for item in records if item["kind"] == "PrerequisitesJudged"] == [False]


def give_evidence(floor: Floor, *, sharpe: float, days: int) -> None:
    """Store a backtest of the strategy on market prices, and paper trading of it on prices of real time."""
    strategy = parse_strategy(floor.strategy.read_text())
    settings = replace(
        v.SETTINGS, strategy=strategy, strategy_version=strategy_version(strategy), origin=FeedOrigin.REPLAY
    )
    evidence = Evidence(
        "c0ffee" * 10, settings, ("aa",), ("spy_1h.csv",), "0.1.0", 1, 99, 5_000, {"sharpe": sharpe}, 120, D(1), D(1),
        D(0), "d",
    )  # fmt: skip
    paper = replace(settings, session_id="paper", origin=FeedOrigin.REAL_TIME)
    ran = SessionChanged("paper", DAY, SessionState.CREATED, SessionState.RUNNING, "started")
    points = [EquityPoint("paper", DAY * (day + 1), D(1), D(1), 0.0) for day in range(days)]
    with Storage.open(floor.data) as storage:
        storage.save_backtest(evidence, EvidenceDetail([], [], []))
        storage.commit(Batch("paper", DAY, facts=[ran], equity=points, settings=paper)).result()
        storage.end_session("paper").result()


@pytest.mark.slow
def test_with_every_prerequisite_met_the_session_runs_on_the_first_rung_and_says_by_what(
    floor: Floor, shell: Shell
) -> None:
    give_evidence(floor, sharpe=1.4, days=5)
    ended = floor.run(
        "--confirm-limits", "--hours", "always", "--arm", "LIVE", "--cash", "20000", "--seconds", "2", "--json"
    )
    assert ended.returncode == 0, ended.stderr
    report = json.loads(ended.stdout)
    assert (report["state"], report["capital"]) == ("RUNNING", "2000")
    (record,) = [
        item
        for item in shell.json("audit", "--data-dir", floor.data)["records"]
        if item["kind"] == "PrerequisitesJudged"
    ]
    assert record["data"]["passed"]
    assert [item["met"] for item in record["data"]["verdicts"]] == [True] * 5


@pytest.mark.parametrize(("sharpe", "days", "missing"), [(0.9, 5, "backtest"), (1.4, 4, "paper trading")])
def test_evidence_that_falls_short_is_named_alone(floor: Floor, sharpe: float, days: int, missing: str) -> None:
    give_evidence(floor, sharpe=sharpe, days=days)
    refused = floor.run("--confirm-limits")
    assert refused.returncode == 2
    assert f"{missing}: " in refused.stderr
    other = {"backtest", "paper trading"} - {missing}
    assert f"{other.pop()}: " not in refused.stderr


def test_an_account_without_credentials_is_said(floor: Floor) -> None:
    FakeKeyring(floor.keyring).delete_password("Assay", floor.ref.key)
    refused = floor.run(*DRILL)
    assert refused.returncode == 2
    assert "account with credentials 'alpaca-paper/main'" in refused.stderr + refused.stdout
    assert not floor.venue.books().posts


@pytest.mark.slow
def test_fault_4_killed_while_it_holds_it_comes_back_with_the_same_position_and_sends_nothing_twice(
    floor: Floor, shell: Shell
) -> None:
    with market(floor.venue):
        with floor.running("--arm", "LIVE") as child:
            floor.until(child, "fill     BUY 2 SPY")
            child.send_signal(signal.SIGKILL)
            child.wait()
        again = floor.run(*DRILL, "--arm", "LIVE", "--seconds", "3", "--json")
    assert again.returncode == 0, again.stderr
    report = json.loads(again.stdout)
    assert report["open_positions"] == 1
    assert report["account"]["reconciled"]
    assert report["account"]["differences"] == {}
    books = floor.venue.books()
    books.check_no_duplicates()
    assert len(books.orders) == 1
    fills = shell.json("fills", "--data-dir", floor.data)["fills"]
    assert [(item["side"], item["quantity"]) for item in fills] == [("BUY", "2")]
    assert shell.json("audit", "verify", "--data-dir", floor.data)["ok"]


@pytest.mark.slow
def test_a_session_that_is_not_armed_buys_nothing(floor: Floor) -> None:
    with market(floor.venue):
        ended = floor.run(*DRILL, "--seconds", "4")
    assert ended.returncode == 0
    assert "not armed" in ended.stdout
    assert not floor.venue.books().posts


@pytest.mark.slow
def test_run_again_and_armed_the_session_goes_on_buying(floor: Floor) -> None:
    with market(floor.venue):
        first = floor.run(*DRILL, "--seconds", "2", "--json")
        assert json.loads(first.stdout)["state"] == "RUNNING"
        with floor.running("--arm", "LIVE") as child:
            said = floor.until(child, "fill     BUY 2 SPY")
    assert "goes on" in said


@pytest.mark.slow
def test_run_again_without_arming_the_session_stays_paused(floor: Floor) -> None:
    with market(floor.venue):
        floor.run(*DRILL, "--seconds", "2")
        again = floor.run(*DRILL, "--seconds", "2", "--json")
    assert json.loads(again.stdout)["state"] == "PAUSED"
    assert not floor.venue.books().posts


@pytest.mark.slow
def test_ending_with_flatten_sells_before_the_program_ends(floor: Floor) -> None:
    with market(floor.venue):
        ended = floor.run(*DRILL, "--arm", "LIVE", "--seconds", "5", "--stop", "flatten", "--json")
    assert ended.returncode == 0, ended.stderr
    report = json.loads(ended.stdout)
    assert (report["state"], report["open_positions"]) == ("STOPPED", 0)
    books = floor.venue.books()
    assert [order.side for order in books.orders.values()] == ["buy", "sell"]
    assert books.position("SPY") == 0


@pytest.mark.slow
def test_no_secret_is_in_arguments_environment_files_or_output(floor: Floor) -> None:
    with market(floor.venue), floor.running("--arm", "LIVE") as child:
        said = floor.until(child, "fill     BUY 2 SPY")
        inside = Path(f"/proc/{child.pid}")
        seen = {name: (inside / name).read_bytes() for name in ("cmdline", "environ")} if inside.exists() else {}
        floor.venue.tell("revoke")
        said += floor.until(child, "credentials")
        child.send_signal(signal.SIGTERM)
        assert child.stdout is not None
        said += child.stdout.read()
    seen["output"] = said.encode()
    for path in floor.data.rglob("*"):
        if path.is_file():
            seen[str(path)] = path.read_bytes()
    assert len(seen) > 5
    for secret in (floor.venue.secret, floor.venue.key_id):
        assert [name for name, content in seen.items() if secret.encode() in content] == []
