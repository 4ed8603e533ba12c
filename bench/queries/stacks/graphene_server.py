"""Graphene with a minimal handler, since it has no server.

It is measured with a list of 100 alerts, and its resolver returns the finished list. It runs in an
environment of its own, because Graphene needs an older graphql-core.
"""

import json
import re
from typing import Any

import graphene

from bench.queries.documents import ALERTS
from bench.queries.stacks import Data, Handler
from bench.query_function import gateway_event


class Alert(graphene.ObjectType):
    """A code scanning alert."""

    id = graphene.ID()
    alert_url = graphene.String(name="alertURL")
    organisation_name = graphene.String()
    repository_name = graphene.String()
    state = graphene.String()
    severity = graphene.String()
    tool = graphene.String()
    rule = graphene.String()
    created_at = graphene.String()
    closed_at = graphene.String()


class PaginatedAlerts(graphene.ObjectType):
    """A page of alerts."""

    data = graphene.List(graphene.NonNull(Alert))
    next_token = graphene.String()


class Query(graphene.ObjectType):
    """The root field of the list."""

    get_alerts = graphene.Field(PaginatedAlerts, limit=graphene.Int())

    def resolve_get_alerts(self, info: Any, limit: int) -> Any:  # noqa: ANN401
        """Return the finished list."""
        return info.context


def handler(data: Data) -> Handler:
    """Return a handler around Graphene's schema."""
    schema = graphene.Schema(query=Query)
    page = data[ALERTS]["getAlerts"]
    # Graphene's own resolvers look for the names of Python.
    rows = [{_python_name(name): value for name, value in row.items()} for row in page["data"]]
    context = {"data": rows, "next_token": page["nextToken"]}

    def handle(body: str) -> str:
        request = json.loads(gateway_event(body)["body"])
        result = schema.execute(
            request["query"], variable_values=request["variables"], context_value=context
        )
        return json.dumps(result.formatted)

    return handle


def _python_name(name: str) -> str:
    return re.sub("[A-Z]", lambda letter: f"_{letter[0].lower()}", name.replace("URL", "Url"))
