"""One request has one budget for all its fields. Too large requests fail before any read."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from graphql_api.access.access import Access
from graphql_api.reading import budget, table_client
from graphql_api.reading.budget import Budget
from graphql_api.reading.cursor import CursorCodec
from graphql_api.reading.overviews import Overviews
from graphql_api.reading.reader import Reader
from graphql_api.reading.tables import Tables
from graphql_api.vocabulary.errors import BusyError, TooManyReadsError
from rollup.metrics.counts import Counts
from rollup.rows import headline
from tests.support.graphql_api.deployment import Deployment, alert, deployed, forget
from tests.unit.graphql_api.test_scope import reads

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
REPOSITORIES = [f"octo/repo-{number:02}" for number in range(41)]
TABLES = Tables(
    all_events="a", repository_overview="r", organisation_overview="o", repositories="f"
)


@pytest.fixture(scope="module")
def octo() -> Iterator[Deployment]:
    """Yield 41 repositories, each with an alert of this week and an alert of the last year."""
    with pytest.MonkeyPatch.context() as patch, deployed(patch) as deployment:
        patch.setattr("time.time_ns", lambda: int(NOW.timestamp()) * 1_000_000_000)
        for index, repository in enumerate(REPOSITORIES):
            for number, days in ((1, 3 + index % 3), (2, 400)):
                at = NOW - timedelta(days=days)
                deployment.record(alert(number, repository=repository, created_at=at))
        deployment.roll_up()
        yield deployment


def of_octo(fields: str) -> str:
    return f'{{ organisation(name: "octo") {{ {fields} }} }}'


def aliased(number: int, field: str) -> str:
    return " ".join(f"a{index}: {field}" for index in range(number))


TOO_MUCH = {
    "days in aliases": (
        "too_many_rows",
        of_octo(aliased(2, 'metrics(from: "now-6000d", interval: DAY) { closed }')),
    ),
    "days of every organisation": (
        "too_many_rows",
        "{ organisations { "
        + aliased(12, 'metrics(from: "now-9000d", interval: DAY) { closed }')
        + " } }",
    ),
    "days in totals and filters": (
        "too_many_periods",
        of_octo(
            aliased(
                59,
                'metrics(from: "now-9000d", interval: TOTAL, filter: {severity: HIGH}) '
                "{ change(of: CLOSED) }",
            )
        ),
    ),
    "weeks of days": (
        "too_many_periods",
        of_octo(aliased(5, 'metrics(from: "now-9000d", interval: WEEK) { closed }')),
    ),
    "fields of many rows": (
        "too_many_values",
        of_octo(
            'metrics(from: "now-9000d", interval: DAY) { '
            + aliased(9, "percentileTimeToRemediate(percent: 50)")
            + " }"
        ),
    ),
    "fields of many rows, one of them wrong": (
        "too_many_values",
        of_octo(
            'metrics(from: "now-9000d", interval: DAY) { bad: shareClosedWithin(days: 31) '
            + aliased(9, "percentileTimeToRemediate(percent: 50)")
            + " }"
        ),
    ),
    "days of repositories": (
        "too_many_rows",
        of_octo('metrics(from: "now-1y", interval: DAY, groupBy: REPOSITORY) { closed }'),
    ),
}


@pytest.mark.parametrize("what", TOO_MUCH)
def test_budget_error_names_what_to_reduce(octo: Deployment, what: str) -> None:
    reason, document = TOO_MUCH[what]
    response = octo.ask(document)
    assert reason in response.reasons
    error = next(e for e in response.json["errors"] if e["extensions"]["reason"] == reason)
    assert error["extensions"]["code"] == "LIMIT_EXCEEDED"
    assert "Ask for" in error["message"]


def test_too_many_rows_are_rejected_without_read(
    octo: Deployment, capsys: pytest.CaptureFixture[str]
) -> None:
    forget()
    octo.ask(of_octo('metrics(from: "2000-01-01", to: "2999-12-31", interval: DAY) { closed }'))
    (line,) = map(json.loads, capsys.readouterr().out.splitlines())
    assert line["reads"] == 0


def test_all_fields_share_limit_of_bytes(octo: Deployment, monkeypatch: pytest.MonkeyPatch) -> None:
    ranking = "metrics(groupBy: REPOSITORY, top: {groups: 1, by: OPENED}) { closed }"
    monkeypatch.setattr(budget, "BYTES_PER_REQUEST", 100_000)
    assert octo.ask(of_octo(aliased(1, ranking))).data
    assert "too_many_bytes" in octo.ask(of_octo(aliased(50, ranking))).reasons


@pytest.mark.parametrize("shown", [33, 40, 41])
def test_weeks_of_many_repositories_use_fewest_reads(octo: Deployment, shown: int) -> None:
    names = ", ".join(f'"{name}"' for name in REPOSITORIES[:shown])
    for narrowed in (f"top: {{groups: {shown}, by: OPENED}}", f"filter: {{repository: [{names}]}}"):
        query = of_octo(
            f'metrics(from: "now-363d", interval: WEEK, groupBy: REPOSITORY, {narrowed}) '
            "{ group opened change(of: OPENED) }"
        )
        assert len(reads(octo, query)) <= 20
        rows = octo.ask(query).data["organisation"]["metrics"]
        assert sum(row["opened"] for row in rows) == shown


class Throttled:
    """Leaves all keys of a batch unprocessed, or all but one, for a number of calls."""

    def __init__(self, *, until: int, progress: bool) -> None:
        self.until, self.progress, self.calls = until, progress, 0

    def batch_get_item(self, **request: Any) -> dict[str, Any]:
        self.calls += 1
        ((table, wanted),) = request["RequestItems"].items()
        first, *rest = wanted["Keys"]
        if self.calls >= self.until:
            return {"Responses": {table: wanted["Keys"]}}
        left = rest if self.progress else wanted["Keys"]
        found = [first] if self.progress else []
        return {"Responses": {table: found}, "UnprocessedKeys": {table: {"Keys": left}}}


def reader_of(client: Any) -> Reader:
    return Reader(client, CursorCodec.of("x"), Access("tests"), Budget())


KEYS = [{"repositoryName": {"S": f"octo/{number}"}} for number in range(30)]


@pytest.mark.parametrize("progress", [True, False])
def test_throttled_batches_are_repeated_until_complete(
    monkeypatch: pytest.MonkeyPatch, progress: bool
) -> None:
    waits: list[float] = []
    monkeypatch.setattr("time.sleep", waits.append)
    client = Throttled(until=4, progress=progress)
    mine = reader_of(client)
    assert sum(len(page) for page in mine.batch("r", KEYS)) == 30
    assert len(waits) == 3
    assert all(0 < wait <= table_client.BACKOFF.longest_s for wait in waits)
    assert mine.budget.reads == 1


def test_batches_that_stay_throttled_end_as_busy(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    waits: list[float] = []
    monkeypatch.setattr("time.sleep", waits.append)
    mine = reader_of(Throttled(until=10_000, progress=False))
    with pytest.raises(BusyError):
        list(mine.batch("r", KEYS))
    assert 1 < sum(waits) <= table_client.MAX_WAIT_S
    assert mine.budget.reads == 1


def test_too_many_reads_are_rejected_before_first_read() -> None:
    client = Throttled(until=0, progress=False)
    mine = reader_of(client)
    with pytest.raises(TooManyReadsError, match="at least 1 more"):
        list(mine.batch("r", KEYS * 334))
    assert client.calls == 0


def test_rows_beyond_memory_limit_are_read_again(monkeypatch: pytest.MonkeyPatch) -> None:
    class Client:
        calls = 0

        def query(self, **_request: Any) -> dict[str, Any]:
            self.calls += 1
            packed = headline.pack(Counts())
            row = {"period": {"S": "ALL"}, "headline": {"B": packed}}
            row["repositorySpelling"] = {"S": "Octo/x"}
            return {"Items": [{**row, "repositoryName": {"S": f"octo/{n}"}} for n in range(3)]}

    client: Any = Client()
    overviews = Overviews(reader_of(client), TABLES)
    for _ in range(2):
        assert sum(len(rows) for rows in overviews.headlines("octo", ["ALL"])) == 3
    assert client.calls == 1
    monkeypatch.setattr("graphql_api.reading.row_cache.KEPT_BYTES", 5)
    overviews = Overviews(reader_of(client), TABLES)
    for _ in range(2):
        assert sum(len(rows) for rows in overviews.headlines("octo", ["ALL"])) == 3
    assert client.calls == 3
