"""Lists: every item once, in pages that can be resumed."""

import tracemalloc
from collections.abc import Callable
from datetime import timedelta

import httpx2
import pytest

from github_rest import alerts, repositories
from github_rest.alerts import AlertOrder
from github_rest.errors import InvalidResponseError
from github_rest.http.client import Client
from github_rest.http.connection import Connection
from github_rest.http.credentials import Token
from infra.local.github.github import GitHub
from infra.local.github.world import changes
from infra.local.github.world.records import Repository, Rule, Scanning
from tests.unit.github_rest.conftest import SERVER, Clock


def fill(github: GitHub, clock: Clock, *, repositories: int, each: int) -> list[Repository]:
    made = [github.world.add_repository(f"acme/repo-{one}") for one in range(repositories)]
    for repository in made:
        for number in range(each):
            at = clock.now - timedelta(hours=number)
            changes.create_alert(github.world, repository, at=at)
    return made


def names(pages: alerts.AlertPages) -> list[str]:
    return [str(alert["url"]) for page in pages for alert in page.items]


def test_alerts_of_an_organisation_cost_a_request_per_hundred(
    github: GitHub, clock: Clock, client: Client
) -> None:
    fill(github, clock, repositories=3, each=150)
    found = names(alerts.of_organisation(client, "acme"))
    assert len(found) == len(set(found)) == 450
    assert client.requests == 5
    assert client.rate is not None
    assert client.rate.remaining == 5000 - 5


def test_page_is_requested_only_when_it_is_needed(
    github: GitHub, clock: Clock, client: Client
) -> None:
    fill(github, clock, repositories=1, each=250)
    pages = alerts.of_organisation(client, "acme")
    assert client.requests == 0
    next(pages)
    assert client.requests == 1


def test_a_list_goes_on_after_the_page_with_the_stored_cursor(
    github: GitHub, clock: Clock, client: Client, connect: Callable[..., Client], token: str
) -> None:
    fill(github, clock, repositories=1, each=250)
    first = next(alerts.of_organisation(client, "acme"))
    rest = names(alerts.of_organisation(connect(Token(token)), "acme", start=first.next_url))
    whole = names(alerts.of_organisation(client, "acme"))
    assert [str(one["url"]) for one in first.items] + rest == whole


def test_cursors_keep_their_position_while_alerts_are_added(
    github: GitHub, clock: Clock, client: Client
) -> None:
    (repository,) = fill(github, clock, repositories=1, each=150)
    before = set(names(alerts.of_organisation(client, "acme")))
    pages = alerts.of_organisation(client, "acme", order=AlertOrder(direction="desc"))
    found = [str(alert["url"]) for alert in next(pages).items]
    changes.create_alert(github.world, repository, at=clock.now + timedelta(hours=1))
    found += names(pages)
    assert sorted(found) == sorted(before)


def test_page_numbers_and_repeated_items_are_followed_too(
    github: GitHub, clock: Clock, client: Client
) -> None:
    fill(github, clock, repositories=1, each=250)
    whole = names(alerts.of_organisation(client, "acme"))
    github.faults.page_numbers = True
    assert names(alerts.of_organisation(client, "acme")) == whole
    github.faults.page_numbers = False
    github.faults.repeated_items = 1
    repeated = names(alerts.of_organisation(client, "acme"))
    assert len(repeated) == 252
    assert set(repeated) == set(whole)


def test_the_list_of_an_organisation_has_default_branches_of_scanned_repositories(
    github: GitHub, clock: Clock, client: Client
) -> None:
    one, other = fill(github, clock, repositories=2, each=2)
    other.scanning = Scanning.NO_ANALYSIS
    changes.create_alert(github.world, one, ref="refs/pull/7/merge")
    assert len(names(alerts.of_organisation(client, "acme"))) == 2
    assert len(names(alerts.of_repository(client, one.full_name))) == 3
    on_main = alerts.of_repository(client, one.full_name, ref="refs/heads/main")
    assert len(names(on_main)) == 2


def test_alerts_are_sorted_and_filtered_by_parameters(
    github: GitHub, clock: Clock, client: Client
) -> None:
    (repository,) = fill(github, clock, repositories=1, each=3)
    changes.create_alert(github.world, repository, rule=Rule("x", tool="Trivy"))
    fixed = repository.alerts[2]
    changes.fix(github.world, repository, fixed, at=clock.now + timedelta(minutes=1))

    def numbers(order: AlertOrder) -> list[object]:
        pages = alerts.of_repository(client, "acme/repo-0", order=order)
        return [alert["number"] for page in pages for alert in page.items]

    assert numbers(AlertOrder()) == [3, 2, 1, 4]
    assert numbers(AlertOrder(sort="updated", direction="desc"))[0] == 2
    assert numbers(AlertOrder(state="fixed")) == [2]
    assert numbers(AlertOrder(tool="Trivy")) == [4]


def test_the_list_of_an_enterprise_has_the_alerts_of_its_organisations(
    github: GitHub, clock: Clock, client: Client
) -> None:
    github.world.account("acme", enterprise="mega")
    fill(github, clock, repositories=2, each=2)
    assert len(names(alerts.of_enterprise(client, "mega"))) == 4


def test_page_is_observed_at_the_start_of_its_request_or_earlier(
    github: GitHub, clock: Clock, token: str
) -> None:
    fill(github, clock, repositories=1, each=1)
    start = clock.now

    class SlowTransport(httpx2.BaseTransport):
        def handle_request(self, request: httpx2.Request) -> httpx2.Response:
            clock.now += timedelta(seconds=30)
            date = {"date": "Mon, 23 Nov 2026 09:00:29 GMT"}
            return httpx2.Response(200, json=[], headers=date, request=request)

    connection = Connection(SERVER, transport=SlowTransport(), clock=clock, wait=clock.wait)
    page = next(alerts.of_organisation(Client(Token(token), connection), "acme"))
    assert page.observed_at == start


def test_page_that_links_to_itself_is_an_error(clock: Clock) -> None:
    def respond(request: httpx2.Request) -> httpx2.Response:
        return httpx2.Response(200, json=[], headers={"link": f'<{request.url}>; rel="next"'})

    connection = Connection(SERVER, transport=httpx2.MockTransport(respond), clock=clock)
    pages = repositories.of_organisation(Client(Token("secret"), connection), "acme")
    with pytest.raises(InvalidResponseError, match="endless_pages"):
        list(pages)


def test_memory_does_not_grow_with_the_number_of_pages(clock: Clock) -> None:
    alert = {"number": 1, "rule": {"description": "x" * 5_000}}

    def respond(request: httpx2.Request) -> httpx2.Response:
        number = int(request.url.params.get("page", "1"))
        following = f'<{request.url.copy_set_param("page", number + 1)}>; rel="next"'
        headers = {"link": following} if number < 60 else {}
        return httpx2.Response(200, json=[alert] * 100, headers=headers)

    connection = Connection(SERVER, transport=httpx2.MockTransport(respond), clock=clock)
    pages = alerts.of_organisation(Client(Token("secret"), connection), "acme")
    tracemalloc.start()
    try:
        number = sum(len(page.items) for page in pages)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert number == 6_000
    assert peak < 10_000_000, "all pages together have 30 MB"
