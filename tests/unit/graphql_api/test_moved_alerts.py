"""Alerts that moved to another name of their repository: queries find them only there."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from ingest.alerts.alert_store import AlertStore
from ingest.facts.repository import RepositoryFacts, SeenRepository
from ingest.recording.mover import Mover
from ingest.repositories.repository_store import RepositoryStore
from tests.support.graphql_api.deployment import alert, deployed


def ids(page: dict[str, Any]) -> list[str]:
    return sorted(row["id"] for row in page["data"])


def test_alerts_of_a_renamed_repository_are_only_under_its_new_name(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with deployed(monkeypatch) as deployment:
        name = alert(1).repository
        seen = SeenRepository(
            id=7,
            name=name,
            seen_at=datetime(2026, 11, 2, tzinfo=UTC),
            facts=RepositoryFacts(),
        )
        deployment.record(*(replace(alert(number), seen=seen) for number in (1, 2)))
        deployment.roll_up()
        repositories = RepositoryStore(deployment.client, table="Repositories")
        renamed = replace(seen, name="octo/lion", seen_at=datetime(2026, 11, 3, tzinfo=UTC))
        repositories.observe(renamed)
        alerts = AlertStore(deployment.client, table="AllEvents")
        mover = Mover(deployment.client, alerts=alerts, repositories=repositories)
        assert mover.settle(7, has_time=lambda: True)
        deployment.roll_up()
        query = """query ($old: String!) {
          getAlert(id: "octo/cat/1") { id }
          old: repository(name: $old) { alerts { data { id } } }
          new: repository(name: "octo/lion") { alerts { data { id } } backlog { open } }
          all: getAlerts { data { id } }
          organisation(name: "octo") { alerts { data { id } } backlog { open } }
        }"""
        response = deployment.ask(query, old=name)
        moved = ["octo/lion/1", "octo/lion/2"]
        assert response.data["getAlert"] is None
        assert response.data["old"]["alerts"]["data"] == []
        assert ids(response.data["all"]) == moved
        for key in ("new", "organisation"):
            assert ids(response.data[key]["alerts"]) == moved
            assert response.data[key]["backlog"] == [{"open": 2}]
        (warning,) = response.json["extensions"]["warnings"]
        assert name in str(warning)
