"""Registering an App from a manifest, its installations, and the deliveries of its webhook."""

import json
from collections.abc import Callable
from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import httpx2
import pytest

from github_rest import apps, deliveries, manifest, repositories
from github_rest.errors import RefusedError
from github_rest.http.client import Client
from github_rest.http.credentials import App, Token
from github_rest.servers import GITHUB_COM, server_of
from infra.local.github.apps.hooks import Trouble
from infra.local.github.apps.registry import App as RegisteredApp
from infra.local.github.github import GitHub
from infra.local.github.server import transport
from infra.local.github.world import changes
from tests.unit.github_rest.conftest import SERVER, Clock, Receiver

MANIFEST = manifest.manifest_of(
    name="Our metrics",
    description="Measures",
    homepage_url="https://example.test",
    webhook_url="https://receiver.test/webhook",
    redirect_url="http://127.0.0.1:9/back",
    setup_url="http://127.0.0.1:9/installed",
)


@pytest.fixture
def app(github: GitHub) -> RegisteredApp:
    return github.registry.register(MANIFEST, github.world.account("acme"))


@pytest.fixture
def app_client(app: RegisteredApp, connect: Callable[..., Client]) -> Client:
    return connect(App(app.id, app.private_key))


def redelivered(client: Client) -> list[str]:
    return [one.guid for page in deliveries.of_hook(client, deliveries.APP_HOOK)
            for one in page.items if one.redelivery]  # fmt: skip


def test_manifest_asks_for_reading_alerts_and_no_more() -> None:
    assert MANIFEST["default_permissions"] == {"metadata": "read", "security_events": "read"}
    assert MANIFEST["default_events"] == ["code_scanning_alert", "repository"]
    assert MANIFEST["hook_attributes"] == {"url": "https://receiver.test/webhook", "active": True}


def test_registration_pages_of_an_organisation_and_a_person() -> None:
    page = manifest.registration_url(GITHUB_COM, organisation="acme", state="a b")
    assert page == "https://github.com/organizations/acme/settings/apps/new?state=a+b"
    server = server_of("https://github.example.com/api/v3")
    own = manifest.registration_url(server, organisation=None, state="x")
    assert own == "https://github.example.com/settings/apps/new?state=x"


def test_deletion_pages_of_an_organisation_and_a_person() -> None:
    page = manifest.deletion_url(GITHUB_COM, organisation="acme", slug="gcsmttr-acme")
    assert page == "https://github.com/organizations/acme/settings/apps/gcsmttr-acme/advanced"
    own = manifest.deletion_url(GITHUB_COM, organisation=None, slug="gcsmttr-me")
    assert own == "https://github.com/settings/apps/gcsmttr-me/advanced"


def test_an_app_is_registered_on_the_pages_and_its_code_works_once(
    github: GitHub, connect: Callable[..., Client], receiver: Receiver
) -> None:
    with httpx2.Client(transport=transport(github)) as browser:
        url = manifest.registration_url(SERVER, organisation="acme", state="abc")
        page = browser.post(url, data={"manifest": json.dumps(MANIFEST)})
        assert "Create GitHub App for acme" in page.text
        created = "https://github.test/organizations/acme/settings/apps?state=abc"
        assert created.partition("//github.test")[2] in page.text
        form = {"manifest": json.dumps(MANIFEST), "name": "Renamed"}
        back = browser.post(created, data=form).headers["location"]
    query = parse_qs(urlsplit(back).query)
    assert back.startswith("http://127.0.0.1:9/back?")
    assert query["state"] == ["abc"]
    assert [event for event, _ in receiver.received] == ["ping"]
    made = apps.convert_manifest(connect(None), query["code"][0])
    assert made.details.slug == "renamed"
    assert made.details.owner == "acme"
    assert made.details.events == ("code_scanning_alert", "repository")
    assert apps.get(connect(App(made.details.id, made.private_key))) == made.details
    with pytest.raises(RefusedError, match="not_found"):
        apps.convert_manifest(connect(None), query["code"][0])


