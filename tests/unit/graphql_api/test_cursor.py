"""Cursors: their content, the list they are bound to, and the errors for invalid cursors."""

import json
from base64 import urlsafe_b64encode
from typing import Any

import pytest
from botocore.exceptions import ClientError
from hypothesis import given
from hypothesis import strategies as st

from graphql_api import query_handler
from graphql_api.access.access import Access
from graphql_api.reading import tables
from graphql_api.reading.budget import Budget
from graphql_api.reading.cursor import (
    Cursor,
    CursorCodec,
    DamagedCursorError,
    OtherArgumentsError,
    OutdatedCursorError,
    binding_of,
)
from graphql_api.reading.reader import Reader
from graphql_api.vocabulary.errors import BadCursorError
from tests.support.graphql_api.deployment import ENVIRONMENT, Deployment, Response, alert
from tests.unit.graphql_api.test_pagination import TABLES

CURSORS = CursorCodec.of("a")
BINDING = binding_of("field", name="x", order="asc")


@given(st.lists(st.text(max_size=50), max_size=4))
def test_cursor_returns_its_position(position: list[str]) -> None:
    assert CURSORS.decode(CURSORS.encode(position, binding=BINDING), binding=BINDING) == Cursor(
        tuple(position)
    )


@given(st.text() | st.from_regex(r"[A-Za-z0-9_-]{0,80}", fullmatch=True))
def test_random_text_is_not_a_cursor(token: str) -> None:
    with pytest.raises(BadCursorError):
        CURSORS.decode(token, binding=BINDING)


@given(st.data())
def test_changed_or_cut_cursor_is_damaged(data: st.DataObject) -> None:
    token = CURSORS.encode(("octo/cat", "MONTH#2026-11"), binding=BINDING)
    index = data.draw(st.integers(0, len(token) - 1))
    character = data.draw(st.sampled_from("ABCabc012-_=!"))
    for changed in (
        token[:index],
        token[:index] + character + token[index + 1 :],
        token + character,
    ):
        if changed != token:
            with pytest.raises(BadCursorError):
                CURSORS.decode(changed, binding=BINDING)


def test_too_long_cursor_is_not_decoded() -> None:
    with pytest.raises(BadCursorError):
        CURSORS.decode("A" * 1_000_000, binding=BINDING)


@given(st.lists(st.text(max_size=20), max_size=4), st.lists(st.text(max_size=20), max_size=4))
def test_cursor_returns_values_kept_between_pages(position: list[str], kept: list[str]) -> None:
    token = CURSORS.encode(position, binding=BINDING, kept=kept)
    assert CURSORS.decode(token, binding=BINDING) == Cursor(tuple(position), tuple(kept))


@given(st.binary(max_size=20), st.binary(max_size=20))
def test_cursor_of_other_arguments_is_not_damaged(one: bytes, other: bytes) -> None:
    token = CURSORS.encode(("octo/cat", "1"), binding=one)
    if one != other:
        with pytest.raises(OtherArgumentsError, match="belongs to another field or to other"):
            CURSORS.decode(token, binding=other)
    with pytest.raises(DamagedCursorError, match=f"^nextToken '{token[:20]}…' is damaged"):
        CURSORS.decode(token[:-1], binding=one)
    with pytest.raises(DamagedCursorError):
        CursorCodec.of("b").decode(token, binding=one)


def ask(deployment: Deployment, token: str | None, arguments: str = "limit: 1") -> Response:
    """Request a page of all alerts."""
    query = f"query ($t: String) {{ getAlerts({arguments}, nextToken: $t) {{ nextToken }} }}"
    return deployment.ask(query, t=token)


def forged(position: Any, *, secret: str = ENVIRONMENT["CURSOR_SECRET"]) -> str:
    """Return a cursor of all alerts, made with the secret."""
    return CursorCodec.of(secret).encode(position, binding=binding_of("alerts"))


def test_response_describes_error_of_cursor(deployment: Deployment) -> None:
    deployment.record(*(alert(number) for number in range(1, 4)))
    token = ask(deployment, None).data["getAlerts"]["nextToken"]
    assert ask(deployment, token).data
    other = "query ($t: String) { getRepositoryOverviews(nextToken: $t) { nextToken } }"
    for response, text in (
        (ask(deployment, token[:-1]), "is damaged"),
        (ask(deployment, forged(("octo/cat", "1"), secret="another")), "is damaged"),
        (deployment.ask(other, t=token), "belongs to another field or to other arguments"),
        (ask(deployment, forged(("octo/cat", "1", "2"))), "does not have any more"),
    ):
        assert response.reasons == ["bad_cursor"]
        assert text in response.json["errors"][0]["message"]


def test_secret_is_read_from_deployment(deployment: Deployment) -> None:
    assert ask(deployment, forged(("octo/cat", "1"))).data
    named = "\0".join(ENVIRONMENT[f"{name}_TABLE"] for name in ("ALL_EVENTS", "ACCESS_KEYS"))
    assert ask(deployment, forged(("octo/cat", "1"), secret=named)).reasons == ["bad_cursor"]
    query_handler._service.cache_clear()
    assert ask(deployment, forged(("octo/cat", "1"))).data, "another process has the same key"


@pytest.mark.parametrize(
    "position",
    [
        ("octo/cat",),
        ("octo/cat", "1", "1"),
        ("", "1"),
        ("octo/cat", ""),
        ("octo/cat", "x"),
        ("octo/cat", "1e5"),
        ("octo/cat", "-1"),
        ("octo/cat", "٣"),
        ("octo/cat", "9" * 200),
        ("é" * 600, "1"),
        ("octo/cat", 1),
        ("octo/cat", None),
        (["octo/cat"], {}),
    ],
)
def test_impossible_position_is_a_bad_cursor(deployment: Deployment, position: Any) -> None:
    assert ask(deployment, forged(position)).reasons == ["bad_cursor"]


@pytest.mark.parametrize("payload", [b"", b"null", b"1", b"[]", b"[[],[],[]]", b"[1,2]", b"\xff"])
def test_payload_of_another_form_is_a_bad_cursor(payload: bytes) -> None:
    body = b"\x02" + CURSORS._tag(BINDING, b"question") + payload
    raw = CURSORS._tag(body, b"cursor") + body
    with pytest.raises(OutdatedCursorError):
        CURSORS.decode(urlsafe_b64encode(raw).rstrip(b"=").decode(), binding=BINDING)


def test_position_outside_list_is_a_bad_cursor() -> None:
    class Refusing:
        """DynamoDB client that fails with an error."""

        def scan(self, **_request: Any) -> dict[str, Any]:
            raise ClientError({"Error": {"Code": "ValidationException", "Message": "no"}}, "Scan")

    listing = tables.all_alerts(TABLES)
    mine = Reader(Refusing(), CURSORS, Access("ci"), Budget())  # type: ignore[arg-type]
    token = CURSORS.encode(("octo/cat", "1"), binding=BINDING)
    with pytest.raises(OutdatedCursorError):
        mine.page([listing], limit=1, token=token, binding=BINDING)
    with pytest.raises(ClientError):
        mine.page([listing], limit=1, token=None, binding=BINDING)


@given(st.lists(st.text(st.characters(exclude_categories=["Cs"]), max_size=9), max_size=3))
def test_positions_are_only_text(position: list[str]) -> None:
    listing = tables.all_alerts(TABLES)
    try:
        key = listing.start_after(tuple(position))
    except BadCursorError:
        return
    repository, number = key["repositoryName"]["S"], key["alertID"]["N"]
    assert [repository, number] == position
    assert json.loads(f"[{int(number)}]")
