"""The handler of a function that serves a page, with one log line for each request."""

from collections.abc import Callable
from typing import Any

from aws_lambda_powertools import Logger
from aws_lambda_powertools.utilities.typing import LambdaContext

from graphql_api.static_site.site import StaticSite

Handler = Callable[[dict[str, Any], LambdaContext], dict[str, Any]]

logger = Logger()


def serving(site: StaticSite) -> Handler:
    """Return the Lambda handler that responds with the files of a page."""

    @logger.inject_lambda_context
    def handler(event: dict[str, Any], _context: LambdaContext) -> dict[str, Any]:
        """Return the response to a GET request of the HTTP API (payload format 2.0)."""
        response = site.response(event)
        path = event["requestContext"]["http"]["path"]
        logger.info("served", path=path[:200], status=response["statusCode"])
        return response

    return handler
