"""The schema, built once per process. Owns its configuration; what is in it belongs to `query`."""

import strawberry
from strawberry.schema.config import StrawberryConfig

from graphql_api.schema.query import Query
from graphql_api.vocabulary.days import DAY, Day
from graphql_api.vocabulary.scalars import DATE_TIME, DateTime

DESCRIPTION = """\
How fast GitHub code scanning alerts are remediated.

Start with `organisations`: it lists the names that your key can read. Then ask \
`organisation(name)` or `repository(name)`. Both have the history (`metrics`), the present \
(`backlog`) and the `alerts` themselves. The other fields keep the names of the public GCSMTTR \
schema.

Days and months are in UTC. Lists have pages: pass `nextToken` for the next one. Nothing here \
changes any data.
"""


class _Schema(strawberry.Schema):
    def _warn_for_federation_directives(self) -> None:
        """Do not load all of federation to find that nothing here is of it."""


def _schema() -> _Schema:
    schema = _Schema(
        query=Query, config=StrawberryConfig(scalar_map={Day: DAY, DateTime: DATE_TIME})
    )
    # Strawberry has no parameter for the description of a schema.
    schema._schema.description = DESCRIPTION.strip()  # noqa: SLF001
    return schema


SCHEMA = _schema()
