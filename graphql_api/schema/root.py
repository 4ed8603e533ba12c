"""The schema, built once per process. Owns its configuration; what is in it belongs to `query`."""

import strawberry
from strawberry.schema.config import StrawberryConfig

from graphql_api.schema.query import Query
from graphql_api.vocabulary.days import DAY, Day
from graphql_api.vocabulary.scalars import DATE_TIME, DateTime

DESCRIPTION = """\
How fast GitHub code scanning alerts are remediated.

Start with `organisations`, which lists the organisations that your key can read. Then query \
`organisation(name)` or `repository(name)`. Both return `metrics` (the numbers over time), \
`backlog` (the alerts that are open now) and `alerts` (the alerts themselves). The other queries \
keep the names of the public GCSMTTR schema.

Days and months are in UTC. Lists are split into pages: to get the next page, repeat the query \
with `nextToken`. No query changes data.
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
