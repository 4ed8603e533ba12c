"""Cursors: what they carry, whom they belong to, and what is said of those that do not fit."""

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
    DamagedCursorError,
    OtherArgumentsError,
    OutdatedCursorError,
    Seal,
    question,
)
from graphql_api.reading.reader import Reader
from graphql_api.vocabulary.errors import BadCursorError
from tests.support.graphql_api.deployment import ENVIRONMENT, Answer, Deployment, alert
from tests.unit.graphql_api.test_pagination import TABLES

SEAL = Seal.of("a")
ASKED = question("field", name="x", order="asc")


@given(st.lists(st.text(max_size=50), max_size=4))
def test_a_cursor_gives_back_the_position_it_was_made_from(position: list[str]) -> None:
    assert SEAL.open(SEAL.close(position, asked=ASKED), asked=ASKED) == Cursor(tuple(position))


@given(st.text() | st.from_regex(r"[A-Za-z0-9_-]{0,80}", fullmatch=True))
def test_no_text_of_someone_else_is_a_cursor(token: str) -> None:
    with pytest.raises(BadCursorError):
        SEAL.open(token, asked=ASKED)


@given(st.data())
def test_a_cursor_with_any_character_changed_or_cut_is_refused(data: st.DataObject) -> None:
    token = SEAL.close(("octo/cat", "MONTH#2026-11"), asked=ASKED)
    place = data.draw(st.integers(0, len(token) - 1))
    character = data.draw(st.sampled_from("ABCabc012-_=!"))
    for bent in (token[:place], token[:place] + character + token[place + 1 :], token + character):
        if bent != token:
            with pytest.raises(BadCursorError):
                SEAL.open(bent, asked=ASKED)


def test_a_cursor_longer_than_any_of_ours_is_not_even_decoded() -> None:
    with pytest.raises(BadCursorError):
        SEAL.open("A" * 1_000_000, asked=ASKED)


@given(st.lists(st.text(max_size=20), max_size=4), st.lists(st.text(max_size=20), max_size=4))
def test_a_cursor_gives_back_what_a_list_keeps_between_its_pages(
    position: list[str], kept: list[str]
) -> None:
    token = SEAL.close(position, asked=ASKED, kept=kept)
    assert SEAL.open(token, asked=ASKED) == Cursor(tuple(position), tuple(kept))


@given(st.binary(max_size=20), st.binary(max_size=20))
def test_a_cursor_of_other_arguments_is_told_from_a_damaged_one(one: bytes, other: bytes) -> None:
    token = SEAL.close(("octo/cat", "1"), asked=one)
    if one != other:
        with pytest.raises(OtherArgumentsError, match="belongs to another field or to other"):
            SEAL.open(token, asked=other)
    with pytest.raises(DamagedCursorError, match=f"^nextToken '{token[:20]}…' is damaged"):
        SEAL.open(token[:-1], asked=one)
    with pytest.raises(DamagedCursorError):
        Seal.of("b").open(token, asked=one)


def ask(deployment: Deployment, token: str | None, arguments: str = "limit: 1") -> Answer:
    """Ask for a page of all alerts."""
    query = f"query ($t: String) {{ getAlerts({arguments}, nextToken: $t) {{ nextToken }} }}"
    return deployment.ask(query, t=token)


def forged(position: Any, *, secret: str = ENVIRONMENT["CURSOR_SECRET"]) -> str:
    """A cursor of all alerts by somebody who knows the secret."""
    return Seal.of(secret).close(position, asked=question("alerts"))


def test_an_answer_says_what_is_wrong_with_a_cursor(deployment: Deployment) -> None:
    deployment.record(*(alert(number) for number in range(1, 4)))
    token = ask(deployment, None).data["getAlerts"]["nextToken"]
    assert ask(deployment, token).data
    other = "query ($t: String) { getRepositoryOverviews(nextToken: $t) { nextToken } }"
    for answer, said in (
        (ask(deployment, token[:-1]), "is damaged"),
        (ask(deployment, forged(("octo/cat", "1"), secret="another")), "is damaged"),
        (deployment.ask(other, t=token), "belongs to another field or to other arguments"),
        (ask(deployment, forged(("octo/cat", "1", "2"))), "does not have any more"),
    ):
        assert answer.reasons == ["bad_cursor"]
        assert said in answer.json["errors"][0]["message"]


def test_the_secret_is_that_of_the_deployment_and_not_a_name(deployment: Deployment) -> None:
    assert ask(deployment, forged(("octo/cat", "1"))).data
    named = "\0".join(ENVIRONMENT[f"{name}_TABLE"] for name in ("ALL_EVENTS", "ACCESS_KEYS"))
    assert ask(deployment, forged(("octo/cat", "1"), secret=named)).reasons == ["bad_cursor"]
    query_handler._service.cache_clear()
    assert ask(deployment, forged(("octo/cat", "1"))).data, "another process has the same key"


@pytest.mark.parametrize(
    "position",
    [
        (),
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
def test_a_position_that_a_list_cannot_have_is_a_bad_cursor(
    deployment: Deployment, position: Any
) -> None:
    assert ask(deployment, forged(position)).reasons == ["bad_cursor"]


@pytest.mark.parametrize("payload", [b"", b"null", b"1", b"[]", b"[[],[],[]]", b"[1,2]", b"\xff"])
def test_a_payload_of_another_form_is_a_bad_cursor(payload: bytes) -> None:
    body = b"\x02" + SEAL._tag(ASKED, b"question") + payload
    raw = SEAL._tag(body, b"cursor") + body
    with pytest.raises(OutdatedCursorError):
        SEAL.open(urlsafe_b64encode(raw).rstrip(b"=").decode(), asked=ASKED)


def test_a_position_outside_of_what_is_asked_for_is_a_bad_cursor() -> None:
    class Refusing:
        """DynamoDB where it refuses the position, or anything else."""

        def scan(self, **_request: Any) -> dict[str, Any]:
            raise ClientError({"Error": {"Code": "ValidationException", "Message": "no"}}, "Scan")

    listing = tables.all_alerts(TABLES)
    mine = Reader(Refusing(), SEAL, Access("ci"), Budget())  # type: ignore[arg-type]
    token = SEAL.close(("octo/cat", "1"), asked=ASKED)
    with pytest.raises(OutdatedCursorError):
        mine.page(listing, limit=1, token=token, asked=ASKED)
    with pytest.raises(ClientError):
        mine.page(listing, limit=1, token=None, asked=ASKED)


@given(st.lists(st.text(st.characters(exclude_categories=["Cs"]), max_size=9), max_size=3))
def test_no_position_is_more_than_text_to_a_list(position: list[str]) -> None:
    listing = tables.all_alerts(TABLES)
    try:
        key = listing.start_after(tuple(position))
    except BadCursorError:
        return
    repository, number = key["repositoryName"]["S"], key["alertID"]["N"]
    assert [repository, number] == position
    assert json.loads(f"[{int(number)}]")
