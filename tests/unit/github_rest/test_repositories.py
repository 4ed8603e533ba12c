"""Repositories: their facts, former names, and the reasons to skip one."""

import httpx2
import pytest

from github_rest import alerts, repositories
from github_rest.errors import RefusedError, Skipped, SkippedError
from github_rest.http.client import Client
from github_rest.http.connection import Connection
from github_rest.http.credentials import Token
from infra.local.github.github import GitHub
from infra.local.github.http.limits import Fault
from infra.local.github.world import changes
from infra.local.github.world.records import Scanning
from tests.unit.github_rest.conftest import SERVER, Clock


def test_facts_of_a_repository(github: GitHub, client: Client) -> None:
    made = github.world.add_repository("Acme/Web", visibility="internal")
    made.topics, made.properties = ("pci",), {"team": "blue", "areas": ["eu", "us"]}
    changes.archive(github.world, made)
    found = repositories.get(client, "acme/web")
    assert found == repositories.Repository(
        id=made.id, full_name="Acme/Web", owner="Acme", default_branch="main",
        visibility="internal", archived=True, topics=("pci",),
        properties={"team": "blue", "areas": ("eu", "us")},
    )  # fmt: skip
    assert repositories.get(client, made.id) == found


def test_repositories_of_an_organisation_a_user_and_a_token(github: GitHub, client: Client) -> None:
    for number in range(120):
        github.world.add_repository(f"acme/repo-{number}")
    github.world.account("octocat", is_organisation=False)
    github.world.add_repository("octocat/secret")
    github.world.add_repository("octocat/open", visibility="public")
    pages = list(repositories.of_organisation(client, "acme"))
    assert [len(page.items) for page in pages] == [100, 20]
    (public,) = repositories.of_user(client, "octocat")
    assert [one.full_name for one in public.items] == ["octocat/open"]
    (owned,) = repositories.of_token(client)
    assert [one.full_name for one in owned.items] == ["octocat/secret", "octocat/open"]


def test_properties_of_an_organisation(github: GitHub, client: Client) -> None:
    made = github.world.add_repository("acme/web")
    made.properties = {"team": "blue", "areas": ["eu"]}
    (page,) = repositories.properties_of_organisation(client, "acme")
    assert page.items == (
        repositories.RepositoryProperties(
            repository_id=made.id,
            full_name="acme/web",
            properties={"team": "blue", "areas": ("eu",)},
        ),
    )


def test_a_renamed_repository_is_found_and_its_new_address_kept(
    github: GitHub, client: Client
) -> None:
    made = github.world.add_repository("acme/old")
    for _ in range(150):
        changes.create_alert(github.world, made)
    changes.rename(github.world, made, "new")
    pages = list(alerts.of_repository(client, "acme/OLD"))
    assert [len(page.items) for page in pages] == [100, 50]
    assert {page.repository_id for page in pages} == {made.id}
    assert client.moved == {"acme/old": made.id}
    assert client.requests == 3
    assert repositories.get(client, "acme/old").full_name == "acme/new"
    assert client.requests == 4, "the second request goes to the new address directly"


def test_a_transferred_repository_is_found(github: GitHub, client: Client) -> None:
    made = github.world.add_repository("acme/web")
    changes.transfer(github.world, made, github.world.account("mega"))
    assert repositories.get(client, "acme/web").full_name == "mega/web"


def test_a_redirect_without_a_query_keeps_that_of_the_request(clock: Clock) -> None:
    asked: list[str] = []

    def respond(request: httpx2.Request) -> httpx2.Response:
        asked.append(str(request.url))
        if "/repos/" in str(request.url):
            address = "https://github.test/api/v3/repositories/7/code-scanning/alerts"
            return httpx2.Response(301, headers={"location": address})
        return httpx2.Response(200, json=[])

    connection = Connection(SERVER, transport=httpx2.MockTransport(respond), clock=clock)
    list(alerts.of_repository(Client(Token("secret"), connection), "acme/web"))
    assert asked[1].endswith("/repositories/7/code-scanning/alerts?" + asked[0].partition("?")[2])


