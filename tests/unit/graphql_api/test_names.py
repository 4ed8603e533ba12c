"""Names in arguments: one that cannot exist is an error that says what is accepted."""

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
def test_a_repository_without_its_owner_is_an_error_that_names_the_argument_and_the_form(
    deployment: Deployment, call: str, argument: str, name: str
) -> None:
    answer = deployment.ask(f"query ($name: String!) {{ {call} }}", name=name)
    assert answer.reasons == ["bad_name"]
    message = answer.json["errors"][0]["message"]
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
def test_an_organisation_that_cannot_be_a_login_is_an_error(
    deployment: Deployment, call: str, argument: str, name: str
) -> None:
    answer = deployment.ask(f"query ($name: String!) {{ {call} }}", name=name)
    assert answer.reasons == ["bad_name"]
    assert answer.json["errors"][0]["message"].startswith(f'{argument} is "{name[:100]}')
