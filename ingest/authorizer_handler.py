"""The Lambda authorizer of the webhook route: it allows GitHub's source addresses.

Decodes the request and encodes the response (HTTP API, payload format 2.0, simple response).
"""

import os
import time
from functools import cache
from typing import Any

import boto3
from aws_lambda_powertools import Logger
from aws_lambda_powertools.utilities.typing import LambdaContext

from ingest.clients import WEBHOOK, make_at_start
from ingest.source_addresses.current_ranges import CurrentRanges
from ingest.source_addresses.hook_ranges import HookRanges
from ingest.source_addresses.hook_ranges_store import HookRangesStore
from ingest.source_addresses.seed import seed_of

logger = Logger()


@cache
def _ranges() -> CurrentRanges:
    if allowed := os.environ.get("ALLOWED_RANGES"):
        return CurrentRanges(
            lambda: None, seed=HookRanges.listed(allowed.split(",")), clock=time.monotonic
        )
    store = HookRangesStore(
        boto3.client("ssm", config=WEBHOOK.config), parameter=os.environ["HOOK_RANGES_PARAMETER"]
    )
    return CurrentRanges(store.read, seed=seed_of(os.environ["META_URL"]), clock=time.monotonic)


make_at_start(_ranges)


@logger.inject_lambda_context
def handler(event: dict[str, Any], _context: LambdaContext) -> dict[str, bool]:
    """Allow a source address in the allowed ranges: `{"isAuthorized": true}`.

    Raises:
        HookRangesError: The ranges cannot be read and none are known, so the request is refused.
    """
    address = event["requestContext"]["http"]["sourceIp"]
    ranges, failure = _ranges().now()
    allowed = ranges.allow(address)
    if failure:
        logger.warning("hook ranges not read", reason=failure)
    logger.info("source address", address=address, allowed=allowed)
    return {"isAuthorized": allowed}
