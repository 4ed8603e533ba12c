"""The request of "Save & test" on the page of the data source, sent to the API."""

from urllib.parse import urlsplit

import yaml  # type: ignore[import-untyped]

from grafana.files import FOLDER
from tests.support.graphql_api.deployment import Deployment


def test_save_and_test_shows_whether_the_key_is_valid(deployment: Deployment) -> None:
    file = yaml.safe_load((FOLDER / "datasources" / "gcsmttr.yaml").read_text())
    url = file["datasources"][0]["jsonData"]["customHealthCheckUrl"]
    query = urlsplit(url.replace("$GCSMTTR_URL", "https://api/graphql")).query
    answer = deployment.send("GET", query_string=query)
    assert (answer.status, answer.data) == (200, {"__typename": "Query"})
    refused = deployment.send("GET", query_string=query, headers={"x-api-key": "wrong"})
    assert refused.status == 401
