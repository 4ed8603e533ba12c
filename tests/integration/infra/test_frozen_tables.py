"""The tables can be deployed over those of the last release."""

from copy import deepcopy

import pytest
from aws_cdk.assertions import Template

from infra.constructs import storage
from tests.support.frozen_tables import present, problems, released, tables_of


@pytest.mark.parametrize("variant", ["aws", "emulator"])
def test_tables_can_be_deployed_over_those_of_the_last_release(
    variant: str, request: pytest.FixtureRequest
) -> None:
    template: Template = request.getfixturevalue(variant)

    assert list(problems(released(), tables_of(template))) == []


def test_another_attribute_of_alerts_changes_three_released_indexes(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(storage, "ALERT_FACTS", storage.ALERT_FACTS | {"introducedBy"})

    found = list(problems(released(), present()))

    assert len(found) == 3
    assert all("AllEvents, index by" in one for one in found)
    assert all("Add an index under a new name" in one for one in found)


def test_changed_key_of_an_index_is_refused() -> None:
    after = deepcopy(released())
    after["Repositories"]["indexes"]["byOrganisation"]["key"].pop()

    (problem,) = problems(released(), after)
    assert problem.startswith("Repositories, index byOrganisation: a released index cannot change")


@pytest.mark.parametrize("what", ["key", "stream", "expiresBy"])
def test_changed_table_is_refused(what: str) -> None:
    after = deepcopy(released())
    after["AllEvents"][what] = None

    (problem,) = problems(released(), after)
    assert problem.startswith(f"AllEvents: {what} cannot change in place")


def test_missing_table_is_refused() -> None:
    after = deepcopy(released())
    del after["Ledger"]

    (problem,) = problems(released(), after)
    assert problem.startswith("Ledger: a released table must stay")


def test_deployment_creates_or_deletes_one_index_of_a_table() -> None:
    after = deepcopy(released())
    indexes = after["RepositoryOverview"]["indexes"]
    indexes["byTeam"] = indexes["byOrganisation"]
    after["Teams"] = after["RepositoryOverview"]
    assert list(problems(released(), after)) == []

    del indexes["headlines"]
    (problem,) = problems(released(), after)
    assert problem.startswith("RepositoryOverview: byTeam, headlines come or go")
