"""Keys that are limited to organisations: nothing depends on rows that they cannot read.

Two worlds have the same rows of the key's organisations. Only one of them has rows of others. A
limited key gets the same responses in both, byte by byte, and causes the same requests to DynamoDB.
"""

import json
import os
import random
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from itertools import product
from typing import Any

import pytest

from graphql_api import query_handler
from graphql_api.access.access import Access
from graphql_api.access.key_store import AccessKeyStore
from ingest import instant
from ingest.terms import ClosedAs, Visibility
from tests.support.examples import examples
from tests.support.graphql_api.deployment import (
    NOW,
    Deployment,
    Response,
    alert,
    closing,
    deployed,
)

READABLE = ("a", "a-b", "a.b")
HIDDEN = ("Secret", "a-", "aa")
UNKNOWN = ("nobody", "a-bb")
KEY_LIMITS = (*READABLE, "not-yet-seen")
DOCUMENTS = int(os.environ.get("GCSMTTR_ISOLATION_DOCUMENTS") or examples(300))
"""The number of random documents. Each is sent to both worlds."""


def fill(deployment: Deployment, organisations: tuple[str, ...]) -> None:
    """Record open and closed alerts of two repositories of each organisation in four months.

    Each organisation has a team of its own, and one that all organisations have.
    """
    for organisation, name in product(organisations, ("web", "Api")):
        repository = f"{organisation}/{name}"
        teams = ("shared" if name == "web" else f"{organisation}-team",)
        deployment.report(
            repository,
            properties=(("team", teams),),
            topics=(f"of-{organisation.lower()}", "public"),
            visibility=Visibility.PRIVATE,
            archived=name == "web",
        )
        for number in range(1, 5):
            created_at = datetime(2026, 7 + number, 3, 9, tzinfo=UTC)
            one = alert(number, repository=repository, created_at=created_at, tool=f"T{name}")
            deployment.record(one)
            if number % 2:
                closed_at = created_at + timedelta(days=number)
                deployment.record(closing(one, closed_at, ClosedAs.FIXED))
    deployment.roll_up()


@contextmanager
def world(organisations: tuple[str, ...]) -> Iterator[Deployment]:
    with pytest.MonkeyPatch.context() as patch, deployed(patch, TEAM="property:team") as deployment:
        fill(deployment, organisations)
        yield deployment


def limited(deployment: Deployment) -> str:
    store = AccessKeyStore(deployment.client, "AccessKeys")
    return store.create("ci", now=NOW, organisations=KEY_LIMITS)


def document(choose: random.Random) -> str:
    """Return a document with one to three fields."""
    return "{ " + " ".join(f"f{n}: {_field(choose)}" for n in range(choose.randint(1, 3))) + " }"


