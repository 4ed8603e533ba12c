"""Fixtures with deployments of the API."""

from tests.support.graphql_api.fixtures import acme, deployment

__all__ = ["acme", "deployment"]
