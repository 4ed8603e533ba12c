"""The schema of the process.

Owns the configuration of the schema. The module `query` defines its fields.
"""

from typing import Any

import strawberry
from graphql import Executor
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


def schema_of(executor_class: type[Executor[Any]] | None = None) -> strawberry.Schema:
    """Return a new schema. The default executor is that of Strawberry."""
    schema = strawberry.Schema(
        query=Query,
        config=StrawberryConfig(scalar_map={Day: DAY, DateTime: DATE_TIME}),
        execution_context_class=executor_class,
    )
    # Strawberry has no parameter for the description of the schema.
    schema._schema.description = DESCRIPTION.strip()  # noqa: SLF001
    return schema