def test_a_code_ends_after_an_hour(
    github: GitHub, app: RegisteredApp, connect: Callable[..., Client], clock: Clock
) -> None:
    code = github.registry.code_of(app)
    clock.now += timedelta(hours=1)
    with pytest.raises(RefusedError, match="not_found"):
        apps.convert_manifest(connect(None), code)


def test_an_app_is_installed_on_its_page(
    github: GitHub, app: RegisteredApp, app_client: Client, receiver: Receiver
) -> None:
    github.world.add_repository("acme/web")
    github.world.account("octocat", is_organisation=False)
    assert apps.installation_of_organisation(app_client, "acme") is None
    with httpx2.Client(transport=transport(github)) as browser:
        page = manifest.installation_url(apps.get(app_client).html_url)
        assert "Install Our metrics" in browser.get(page).text
        setup = browser.post(page).headers["location"]
    installed = apps.installation_of_organisation(app_client, "acme")
    assert installed is not None
    query = f"installation_id={installed.id}&setup_action=install"
    assert setup == f"http://127.0.0.1:9/installed?{query}"
    assert receiver.received == [("installation", app.hook.deliveries[-1].guid)]
    assert (installed.account, installed.account_type) == ("acme", "Organization")
    assert installed.all_repositories
    assert not installed.suspended
    assert apps.installation_of_repository(app_client, "acme/web") == installed
    assert apps.installation_of_user(app_client, "octocat") is None
    (page_of_all,) = apps.installations(app_client)
    assert page_of_all.items == (installed,)
    assert app.owner.login == "acme"


def test_an_app_that_is_installed_for_one_repository_sees_no_other(
    github: GitHub, app_client: Client, receiver: Receiver
) -> None:
    web = github.world.add_repository("acme/web")
    other = github.world.add_repository("acme/other")
    with httpx2.Client(transport=transport(github)) as browser:
        page = manifest.installation_url(apps.get(app_client).html_url)
        browser.post(page, data={"repository": str(web.id)})
    installed = apps.installation_of_organisation(app_client, "acme")
    assert installed is not None
    assert not installed.all_repositories
    assert apps.installation_of_repository(app_client, "acme/web") == installed
    assert apps.installation_of_repository(app_client, "acme/other") is None
    own = app_client.installation(installed.id)
    (page_of_all,) = repositories.of_installation(own)
    assert [one.full_name for one in page_of_all.items] == ["acme/web"]
    receiver.received.clear()
    changes.create_alert(github.world, other)
    assert receiver.received == []
    changes.create_alert(github.world, web)
    assert len(receiver.received) == 1


def test_a_taken_name_can_be_changed_on_the_page(github: GitHub, app: RegisteredApp) -> None:
    with httpx2.Client(transport=transport(github)) as browser:
        url = "https://github.test/organizations/acme/settings/apps?state=abc"
        form = {"manifest": json.dumps(MANIFEST), "name": app.name}
        page = browser.post(url, data=form)
        assert "Name is already taken" in page.text
        assert 'value="Our metrics"' in page.text
        assert browser.post(url, data={**form, "name": "Other"}).status_code == 302


def test_deliveries_are_listed_newest_first_with_their_status(
    github: GitHub, app: RegisteredApp, app_client: Client, receiver: Receiver
) -> None:
    repository = github.world.add_repository("acme/web")
    installed = github.registry.install(app, app.owner)
    for status in (202, 500):
        receiver.status = status
        changes.create_alert(github.world, repository)
    for trouble in Trouble:
        with github.courier.troubled(trouble):
            changes.create_alert(github.world, repository)
    (page,) = deliveries.of_hook(app_client, deliveries.APP_HOOK)
    assert [(one.status, one.status_code) for one in page.items] == [
        ("timed out", 504),
        ("failed to connect to host", 502),
        ("Invalid HTTP Response: 500", 500),
        ("OK", 202),
    ]
    assert [one.succeeded for one in page.items] == [False, False, False, True]
    newest = page.items[0]
    assert (newest.event, newest.action) == ("code_scanning_alert", "created")
    assert (newest.installation_id, newest.repository_id) == (installed.id, repository.id)
    assert len({one.guid for one in page.items}) == 4


