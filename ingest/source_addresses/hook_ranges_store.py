"""The stored copy of GitHub's hook ranges, in one SSM parameter.

The first write creates the parameter. CloudFormation contains only its name, so no deployment,
rollback or correction of drift can set it back.
"""

from typing import TYPE_CHECKING

from botocore.exceptions import BotoCoreError, ClientError

from ingest.errors import HookRangesError
from ingest.source_addresses.stored_ranges import StoredRanges

if TYPE_CHECKING:
    from types_boto3_ssm import SSMClient


class HookRangesStore:
    """One parameter, which contains a text that `StoredRanges.parse` reads."""

    def __init__(self, client: "SSMClient", *, parameter: str) -> None:
        self._client = client
        self._parameter = parameter

    def read(self) -> StoredRanges | None:
        """Return the last good ranges, None before the first write.

        Raises:
            HookRangesError: `hook_ranges_unreadable`, or `hook_ranges_malformed`.
        """
        try:
            response = self._client.get_parameter(Name=self._parameter)
        except ClientError as error:
            if error.response["Error"]["Code"] == "ParameterNotFound":
                return None
            raise HookRangesError("hook_ranges_unreadable") from error
        except BotoCoreError as error:
            raise HookRangesError("hook_ranges_unreadable") from error
        return StoredRanges.parse(response["Parameter"]["Value"])

    def write(self, stored: StoredRanges) -> None:
        """Replace the stored copy.

        Raises:
            HookRangesError: `hook_ranges_empty`, since an empty list would refuse every delivery,
                or `hook_ranges_unwritable`. The stored copy does not change.
        """
        if not stored.ranges.networks:
            raise HookRangesError("hook_ranges_empty")
        try:
            self._client.put_parameter(
                Name=self._parameter, Value=stored.to_text(), Type="String", Overwrite=True
            )
        except (ClientError, BotoCoreError) as error:
            raise HookRangesError("hook_ranges_unwritable") from error
