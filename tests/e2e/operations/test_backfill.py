"""`gcsmttr backfill` of the fake GitHub into the deployed stack, interrupted and resumed."""

import json
import os
import signal
import subprocess
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import uuid4

import pytest

from infra.local import client
from infra.local.deployment import GCSMTTR, Deployment, environment_of
from infra.local.github.forms import alerts as forms
from infra.local.github.github import GitHub
from infra.local.github.server import serving
from infra.local.github.world import history
from infra.local.github.world.history import Past
from infra.local.github.world.records import Repository
from tests.support.command_line import gcsmttr
from tests.support.paths import ROOT

pytestmark = pytest.mark.e2e

ALERTS = int(os.environ.get("BACKFILL_ALERTS", "2000"))
"""How many alerts are backfilled.

2,000 take a minute, and 5,000 in 200 repositories take 3.5 minutes. The queues of the emulator
slow down with their length.
"""
REPOSITORIES = 200 if ALERTS >= 5_000 else 20
PAGES = ALERTS // 100
_SECONDS_TO_COUNT = 300 + ALERTS

Numbers = tuple[int, int, int, int]
"""Open alerts, fixed ones, dismissed ones, and the milliseconds that they were open."""


class Requests(list[str]):
    """The requests to GitHub. The one with a number calls a function before its response."""

    def __init__(self) -> None:
        super().__init__()
        self._calls: dict[int, Callable[[], object]] = {}

    def at(self, number: int, call: Callable[[], object]) -> None:
        self._calls[number] = call

    def append(self, request: str) -> None:
        super().append(request)
        self._calls.pop(len(self), lambda: None)()


@dataclass
class Account:
    """An organisation on the fake GitHub, and the command that reads it."""

    deployment: Deployment
    github: GitHub
    url: str
    name: str
    repositories: list[Repository] = field(default_factory=list)

    @property
    def requests(self) -> Requests:
        assert isinstance(self.github.requests, Requests)
        return self.github.requests

    def start(self, *options: str) -> subprocess.Popen[str]:
        token = self.github.registry.user_token(self.github.world.account("octocat"))
        return subprocess.Popen(
            [GCSMTTR, "backfill", "--organisation", self.name, "--api-url", self.url, *options],
            cwd=ROOT,
            env={
                **environment_of(self.deployment.endpoint),
                "GCSMTTR_STACK": self.deployment.stack,
                "GITHUB_TOKEN": token,
            },
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            # A shell starts jobs in the background with SIGINT ignored, and children inherit that.
            preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),  # noqa: PLW1509
        )

    def run(self, *options: str) -> tuple[Any, str]:
        """Return the JSON document and the notes of a run that succeeds."""
        process = self.start("--json", *options)
        stdout, stderr = process.communicate()
        assert process.returncode == 0, stderr
        return json.loads(stdout), stderr

    def interrupted(self, number: signal.Signals, *, after: int) -> int:
        """Return the exit status of a run that gets a signal at a later request."""
        process = self.start()
        self.requests.at(len(self.requests) + after, lambda: process.send_signal(number))
        _, stderr = process.communicate()
        assert "Error" not in stderr, stderr
        return process.returncode

    def served(self) -> list[tuple[str, dict[str, Any]]]:
        """Return the alerts that GitHub lists, as JSON, each with its repository."""
        return [
            (one.full_name, dict(forms.listed(alert, one, self.github.addresses)))
            for one in self.repositories
            for alert in one.alerts.values()
            if alert.ref is None
        ]


