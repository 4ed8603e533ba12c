"""Names ignore case, as on GitHub. Responses show the most recent spelling."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.support.examples import examples
from tests.support.graphql_api.deployment import Deployment, alert, deployed

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
DAY = timedelta(days=1)
OLD, NEW = "octo/cat", "Octo/Cat"


@pytest.fixture(scope="module")
def octo() -> Iterator[Deployment]:
    """Yield two repositories. The spelling of one changed after its first alert."""
    with pytest.MonkeyPatch.context() as patch, deployed(patch) as deployment:
        patch.setattr("time.time_ns", lambda: int(NOW.timestamp()) * 1_000_000_000)
        for number in range(1, 6):
            deployment.record(
                alert(
                    number,
                    repository=OLD if number < 3 else NEW,
                    created_at=NOW - (60 - number) * DAY,
                ),
                alert(number, repository="Octo/api", created_at=NOW - 50 * DAY),
            )
        deployment.roll_up()
        yield deployment


def test_responses_show_most_recent_spelling(octo: Deployment) -> None:
    response = octo.ask(
        """{ organisations { name }
          organisation(name: "OCTO") { name
            metrics(interval: TOTAL, groupBy: REPOSITORY) { group opened change(of: OPENED) }
            days: metrics(from: "now-60d", interval: DAY, groupBy: REPOSITORY,
              top: {groups: 1, by: OPEN_AT_END}) { group }
            backlog(groupBy: REPOSITORY) { group open olderThan(days: 1) }
            team: backlog(groupBy: REPOSITORY, filter: {repository: ["OCTO/CAT"]}) { group open } }
          repository(name: "OCTO/cat") { name
            metrics(interval: TOTAL, groupBy: REPOSITORY) { group }
            alerts(filter: {repository: "octo/CAT"}, limit: 1) {
              data { id repositoryName organisationName } } }
          getAlert(id: "OCTO/CAT/4") { id repositoryName organisationName } }"""
    ).data
    assert response["organisations"] == [{"name": "Octo"}]
    organisation, repository = response["organisation"], response["repository"]
    assert (organisation["name"], repository["name"]) == ("Octo", NEW)
    assert organisation["metrics"] == [
        {"group": "Octo/api", "opened": 5, "change": None},
        {"group": NEW, "opened": 5, "change": None},
    ]
    assert {row["group"] for row in organisation["days"]} == {"Octo/api"}
    assert organisation["backlog"] == [
        {"group": name, "open": 5, "olderThan": 5} for name in ("Octo/api", NEW)
    ]
    assert organisation["team"] == [{"group": NEW, "open": 5}]
    assert repository["metrics"] == [{"group": NEW}]
    shown = {"repositoryName": NEW, "organisationName": "Octo"}
    assert repository["alerts"]["data"] == [{"id": f"{NEW}/5", **shown}]
    assert response["getAlert"] == {"id": f"{NEW}/4", **shown}


def test_months_show_most_recent_spelling(octo: Deployment) -> None:
    response = octo.ask(
        """{ one: getRepositoryOverview(id: "2026-09/OCTO/cat") {
            id repositoryName organisationName }
          organisation: getOrganisationOverview(id: "2026-September/oCTO") { id organisationName }
          months: repositoryOverviewbyRepositoryName(repositoryName: "octo/CAT") {
            data { id repositoryName } }
          all: getRepositoryOverviews { data { repositoryName organisationName } }
          both: repositoryOverviewbyMonthlyPeriod(monthlyPeriod: "2026-10") {
            data { repositoryName } }
          only: repositoryOverviewbyMonthlyPeriod(
            monthlyPeriod: "2026-10", repositoryName: "OCTO/API") { data { id } }
          organisations: organisationOverviewbyMonthlyPeriod(
            monthlyPeriod: "2026-10", organisationName: "OCTO") { data { organisationName } } }"""
    ).data
    assert response["one"] == {
        "id": f"2026-09/{NEW}", "repositoryName": NEW, "organisationName": "Octo"
    }  # fmt: skip
    assert response["organisation"] == {"id": "2026-09/Octo", "organisationName": "Octo"}
    assert response["months"] == {"data": [{"id": f"2026-09/{NEW}", "repositoryName": NEW}]}
    assert {row["organisationName"] for row in response["all"]["data"]} == {"Octo"}
    assert response["both"] == {"data": [{"repositoryName": "Octo/api"}]}
    assert response["only"] == {"data": [{"id": "2026-10/Octo/api"}]}
    assert response["organisations"] == {"data": [{"organisationName": "Octo"}]}


def test_unknown_name_keeps_spelling_of_query(octo: Deployment) -> None:
    response = octo.ask('{ organisation(name: "NoBody") { name } }')
    assert response.data == {"organisation": {"name": "NoBody"}}


WHOLE = """query (
    $organisation: String!, $repository: String!, $other: String!, $id: ID, $month: ID,
    $token: String) {
  organisation(name: $organisation) { name lastEventAt
    metrics(interval: TOTAL, filter: {repository: [$repository, $other]}) { opened openAtEnd }
    grouped: metrics(interval: TOTAL, groupBy: REPOSITORY,
      filter: {repository: [$other, $repository, $other]}) { group opened }
    alerts(limit: 3, filter: {repository: [$other]}, nextToken: $token) {
      data { id repositoryName } nextToken } }
  repository(name: $repository) { name lastEventAt backlog { open }
    alerts(limit: 2, filter: {repository: [$repository]}) { data { id } nextToken } }
  getAlert(id: $id) { id organisationName }
  getRepositoryOverview(id: $month) { id repositoryName organisationName openAlerts }
  repositoryOverviewbyRepositoryName(repositoryName: $repository, limit: 1) {
    data { id } nextToken }
  repositoryOverviewbyMonthlyPeriod(monthlyPeriod: "2026-10", repositoryName: $other) {
    data { id } nextToken }
  organisationOverviewbyOrganisationName(organisationName: $organisation, limit: 1) {
    data { id } nextToken }
}"""


def variables(organisation: str, repository: str, other: str) -> dict[str, Any]:
    return {
        "organisation": organisation,
        "repository": repository,
        "other": other,
        "id": f"{repository}/3",
        "month": f"2026-09/{repository}",
    }


def cased(name: str) -> st.SearchStrategy[str]:
    """Draw a spelling of a name."""
    letters = [st.sampled_from([letter.lower(), letter.upper()]) for letter in name]
    return st.tuples(*letters).map("".join)


@settings(
    max_examples=examples(15),
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(cased("octo"), cased("octo/cat"), cased("octo/api"))
def test_all_spellings_have_identical_responses(
    octo: Deployment, organisation: str, repository: str, other: str
) -> None:
    plain = octo.ask(WHOLE, **variables("octo", "octo/cat", "octo/api"))
    assert plain.data["organisation"]["alerts"]["nextToken"]
    assert plain.data["getAlert"]["id"] == f"{NEW}/3"
    wanted = variables(organisation, repository, other)
    assert octo.ask(WHOLE, **wanted).text == plain.text
    # A cursor works with any spelling.
    token = plain.data["organisation"]["alerts"]["nextToken"]
    following = octo.ask(WHOLE, **wanted, token=token).data["organisation"]["alerts"]
    assert len(following["data"]) == 2


@pytest.mark.parametrize(
    ("scope", "suggested"),
    [
        ('organisation(name: "OCTOO")', "Octo"),
        ('repository(name: "OCTO/apii")', "Octo/api"),
        ('repository(name: "octoo/CATT")', NEW),
    ],
)
def test_suggestions_have_most_recent_spelling(
    octo: Deployment, scope: str, suggested: str
) -> None:
    (warning,) = octo.ask(f"{{ {scope} {{ backlog {{ open }} }} }}").json["extensions"]["warnings"]
    assert warning["suggestions"][0] == suggested
