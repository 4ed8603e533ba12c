"""The field `repositoryFacts`, and the team of a repository by the setting `team`."""

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from graphql_api.repositories.facts import RepositoryFacts
from graphql_api.repositories.teams import TeamSource
from ingest.terms import Visibility
from tests.support.graphql_api.deployment import Deployment, alert, deployed, forget

LATER = datetime(2026, 11, 20, tzinfo=UTC)


@pytest.fixture(scope="module")
def octo() -> Iterator[Deployment]:
    with pytest.MonkeyPatch.context() as patch, deployed(patch, TEAM="property:team") as deployment:
        deployment.record(alert(1), alert(1, repository="octo/bare"))
        deployment.report(
            "Octo/Cat",
            visibility=Visibility.INTERNAL,
            archived=True,
            topics=("a", "b"),
            properties=(("team", ("web", "Core")), ("tier", ("1",))),
            default_branch="trunk",
        )
        deployment.report("octo/quiet")
        deployment.report("octo/plain", visibility=Visibility.PUBLIC)
        deployment.roll_up()
        yield deployment


ALL = "repositoryFacts { visibility archived topics team defaultBranch }"


def facts(deployment: Deployment, name: str, fields: str = ALL) -> object:
    response = deployment.ask(f'{{ repository(name: "{name}") {{ {fields} }} }}')
    return response.data["repository"]["repositoryFacts"]


def test_all_facts_are_returned(octo: Deployment) -> None:
    assert facts(octo, "octo/CAT") == {
        "visibility": "INTERNAL",
        "archived": True,
        "topics": ["a", "b"],
        "team": "Core",
        "defaultBranch": "trunk",
    }


def test_values_that_were_not_reported_are_null_false_or_empty(octo: Deployment) -> None:
    assert facts(octo, "octo/plain") == {
        "visibility": "PUBLIC",
        "archived": False,
        "topics": [],
        "team": None,
        "defaultBranch": None,
    }


@pytest.mark.parametrize("name", ["octo/bare", "octo/quiet", "octo/none"])
def test_facts_are_null_if_github_reported_none(octo: Deployment, name: str) -> None:
    assert facts(octo, name) is None


def test_organisations_have_no_repository_facts(octo: Deployment) -> None:
    query = '{ organisation(name: "octo") { repositoryFacts { archived } } }'
    assert octo.ask(query).data == {"organisation": {"repositoryFacts": None}}


def test_only_unknown_repositories_without_facts_are_warned_of(octo: Deployment) -> None:
    for name, reasons in {
        "octo/plain": [],
        "octo/bare": [],
        "octo/none": ["unknown_repository"],
    }.items():
        response = octo.ask(f'{{ repository(name: "{name}") {{ {ALL} }} }}')
        warnings = response.json.get("extensions", {}).get("warnings", [])
        assert [warning["reason"] for warning in warnings] == reasons


def test_newest_facts_count(octo: Deployment) -> None:
    octo.report("octo/new", topics=("old",))
    octo.report("octo/new", topics=("new",), seen_at=LATER)
    octo.report("octo/new", topics=("stale",))
    assert facts(octo, "octo/new", "repositoryFacts { topics }") == {"topics": ["new"]}


def test_team_is_null_without_the_setting(
    octo: Deployment, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("TEAM")
    forget()
    assert facts(octo, "octo/cat", "repositoryFacts { team }") == {"team": None}
    forget()


@pytest.mark.parametrize(
    ("setting", "team"),
    [
        ("property:team", "a"),
        ("property:tier", "1"),
        ("property:Team", ""),
        ("topic:team-", "web"),
        ("topic:t", "eam-"),
        ("topic:team-web", ""),
        ("topic:x", ""),
    ],
)
def test_team_is_the_first_value_or_topic(setting: str, team: str) -> None:
    known = RepositoryFacts(
        topics=("public", "team-", "team-web", "team-zoo"),
        properties={"team": ("b", "a"), "tier": ("1",)},
    )
    assert TeamSource.parse(setting).team_of(known) == team


@pytest.mark.parametrize(
    "setting",
    ["team", "property:", "topic:", "topic:Team", "property:a b", "label:team", " property:team"],
)
def test_other_syntax_of_the_setting_is_refused(setting: str) -> None:
    with pytest.raises(ValueError, match="custom property"):
        TeamSource.parse(setting)
