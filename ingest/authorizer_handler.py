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
from ingest.source_addresses.hook_ranges import HookRanges
from ingest.source_addresses.hook_ranges_store import HookRangesStore
from ingest.source_addresses.seed import seed_of

logger = Logger()

CACHE_SECONDS = 60


@cache
def _store() -> HookRangesStore:
    return HookRangesStore(
        boto3.client("ssm", config=WEBHOOK.config), parameter=os.environ["HOOK_RANGES_PARAMETER"]
    )


if "HOOK_RANGES_PARAMETER" in os.environ:
    make_at_start(_store)


@cache
def _ranges(_minute: int) -> HookRanges:
    _ranges.cache_clear()
    if allowed := os.environ.get("ALLOWED_RANGES"):
        return HookRanges.listed(allowed.split(","))
    stored = _store().read()
    return stored.ranges if stored else seed_of(os.environ["META_URL"])


@logger.inject_lambda_context
def handler(event: dict[str, Any], _context: LambdaContext) -> dict[str, bool]:
    """Allow a source address in the allowed ranges: `{"isAuthorized": true}`.

    Raises:
        HookRangesError: The ranges cannot be read, so the request is refused.
    """
    address = event["requestContext"]["http"]["sourceIp"]
    allowed = _ranges(int(time.monotonic() / CACHE_SECONDS)).allow(address)
    logger.info("source address", address=address, allowed=allowed)
    return {"isAuthorized": allowed}
