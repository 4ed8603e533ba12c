"""Names in arguments: the error for an invalid name shows the accepted form."""

import pytest

from tests.support.graphql_api.deployment import Deployment

LONG = "x" * 101
NEXT = "{ nextToken }"
BY_MONTH = 'monthlyPeriod: "2026-11"'


@pytest.mark.parametrize("name", ["payments", "", "/payments", "acme/", "a/b/c", f"acme/{LONG}"])
@pytest.mark.parametrize(
    ("call", "argument"),
    [
        ("repository(name: $name) { lastEventAt }", "name"),
        (
            'organisation(name: "octo") { backlog(filter: {repository: [$name]}) { open } }',
            "filter.repository",
        ),
        (
            'repository(name: "octo/cat") { metrics(filter: {repository: [$name]}) { closed } }',
            "filter.repository",
        ),
        (
            'organisation(name: "octo") { alerts(filter: {repository: [$name]}) { nextToken } }',
            "filter.repository",
        ),
        (
            "repositoryOverviewbyRepositoryName(repositoryName: $name) { nextToken }",
            "repositoryName",
        ),
        (
            f"repositoryOverviewbyMonthlyPeriod({BY_MONTH}, repositoryName: $name) {NEXT}",
            "repositoryName",
        ),
    ],
)
def test_repository_without_owner_is_an_error(
    deployment: Deployment, call: str, argument: str, name: str
) -> None:
    response = deployment.ask(f"query ($name: String!) {{ {call} }}", name=name)
    assert response.reasons == ["bad_name"]
    message = response.json["errors"][0]["message"]
    assert message.startswith(f'{argument} is "{name[:100]}')
    assert "owner/name" in message
    assert LONG not in message


@pytest.mark.parametrize("name", ["acme/web", "", " ", "acmé", LONG, "acme#OPEN"])
@pytest.mark.parametrize(
    ("call", "argument"),
    [
        ("organisation(name: $name) { lastEventAt }", "name"),
        (
            "organisationOverviewbyOrganisationName(organisationName: $name) { nextToken }",
            "organisationName",
        ),
        (
            f"organisationOverviewbyMonthlyPeriod({BY_MONTH}, organisationName: $name) {NEXT}",
            "organisationName",
        ),
    ],
)
def test_invalid_login_is_an_error(
    deployment: Deployment, call: str, argument: str, name: str
) -> None:
    response = deployment.ask(f"query ($name: String!) {{ {call} }}", name=name)
    assert response.reasons == ["bad_name"]
    assert response.json["errors"][0]["message"].startswith(f'{argument} is "{name[:100]}')
