"""The files that GraphiQL's handler serves, replaced for the duration of a test."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from graphql_api.graphiql import handler


@contextmanager
def graphiql_serves(folder: Path) -> Iterator[None]:
    """Let the handler serve the files of a folder, and nothing that it cached before."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(handler, "DIST", folder)
        _clear_caches()
        yield
    _clear_caches()


def _clear_caches() -> None:
    handler._files.cache_clear()
    handler._content.cache_clear()
