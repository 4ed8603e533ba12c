"""The context of a request: the objects that resolvers use."""

from datetime import UTC, datetime
from typing import NamedTuple

import strawberry

from graphql_api.reading.budget import Budget
from graphql_api.reading.overviews import Overviews
from graphql_api.reading.reader import Reader
from graphql_api.reading.tables import Tables
from graphql_api.repositories.repositories import Repositories
from graphql_api.selection.unknown_names import UnknownNames
from rollup.service_levels.targets import Targets


class Context(NamedTuple):
    """The context of one request. `reader` checks the access, so that no resolver has to."""

    budget: Budget
    reader: Reader
    tables: Tables
    overviews: Overviews
    repositories: Repositories
    unknown_names: UnknownNames
    targets: Targets
    """The service level targets of the deployment."""
    now_ms: int

    @property
    def now(self) -> datetime:
        """The time of the request."""
        return datetime.fromtimestamp(self.now_ms / 1_000, tz=UTC)


Info = strawberry.Info[Context, None]
