"""The pages for people: registering an App from a manifest, and installing it.

Owns the forms that GitHub shows (GitHub Docs, "Registering a GitHub App from a manifest").
"""

import json
from html import escape
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from werkzeug.routing import Map, Rule
from werkzeug.utils import redirect
from werkzeug.wrappers import Request, Response

from infra.local.github.world.records import Account

if TYPE_CHECKING:
    from infra.local.github.github import GitHub

_PAGE = """<!doctype html>
<html lang="en">
<meta charset="utf-8">
<title>{title}</title>
<main><h1>{title}</h1>
{body}
</main>
</html>
"""


def _html(title: str, body: str, status: int = 200) -> Response:
    page = _PAGE.format(title=escape(title), body=body)
    return Response(page, status, content_type="text/html; charset=utf-8")


def confirm_app(github: "GitHub", request: Request, org: str | None = None) -> Response:
    """Show the form that asks for the name of the new App."""
    manifest = _manifest(request)
    if manifest is None:
        return _html("Invalid GitHub App configuration", "<p>The manifest is not JSON.</p>", 422)
    owner = _owner(github, org)
    action = (
        f"{request.path.removesuffix('/new')}?{urlencode({'state': request.args.get('state', '')})}"
    )
    name = escape(str(manifest.get("name", "")))
    body = (
        f"<p>Create a GitHub App for <strong>{escape(owner.login)}</strong></p>"
        f'<form method="post" action="{escape(action)}">'
        f'<input type="hidden" name="manifest" value="{escape(json.dumps(manifest))}">'
        f'<label>GitHub App name <input name="name" value="{name}"></label>'
        f'<button type="submit">Create GitHub App for {escape(owner.login)}</button></form>'
    )
    return _html("Create GitHub App", body)


def create_app(github: "GitHub", request: Request, org: str | None = None) -> Response:
    """Register the App, ping its webhook, and send the person back with the code."""
    manifest = _manifest(request)
    if manifest is None:
        return _html("Invalid GitHub App configuration", "<p>The manifest is not JSON.</p>", 422)
    manifest["name"] = request.form.get("name") or manifest.get("name")
    try:
        app = github.registry.register(manifest, _owner(github, org))
    except ValueError as error:
        return _html("Invalid GitHub App configuration", f"<p>{escape(str(error))}</p>", 422)
    github.ping(app.hook, app)
    query = {"code": github.registry.code_of(app)}
    if state := request.args.get("state"):
        query["state"] = state
    return redirect(f"{manifest['redirect_url']}?{urlencode(query)}")


def app_page(github: "GitHub", request: Request, slug: str) -> Response:  # noqa: ARG001
    """Show the page of an App, with the link to install it."""
    app = github.registry.find_app(slug)
    if app is None:
        return _html("Not found", "", 404)
    return _html(app.name, f'<a href="/apps/{escape(slug)}/installations/new">Install</a>')


def choose_account(github: "GitHub", request: Request, slug: str) -> Response:  # noqa: ARG001
    """Ask on which account an App is installed: an App that is not public only on its owner's."""
    app = github.registry.find_app(slug)
    if app is None:
        return _html("Not found", "", 404)
    body = (
        f"<p>Install on <strong>{escape(app.owner.login)}</strong>, for all repositories</p>"
        f'<form method="post"><button type="submit">Install</button></form>'
    )
    return _html(f"Install {app.name}", body)


def install(github: "GitHub", request: Request, slug: str) -> Response:  # noqa: ARG001
    """Install an App on the account of its owner."""
    app = github.registry.find_app(slug)
    if app is None:
        return _html("Not found", "", 404)
    made = github.registry.install(app, app.owner)
    return _html(f"{app.name} is installed", f"<p>Installation {made.id}</p>")


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
