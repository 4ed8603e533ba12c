"""Badges: a token reads one number, as a picture or for shields.io, until it is revoked."""

from xml.etree import ElementTree as ET

import pytest
from botocore.exceptions import ClientError
from hypothesis import given
from hypothesis import strategies as st

from graphql_api import query_handler
from graphql_api.access.key_store import AccessKeyStore
from graphql_api.badges.badge import Badge, Metric
from graphql_api.badges.badge_store import BadgeStore
from graphql_api.badges.number import BAD, GOOD, NEUTRAL, WARNING, duration
from graphql_api.badges.picture import svg
from tests.support.graphql_api.badges import created, fetch
from tests.support.graphql_api.deployment import NOW, Deployment, alert


def test_json_is_an_endpoint_of_shields(deployment: Deployment) -> None:
    deployment.record(alert(1), alert(2))
    deployment.roll_up()
    response = fetch(deployment, f"{created(deployment)}.json")
    assert response.status == 200
    assert response.json == {
        "schemaVersion": 1,
        "label": "open alerts",
        "message": "2",
        "color": NEUTRAL,
        "isError": False,
        "cacheSeconds": 300,
    }


def test_picture_can_be_cached_and_has_no_script(deployment: Deployment) -> None:
    token = created(deployment)
    first = fetch(deployment, f"{token}.svg")
    assert first.status == 200
    assert first.headers["content-type"] == "image/svg+xml; charset=utf-8"
    assert first.headers["cache-control"] == "public, max-age=300"
    assert first.headers["content-security-policy"].startswith("default-src 'none'")
    assert first.headers["x-content-type-options"] == "nosniff"
    again = fetch(deployment, f"{token}.svg", if_none_match=first.headers["etag"])
    assert (again.status, again.body) == (304, b"")


def test_unknown_revoked_and_malformed_tokens_get_the_same_response(
    deployment: Deployment,
) -> None:
    token = created(deployment)
    store = BadgeStore(deployment.client, "AccessKeys")
    (stored,) = store.all()
    assert fetch(deployment, f"{token}.json").status == 200
    assert store.revoke(stored.id, now=NOW) == 1
    assert store.revoke(stored.id, now=NOW) == 0
    files = ("badge_" + "A" * 43, "x", "", deployment.key, token)
    found = [fetch(deployment, f"{file}.{form}") for file in files for form in ("svg", "json")]
    found += [fetch(deployment, f"{token}.png"), fetch(deployment, token)]
    assert {(one.status, one.text) for one in found} == {(404, '{"message":"Not found."}')}
    assert {one.headers["cache-control"] for one in found} == {"no-store"}


def test_token_is_not_an_api_key_and_keys_do_not_include_badges(deployment: Deployment) -> None:
    token = created(deployment)
    query = b'{"query":"{ access { name } }"}'
    headers = {"content-type": "application/json", "x-api-key": token}
    assert deployment.send("POST", headers=headers, body=query).status == 401
    keys = AccessKeyStore(deployment.client, "AccessKeys")
    assert [key.name for key in keys.all()] == ["tests"]
    assert keys.revoke("badge:octo", now=NOW) == 0
    assert fetch(deployment, f"{token}.json").status == 200


def test_table_contains_no_token(deployment: Deployment) -> None:
    token = created(deployment)
    assert token not in str(deployment.client.scan(TableName="AccessKeys"))


def test_log_has_the_id_of_a_badge_but_no_token(
    deployment: Deployment, capsys: pytest.CaptureFixture[str]
) -> None:
    token = created(deployment)
    (stored,) = BadgeStore(deployment.client, "AccessKeys").all()
    assert fetch(deployment, f"{token}.json").status == 200
    assert fetch(deployment, f"{token}.png").status == 404
    written = capsys.readouterr()
    assert f"badge:{stored.id}" in written.out
    assert token not in written.out + written.err


def test_badge_reads_only_its_organisation(deployment: Deployment) -> None:
    deployment.record(alert(1), alert(1, repository="other/web"))
    deployment.roll_up()
    token = created(deployment, Badge(Metric.OPEN, "octo/cat"))
    assert fetch(deployment, f"{token}.json").json["message"] == "1"


def test_failure_is_503_with_an_error_badge(
    deployment: Deployment, monkeypatch: pytest.MonkeyPatch
) -> None:
    token = created(deployment)
    fetch(deployment, f"{token}.json")

    def fail(**_: object) -> None:
        raise ClientError({"Error": {"Code": "InternalServerError"}}, "GetItem")

    client = query_handler._badges().find.__self__._client  # type: ignore[attr-defined]
    monkeypatch.setattr(client, "get_item", fail)
    response = fetch(deployment, f"{token}.json")
    assert (response.status, response.json["isError"]) == (503, True)
    assert response.json["message"] == "unavailable"
    assert response.headers["cache-control"] == "no-store"


@given(st.text(max_size=60), st.text(max_size=60))
def test_any_text_gives_well_formed_xml_with_that_name(label: str, message: str) -> None:
    root = ET.fromstring(svg(label, message, GOOD))  # noqa: S314  (own text)
    assert root.get("role") == "img"
    texts = root.findall(".//{http://www.w3.org/2000/svg}text")
    assert len(texts) == 2
    assert {one.tag.rpartition("}")[2] for one in root.iter()} == {
        *("svg", "title", "clipPath", "rect", "g", "text")
    }


@pytest.mark.parametrize(
    ("days", "text"),
    [
        *((0.0, "under 1 hour"), (0.03, "1 hour"), (0.5, "12 hours"), (1.0, "1 day")),
        *((3.24, "3.2 days"), (12.0, "12 days"), (1234.5, "1,234.5 days")),
    ],
)
def test_duration_has_a_unit(days: float, text: str) -> None:
    assert duration(days) == text


def _luminance(color: str) -> float:
    parts = [int(color[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


@pytest.mark.parametrize("color", [GOOD, WARNING, BAD, NEUTRAL])
def test_white_text_has_enough_contrast(color: str) -> None:
    assert 1.05 / (_luminance(color) + 0.05) >= 4.5
