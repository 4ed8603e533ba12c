"""Worker processes, cold starts and the server of a large organisation."""

from collections.abc import Iterator

import pytest

from bench.large.part import cost_of, serving
from bench.queries.cold import ColdStartError, cold_seconds, start_file
from bench.queries.documents import ALERTS, ONE_ALERT
from bench.queries.workers import DifferentResponsesError, Worker, seconds_of_rounds, started

RANKING = """{ organisation(name: "acme") {
    metrics(interval: TOTAL, groupBy: REPOSITORY, top: {groups: 3, by: OPENED}) { group }
} }"""


@pytest.fixture(scope="module")
def ours() -> Iterator[Worker]:
    with started("ours, DynamoDB", {}, name="with DynamoDB") as worker:
        yield worker


def test_worker_measures_each_round(ours: Worker) -> None:
    data = ours.response(ALERTS)["data"]
    assert len(data["getAlerts"]["data"]) == 100
    rounds = seconds_of_rounds(ALERTS, [ours], data)
    assert all(one["with DynamoDB"] > 0 for one in rounds)


def test_different_response_of_worker_raises(ours: Worker) -> None:
    with pytest.raises(DifferentResponsesError, match="with DynamoDB"):
        seconds_of_rounds(ONE_ALERT, [ours], {"getAlert": None})


@pytest.mark.parametrize("stack", ["ours", "stock"])
def test_cold_start_responds_with_expected_data(stack: str, ours: Worker) -> None:
    with start_file(ours.response(ONE_ALERT)["data"]) as start:
        assert cold_seconds(stack, start) > 0
    with start_file({"getAlert": None}) as start, pytest.raises(ColdStartError, match=stack):
        cold_seconds(stack, start)


def test_server_of_large_organisation_counts_reads() -> None:
    with serving(200, 1) as port:
        cost = cost_of(RANKING, port=port)
        refused = cost_of("{ organisation(name: 1) { name } }", port=port)
    assert cost["error"] == ""
    assert cost["reads"] == 3
    assert float(cost["MB"]) > 0
    assert refused["error"] == "invalid_document"
    assert refused["reads"] == 0
