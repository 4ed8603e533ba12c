"""The files that the handlers of the pages serve, replaced for the duration of a test."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from graphql_api.dashboard import handler as dashboard_handler
from graphql_api.graphiql import handler as graphiql_handler
from graphql_api.static_site.site import StaticSite

SITES = {"dashboard": dashboard_handler.site, "graphiql": graphiql_handler.site}


@contextmanager
def page_serves(name: str, folder: Path) -> Iterator[None]:
    """Let the handler of a page serve the files of a folder, and nothing that it cached before."""
    site = SITES[name]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(site, "dist", folder)
        _forget(site)
        yield
    _forget(site)


def _forget(site: StaticSite) -> None:
    vars(site).pop("_contents", None)
