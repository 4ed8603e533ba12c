"""The Lambda function behind /graphiql. It serves the page and its assets, which Vite builds.

This is a separate function, so that the query function does not load these files. It reads no
table, and needs no API key. The page asks the user for a key and keeps it in the browser tab.
"""

from pathlib import Path
from typing import Any

from aws_lambda_powertools import Logger
from aws_lambda_powertools.utilities.typing import LambdaContext

from graphql_api.static_site.site import StaticSite

logger = Logger()

site = StaticSite(
    Path(__file__).parent / "dist",
    name="graphiql",
    # The editor sets its theme and the positions of lines with style elements and attributes.
    policy={"style-src": "'self' 'unsafe-inline'"},
)


@logger.inject_lambda_context
def handler(event: dict[str, Any], _context: LambdaContext) -> dict[str, Any]:
    """Return the response to a GET request of the HTTP API (payload format 2.0)."""
    response = site.response(event)
    path = event["requestContext"]["http"]["path"]
    logger.info("served", path=path[:200], status=response["statusCode"])
    return response
