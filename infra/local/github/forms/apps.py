"""The JSON of Apps, installations and webhooks."""

from infra.local.github.apps.hooks import Hook
from infra.local.github.apps.registry import App, Installation
from infra.local.github.forms import accounts
from infra.local.github.forms.addresses import Addresses, Json, node_id, text


def app(app: App, at: Addresses) -> Json:
    """Return an App."""
    return {
        "id": app.id,
        "slug": app.slug,
        "node_id": node_id("A", app.id),
        "client_id": app.client_id,
        "owner": accounts.account(app.owner, at),
        "name": app.name,
        "description": None,
        "external_url": app.url,
        "html_url": f"{at.web}/apps/{app.slug}",
        "created_at": text(app.created_at),
        "updated_at": text(app.created_at),
        "permissions": dict(app.permissions),
        "events": list(app.events),
    }


def new_app(made: App, at: Addresses) -> Json:
    """Return an App with its secrets, as the exchange of a code does."""
    return {
        **app(made, at),
        "client_secret": made.client_secret,
        "webhook_secret": made.hook.secret,
        "pem": made.private_key,
    }


def installation(one: Installation, at: Addresses) -> Json:
    """Return an installation."""
    organisation = f"organizations/{one.account.login}/" if one.account.is_organisation else ""
    return {
        "id": one.id,
        "account": accounts.account(one.account, at),
        "repository_selection": "all" if one.selected is None else "selected",
        "access_tokens_url": f"{at.api}/app/installations/{one.id}/access_tokens",
        "repositories_url": f"{at.api}/installation/repositories",
        "html_url": f"{at.web}/{organisation}settings/installations/{one.id}",
        "app_id": one.app.id,
        "client_id": one.app.client_id,
        "app_slug": one.app.slug,
        "target_id": one.account.id,
        "target_type": one.account.kind,
        "permissions": dict(one.app.permissions),
        "events": list(one.app.events),
        "created_at": text(one.created_at),
        "updated_at": text(one.created_at),
        "single_file_name": None,
        "has_multiple_single_files": False,
        "single_file_paths": [],
        "suspended_by": None,
        "suspended_at": text(one.suspended_at),
    }


def hook(one: Hook, url: str) -> Json:
    """Return a webhook of an organisation or repository, whose address in the API is `url`."""
    return {
        "id": one.id,
        "url": url,
        "ping_url": f"{url}/pings",
        "test_url": f"{url}/test",
        "deliveries_url": f"{url}/deliveries",
        "last_response": {"code": None, "status": "unused", "message": None},
        "name": "web",
        "events": list(one.events),
        "active": one.active,
        "config": {
            "url": one.url,
            "content_type": "json",
            "insecure_ssl": "0",
            "secret": "********",
        },
        "created_at": text(one.created_at),
        "updated_at": text(one.created_at),
        "type": one.kind,
    }


def ping(one: Hook, at: Addresses, *, app_id: int | None) -> Json:
    """Return the payload that a new webhook gets first."""
    thing: Json = {
        "type": one.kind,
        "id": one.id,
        "name": "web",
        "active": one.active,
        "events": list(one.events),
        "config": {
            "content_type": "json",
            "insecure_ssl": "0",
            "url": one.url,
            "secret": "********",
        },
        "created_at": text(one.created_at),
        "updated_at": text(one.created_at),
        "deliveries_url": f"{at.api}/app/hook/deliveries",
    }
    if app_id is not None:
        thing["app_id"] = app_id
    return {"zen": "Design for failure.", "hook_id": one.id, "hook": thing}
