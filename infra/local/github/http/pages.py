"""The pages for people: registering an App from a manifest, and the routes of all pages.

Owns the form that GitHub shows (GitHub Docs, "Registering a GitHub App from a manifest").
"""

import json
from html import escape
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from werkzeug.routing import Map, Rule
from werkzeug.utils import redirect
from werkzeug.wrappers import Request, Response

from infra.local.github.http.html import page
from infra.local.github.http.installation_pages import app_page, choose_account, install
from infra.local.github.world.records import Account

if TYPE_CHECKING:
    from infra.local.github.github import GitHub

_INVALID = "Invalid GitHub App configuration"


def confirm_app(github: "GitHub", request: Request, org: str | None = None) -> Response:
    """Show the form that asks for the name of the new App."""
    manifest = _manifest(request)
    if manifest is None:
        return page(_INVALID, "<p>The manifest is not JSON.</p>", 422)
    return _form(request, manifest, _owner(github, org))


def create_app(github: "GitHub", request: Request, org: str | None = None) -> Response:
    """Register the App, ping its webhook, and send the person back with the code."""
    manifest = _manifest(request)
    if manifest is None:
        return page(_INVALID, "<p>The manifest is not JSON.</p>", 422)
    manifest["name"] = request.form.get("name") or manifest.get("name")
    owner = _owner(github, org)
    try:
        app = github.registry.register(manifest, owner)
    except ValueError as error:
        return _form(request, manifest, owner, error=str(error))
    github.ping(app.hook, app)
    query = {"code": github.registry.code_of(app)}
    if state := request.args.get("state"):
        query["state"] = state
    return redirect(f"{manifest['redirect_url']}?{urlencode(query)}")


def _form(
    request: Request, manifest: dict[str, object], owner: Account, *, error: str | None = None
) -> Response:
    """Return the form, which shows what is wrong with the last name."""
    path = request.path.removesuffix("/new")
    action = f"{path}?{urlencode({'state': request.args.get('state', '')})}"
    name = escape(str(manifest.get("name", "")))
    wrong = "" if error is None else f'<p role="alert">{escape(error)}</p>'
    body = (
        f"<p>Create a GitHub App for <strong>{escape(owner.login)}</strong></p>{wrong}"
        f'<form method="post" action="{escape(action)}">'
        f'<input type="hidden" name="manifest" value="{escape(json.dumps(manifest))}">'
        f'<label>GitHub App name <input name="name" value="{name}"></label>'
        f'<button type="submit">Create GitHub App for {escape(owner.login)}</button></form>'
    )
    return page("Create GitHub App", body, 200 if error is None else 422)


def _manifest(request: Request) -> dict[str, object] | None:
    try:
        manifest = json.loads(request.form.get("manifest", ""))
    except ValueError:
        return None
    return manifest if isinstance(manifest, dict) else None


def _owner(github: "GitHub", org: str | None) -> Account:
    if org is None:
        return github.world.account("octocat", is_organisation=False)
    return github.world.account(org)


_REGISTRATIONS = ("/settings/apps", "/organizations/<org>/settings/apps")
PAGES = Map(
    [Rule(f"{path}/new", methods=["POST"], endpoint=confirm_app) for path in _REGISTRATIONS]
    + [Rule(path, methods=["POST"], endpoint=create_app) for path in _REGISTRATIONS]
    + [
        Rule("/apps/<slug>", methods=["GET"], endpoint=app_page),
        Rule("/apps/<slug>/installations/new", methods=["GET"], endpoint=choose_account),
        Rule("/apps/<slug>/installations/new", methods=["POST"], endpoint=install),
    ]
)
