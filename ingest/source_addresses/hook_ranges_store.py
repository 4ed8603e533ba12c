"""The stored copy of GitHub's hook ranges, in one SSM parameter.

Owns the download and the last good copy: an error never changes the parameter.
"""

import urllib.request
from http.client import HTTPException
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from botocore.exceptions import BotoCoreError, ClientError

from ingest.errors import HookRangesError
from ingest.source_addresses.hook_ranges import HookRanges

if TYPE_CHECKING:
    from types_boto3_ssm import SSMClient

_TIMEOUT_SECONDS = 10
_LARGEST_DOCUMENT = 2_000_000
_LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})


class HookRangesStore:
    """One parameter, which contains a document that `HookRanges.parse` reads."""

    def __init__(self, client: "SSMClient", *, parameter: str) -> None:
        self._client = client
        self._parameter = parameter

    def read(self) -> HookRanges:
        """Return the last good ranges.

        Raises:
            HookRangesError: `hook_ranges_unreadable`, or `hook_ranges_malformed`.
        """
        try:
            response = self._client.get_parameter(Name=self._parameter)
        except (ClientError, BotoCoreError) as error:
            raise HookRangesError("hook_ranges_unreadable") from error
        return HookRanges.parse(response["Parameter"]["Value"])

    def refresh(self, meta_url: str) -> HookRanges:
        """Fetch the ranges, store them and return them.

        Raises:
            HookRangesError: The ranges cannot be fetched, parsed or stored, or there are none. The
                stored copy does not change.
        """
        ranges = HookRanges.parse(fetch(meta_url))
        if not ranges.networks:
            raise HookRangesError("hook_ranges_empty")
        try:
            self._client.put_parameter(
                Name=self._parameter, Value=ranges.to_text(), Type="String", Overwrite=True
            )
        except (ClientError, BotoCoreError) as error:
            raise HookRangesError("hook_ranges_unwritable") from error
        return ranges


def fetch(meta_url: str) -> bytes:
    """Return the meta document. Only HTTPS is accepted, and plain HTTP from this machine.

    The same applies to redirects.

    Raises:
        HookRangesError: `hook_ranges_unreachable`.
    """
    try:
        _refuse_plain_http(meta_url)
        request = urllib.request.Request(meta_url, headers={"User-Agent": "gcsmttr"})  # noqa: S310
        with urllib.request.urlopen(request, timeout=_TIMEOUT_SECONDS) as response:  # noqa: S310
            _refuse_plain_http(response.url)
            document: bytes = response.read(_LARGEST_DOCUMENT)
    except (OSError, HTTPException, ValueError) as error:
        raise HookRangesError("hook_ranges_unreachable") from error
    return document


def _refuse_plain_http(url: str) -> None:
    parts = urlsplit(url)
    if parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in _LOOPBACK):
        return
    raise ValueError("the URL must use https, or http on this machine")