def _field(choose: random.Random) -> str:
    organisation = choose.choice((*READABLE, *HIDDEN, *UNKNOWN, "SECRET", "A-B"))
    other = choose.choice((*READABLE, *HIDDEN, *UNKNOWN))
    repository = f"{organisation}/{choose.choice(('web', 'api', 'gone'))}"
    limit = choose.choice((1, 2, 3, 100))
    month = choose.choice(("2026-08", "2026-11", "2020-01"))
    order = choose.choice(("asc", "desc"))
    months = f"(limit: {limit}) {{ data {{ id openAlerts }} nextToken }}"
    in_month = (
        f'(monthlyPeriod: "{month}", limit: {limit}, sortDirection: {order})'
        " { data { id } nextToken }"
    )
    ids = " { data { id } }"
    scoped = choose.choice(
        (f'organisation(name: "{organisation}")', f'repository(name: "{repository}")')
    )
    filters = choose.choice(
        (
            "",
            f'filter: {{repository: ["{other}/web", "{repository}"]}}',
            'filter: {tool: ["Tweb", "x"]}',
            f'filter: {{team: ["shared", "{other}-team"]}}',
            f'filter: {{topic: "of-{other.lower()}", visibility: PRIVATE}}',
            f'filter: {{archived: false, notRepository: "{other}/*"}}',
        )
    )
    call = f"({filters})" if filters else ""
    also = f", {filters}" if filters else ""
    group = choose.choice(("REPOSITORY", "TEAM", "TOOL"))
    return choose.choice(
        (
            "organisations { name lastEventAt }",
            "access { name organisations expiresAt }",
            f"getAlerts(limit: {limit}) {{ data {{ id state }} nextToken }}",
            f"getRepositoryOverviews{months}",
            f"getOrganisationOverviews{months}",
            f"repositoryOverviewbyMonthlyPeriod{in_month}",
            f"organisationOverviewbyMonthlyPeriod{in_month}",
            f'getAlert(id: "{repository}/{choose.randint(1, 5)}") {{ id alertURL }}',
            f'getRepositoryOverview(id: "{month}/{repository}") {{ id numberFixed }}',
            f'getOrganisationOverview(id: "{month}/{organisation}") {{ id numberFixed }}',
            f'repositoryOverviewbyRepositoryName(repositoryName: "{repository}"){ids}',
            f'organisationOverviewbyOrganisationName(organisationName: "{organisation}"){ids}',
            f"{scoped} {{ name lastEventAt metrics{call} {{ opened closed openAtEnd }} }}",
            f"{scoped} {{ metrics(groupBy: REPOSITORY) {{ group opened }} }}",
            f"{scoped} {{ metrics(groupBy: TEAM) {{ group net before(of: OPENED) }} }}",
            f"{scoped} {{ backlog(groupBy: TEAM) {{ group open }} }}",
            f"{scoped} {{ repositoryFacts {{ visibility archived topics team defaultBranch }} }}",
            f"{scoped} {{ alerts{call} {{ data {{ id }} nextToken }} }}",
            f"{scoped} {{ backlog{call} {{ open olderThan(days: 30) }} }}",
            f"{scoped} {{ backlog(groupBy: REPOSITORY) {{ group open }} }}",
            f"{scoped} {{ alerts(limit: {limit}) {{ data {{ id }} nextToken }} }}",
            (
                f"{scoped} {{ alerts(state: OPEN, overdue: true{also})"
                " { data { id dueAt cwes path } nextToken } }"
            ),
            f'{scoped} {{ alerts(cwe: ["CWE-79"]{also}) {{ data {{ id }} nextToken }} }}',
            f'{scoped} {{ rules(from: "now-1y"{also}) {{ key open closed description }} }}',
            f'{scoped} {{ rules(by: CWE, from: "now-1y"{also}) {{ key opened }} }}',
            (
                f'{scoped} {{ serviceLevels(from: "now-1y", groupBy: {group}{also})'
                " { group severity due met late open } }"
            ),
            (
                f"{scoped} {{ backlog(groupBy: {group}, top: {{groups: 2, by: OVERDUE}}{also})"
                " { group overdue dueWithin(days: 30) medianAge } }"
            ),
            (
                f"{scoped} {{ metrics(basis: OPENED, groupBy: {group}{also})"
                " { group closed shareClosedWithin(days: 7) } }"
            ),
            "serviceLevelTargets { severity days }",
        )
    )


def replies(organisations: tuple[str, ...], documents: list[str]) -> list[tuple[Any, ...]]:
    """Return the status, the body and the requests to DynamoDB of each document."""
    seen: list[tuple[Any, ...]] = []
    now_ns = int(datetime.fromisoformat(NOW).timestamp()) * 1_000_000_000
    with world(organisations) as deployment, pytest.MonkeyPatch.context() as patch:
        # Ages and due dates depend on the time.
        patch.setattr("time.time_ns", lambda: now_ns)
        key, requests = limited(deployment), []

        def record(params: dict[str, Any], model: Any, **_: Any) -> None:
            # The check of the key is repeated after half a minute, so it depends on the machine.
            if params.get("TableName") != "AccessKeys":
                requests.append((model.name, str(params)))

        assert ask(deployment, key, "{ access { name } }").data == {"access": {"name": "ci"}}
        client = query_handler._service().context_of(Access("tests")).reader.client
        client.meta.events.register("provide-client-params.dynamodb.*", record)
        for text in documents:
            requests.clear()
            response = ask(deployment, key, text)
            seen.append((text, response.status, response.text, tuple(requests)))
    return seen


