"""A target on github.com, and a view of each step of its connection."""

import pytest

from github_rest.servers import GITHUB_COM
from operations.connect.guide.page import Step, View
from operations.connect.target import Kind, Target

ACME = Target(
    server=GITHUB_COM, kind=Kind.ORGANISATION, name="acme", owner="acme", is_organisation=True
)
WEB = Target(
    server=GITHUB_COM, kind=Kind.REPOSITORY, name="acme/web", owner="acme", is_organisation=True
)
MONA = Target(server=GITHUB_COM, kind=Kind.USER, name="mona", owner="mona", is_organisation=False)


@pytest.fixture
def view() -> View:
    """The first step for an organisation."""
    return View(
        step=Step.CREATE,
        target=ACME,
        stack="Mine",
        form_url="https://github.com/organizations/acme/settings/apps/new?state=s",
        manifest={"name": "GCSMTTR acme"},
    )
