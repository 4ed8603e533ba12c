"""The pages on which a person installs an App.

Owns the choice between all repositories and some of them. An App that is not public can be
installed on the account of its owner only.
"""

from html import escape
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from werkzeug.utils import redirect
from werkzeug.wrappers import Request, Response

from infra.local.github.apps.registry import App
from infra.local.github.http.html import page

if TYPE_CHECKING:
    from infra.local.github.github import GitHub


def app_page(github: "GitHub", request: Request, slug: str) -> Response:  # noqa: ARG001
    """Show the page of an App, with the link to install it."""
    app = github.registry.find_app(slug)
    if app is None:
        return page("Not found", "", 404)
    return page(app.name, f'<a href="/apps/{escape(slug)}/installations/new">Install</a>')


def choose_account(github: "GitHub", request: Request, slug: str) -> Response:  # noqa: ARG001
    """Ask for which repositories an App is installed."""
    app = github.registry.find_app(slug)
    if app is None:
        return page("Not found", "", 404)
    with github.world.lock:
        repositories = github.world.of_owner(app.owner)
    boxes = "".join(
        f'<p><label><input type="checkbox" name="repository" value="{one.id}">'
        f" {escape(one.full_name)}</label></p>"
        for one in repositories[:100]
    )
    body = (
        f"<p>Install on <strong>{escape(app.owner.login)}</strong>, for all repositories or the"
        f' selected ones</p><form method="post">{boxes}'
        '<button type="submit">Install</button></form>'
    )
    return page(f"Install {app.name}", body)


def install(github: "GitHub", request: Request, slug: str) -> Response:
    """Install an App on its owner's account, and send the person to its setup page."""
    app = github.registry.find_app(slug)
    if app is None:
        return page("Not found", "", 404)
    selected = frozenset(request.form.getlist("repository", type=int)) or None
    made = github.registry.install(app, app.owner, selected=selected)
    github.announce_installation(made, app.owner)
    return _setup(app, made.id) or page(
        f"{app.name} is installed", f"<p>Installation {made.id}</p>"
    )


def _setup(app: App, installation_id: int) -> Response | None:
    if app.setup_url is None:
        return None
    query = urlencode({"installation_id": installation_id, "setup_action": "install"})
    return redirect(f"{app.setup_url}?{query}")
