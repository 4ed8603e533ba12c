"""The stored copy of GitHub's hook ranges: its age and its size."""

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from ingest.errors import HookRangesError
from ingest.source_addresses.hook_ranges import HookRanges
from operations.status.section import Finding, Section, ago, counted

if TYPE_CHECKING:
    from types_boto3_ssm import SSMClient

_TOO_OLD = timedelta(hours=3)
"""The refresher runs every hour."""


def hook_ranges(client: "SSMClient", *, parameter: str, refresher: str, now: datetime) -> Section:
    """Return when the ranges were stored, and how many there are."""
    stored = client.get_parameter(Name=parameter)["Parameter"]
    at = stored["LastModifiedDate"]
    try:
        ranges = len(HookRanges.parse(stored["Value"]).networks)
    except HookRangesError:
        ranges = 0
    findings = []
    command = f"aws lambda invoke --function-name {refresher} /dev/stdout"
    if not ranges:
        findings.append(Finding("No address may send webhooks: there are no hook ranges.", command))
    elif now - at > _TOO_OLD:
        findings.append(Finding(f"GitHub's hook ranges are old: {ago(at, now)}.", command))
    stored_ranges = counted(ranges, "range", "ranges")
    return Section(
        key="hookRanges",
        title="Source addresses",
        rows=(("GitHub's hook ranges", f"{stored_ranges}, stored {ago(at, now)}"),),
        facts={"ranges": ranges, "storedAt": at.isoformat()},
        findings=tuple(findings),
    )
