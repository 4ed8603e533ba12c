"""The calls for Apps, installations and deliveries, and the meta document."""

from functools import partial

from infra.local.github.apps.hooks import Delivery, Hook
from infra.local.github.apps.registry import App, Installation
from infra.local.github.forms import apps
from infra.local.github.forms.addresses import Json, text
from infra.local.github.http.call import Call, RefusalError, Reply
from infra.local.github.http.listing import after_cursor
from infra.local.github.world.records import Account

LOOPBACK = ("127.0.0.1/32", "::1/128")


def meta(call: Call) -> Reply:
    """Return the addresses from which webhooks come."""
    return Reply(
        {"verifiable_password_authentication": False, "hooks": list(call.github.hook_ranges)}
    )


def rate_limit(call: Call) -> Reply:
    """Return the state of the rate limit."""
    call.github.limits.give_back(call.sender().name)
    headers = call.github.limits.headers(call.sender().name)
    if not headers:
        raise RefusalError(404, "Rate limiting is not enabled.")
    names = ("limit", "remaining", "used", "reset")
    core = {name: int(headers[f"x-ratelimit-{name}"]) for name in names}
    return Reply({"resources": {"core": core, "search": core}, "rate": core})


def app(call: Call) -> Reply:
    """Return the App of the sender."""
    return Reply(apps.app(_app(call), call.addresses))


def convert(call: Call, code: str) -> Reply:
    """Exchange the code of a manifest."""
    found = call.github.registry.convert(code)
    if found is None:
        raise RefusalError(404, "Not Found")
    return Reply(apps.new_app(found, call.addresses), 201)


def installations(call: Call) -> Reply:
    """Return a page of the installations of the sender's App."""
    found = [one for one in call.github.registry.installations.values() if one.app is _app(call)]
    listed = [apps.installation(one, call.addresses) for one in found]
    return call.numbered_page("/app/installations", listed)


def installation_of_account(call: Call, login: str) -> Reply:
    """Return the installation on an organisation or user."""
    return Reply(apps.installation(_installation(call, call.account(login)), call.addresses))


def installation_of_repository(call: Call, owner: str, name: str) -> Reply:
    """Return the installation that sees a repository."""
    repository = call.repository(owner, name, None)
    found = _installation(call, repository.owner)
    if not found.sees(repository):
        raise RefusalError(404, "Not Found")
    return Reply(apps.installation(found, call.addresses))


def access_token(call: Call, number: int) -> Reply:
    """Make a token of an installation."""
    found = call.github.registry.installations.get(number)
    if found is None or found.app is not _app(call):
        raise RefusalError(404, "Not Found")
    if found.suspended_at is not None:
        raise RefusalError(403, "This installation has been suspended")
    token, ends_at = call.github.registry.installation_token(found)
    data = {
        "token": token,
        "expires_at": text(ends_at),
        "permissions": dict(found.app.permissions),
        "repository_selection": "all" if found.selected is None else "selected",
    }
    return Reply(data, 201)


def app_deliveries(call: Call) -> Reply:
    """Return a page of the deliveries of the App's hook."""
    return _deliveries(call, _app(call).hook, "/app/hook")


def app_redelivery(call: Call, delivery: int) -> Reply:
    """Deliver again to the App's hook."""
    return _redeliver(call, _app(call).hook, delivery)


def organisation_hooks(call: Call, org: str) -> Reply:
    """Return the webhooks of an organisation."""
    account = call.account(org)
    return _hooks(call, f"organisation {account.id}", f"/orgs/{org}/hooks")


def repository_hooks(call: Call, owner: str, name: str) -> Reply:
    """Return the webhooks of a repository."""
    repository = call.repository(owner, name, None)
    return _hooks(call, f"repository {repository.id}", f"/repos/{owner}/{name}/hooks")


def organisation_deliveries(call: Call, org: str, hook: int) -> Reply:
    """Return a page of the deliveries of an organisation's webhook."""
    found = _hook(call, f"organisation {call.account(org).id}", hook)
    return _deliveries(call, found, f"/orgs/{org}/hooks/{hook}")


def organisation_redelivery(call: Call, org: str, hook: int, delivery: int) -> Reply:
    """Deliver again to an organisation's webhook."""
    found = _hook(call, f"organisation {call.account(org).id}", hook)
    return _redeliver(call, found, delivery)


def repository_deliveries(call: Call, owner: str, name: str, hook: int) -> Reply:
    """Return a page of the deliveries of a repository's webhook."""
    repository = call.repository(owner, name, None)
    found = _hook(call, f"repository {repository.id}", hook)
    return _deliveries(call, found, f"/repos/{owner}/{name}/hooks/{hook}")


def repository_redelivery(call: Call, owner: str, name: str, hook: int, delivery: int) -> Reply:
    """Deliver again to a repository's webhook."""
    repository = call.repository(owner, name, None)
    return _redeliver(call, _hook(call, f"repository {repository.id}", hook), delivery)


def _app(call: Call) -> App:
    found = call.sender().app
    if found is None:
        raise RefusalError(401, "A JSON web token could not be decoded")
    return found


def _installation(call: Call, account: Account) -> Installation:
    wanted = _app(call)
    for one in call.github.registry.installations.values():
        if one.app is wanted and one.account.id == account.id:
            return one
    raise RefusalError(404, "Not Found")


def _hooks(call: Call, owner: str, path: str) -> Reply:
    call.sender()
    found = call.github.hooks.get(owner, [])
    forms: list[Json] = [apps.hook(one, f"{call.addresses.api}{path}/{one.id}") for one in found]
    return call.numbered_page(path, forms)


def _hook(call: Call, owner: str, number: int) -> Hook:
    call.sender()
    for one in call.github.hooks.get(owner, []):
        if one.id == number:
            return one
    raise RefusalError(404, "Not Found")


def _deliveries(call: Call, hook: Hook, path: str) -> Reply:
    found = [one for one in call.github.courier.kept(hook) if _has_status(one, call)]
    keys = [(-one.id,) for one in found]
    part = after_cursor(found, keys, call.query, name="cursor")
    return call.page(f"{path}/deliveries", part, [one.form() for one in part.items])


def _has_status(delivery: Delivery, call: Call) -> bool:
    # As on GitHub, `failure` leaves out deliveries that reached no receiver.
    codes = {"success": range(200, 400), "failure": range(400, 500)}
    status = call.query.get("status")
    return status is None or delivery.status_code in codes.get(status, ())


def _redeliver(call: Call, hook: Hook, number: int) -> Reply:
    for one in call.github.courier.kept(hook):
        if one.id == number:
            return Reply({}, 202, then=partial(call.github.courier.redeliver, one))
    raise RefusalError(404, "Not Found")
