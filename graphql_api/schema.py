"""The schema, built once per process. Owns its configuration; what is in it belongs to `query`."""

import strawberry
from strawberry.schema.config import StrawberryConfig

from graphql_api.days import DAY, Day
from graphql_api.query import Query
from graphql_api.scalars import DATE_TIME, DateTime


class _Schema(strawberry.Schema):
    def _warn_for_federation_directives(self) -> None:
        """Do not load all of federation to find that nothing here is of it."""


SCHEMA = _Schema(query=Query, config=StrawberryConfig(scalar_map={Day: DAY, DateTime: DATE_TIME}))