def test_a_temporary_redirect_is_not_kept(clock: Clock) -> None:
    def respond(request: httpx2.Request) -> httpx2.Response:
        if "/repos/" in str(request.url):
            address = "https://github.test/api/v3/repositories/7/code-scanning/alerts"
            return httpx2.Response(307, headers={"location": address})
        return httpx2.Response(200, json=[])

    connection = Connection(SERVER, transport=httpx2.MockTransport(respond), clock=clock)
    client = Client(Token("secret"), connection)
    list(alerts.of_repository(client, "acme/web"))
    assert client.moved == {}


@pytest.mark.parametrize(
    ("scanning", "skipped"),
    [
        (Scanning.ADVANCED_SECURITY_DISABLED, Skipped.ADVANCED_SECURITY_DISABLED),
        (Scanning.DISABLED, Skipped.CODE_SCANNING_DISABLED),
        (Scanning.NO_ANALYSIS, Skipped.NO_ANALYSIS),
        (Scanning.BLOCKED, Skipped.UNAVAILABLE_FOR_LEGAL_REASONS),
    ],
)
def test_a_repository_without_alerts_to_read_is_skipped_with_its_reason(
    github: GitHub, client: Client, scanning: Scanning, skipped: Skipped
) -> None:
    github.world.add_repository("acme/web").scanning = scanning
    with pytest.raises(SkippedError) as caught:
        list(alerts.of_repository(client, "acme/web"))
    assert caught.value.skipped is skipped
    assert caught.value.reason == skipped.value


@pytest.mark.parametrize(
    "message",
    [
        "Advanced Security must be enabled for this repository to use code scanning.",
        "GitHub Code Security or GitHub Advanced Security must be enabled for this repository",
        "Code Security must be enabled for this repository to use code scanning.",
    ],
)
def test_all_texts_of_disabled_security_are_recognised(
    github: GitHub, client: Client, message: str
) -> None:
    github.world.add_repository("acme/web")
    github.faults.add(Fault(403, message))
    with pytest.raises(SkippedError) as caught:
        list(alerts.of_repository(client, "acme/web"))
    assert caught.value.skipped is Skipped.ADVANCED_SECURITY_DISABLED


def test_a_deleted_repository_is_gone(github: GitHub, client: Client) -> None:
    made = github.world.add_repository("acme/web")
    changes.delete(github.world, made)
    for call in (
        lambda: repositories.get(client, "acme/web"),
        lambda: list(alerts.of_repository(client, made.id)),
        lambda: alerts.get(client, "acme/web", 1),
    ):
        with pytest.raises(SkippedError) as caught:
            call()
        assert caught.value.skipped is Skipped.REPOSITORY_GONE


def test_missing_permission_is_an_error_and_no_reason_to_skip(
    github: GitHub, client: Client
) -> None:
    github.world.add_repository("acme/web")
    github.faults.add(Fault(403, "Resource not accessible by integration"))
    with pytest.raises(RefusedError):
        list(alerts.of_repository(client, "acme/web"))


def test_one_alert_or_none_if_it_is_gone_from_a_visible_repository(
    github: GitHub, client: Client
) -> None:
    made = github.world.add_repository("acme/web")
    alert = changes.create_alert(github.world, made)
    found = alerts.get(client, "acme/web", alert.number)
    assert found is not None
    assert found["number"] == alert.number
    changes.delete_alert(github.world, made, alert)
    assert alerts.get(client, made.id, alert.number) is None
    made.scanning = Scanning.NO_ANALYSIS
    assert alerts.get(client, made.id, alert.number) is None


def test_one_alert_where_scanning_is_disabled_is_skipped(github: GitHub, client: Client) -> None:
    github.world.add_repository("acme/web").scanning = Scanning.DISABLED
    with pytest.raises(SkippedError, match="code_scanning_disabled"):
        alerts.get(client, "acme/web", 1)


@pytest.mark.parametrize("name", ["", ".", "..", "acme/..", "acme/"])
def test_invalid_name_is_refused_without_request(client: Client, name: str) -> None:
    with pytest.raises(ValueError, match="is not a name"):
        repositories.get(client, name)
    assert client.requests == 0


def test_characters_of_a_name_stay_in_its_segment(github: GitHub, client: Client) -> None:
    with pytest.raises(SkippedError):
        repositories.get(client, "acme/../../app?x=#y")
    assert github.requests == ["GET /repos/acme/../../app?x=#y"]
