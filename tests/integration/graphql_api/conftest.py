"""The deployments that tests of the API ask for by name."""

from tests.support.graphql_api.fixtures import acme, deployment

__all__ = ["acme", "deployment"]