@pytest.fixture
def account(deployment: Deployment) -> Iterator[Account]:
    github = GitHub()
    github.requests = Requests()
    name = f"day-one-{uuid4().hex[:8]}"
    with serving(github) as url:
        account = Account(deployment, github, url, name)
        past = Past(repositories=REPOSITORIES, alerts=ALERTS // REPOSITORIES, days=200)
        account.repositories = history.fill(github.world, name, past)
        yield account


def instant(text: str) -> datetime:
    return datetime.fromisoformat(text)


def expected_numbers(served: list[tuple[str, dict[str, Any]]]) -> dict[tuple[str, str], Numbers]:
    """Return the numbers of each row of both levels, added up from the served alerts."""
    found: dict[tuple[str, str], Counter[str]] = {}

    def count(repository: str, at: datetime, **numbers: int) -> None:
        for name in (repository, repository.partition("/")[0]):
            for period in (f"DAY#{at:%Y-%m-%d}", f"MONTH#{at:%Y-%m}", "ALL"):
                found.setdefault((name, period), Counter()).update(numbers)

    for repository, alert in served:
        created = instant(alert["created_at"])
        if alert["state"] == "open":
            count(repository, created, open=1)
            continue
        is_fixed = alert["state"] == "fixed"
        closed = instant(alert["dismissed_at"] or alert["fixed_at"] or alert["updated_at"])
        milliseconds = round((closed - created).total_seconds() * 1000)
        count(repository, closed, **{"fixed" if is_fixed else "dismissed": 1}, time=milliseconds)
    return {
        row: (one["open"], one["fixed"], one["dismissed"], one["time"])
        for row, one in found.items()
    }


def stored_numbers(account: Account) -> dict[tuple[str, str], Numbers]:
    """Return the numbers of each row that counts an alert."""
    tables = (
        ("RepositoryOverviewTable", "repositoryName"),
        ("OrganisationOverviewTable", "organisationName"),
    )
    return {
        (row[key]["S"], row["period"]["S"]): numbers
        for table, key in tables
        for row in rows(account, table, key)
        if any(numbers := numbers_of(row))
    }


def all_of(account: Account) -> Numbers | None:
    """Return the numbers of the organisation, None if no alert is counted."""
    found = account.deployment.client("dynamodb").get_item(
        TableName=account.deployment.outputs["OrganisationOverviewTable"],
        Key={"organisationName": {"S": account.name}, "period": {"S": "ALL"}},
        ConsistentRead=True,
    )
    return numbers_of(found["Item"]) if "Item" in found else None


def numbers_of(row: dict[str, Any]) -> Numbers:
    opened, fixed, dismissed, time = (
        int(row[name]["N"])
        for name in ("openAlerts", "numberFixed", "numberManuallyClosed", "totalTimeToRemediate")
    )
    return opened, fixed, dismissed, time


def rows(account: Account, table: str, key: str) -> list[dict[str, Any]]:
    scan = account.deployment.client("dynamodb").get_paginator("scan")
    pages = scan.paginate(TableName=account.deployment.outputs[table], ConsistentRead=True)
    found = (row for page in pages for row in page["Items"])
    return [row for row in found if row[key]["S"].startswith(account.name)]


def test_interrupted_backfill_counts_every_alert_once(account: Account) -> None:
    served = account.served()
    assert account.interrupted(signal.SIGINT, after=2 + PAGES // 4) == 130
    assert account.interrupted(signal.SIGKILL, after=2 + PAGES // 4) == -signal.SIGKILL
    document, notes = account.run()
    assert "Continues at page" in notes
    assert document["alerts"] == len(served)
    assert document["pages"] == -(-len(served) // 100)

    expected = expected_numbers(served)
    client.wait_until(
        lambda: all_of(account) == expected[account.name, "ALL"],
        seconds=_SECONDS_TO_COUNT,
        what="the organisation's overview to contain every alert",
    )
    client.wait_until(
        lambda: stored_numbers(account) == expected,
        seconds=60,
        what="every overview number to equal the served alerts",
    )
    verified = gcsmttr(account.deployment, "verify", "--organisation", account.name)
    assert verified.returncode == 0, verified.stdout

    stored = rows(account, "AllEventsTable", "repositoryName")
    requests = len(account.requests)
    repeated, _ = account.run()
    assert (repeated["alerts"], repeated["differences"]) == (len(served), {})
    # One request for 100 alerts, and one for the facts of 100 repositories.
    pages = -(-len(served) // 100) + -(-REPOSITORIES // 100)
    assert len(account.requests) - requests == repeated["requests"] == pages
    assert rows(account, "AllEventsTable", "repositoryName") == stored
    assert stored_numbers(account) == expected
