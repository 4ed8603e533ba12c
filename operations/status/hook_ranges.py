"""The source addresses from which webhooks are accepted: how many ranges, and the copy's age."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from ingest.errors import HookRangesError
from ingest.source_addresses.hook_ranges_store import HookRangesStore
from ingest.source_addresses.seed import seed_of
from operations.status.section import Finding, Section, ago, counted

if TYPE_CHECKING:
    from types_boto3_ssm import SSMClient

_TOO_OLD = timedelta(hours=3)
"""The refresher runs every hour."""
_NONE = "All webhooks are refused, since no hook ranges are stored."
_NEVER = "GitHub's hook ranges were never fetched. The list of the deployed version is in use."


def allowed_ranges(allowed: str) -> Section:
    """Return the ranges of the setting `allowedRanges`, which never change by themselves."""
    number = len(allowed.split(","))
    row = ("Allowed ranges", f"{counted(number, 'range', 'ranges')} of allowedRanges")
    return _section(row, ranges=number, stored_at=None)


def hook_ranges(client: "SSMClient", outputs: Mapping[str, str], now: datetime) -> Section:
    """Return when GitHub's ranges were stored, and how many there are.

    Args:
        client: A client for SSM.
        outputs: HookRangesParameter, MetaUrl and RefresherFunction.
        now: The present time.
    """
    command = f"aws lambda invoke --function-name {outputs['RefresherFunction']} /dev/stdout"
    title = "GitHub's hook ranges"
    try:
        stored = HookRangesStore(client, parameter=outputs["HookRangesParameter"]).read()
    except HookRangesError as error:
        row = (title, f"unreadable: {error.reason}")
        return _section(row, Finding(_NONE, command), ranges=0, stored_at=None)
    if stored is None:
        number = len(seed_of(outputs["MetaUrl"]).networks)
        row = (title, f"{counted(number, 'range', 'ranges')}, never fetched")
        finding = Finding(_NEVER if number else _NONE, command)
        return _section(row, finding, ranges=number, stored_at=None)
    at, number = stored.stored_at, len(stored.ranges.networks)
    findings = []
    if not number:
        findings.append(Finding(_NONE, command))
    elif now - at > _TOO_OLD:
        findings.append(Finding(f"GitHub's hook ranges are old: {ago(at, now)}.", command))
    row = (title, f"{counted(number, 'range', 'ranges')}, stored {ago(at, now)}")
    return _section(row, *findings, ranges=number, stored_at=at)


def _section(
    row: tuple[str, str], *findings: Finding, ranges: int, stored_at: datetime | None
) -> Section:
    return Section(
        key="hookRanges",
        title="Source addresses",
        rows=(row,),
        facts={"ranges": ranges, "storedAt": stored_at and stored_at.isoformat()},
        findings=findings,
    )
