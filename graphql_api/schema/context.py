"""What a resolver is given: the reader of its request, and the moment the request counts as now."""

from typing import NamedTuple

import strawberry

from graphql_api.reading.budget import Budget
from graphql_api.reading.overviews import Overviews
from graphql_api.reading.reader import Reader
from graphql_api.reading.tables import Tables
from graphql_api.selection.unknown_names import UnknownNames


class Context(NamedTuple):
    """One request. Access is decided inside `reader`, so no resolver can forget it."""

    budget: Budget
    reader: Reader
    tables: Tables
    overviews: Overviews
    unknown_names: UnknownNames
    now_ms: int


Info = strawberry.Info[Context, None]