def ask(deployment: Deployment, key: str, text: str, **variables: object) -> Response:
    body = json.dumps({"query": text, "variables": variables}).encode()
    headers = {"x-api-key": key, "content-type": "application/json"}
    return deployment.send("POST", headers=headers, body=body)


def test_hidden_rows_change_neither_responses_nor_reads() -> None:
    choose = random.Random(20261125)  # noqa: S311
    documents = [document(choose) for _ in range(DOCUMENTS)]
    with_hidden = replies((*READABLE, *HIDDEN), documents)
    without = replies(READABLE, documents)
    assert any("a-b/web/1" in text for _, _, text, _ in without)
    assert [pair for pair in zip(with_hidden, without, strict=True) if pair[0] != pair[1]] == []


LISTS = (
    "getAlerts(",
    "getRepositoryOverviews(",
    "getOrganisationOverviews(",
    'repositoryOverviewbyMonthlyPeriod(monthlyPeriod: "2026-08", ',
    'repositoryOverviewbyMonthlyPeriod(monthlyPeriod: "2026-08", sortDirection: desc, ',
    'organisationOverviewbyMonthlyPeriod(monthlyPeriod: "2026-08", ',
    'organisationOverviewbyMonthlyPeriod(monthlyPeriod: "2026-08", sortDirection: desc, ',
)


@pytest.fixture(scope="module")
def both() -> Iterator[Deployment]:
    """Yield the world with hidden rows."""
    with world((*READABLE, *HIDDEN)) as deployment:
        yield deployment


def pages(deployment: Deployment, key: str, call: str, limit: int) -> Iterator[dict[str, Any]]:
    token = None
    text = (
        f"query ($t: String) {{ found: {call}limit: {limit}, nextToken: $t)"
        " { data { id organisationName } nextToken } }"
    )
    while True:
        page = ask(deployment, key, text, t=token).data["found"]
        yield page
        token = page["nextToken"]
        if token is None:
            return


@pytest.mark.parametrize("limit", [1, 2, 3, 5, 1_000])
@pytest.mark.parametrize("call", LISTS)
def test_lists_contain_exactly_the_readable_rows(both: Deployment, call: str, limit: int) -> None:
    (all_rows,) = [page["data"] for page in pages(both, both.key, call, 1_000)]
    readable = [row for row in all_rows if row["organisationName"] in READABLE]
    found = [row for page in pages(both, limited(both), call, limit) for row in page["data"]]
    assert 0 < len(readable) < len(all_rows)
    if "Direction" in call or "Period" in call:
        assert found == readable
    else:
        assert sorted(found, key=str) == sorted(readable, key=str)


@pytest.mark.parametrize("call", LISTS)
def test_cursor_belongs_to_the_limits_of_its_key(both: Deployment, call: str) -> None:
    store = AccessKeyStore(both.client, "AccessKeys")
    other = store.create("other", now=NOW, organisations=["a"])
    mine = limited(both)
    for key, foreign in product((both.key, mine, other), repeat=2):
        token = next(pages(both, key, call, 1))["nextToken"]
        if token is None or key == foreign:
            continue
        response = ask(
            both, foreign, f"query ($t: String) {{ {call}nextToken: $t) {{ nextToken }} }}", t=token
        )
        assert response.reasons == ["bad_cursor"]


def test_expired_key_is_unauthorized(both: Deployment, monkeypatch: pytest.MonkeyPatch) -> None:
    store = AccessKeyStore(both.client, "AccessKeys")
    key = store.create("ci", now=NOW, expires_at="2026-12-01T00:00:00.000Z")
    for now, status in (
        ("2026-11-30T23:59:59.999Z", 200),
        ("2026-12-01T00:00:00.000Z", 401),
        ("2030-01-01T00:00:00.000Z", 401),
    ):
        now_ms = instant.from_text(now)
        monkeypatch.setattr(time, "time_ns", lambda ms=now_ms: ms * 1_000_000)
        response = ask(both, key, "{ access { name expiresAt organisations } }")
        assert response.status == status
        if status == 200:
            assert response.data["access"] == {
                "name": "ci", "expiresAt": "2026-12-01T00:00:00.000Z", "organisations": None,
            }  # fmt: skip