def test_many_deliveries_come_in_pages_and_for_three_days(
    github: GitHub, app: RegisteredApp, app_client: Client, clock: Clock
) -> None:
    repository = github.world.add_repository("acme/web")
    github.registry.install(app, app.owner)
    changes.create_alert(github.world, repository)
    clock.now += timedelta(days=3, seconds=1)
    for _ in range(150):
        changes.create_alert(github.world, repository)
    pages = list(deliveries.of_hook(app_client, deliveries.APP_HOOK))
    assert [len(page.items) for page in pages] == [100, 50]
    ids = [one.id for page in pages for one in page.items]
    assert ids == sorted(ids, reverse=True)


def test_redelivery_is_another_attempt_of_the_same_event(
    github: GitHub, app: RegisteredApp, app_client: Client, receiver: Receiver
) -> None:
    repository = github.world.add_repository("acme/web")
    github.registry.install(app, app.owner)
    with github.courier.troubled(Trouble.REFUSED):
        changes.create_alert(github.world, repository)
    assert receiver.received == []
    (page,) = deliveries.of_hook(app_client, deliveries.APP_HOOK)
    (failed,) = page.items
    deliveries.redeliver(app_client, deliveries.APP_HOOK, failed.id)
    assert receiver.received == [("code_scanning_alert", failed.guid)]
    assert redelivered(app_client) == [failed.guid]
    with pytest.raises(RefusedError, match="not_found"):
        deliveries.redeliver(app_client, deliveries.APP_HOOK, 7)


def test_hooks_of_an_organisation_and_a_repository_have_deliveries(
    github: GitHub, client: Client, receiver: Receiver
) -> None:
    repository = github.world.add_repository("acme/web")
    github.add_hook(repository.owner, "https://receiver.test/a", "s" * 20)
    github.add_hook(repository, "https://receiver.test/b", "s" * 20, events=("repository",))
    (of_owner,) = deliveries.hooks_of_organisation(client, "acme")
    (own,) = deliveries.hooks_of_repository(client, "acme/web")
    assert (of_owner.url, own.url) == ("https://receiver.test/a", "https://receiver.test/b")
    changes.create_alert(github.world, repository)
    (page,) = deliveries.of_hook(client, of_owner)
    assert [one.event for one in page.items] == ["code_scanning_alert", "ping"]
    (other,) = deliveries.of_hook(client, own)
    assert [one.event for one in other.items] == ["ping"]
    deliveries.redeliver(client, own, other.items[0].id)
    deliveries.redeliver(client, of_owner, page.items[0].id)
    assert len(receiver.received) == 5


def test_a_transfer_is_delivered_to_the_new_owner_only(
    github: GitHub, app: RegisteredApp, app_client: Client, receiver: Receiver
) -> None:
    repository = github.world.add_repository("acme/web")
    github.registry.install(app, app.owner)
    changes.transfer(github.world, repository, github.world.account("mega"))
    assert receiver.received == []
    changes.transfer(github.world, repository, app.owner)
    assert [event for event, _ in receiver.received] == ["repository"]
    assert apps.installation_of_repository(app_client, "acme/web") is not None


def test_a_deletion_is_delivered_to_hooks_of_the_organisation_only(
    github: GitHub, app: RegisteredApp, receiver: Receiver
) -> None:
    repository = github.world.add_repository("acme/web")
    github.registry.install(app, app.owner)
    hook = github.add_hook(app.owner, "https://receiver.test/", "s" * 20)
    github.add_hook(repository, "https://receiver.test/", "s" * 20)
    receiver.received.clear()
    changes.delete(github.world, repository)
    assert [one.event for one in hook.deliveries] == ["ping", "repository"]
    assert len(receiver.received) == 1


def test_only_the_app_sees_its_deliveries(client: Client, connect: Callable[..., Client]) -> None:
    for one in (client, connect(Token("wrong")), connect(None)):
        with pytest.raises(RefusedError, match="unauthorized"):
            next(deliveries.of_hook(one, deliveries.APP_HOOK))
